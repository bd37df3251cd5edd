import { NodeServices } from "@effect/platform-node"
import { assert, it } from "@effect/vitest"
import { DateTime, Effect, Option, Schema, Stream } from "effect"
import { ChildProcess } from "effect/process"
import { Webhook } from "standardwebhooks"
import type { Place } from "../../src/services/CrashPoint.ts"
import { killsOf } from "../support/Chaos.ts"
import { Line, messageBody, Setup, type Signed } from "../support/MessageKills.ts"
import { temporaryFolder } from "../support/TemporaryFolder.ts"
import { bundle } from "../support/VictimBundle.ts"
import { bodyOf, Receiver, secret } from "../webhooks/WebhookWorld.ts"

/** Before and after every commit of what comes in, of the run that it starts, and of what goes out. */
const places = [
  "inbox.before",
  "inbox.taken",
  "commit.before",
  "commit.after",
  "webhook.before",
  "webhook.sent",
  "webhook.noted"
] as const satisfies ReadonlyArray<Place>

/** So many come to each process, which passes each place at least so often. */
const messagesOfLife = 4

const decode = Schema.decodeUnknownOption(Schema.fromJsonString(Line))
const encode = Schema.encodeSync(Schema.fromJsonString(Setup))

/** One process, until it is killed at the place or has nothing more to do. */
const live = Effect.fnUntraced(function*(program: string, setup: Setup, crashAt: string | undefined) {
  const handle = yield* ChildProcess.make(process.execPath, [program, encode(setup)], {
    stdin: "ignore",
    stderr: "inherit",
    extendEnv: true,
    env: { NODE_COMPILE_CACHE: `${program}.cache`, GLIDER_CRASH_AT: crashAt }
  })
  const said = yield* handle.stdout.pipe(Stream.decodeText(), Stream.splitLines, Stream.runCollect)
  yield* Effect.exit(handle.exitCode)
  return said.flatMap((text) => Option.toArray(decode(text)))
}, Effect.scoped)

const signed = Effect.fnUntraced(function*(id: string) {
  const now = yield* DateTime.now
  return {
    id,
    timestamp: String(Math.floor(now.epochMilliseconds / 1000)),
    signature: new Webhook(secret).sign(id, DateTime.toDateUtc(now), messageBody)
  } satisfies Signed
})

it.live("whoever is killed at any commit of inbox and outbox takes each message once, and what it tells is done once by its key", () =>
  Effect.gen(function*() {
    const { seen, url } = yield* Receiver
    const folder = yield* temporaryFolder
    const program = yield* bundle(folder, "MessageVictim")
    const passages = Math.min(
      messagesOfLife,
      Math.ceil((yield* killsOf(places.length * messagesOfLife)) / places.length)
    )
    const crashes = places.flatMap((place) => Array.from({ length: passages }, (_, index) => `${place}:${index + 1}`))
    /** What its sender has had no answer to: it is sent again. */
    const unanswered = new Set<string>()
    const records: Array<string> = []
    const sent: Array<string> = []

    const next = Effect.fnUntraced(function*(crashAt: string | undefined) {
      const number = sent.length / messagesOfLife
      for (let message = 1; message <= messagesOfLife; message++) {
        const id = `msg_${number}_${message}`
        sent.push(id)
        unanswered.add(id)
      }
      records.push(`${number} 1`, `${number} 2`)
      const messages = yield* Effect.forEach([...unanswered], signed)
      const lines = yield* live(program, { folder, url, secret, records, messages }, crashAt)
      for (const line of lines) if (line._tag === "Acknowledged") unanswered.delete(line.id)
      return lines.find((line) => line._tag === "Told")
    })

    for (const crashAt of crashes) assert.isUndefined(yield* next(crashAt), `it was not killed at ${crashAt}`)
    const told = yield* next(undefined)
    assert.isDefined(told)
    assert.strictEqual(unanswered.size, 0)

    // each message was taken once, and what it started is over
    assert.deepStrictEqual(told.messages.map(({ id }) => id).toSorted(), sent.toSorted())
    assert.deepStrictEqual([...new Set(told.messages.map(({ status }) => status))], ["processed"])
    assert.deepStrictEqual([...new Set(told.runs.map(({ state }) => state))], ["completed"])
    const started = new Set(told.messages.map(({ run }) => run))
    assert.deepStrictEqual(told.runs.map(({ id }) => id).toSorted(), [...started].toSorted())

    // each event came at least once, signed, and nothing came that is no event
    assert.isTrue(seen.every(({ signedBy }) => signedBy.includes("new")))
    assert.deepStrictEqual(new Set(seen.map(({ id }) => id)), new Set(told.deliveries.map(({ event }) => event)))
    assert.deepStrictEqual([...new Set(told.deliveries.map(({ status }) => status))], ["published"])
    assert.isAbove(seen.length, told.deliveries.length, "what was sent and not noted comes twice")

    // whoever goes by the key does once what each is about
    const processed = new Map(seen.map((message) => [message.id, message]))
    const about = yield* Effect.forEach([...processed.values()], bodyOf)
    const ofType = (type: string) =>
      about.flatMap((body) => body["type"] === type ? [Schema.decodeUnknownSync(Data)(body["data"])] : [])
    assert.deepStrictEqual(
      ofType("record.created").flatMap(({ ids = [] }) => ids.map(([, id]) => id)).toSorted(),
      records.toSorted()
    )
    assert.deepStrictEqual(ofType("run.completed").map(({ run }) => run).toSorted(), [...started].toSorted())
  }).pipe(Effect.scoped, Effect.provide(Receiver.layer), Effect.provide(NodeServices.layer)))

const Data = Schema.Struct({
  run: Schema.optional(Schema.String),
  ids: Schema.optional(Schema.Array(Schema.Tuple([Schema.String, Schema.String])))
})

import { NodeServices } from "@effect/platform-node"
import { assert, it } from "@effect/vitest"
import { ConfigProvider, DateTime, Effect, Latch, Layer, Option, Schema } from "effect"
import { TestClock } from "effect/testing"
import { createHmac } from "node:crypto"
import { Webhook } from "standardwebhooks"
import { CurrentConfig, LatestConfig } from "../../src/Config.ts"
import { SyncReport } from "../../src/domain/Run.ts"
import * as DurableEngine from "../../src/engine/DurableEngine.ts"
import { RunControl } from "../../src/engine/RunControl.ts"
import { CrashPoint, type Place } from "../../src/services/CrashPoint.ts"
import { Secrets } from "../../src/services/Secrets.ts"
import { Surreal } from "../../src/services/Surreal.ts"
import { QueryFailed, SurrealError } from "../../src/services/SurrealError.ts"
import { WebhookInbox } from "../../src/store/WebhookInbox.ts"
import { Inbox } from "../../src/webhooks/Inbox.ts"
import * as RunEvents from "../../src/webhooks/RunEvents.ts"
import { syncWorkflows } from "../../src/workflows/SyncWorkflow.ts"
import { configOf } from "../api/Served.ts"
import { memoryStoreTest } from "../support/StoreTest.ts"
import { tasks } from "../support/World.ts"
import { oldSecret, secret } from "./WebhookWorld.ts"

const noon = DateTime.makeUnsafe("2026-03-02T12:00:00Z")

const sources = [
  { name: "phone", enabled: true, kind: "standard", task: "spotify" },
  { name: "off", enabled: false, kind: "standard", task: "spotify" },
  { name: "ring", enabled: true, kind: "oura", task: "oura" },
  { name: "diary", enabled: true, kind: "standard", task: "google_calendar" }
] as const

/** How often each run of a sync was begun. */
const begun: Array<string> = []

/** What a sync of the calendar waits for. */
const held = Latch.makeUnsafe(false)

const syncs = Layer.mergeAll(
  syncWorkflows.google_calendar.toLayer(({ run }) =>
    Effect.as(Effect.andThen(Effect.sync(() => begun.push(run)), held.await), SyncReport.empty)
  ),
  syncWorkflows.spotify.toLayer(({ run }) => Effect.sync(() => (begun.push(run), SyncReport.empty))),
  syncWorkflows.oura.toLayer(({ run }) => Effect.sync(() => (begun.push(run), SyncReport.empty)))
)

/** One process over the store and the environment. */
const process = Inbox.layer.pipe(
  Layer.provideMerge(Layer.mergeAll(WebhookInbox.layer, Secrets.layer)),
  Layer.provideMerge(syncs),
  Layer.provideMerge(DurableEngine.layer()),
  Layer.provide(RunEvents.layer),
  Layer.provideMerge(LatestConfig.layer),
  Layer.provideMerge(Layer.succeed(CurrentConfig, {
    ...configOf({}),
    tasks: Object.values(tasks),
    inbox: sources
  }))
)

const surroundings = memoryStoreTest.pipe(
  Layer.provideMerge(ConfigProvider.layer(ConfigProvider.fromUnknown({
    GLIDER_INBOX_PHONE_SECRET: secret,
    GLIDER_INBOX_PHONE_SECRET_OLD: oldSecret,
    OURA_CLIENT_ID: "app",
    OURA_CLIENT_SECRET: "hush",
    GLIDER_INBOX_DIARY_SECRET: secret,
    GLIDER_INBOX_RING_TOKEN: "token of the ring"
  }))),
  Layer.provideMerge(NodeServices.layer)
)

const world = Layer.provideMerge(process, surroundings)

const atNoon = <A, E, R>(test: Effect.Effect<A, E, R>) =>
  Effect.andThen(
    TestClock.setTime(noon.epochMilliseconds),
    Effect.sync(() => void begun.splice(0))
  ).pipe(Effect.andThen(test))

const message = (id: string, { at = noon, body = "{}", key = secret }: {
  readonly at?: DateTime.Utc
  readonly body?: string
  readonly key?: string
} = {}) => ({
  headers: {
    "webhook-id": id,
    "webhook-timestamp": String(Math.floor(at.epochMilliseconds / 1000)),
    "webhook-signature": new Webhook(key).sign(id, DateTime.toDateUtc(at), body)
  },
  body: Buffer.from(body)
})

const receive = (source: string, of: ReturnType<typeof message>) =>
  Effect.flatMap(Inbox, (inbox) => inbox.receive(source, of, Object.values(tasks)))

const Rows = Schema.Array(Schema.Struct({ run: Schema.String, status: Schema.String }))

/** The messages that are noted, and the runs that there are. */
const kept = Effect.gen(function*() {
  const surreal = yield* Surreal
  return {
    messages: yield* surreal.query(Rows, "SELECT run, status FROM webhook_inbox"),
    runs: yield* surreal.query(Schema.Array(Schema.String), "SELECT VALUE record::id(id)[0] FROM run")
  }
})

it.effect("a signed message starts a run of its task, once, and is done with when that is over", () =>
  atNoon(Effect.gen(function*() {
    const control = yield* RunControl
    const first = yield* receive("phone", message("msg_1"))
    assert.isFalse(first.isDuplicate)
    assert.deepStrictEqual(yield* receive("phone", message("msg_1")), { ...first, isDuplicate: true })
    const run = Option.getOrThrow(yield* control.ended(first.run))
    assert.deepStrictEqual([run.workflow, run.trigger, run.state], ["spotify", "webhook", "completed"])
    assert.deepStrictEqual(yield* kept, {
      messages: [{ run: first.run, status: "processed" }],
      runs: [first.run]
    })
    assert.deepStrictEqual(begun, [first.run])
    yield* receive("phone", message("msg_2", { key: oldSecret }))
    assert.lengthOf((yield* kept).runs, 2)
  })).pipe(Effect.provide(world)))

it.effect("the same message from several connections at once is one run", () =>
  atNoon(Effect.gen(function*() {
    const all = yield* Effect.all(Array.from({ length: 8 }, () => receive("phone", message("msg_1"))), {
      concurrency: 8
    })
    assert.strictEqual(new Set(all.map(({ run }) => run)).size, 1)
    yield* Effect.flatMap(RunControl, ({ ended }) => ended(all[0]?.run ?? ""))
    const { messages, runs } = yield* kept
    assert.deepStrictEqual([messages.length, runs.length, begun.length], [1, 1, 1])
  })).pipe(Effect.provide(world)))

it.effect("a message that comes while its task is at work starts no second run beside it", () =>
  atNoon(Effect.gen(function*() {
    const control = yield* RunControl
    const first = yield* receive("diary", message("msg_1"))
    const second = yield* receive("diary", message("msg_2"))
    assert.deepStrictEqual([second.run, second.isDuplicate], [first.run, false])
    assert.deepStrictEqual(yield* receive("diary", message("msg_2")), { ...second, isDuplicate: true })
    yield* held.open
    yield* control.ended(first.run)
    const third = yield* receive("diary", message("msg_3"))
    assert.notStrictEqual(third.run, first.run)
    yield* control.ended(third.run)
    const { messages, runs } = yield* kept
    assert.deepStrictEqual(messages.map(({ status }) => status), ["processed", "processed", "processed"])
    assert.lengthOf(runs, 2)
  })).pipe(Effect.provide(world)))

it.effect("what is not signed, not lately or by somebody else starts nothing, and neither does a source that is none", () =>
  atNoon(Effect.gen(function*() {
    const good = message("msg_1")
    const refusals = yield* Effect.forEach([
      { ...good, headers: {} },
      { ...good, body: Buffer.from("{ }") },
      message("msg_1", { key: `whsec_${Buffer.alloc(24, 5).toString("base64")}` }),
      message("msg_1", { at: DateTime.subtract(noon, { minutes: 6 }) }),
      message("x".repeat(257))
    ], (one) => Effect.flip(receive("phone", { ...one, headers: { ...one.headers } as typeof good.headers })))
    assert.deepStrictEqual(
      refusals.map((error) => error._tag === "MessageRefused" ? error.why : error._tag),
      ["unsigned", "forged", "forged", "stale", "unsigned"]
    )
    for (const source of ["off", "nobody"]) {
      assert.strictEqual((yield* Effect.flip(receive(source, good)))._tag, "UnknownSource")
    }
    assert.deepStrictEqual(yield* kept, { messages: [], runs: [] })
  })).pipe(Effect.provide(world)))

it.effect("Oura's messages are known by its own signature, and its question by our token", () =>
  atNoon(Effect.gen(function*() {
    const inbox = yield* Inbox
    const body = "{\"event_type\":\"create\",\"data_type\":\"daily_sleep\",\"object_id\":\"1\",\"user_id\":\"u\"}"
    const signed = (timestamp: string, key = "hush") => ({
      headers: {
        "x-oura-timestamp": timestamp,
        "x-oura-signature": createHmac("sha256", key).update(timestamp + body).digest("hex").toUpperCase()
      },
      body: Buffer.from(body)
    })
    const ask = (of: ReturnType<typeof signed>) => inbox.receive("ring", of, Object.values(tasks))
    const seconds = String(noon.epochMilliseconds / 1000)
    const first = yield* ask(signed(seconds))
    // sent again under another instant, in milliseconds this time
    assert.isTrue((yield* ask(signed(String(noon.epochMilliseconds + 1000)))).isDuplicate)
    assert.match(first.run, /^oura-inbox-/)
    for (const wrong of [signed(seconds, "other"), signed("1000"), { ...signed(seconds), headers: {} }]) {
      const of = wrong as ReturnType<typeof signed>
      assert.strictEqual((yield* Effect.flip(ask(of)))._tag, "MessageRefused")
    }
    assert.deepStrictEqual(yield* inbox.challenge("ring", "token of the ring", "abc"), Option.some("abc"))
    assert.deepStrictEqual(yield* inbox.challenge("ring", "another", "abc"), Option.none())
    assert.strictEqual((yield* Effect.flip(inbox.challenge("phone", "token of the ring", "abc")))._tag, "UnknownSource")
  })).pipe(Effect.provide(world)))

it.effect("a message and its run are written together: a process that ends at either side of that loses and doubles none", () =>
  atNoon(Effect.gen(function*() {
    const dying = (place: Place) =>
      Layer.succeed(CrashPoint, (met) => met === place ? Effect.die("killed") : Effect.void)
    for (const [place, noted] of [["inbox.before", 0], ["inbox.taken", 1]] as const) {
      const id = `msg of ${place}`
      const before = (yield* kept).messages.length
      yield* Effect.exit(
        receive("phone", message(id)).pipe(Effect.provide(Layer.fresh(process).pipe(Layer.provide(dying(place)))))
      )
      const { messages, runs } = yield* kept
      assert.deepStrictEqual([messages.length, runs.length], [before + noted, before + noted])
      // the sender sends again, and the next process takes it
      yield* Effect.scoped(
        Effect.gen(function*() {
          const again = yield* receive("phone", message(id))
          assert.strictEqual(again.isDuplicate, noted === 1)
          yield* Effect.flatMap(RunControl, ({ ended }) => ended(again.run))
        }).pipe(Effect.provide(Layer.fresh(process)))
      )
      assert.strictEqual((yield* kept).messages.length, before + 1)
    }
    assert.isTrue((yield* kept).messages.every(({ status }) => status === "processed"))
    assert.lengthOf(new Set(begun), 2)
  })).pipe(Effect.provide(surroundings)))

it.effect("a store that does not take it is said to the sender, who sends again", () =>
  atNoon(Effect.gen(function*() {
    const surreal = yield* Surreal
    let refuses = true
    const refusing = Surreal.of({
      ...surreal,
      transaction: (statements) =>
        refuses
          ? Effect.fail(
            new SurrealError({ operation: "commit", reason: new QueryFailed({ message: "the disk is full" }) })
          )
          : surreal.transaction(statements)
    })
    yield* Effect.gen(function*() {
      assert.strictEqual((yield* Effect.flip(receive("phone", message("msg_1"))))._tag, "SurrealError")
      assert.deepStrictEqual(yield* kept, { messages: [], runs: [] })
      refuses = false
      assert.isFalse((yield* receive("phone", message("msg_1"))).isDuplicate)
    }).pipe(Effect.provide(Layer.fresh(process).pipe(Layer.provide(Layer.succeed(Surreal, refusing)))))
    assert.lengthOf((yield* kept).messages, 1)
  })).pipe(Effect.provide(surroundings)))

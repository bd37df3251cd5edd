import { assert, it, layer } from "@effect/vitest"
import { Context, DateTime, Duration, Effect, Exit, Layer, Option } from "effect"
import { TestClock } from "effect/testing"
import { connectionId } from "../../src/domain/Connection.ts"
import { anyDeadLetter } from "../../src/domain/DeadLetter.ts"
import { CrashPoint, type Place } from "../../src/services/CrashPoint.ts"
import { HostLookup } from "../../src/services/GuardedHttp.ts"
import { Surreal } from "../../src/services/Surreal.ts"
import { Commit } from "../../src/store/Commit.ts"
import { Connections } from "../../src/store/Connections.ts"
import { DeadLetters } from "../../src/store/DeadLetters.ts"
import { WebhookDeliveries } from "../../src/store/WebhookDeliveries.ts"
import { waits } from "../../src/webhooks/DeliverySchedule.ts"
import { WebhookDesk } from "../../src/webhooks/WebhookDesk.ts"
import { Webhooks } from "../../src/webhooks/Webhooks.ts"
import { define, page, row, upsert } from "../store/CommitTest.ts"
import { bodyOf, deliveriesOf, Receiver, sending, standings, taken, webhookWorld } from "./WebhookWorld.ts"

const noon = DateTime.makeUnsafe("2026-03-02T12:00:00Z")

/** Commits a page with these records. */
const committed = Effect.fnUntraced(function*(table: string, ...ids: ReadonlyArray<string>) {
  const commit = yield* Commit
  return yield* commit.page(page(table, [upsert(table, ids.map((id) => row(id, `title of ${id}`)))], "t"))
})

const flush = Effect.flatMap(Webhooks, ({ flush }) => flush(100))

/** A world of its own for each test, at noon. */
const alone = <A, E, R>(
  test: Effect.Effect<A, E, R>,
  options?: Parameters<typeof webhookWorld>[0]
) => Effect.andThen(TestClock.setTime(noon.epochMilliseconds), test).pipe(Effect.provide(webhookWorld(options)))

it.effect("an endpoint is told of the records of a commit, in one event that is signed", () =>
  alone(Effect.gen(function*() {
    const { seen } = yield* Receiver
    const table = yield* define("told")
    yield* committed(table, "1", "2")
    yield* committed(table, "1", "2") // nothing new is nothing to tell
    assert.deepStrictEqual(yield* standings(), ["record.created pending 0"])
    assert.strictEqual((yield* flush).tried, 1)
    const [message] = seen
    assert.isDefined(message)
    assert.deepStrictEqual(message.signedBy, ["new"])
    assert.strictEqual(message.headers["content-type"], "application/json")
    assert.strictEqual(message.headers["webhook-timestamp"], String(noon.epochMilliseconds / 1000))
    assert.isUndefined(message.headers["traceparent"])
    assert.deepStrictEqual(yield* bodyOf(message), {
      type: "record.created",
      timestamp: "2026-03-02T12:00:00.000Z",
      data: {
        stream: table,
        table,
        connection: "google:me@example.com",
        count: 2,
        ids: [["home", "1"], ["home", "2"]]
      }
    })
    assert.deepStrictEqual(yield* standings(), ["record.created published 1"])
    assert.strictEqual((yield* flush).tried, 0)
  })))

it.effect("what a page of many records tells is parted into bodies of at most 20 KB", () =>
  alone(Effect.gen(function*() {
    const { seen } = yield* Receiver
    const table = yield* define("many")
    yield* committed(table, ...Array.from({ length: 400 }, (_, index) => `${index}-${"ä".repeat(75)}`))
    yield* flush
    const bodies = yield* Effect.forEach(seen, bodyOf)
    assert.isAtMost(Math.max(...seen.map(({ body }) => Buffer.byteLength(body))), 20 * 1024)
    assert.isAtMost(bodies.length, 5)
    const counts = bodies.map(({ data }) =>
      typeof data === "object" && data !== null && "count" in data ? data["count"] : 0
    )
    assert.strictEqual(counts.reduce<number>((sum, count) => sum + Number(count), 0), 400)
  })))

it.effect("endpoints choose what they are told, in which form, and whether each record is an event", () =>
  alone(
    Effect.gen(function*() {
      const { seen } = yield* Receiver
      const [first, second] = [yield* define("first"), yield* define("second")]
      yield* committed(first, "1", "2")
      yield* committed(second, "1")
      yield* flush
      assert.lengthOf(seen, 2)
      assert.deepStrictEqual(yield* standings("home"), [])
      assert.deepStrictEqual(new Set(seen.map(({ id }) => id)).size, 2)
      const body = yield* bodyOf(seen[0] ?? { body: "" })
      assert.strictEqual(seen[0]?.headers["content-type"], "application/cloudevents+json")
      assert.deepStrictEqual(
        { ...body, id: "", data: {} },
        {
          specversion: "1.0",
          id: "",
          source: "/glider/glider",
          type: "dev.glider.record.created",
          time: "2026-03-02T12:00:00.000Z",
          subject: first,
          datacontenttype: "application/json",
          data: {}
        }
      )
      assert.strictEqual(body["id"], seen[0]?.id)
      assert.deepInclude(body["data"], { count: 1, record: { title: "title of 1" } })
    }),
    {
      endpoints: [
        { name: "home", events: ["record.deleted", "run.*"] },
        { name: "away", events: ["record.created"], streams: ["first"], format: "cloudevents", per: "record" }
      ]
    }
  ))

it.effect("what is told goes the way of its data: written with it, or with it not at all", () =>
  alone(Effect.gen(function*() {
    const surreal = yield* Surreal
    const commit = yield* Commit
    const table = yield* define("together")
    const late = yield* commit.plan(page(table, [upsert(table, [row("1", "a"), row("2", "b")])]))
    yield* committed(table, "1")
    yield* Effect.flip(surreal.transaction(late.statements))
    assert.lengthOf(yield* deliveriesOf(), 1)
  })))

it.effect("without an endpoint that wants it nothing is written", () =>
  alone(
    Effect.gen(function*() {
      const commit = yield* Commit
      const table = yield* define("nobody")
      const plan = yield* commit.plan(page(table, [upsert(table, [row("1", "a")])]))
      assert.deepStrictEqual([plan.tells, plan.statements.length], [false, 1])
      yield* committed(table, "1")
      assert.deepStrictEqual([yield* standings("home"), yield* standings("away")], [[], []])
    }),
    { endpoints: [{ name: "home", events: ["run.failed"] }, { name: "away", enabled: false }] }
  ))

it.effect("a sign-in that is no longer good is told with the state that says so", () =>
  alone(Effect.gen(function*() {
    const connections = yield* Connections
    const id = connectionId("oura", "me")
    const tokens = {
      access_token: "a",
      refresh_token: "r",
      expiresAt: noon,
      refreshExpiresAt: Option.none(),
      scopes: [],
      at: noon
    }
    const stored = yield* connections.signIn({ id, provider: "oura", userId: "me", version: 0 }, tokens)
    const row = Option.getOrThrow(stored)
    yield* connections.needsAuth({ ...row, version: 99 }, "another was faster")
    assert.deepStrictEqual(yield* standings(), [])
    yield* connections.needsAuth(row, "revoked there")
    assert.deepStrictEqual(yield* standings(), ["connection.needs_auth pending 0"])
  })))

it.effect("a delivery that fails is tried by the schedule of the convention, and then waits for a person, who may tell it again", () =>
  alone(Effect.gen(function*() {
    const { replies, seen } = yield* Receiver
    const desk = yield* WebhookDesk
    yield* committed(yield* define("failing"), "1")
    replies.push(...waits.map(() => ({ status: 500 })))
    const tries: Array<number> = []
    for (const wait of waits) {
      yield* TestClock.adjust(Duration.millis(Math.max(0, Duration.toMillis(wait) - 1)))
      if (tries.length > 0) assert.strictEqual((yield* flush).tried, 0, "too early")
      yield* TestClock.adjust(Duration.millis(Math.ceil(Duration.toMillis(wait) * 0.1) + 1))
      assert.strictEqual((yield* flush).tried, 1, Duration.format(wait))
      tries.push(Number(seen.at(-1)?.headers["webhook-timestamp"]))
    }
    assert.deepStrictEqual(yield* standings(), ["record.created failed 10"])
    assert.strictEqual(new Set(seen.map(({ body, id }) => `${id} ${body}`)).size, 1)
    assert.isTrue(seen.every(({ signedBy }) => signedBy.length === 1))
    yield* TestClock.adjust("30 days")
    assert.strictEqual((yield* flush).tried, 0)
    const { count, list } = yield* DeadLetters
    assert.deepStrictEqual(yield* count, { runs: 0, records: 0, deliveries: 1, jobs: 0 })
    const { letters } = yield* list({ filter: anyDeadLetter, after: Option.none(), limit: 10 })
    const [letter] = letters
    assert.deepInclude(letter, { _tag: "Delivery", endpoint: "home", attempts: 10, problem: "it answered 500" })
    assert.strictEqual(letter?.id, `delivery:home/${seen[0]?.id}`)
    assert.isTrue(Option.isSome(yield* Effect.flatMap(DeadLetters, ({ get }) => get(letter?.id ?? ""))))
    assert.deepInclude(yield* desk.get("home"), { failed: 1, pending: 0 })
    assert.lengthOf(yield* desk.replay("home", "failed"), 1)
    yield* flush
    assert.deepStrictEqual(yield* standings(), ["record.created published 1"])
    assert.deepStrictEqual(yield* taken, [seen[0]?.id ?? ""])
  })))

it.effect("an endpoint that is gone is told nothing more until a person wants it, and nothing waits for it", () =>
  alone(Effect.gen(function*() {
    const { replies, seen } = yield* Receiver
    const desk = yield* WebhookDesk
    const table = yield* define("gone")
    yield* committed(table, "1")
    yield* committed(table, "2")
    replies.push({ status: 410 })
    yield* flush
    assert.lengthOf(seen, 1)
    const stand = (yield* standings()).toSorted()
    assert.deepStrictEqual(stand, ["record.created failed 0", "record.created failed 1"])
    assert.isTrue(Option.isSome((yield* desk.get("home")).state.disabled))
    yield* committed(table, "3")
    assert.lengthOf(yield* deliveriesOf(), 2)
    assert.isTrue(Option.isNone((yield* desk.enable("home")).state.disabled))
    yield* committed(table, "4")
    yield* desk.replay("home", "failed")
    yield* flush
    assert.lengthOf(yield* taken, 3)
  })))

it.effect("a redirect is a failure, and is not followed", () =>
  alone(Effect.gen(function*() {
    const { replies, seen, url } = yield* Receiver
    yield* committed(yield* define("moved"), "1")
    replies.push({ status: 302, headers: { location: `${url}/elsewhere` } })
    yield* flush
    assert.lengthOf(seen, 1)
    const [delivery] = yield* deliveriesOf()
    assert.deepStrictEqual(
      delivery?.lastError,
      Option.some("it leads elsewhere (302), which is not followed: name the last address")
    )
  })))

it.effect("an endpoint that asks for patience is left alone as long as it says, with all that waits for it", () =>
  alone(Effect.gen(function*() {
    const { replies, seen } = yield* Receiver
    const table = yield* define("patient")
    yield* committed(table, "1")
    yield* committed(table, "2")
    replies.push({ status: 429, headers: { "retry-after": "120" } })
    yield* flush
    yield* TestClock.adjust("119 seconds")
    const { next, tried } = yield* flush
    assert.deepStrictEqual([tried, next], [0, Option.some(noon.epochMilliseconds + 120_000)])
    assert.lengthOf(seen, 1)
    yield* TestClock.adjust("1 second")
    yield* flush
    assert.lengthOf(yield* taken, 2)
  })))

it.effect("while one secret takes the place of another each message is signed with both", () =>
  alone(
    Effect.gen(function*() {
      const { seen } = yield* Receiver
      yield* committed(yield* define("rotated"), "1")
      yield* flush
      assert.deepStrictEqual(seen[0]?.signedBy, ["new", "old"])
    }),
    { secrets: { GLIDER_WEBHOOK_HOME_SECRET_OLD: `whsec_${Buffer.alloc(32, 9).toString("base64")}` } }
  ))

it.effect("nothing goes out unsigned, or to an address that is not of the public internet", () =>
  Effect.gen(function*() {
    yield* alone(
      Effect.gen(function*() {
        const { seen } = yield* Receiver
        const { test } = yield* WebhookDesk
        yield* committed(yield* define("unsigned"), "1")
        yield* flush
        assert.lengthOf(seen, 0)
        assert.deepStrictEqual(yield* standings(), ["record.created pending 0"])
        assert.include((yield* Effect.flip(test("home"))).message, "GLIDER_WEBHOOK_HOME_SECRET is no secret")
      }),
      { secrets: { GLIDER_WEBHOOK_HOME_SECRET: "hunter2" } }
    )
    yield* alone(
      Effect.gen(function*() {
        const { seen } = yield* Receiver
        const { error, outcome } = yield* Effect.flatMap(WebhookDesk, ({ test }) => test("home"))
        assert.deepStrictEqual([outcome, seen.length], ["retry", 0])
        assert.include(error, "127.0.0.1 is not of the public internet (loopback)")
        assert.include(error, "allowed_private")
      }),
      { allowed: [] }
    )
  }))

it.effect("a name is judged by the address that the connection goes to, whatever it was before", () => {
  const answers = [["93.184.216.34", "127.0.0.1"], ["127.0.0.1"]]
  const asked: Array<string> = []
  return Effect.gen(function*() {
    yield* TestClock.setTime(noon.epochMilliseconds)
    const { port, seen } = yield* Receiver
    const { test } = yield* WebhookDesk
    answers.shift() // the answer that a check of its own would have seen
    const { error } = yield* test("home")
    assert.include(error, "rebound.example is 127.0.0.1, which is not of the public internet")
    assert.deepStrictEqual([asked, seen.length], [["rebound.example"], 0])
    assert.isAbove(port, 0)
  }).pipe(
    Effect.provide(
      webhookWorld({ allowed: [], endpoints: [{ name: "home", url: "http://rebound.example:81/" }] }).pipe(
        Layer.provide(Layer.succeed(HostLookup, (host, answer) => {
          asked.push(host)
          answer(null, answers[0] ?? [])
        }))
      )
    )
  )
})

layer(webhookWorld())("a process that ends in the middle", (it) => {
  for (const place of ["webhook.before", "webhook.sent", "webhook.noted"] as const satisfies ReadonlyArray<Place>) {
    it.effect(`has each event taken in the end, at least once: ${place}`, () =>
      Effect.gen(function*() {
        yield* TestClock.setTime(noon.epochMilliseconds)
        const { seen } = yield* Receiver
        seen.length = 0
        const table = yield* define(`crash_${place.replace(".", "_")}`)
        for (const id of ["1", "2", "3"]) yield* committed(table, id)
        const events = (yield* deliveriesOf()).flatMap(({ event, status }) => status === "pending" ? [event] : [])
        assert.lengthOf(events, 3)
        for (let at = 1; at <= 3; at++) {
          let left = at
          const dying = Layer.succeed(CrashPoint, (met) =>
            met === place && --left === 0 ? Effect.die("killed") : Effect.void)
          const process = Layer.build(Layer.fresh(sending).pipe(Layer.provide(dying)))
          const exit = yield* Effect.exit(
            Effect.scoped(Effect.flatMap(process, (built) =>
              Context.get(built, Webhooks).flush(100)))
          )
          if (at === 1) assert.isTrue(Exit.isFailure(exit))
          yield* TestClock.adjust("2 minutes") // what it had leased runs out
        }
        const survivor = yield* Layer.build(Layer.fresh(sending))
        yield* Context.get(survivor, Webhooks).flush(100)
        assert.deepStrictEqual(new Set(seen.map(({ id }) => id)), new Set(events))
        assert.isTrue((yield* deliveriesOf()).every(({ status }) => status === "published"))
        // what was sent and not noted comes twice, under the id that it had
        if (place === "webhook.sent") assert.isAbove(seen.length, 3)
      }))
  }

  it.effect("and two at the same time tell each event once", () =>
    Effect.gen(function*() {
      const { seen } = yield* Receiver
      seen.length = 0
      const table = yield* define("twice")
      for (let id = 0; id < 8; id++) yield* committed(table, `${id}`)
      const [one, other] = yield* Effect.all([Layer.build(Layer.fresh(sending)), Layer.build(Layer.fresh(sending))])
      // who meets the other's commit waits for a moment, which takes a clock that goes
      yield* TestClock.withLive(
        Effect.all([one, other].map((built) => Context.get(built, Webhooks).flush(100)), { concurrency: 2 })
      )
      assert.lengthOf(seen, 8)
      assert.strictEqual(new Set(seen.map(({ id }) => id)).size, 8)
    }))

  it.effect("what waits for an endpoint that the config no longer names is given up", () =>
    Effect.gen(function*() {
      const surreal = yield* Surreal
      const outbox = yield* WebhookDeliveries
      const { settle } = yield* Webhooks
      yield* committed(yield* define("lost"), "1")
      yield* surreal.execute(
        "INSERT INTO webhook_outbox (SELECT *, type::record('webhook_outbox', ['former', event]) AS id, " +
          "'former' AS endpoint FROM webhook_outbox WHERE status = 'pending')"
      )
      assert.deepStrictEqual(yield* outbox.waitingFor, ["former", "home"])
      assert.strictEqual(yield* settle, 1)
      assert.deepStrictEqual(yield* standings("former"), ["record.created failed 0"])
    }))
})

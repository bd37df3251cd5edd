import { assert, it } from "@effect/vitest"
import { Duration, Effect, Layer, Option } from "effect"
import { TestClock } from "effect/testing"
import { anyDeadLetter } from "../../src/domain/DeadLetter.ts"
import { HostLookup } from "../../src/services/GuardedHttp.ts"
import { webhookWaits as waits } from "../../src/services/Resending.ts"
import { DeadLetters } from "../../src/store/DeadLetters.ts"
import { WebhookDesk } from "../../src/webhooks/WebhookDesk.ts"
import { define } from "../store/CommitTest.ts"
import {
  alone,
  committed,
  deliveriesOf,
  flush,
  noon,
  Receiver,
  standings,
  taken,
  webhookWorld
} from "./WebhookWorld.ts"

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
    assert.deepStrictEqual(yield* count, { runs: 0, records: 0, deliveries: 0, jobs: 0 })
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

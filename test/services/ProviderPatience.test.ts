import { assert, describe, it } from "@effect/vitest"
import { DateTime, Duration, Effect, Fiber, Option, Random } from "effect"
import { TestClock } from "effect/testing"
import { RequestTimeouts } from "../../src/services/ProviderHttp.ts"
import * as HttpStub from "../support/HttpStub.ts"
import { answered, asked, at, call, fine, started } from "../support/ProviderCall.ts"

/** Draws 0.5 always, so jitter leaves the numbers as they are. */
const withoutJitter = Effect.provideService(Random.Random, {
  nextIntUnsafe: () => 0,
  nextDoubleUnsafe: () => 0.5
})

describe("a call that must wait", () => {
  it.effect("waits exactly as many seconds as Retry-After says", () =>
    Effect.gen(function*() {
      yield* at(0)
      const fiber = yield* started()
      yield* at(59.999)
      assert.strictEqual(yield* asked, 1)
      yield* at(60)
      assert.deepStrictEqual(yield* Fiber.join(fiber), { fine: true })
      assert.strictEqual(yield* asked, 2)
    }).pipe(Effect.provide(answered({ status: 429, headers: { "retry-after": "60" } }, fine))))

  for (
    const [form, text] of [
      ["IMF-fixdate", "Fri, 20 Nov 2026 12:00:42 GMT"],
      ["RFC 850", "Friday, 20-Nov-26 12:00:42 GMT"],
      ["asctime", "Fri Nov 20 12:00:42 2026"]
    ] as const
  ) {
    it.effect(`waits until the date of a Retry-After written as ${form}`, () =>
      Effect.gen(function*() {
        yield* at(0)
        const fiber = yield* started()
        yield* at(41.999)
        assert.strictEqual(yield* asked, 1)
        yield* at(42)
        assert.deepStrictEqual(yield* Fiber.join(fiber), { fine: true })
      }).pipe(Effect.provide(answered({ status: 429, headers: { "retry-after": text } }, fine))))
  }

  for (const text of ["soon", "-5", "1.5", "0", "", "Fri, 20 Nov 2026 11:00:00 GMT", "Fri, 31 Feb 2026 12:00:42 GMT"]) {
    it.effect(`backs off by itself when Retry-After is "${text}"`, () =>
      Effect.gen(function*() {
        yield* at(0)
        const fiber = yield* started()
        yield* at(0.999)
        assert.strictEqual(yield* asked, 1)
        yield* at(1)
        assert.deepStrictEqual(yield* Fiber.join(fiber), { fine: true })
      }).pipe(withoutJitter, Effect.provide(answered({ status: 429, headers: { "retry-after": text } }, fine))))
  }

  it.effect("fails at once with the instant when Retry-After is a day, and lets no other call to that provider out", () =>
    Effect.gen(function*() {
      yield* at(0)
      const first = yield* Effect.flip(call("spotify"))
      const second = yield* Effect.flip(call("spotify"))
      for (const { message, reason } of [first, second]) {
        assert.isTrue(reason._tag === "RateLimited" && Option.isSome(reason.retryAt))
        assert.strictEqual(message, "Spotify thing: rate limited until 2026-11-21T12:00:00.000Z")
      }
      assert.strictEqual(yield* asked, 1)
      assert.deepStrictEqual(yield* call("oura"), { fine: true })
      yield* at(86_400)
      assert.deepStrictEqual(yield* call("spotify"), { fine: true })
    }).pipe(Effect.provide(answered({ status: 429, headers: { "retry-after": "86400" } }, fine, fine))))

  for (const status of [500, 503]) {
    it.effect(`waits exactly as many seconds as the Retry-After of a ${status} says`, () =>
      Effect.gen(function*() {
        yield* at(0)
        const first = yield* started()
        yield* at(10)
        const second = yield* started()
        yield* at(44.999)
        assert.strictEqual(yield* asked, 1)
        yield* at(45)
        assert.deepStrictEqual(yield* Fiber.join(first), { fine: true })
        assert.deepStrictEqual(yield* Fiber.join(second), { fine: true })
      }).pipe(Effect.provide(answered({ status, headers: { "retry-after": "45" } }, fine, fine))))
  }

  it.effect("fails at once when the Retry-After of a 503 is an hour, and lets no other call out until then", () =>
    Effect.gen(function*() {
      yield* at(0)
      const first = yield* Effect.flip(call("oura"))
      assert.deepStrictEqual(
        [first.reason._tag, Option.map(first.retryAt, DateTime.formatIso)],
        ["Unavailable", Option.some("2026-11-20T13:00:00.000Z")]
      )
      const second = yield* Effect.flip(call("oura"))
      assert.strictEqual(second.message, "Oura thing: rate limited until 2026-11-20T13:00:00.000Z")
      assert.strictEqual(yield* asked, 1)
      yield* at(3600)
      assert.deepStrictEqual(yield* call("oura"), { fine: true })
    }).pipe(Effect.provide(answered({ status: 503, headers: { "retry-after": "3600" } }, fine))))

  it.effect("takes an absurd Retry-After for a week", () =>
    Effect.gen(function*() {
      yield* at(0)
      const { reason } = yield* Effect.flip(call())
      assert.strictEqual(reason.message, "rate limited until 2026-11-27T12:00:00.000Z")
    }).pipe(Effect.provide(answered({ status: 429, headers: { "retry-after": "99999999999999999999" } }))))

  it.effect("a short Retry-After holds back the calls that start meanwhile", () =>
    Effect.gen(function*() {
      yield* at(0)
      const first = yield* started()
      yield* at(10)
      const second = yield* started()
      yield* at(29.999)
      assert.strictEqual(yield* asked, 1)
      yield* at(30)
      yield* Fiber.join(first)
      yield* Fiber.join(second)
      assert.strictEqual(yield* asked, 3)
    }).pipe(Effect.provide(answered({ status: 429, headers: { "retry-after": "30" } }, fine, fine))))

  it.effect("repeats a 5xx after 1, 2, 4 and 8 s, then gives up", () =>
    Effect.gen(function*() {
      yield* at(0)
      const fiber = yield* started()
      for (const [number, due] of [1, 3, 7, 15].entries()) {
        yield* at(due - 0.001)
        assert.strictEqual(yield* asked, number + 1)
        yield* at(due)
        assert.strictEqual(yield* asked, number + 2)
      }
      const { reason } = yield* Effect.flip(Fiber.join(fiber))
      assert.isTrue(reason._tag === "Unavailable" && Option.contains(reason.status, 503))
    }).pipe(
      withoutJitter,
      Effect.provide(answered({ status: 500 }, { status: 502 }, { status: 504 }, { status: 500 }, { status: 503 }))
    ))

  it.effect("draws its jitter from the seed, within a fifth of each wait", () =>
    Effect.gen(function*() {
      const waits = Effect.gen(function*() {
        yield* at(0)
        const fiber = yield* started()
        const seen: Array<number> = []
        for (let millis = 0; millis < 20_000; millis += 50) {
          yield* at(millis / 1000)
          if ((yield* asked) > seen.length) seen.push(millis)
        }
        yield* Fiber.await(fiber)
        return seen
      }).pipe(Effect.provide(answered(...HttpStub.times(5, { status: 500 }))))
      const first = yield* Random.withSeed(waits, "a")
      assert.deepStrictEqual(yield* Random.withSeed(waits, "a"), first)
      assert.notDeepEqual(yield* Random.withSeed(waits, "b"), first)
      for (const [index, wait] of [1000, 2000, 4000, 8000].entries()) {
        assert.closeTo((first[index + 1] ?? 0) - (first[index] ?? 0), wait, wait * 0.2 + 50)
      }
    }))

  for (
    const [name, answer] of [
      ["a refused connection", { broken: "refused" }],
      ["a reset", { broken: "reset" }],
      ["a reset in the middle of the body", { broken: "cut", json: { fine: true } }],
      ["200 with a page of HTML", { text: "<html>Sign in to this network</html>" }],
      ["200 with half of a JSON", { text: "{\"fine\":" }],
      ["200 with nothing", { text: "" }],
      ["a redirection", { status: 302, headers: { location: "http://portal.test" } }],
      ["408", { status: 408 }]
    ] as const
  ) {
    it.effect(`repeats after ${name}`, () =>
      Effect.gen(function*() {
        yield* at(0)
        const fiber = yield* started()
        yield* at(2)
        assert.deepStrictEqual(yield* Fiber.join(fiber), { fine: true })
        assert.strictEqual(yield* asked, 2)
      }).pipe(Effect.provide(answered(answer, fine))))
  }

  it.effect("gives a request 30 s and then repeats it", () =>
    Effect.gen(function*() {
      yield* at(0)
      const fiber = yield* started()
      yield* at(30.999)
      assert.strictEqual(yield* asked, 1)
      yield* at(31)
      assert.deepStrictEqual(yield* Fiber.join(fiber), { fine: true })
    }).pipe(withoutJitter, Effect.provide(answered({ broken: "hang" }, fine))))

  it.effect("gives up when all attempts together take 5 minutes", () =>
    Effect.gen(function*() {
      yield* at(0)
      const fiber = yield* started()
      yield* at(299)
      assert.isUndefined(fiber.pollUnsafe())
      yield* at(300)
      const error = yield* Effect.flip(Fiber.join(fiber))
      assert.strictEqual(error.message, "Spotify thing: not done within 5m")
    }).pipe(
      Effect.provideService(RequestTimeouts, {
        request: Duration.hours(1),
        total: Duration.minutes(5)
      }),
      Effect.provide(answered({ broken: "hang" }))
    ))
})

describe("a provider that fails again and again", () => {
  /** Calls with all their tries. */
  const failed = Effect.fnUntraced(function*(from: number) {
    yield* at(from)
    const fiber = yield* Effect.forkChild(Effect.flip(call("oura")), { startImmediately: true })
    yield* TestClock.adjust("20 seconds")
    return (yield* Fiber.join(fiber)).reason._tag
  })

  it.effect("is asked no more after five calls, whatever their tries, and again after a minute", () =>
    Effect.gen(function*() {
      for (let number = 0; number < 5; number++) assert.strictEqual(yield* failed(number * 20), "Unavailable")
      assert.strictEqual(yield* asked, 25)
      const error = yield* Effect.flip(call("oura"))
      assert.strictEqual(error.reason._tag, "CircuitOpen")
      assert.isFalse(error.retryable)
      assert.isTrue(Option.isSome(error.retryAt))
      assert.strictEqual(yield* asked, 25)
      yield* at(200)
      assert.deepStrictEqual(yield* call("oura"), { fine: true })
    }).pipe(withoutJitter, Effect.provide(answered(...Array.from({ length: 25 }, () => ({ status: 500 })), fine))))

  it.effect("is not taken for out of order because it refuses, or asks for patience", () =>
    Effect.gen(function*() {
      yield* at(0)
      for (let number = 0; number < 8; number++) yield* Effect.flip(call("oura"))
      const patience = yield* Effect.flip(call("oura"))
      assert.strictEqual(patience.reason._tag, "RateLimited")
      for (let number = 0; number < 6; number++) {
        assert.strictEqual((yield* Effect.flip(call("oura"))).reason._tag, "RateLimited")
      }
    }).pipe(Effect.provide(answered(
      ...[400, 403, 404, 410, 400, 403, 404, 410].map((status) => ({ status })),
      { status: 429, headers: { "retry-after": "86400" } }
    ))))
})

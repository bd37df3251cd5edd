import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect, Exit, Fiber, Layer, Metric, Option, Random, Redacted, Tracer } from "effect"
import { HttpClientRequest } from "effect/http"
import { TestClock } from "effect/testing"
import { connectionId } from "../../src/domain/Connection.ts"
import { ProviderError, Unavailable } from "../../src/domain/ProviderError.ts"
import type { Provider } from "../../src/domain/Provider.ts"
import { AccessTokens } from "../../src/services/AccessTokens.ts"
import * as ProviderHttp from "../../src/services/ProviderHttp.ts"
import * as HttpStub from "../support/HttpStub.ts"
import { gates, tokens } from "../support/ProviderTest.ts"

const me = connectionId("spotify", "me")
const noon = DateTime.makeUnsafe("2026-11-20T12:00:00Z")

/** Calls a provider once, from noon on, in a fiber of its own. */
const call = (provider: Provider = "spotify") =>
  Effect.gen(function*() {
    const http = yield* ProviderHttp.make(provider)
    return yield* http.call(me, "thing", (exchange) => exchange(HttpClientRequest.get("https://provider.test/thing?x=1")))
  })
const started = (provider?: Provider) => Effect.forkChild(call(provider), { startImmediately: true })

const at = (seconds: number) => TestClock.setTime(DateTime.toEpochMillis(noon) + seconds * 1000)

const answered = (...answers: ReadonlyArray<HttpStub.Answer>) =>
  Layer.mergeAll(HttpStub.layer(answers), tokens, gates)

const asked = Effect.map(HttpStub.requests, (all) => all.length)

/** The reason for which a call fails, started at noon and left an hour. */
const failure = (...answers: ReadonlyArray<HttpStub.Answer>) =>
  Effect.gen(function*() {
    yield* at(0)
    const fiber = yield* started("google")
    yield* at(3600)
    const error = yield* Effect.flip(Fiber.join(fiber))
    return { error, reason: error.reason, requests: yield* asked }
  }).pipe(Effect.provide(answered(...answers)))

/** Draws 0.5 always, so jitter leaves the numbers as they are. */
const withoutJitter = Effect.provideService(Random.Random, {
  nextIntUnsafe: () => 0,
  nextDoubleUnsafe: () => 0.5
})

const noToken = new ProviderError({
  provider: "spotify",
  operation: "token",
  reason: new Unavailable({ status: Option.none(), message: "no network" })
})

const fine: HttpStub.Answer = { json: { fine: true } }

describe("a call to a provider", () => {
  it.effect("carries the token, asks for JSON and gives the answer", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* call(), { fine: true })
      const [request] = yield* HttpStub.requests
      assert.strictEqual(request?.headers["authorization"], "Bearer access-1")
      assert.strictEqual(request?.headers["accept"], "application/json")
      assert.isUndefined(request?.headers["traceparent"])
    }).pipe(Effect.provide(answered(fine))))

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
      }).pipe(Effect.provide(answered(...new Array<HttpStub.Answer>(5).fill({ status: 500 }))))
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
      Effect.provideService(ProviderHttp.RequestTimeouts, {
        request: DateTime.distance(noon, DateTime.add(noon, { hours: 1 })),
        total: DateTime.distance(noon, DateTime.add(noon, { minutes: 5 }))
      }),
      Effect.provide(answered({ broken: "hang" }))
    ))

  it.effect("renews the token once after a 401 and repeats at once", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* call(), { fine: true })
      const all = yield* HttpStub.requests
      assert.deepStrictEqual(all.map(({ headers }) => headers["authorization"]), ["Bearer access-1", "Bearer access-2"])
    }).pipe(Effect.provide(answered({ status: 401 }, fine))))

  it.effect("takes a second 401 for an error", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(call())
      assert.strictEqual(error.message, "Spotify thing: The access token expired")
      assert.strictEqual(error.reason._tag, "Unauthorized")
      assert.strictEqual(yield* asked, 2)
    }).pipe(Effect.provide(answered(
      { status: 401 },
      { status: 401, json: { error: { status: 401, message: "The access token expired" } } }
    ))))

  it.effect("renews no token that was handed in by the caller", () =>
    Effect.gen(function*() {
      const http = yield* ProviderHttp.make("spotify")
      const error = yield* Effect.flip(
        http.callWith(Redacted.make("mine"), "profile", (exchange) => exchange(HttpClientRequest.get("https://p.test/me")))
      )
      assert.strictEqual(error.reason._tag, "Unauthorized")
      assert.strictEqual((yield* HttpStub.requests)[0]?.headers["authorization"], "Bearer mine")
    }).pipe(Effect.provide(answered({ status: 401 }))))

  for (
    const [status, tag] of [
      [400, "BadRequest"],
      [403, "Forbidden"],
      [404, "NotFound"],
      [410, "CursorExpired"],
      [422, "BadRequest"]
    ] as const
  ) {
    it.effect(`does not repeat a ${status}`, () =>
      Effect.gen(function*() {
        const { reason, requests } = yield* failure({ status })
        assert.strictEqual(reason._tag, tag)
        assert.strictEqual(requests, 1)
      }))
  }

  it.effect("refuses an answer of more than 32 MB", () =>
    Effect.gen(function*() {
      const large = { text: `"${"x".repeat(ProviderHttp.largestAnswer)}"` }
      const { error } = yield* failure(large, large, large, large, large)
      assert.strictEqual(error.message, "Google thing: an answer of more than 32 MB")
    }))

  it.effect("never says the token or an address with its parameters", () =>
    Effect.gen(function*() {
      const message = "Bad access-1 at https://accounts.test/x?token=access-1&y=2 \u0007 see https://docs.test/errors"
      const { error } = yield* failure({ status: 400, json: { error: { status: 400, message } } })
      assert.strictEqual(
        error.message,
        "Google thing: Bad [redacted] at https://accounts.test/x see https://docs.test/errors"
      )
      const { error: broken } = yield* failure(...new Array<HttpStub.Answer>(5).fill({ broken: "refused" }))
      assert.strictEqual(broken.message, "Google thing: connection refused")
      assert.notInclude(JSON.stringify(broken), "provider.test")
    }))

  it.effect("counts its requests by the class of the answer", () =>
    Effect.gen(function*() {
      yield* at(0)
      const fiber = yield* started("oura")
      yield* at(100)
      yield* Fiber.join(fiber)
      const counted = (yield* Metric.snapshot)
        .filter(({ id }) => id === "glider_provider_requests_total")
        .map(({ attributes, state }) => [attributes?.["code_class"], attributes?.["connector"], state])
      assert.sameDeepMembers(counted.map(([code]) => code), ["none", "5xx", "2xx"])
      assert.isTrue(counted.every(([, connector]) => connector === "oura"))
    }).pipe(
      Effect.provideService(Metric.MetricRegistry, new Map()),
      Effect.provide(answered({ broken: "reset" }, { status: 500 }, fine))
    ))

  it.effect("leaves no token in its spans", () =>
    Effect.gen(function*() {
      const spans: Array<Tracer.NativeSpan> = []
      const tracer = Tracer.make({
        span: (options) => {
          const span = new Tracer.NativeSpan(options)
          spans.push(span)
          return span
        }
      })
      yield* Effect.withTracer(call(), tracer)
      assert.isTrue(spans.some(({ attributes }) => attributes.get("http.response.status_code") === 200))
      assert.notInclude(JSON.stringify(spans.map(({ attributes }) => [...attributes])), "access-")
    }).pipe(Effect.provide(answered({ status: 401 }, fine))))

  it.effect("ends at once when it is interrupted", () =>
    Effect.gen(function*() {
      const fiber = yield* started()
      yield* Fiber.interrupt(fiber)
      assert.isTrue(Exit.hasInterrupts(yield* Fiber.await(fiber)))
    }).pipe(Effect.provide(answered({ broken: "hang" }))))

  it.effect("does not repeat the failure to get a token", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(call())
      assert.strictEqual(error.message, "Spotify token: no network")
      assert.strictEqual(yield* asked, 0)
    }).pipe(Effect.provide([
      HttpStub.layer([]),
      gates,
      Layer.succeed(AccessTokens, { get: () => Effect.fail(noToken), renew: () => Effect.fail(noToken) })
    ])))
})

describe("the reason for a refusal", () => {
  const google = (reason: string, status: number, location?: string) => ({
    status,
    json: { error: { errors: [{ domain: "x", reason, message: "Words.", location }], code: status, message: "Words." } }
  })
  const five = (answer: HttpStub.Answer) => new Array<HttpStub.Answer>(5).fill(answer)

  it.effect("is a rate limit without a date for Google's 403 rateLimitExceeded and userRateLimitExceeded", () =>
    Effect.gen(function*() {
      for (const word of ["rateLimitExceeded", "userRateLimitExceeded"]) {
        const { reason, requests } = yield* failure(...five(google(word, 403)))
        assert.isTrue(reason._tag === "RateLimited" && Option.isNone(reason.retryAt))
        assert.strictEqual(requests, 5)
      }
    }))

  it.effect("is a long rate limit for a spent quota, Google's or Spotify's", () =>
    Effect.gen(function*() {
      for (
        const answer of [
          google("quotaExceeded", 403),
          { status: 429, json: { error: { status: 429, message: "Too many requests", reason: "QUOTA_EXCEEDED" } } }
        ]
      ) {
        const { error, requests } = yield* failure(answer)
        assert.strictEqual(error.message, "Google thing: rate limited until 2026-11-20T13:00:00.000Z")
        assert.strictEqual(requests, 1)
      }
    }))

  it.effect("is Forbidden for insufficientPermissions and forbidden", () =>
    Effect.gen(function*() {
      for (const word of ["insufficientPermissions", "forbidden"]) {
        const { error, requests } = yield* failure(google(word, 403))
        assert.strictEqual(error.message, "Google thing: Words.")
        assert.strictEqual(error.reason._tag, "Forbidden")
        assert.strictEqual(requests, 1)
      }
    }))

  it.effect("is a dead cursor for 410 and for a sync or page token that Google cannot read", () =>
    Effect.gen(function*() {
      for (
        const answer of [
          google("fullSyncRequired", 410, "syncToken"),
          google("invalid", 400, "syncToken"),
          google("invalid", 400, "pageToken")
        ]
      ) {
        assert.strictEqual((yield* failure(answer)).reason._tag, "CursorExpired")
      }
      for (
        const answer of [google("syncTokenWithRequestRestrictions", 400, "syncToken"), google("invalid", 400, "orderBy")]
      ) {
        assert.strictEqual((yield* failure(answer)).reason._tag, "BadRequest")
      }
    }))

  it.effect("bears the provider's words in each of the shapes they come in", () =>
    Effect.gen(function*() {
      for (
        const [answer, words] of [
          [{ json: { error: { status: 403, message: "Insufficient client scope" } } }, "Insufficient client scope"],
          [{ json: { error: "invalid_scope", error_description: "Unknown scope" } }, "Unknown scope"],
          [{ json: { error: "invalid_scope" } }, "invalid_scope"],
          [{ json: { detail: "Document not found." } }, "Document not found."],
          [{ json: { status: 403, title: "Forbidden", detail: "No scope for sleep." } }, "No scope for sleep."],
          [{ json: { detail: [{ loc: ["query", "start_date"], msg: "invalid date", type: "x" }] } },
            "query.start_date: invalid date"],
          [{ text: "User not registered in the Developer Dashboard" }, "User not registered in the Developer Dashboard"],
          [{ text: "<html>403</html>" }, "HTTP 403"],
          [{ json: { anything: true } }, "HTTP 403"],
          [{ json: ["x"] }, "HTTP 403"],
          [{ text: "" }, "HTTP 403"]
        ] as const
      ) {
        const { reason } = yield* failure({ ...answer, status: 403 })
        assert.strictEqual(reason.message, words)
      }
    }))
})

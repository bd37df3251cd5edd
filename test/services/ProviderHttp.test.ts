import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Fiber, Layer, Metric, Option, Tracer } from "effect"
import { ProviderError, Unavailable } from "../../src/domain/ProviderError.ts"
import { AccessTokens } from "../../src/services/AccessTokens.ts"
import * as ProviderHttp from "../../src/services/ProviderHttp.ts"
import * as HttpStub from "../support/HttpStub.ts"
import { answered, asked, at, call, failure, fine, started } from "../support/ProviderCall.ts"
import { gates } from "../support/ProviderTest.ts"

const noToken = new ProviderError({
  provider: "spotify",
  operation: "token",
  reason: new Unavailable({ status: Option.none(), message: "no network" })
})

describe("a call to a provider", () => {
  it.effect("carries the token, asks for JSON and gives the answer", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* call(), { fine: true })
      const [request] = yield* HttpStub.requests
      assert.strictEqual(request?.headers["authorization"], "Bearer access-1")
      assert.strictEqual(request?.headers["accept"], "application/json")
      assert.isUndefined(request?.headers["traceparent"])
    }).pipe(Effect.provide(answered(fine))))

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
      const { error: broken } = yield* failure(...HttpStub.times(5, { broken: "refused" }))
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

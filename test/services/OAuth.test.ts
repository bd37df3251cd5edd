import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, DateTime, Duration, Effect, Fiber, Layer, Option, Redacted, Result } from "effect"
import { TestClock } from "effect/testing"
import { OAuth } from "../../src/services/OAuth.ts"
import { Secrets } from "../../src/services/Secrets.ts"
import * as HttpStub from "../support/HttpStub.ts"
import { surroundings } from "../support/ProviderTest.ts"

const refreshToken = Redacted.make("the refresh token")

/** The protocol over scripted answers; one request too many fails the test. */
const oauth = (...answers: ReadonlyArray<HttpStub.Answer>) =>
  OAuth.layer.pipe(
    Layer.provide(Secrets.layer.pipe(
      Layer.provide(ConfigProvider.layer(ConfigProvider.fromEnv({
        env: { GOOGLE_CLIENT_ID: "id", GOOGLE_CLIENT_SECRET: "the client secret", SPOTIFY_CLIENT_ID: "id" }
      }))),
      Layer.provide(NodeServices.layer)
    )),
    Layer.provide(surroundings),
    Layer.provideMerge(HttpStub.layer(answers))
  )

const refresh = Effect.flatMap(OAuth, (service) => service.refresh("google", refreshToken))

/** Runs to its end, however long the waits are. */
const settled = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.gen(function*() {
    const fiber = yield* Effect.forkChild(effect, { startImmediately: true })
    yield* TestClock.adjust("1 minute")
    return yield* Fiber.join(fiber)
  })

const good = { json: { access_token: "new", token_type: "Bearer", expires_in: 3599, scope: "a b", extra: [1] } }

describe("services/OAuth", () => {
  it.effect("reads an answer: lifetime from the moment of asking, scopes, no refresh token", () =>
    Effect.gen(function*() {
      const tokens = yield* refresh
      assert.strictEqual(Redacted.value(tokens.accessToken), "new")
      assert.deepStrictEqual(tokens.expiresAt, DateTime.makeUnsafe(3_599_000))
      assert.deepStrictEqual(tokens.scopes, Option.some(["a", "b"]))
      assert.deepStrictEqual([tokens.refreshToken, tokens.refreshExpiresAt], [Option.none(), Option.none()])
    }).pipe(Effect.provide(oauth(good))))

  it.effect("tries three times, and is done before a lease of thirty seconds ends", () =>
    Effect.gen(function*() {
      const fiber = yield* Effect.forkChild(Effect.flip(refresh), { startImmediately: true })
      yield* TestClock.adjust(Duration.millis(26_500))
      assert.strictEqual((yield* Fiber.join(fiber)).reason._tag, "TimedOut")
      assert.lengthOf(yield* HttpStub.requests, 3)
    }).pipe(Effect.provide(oauth({ broken: "hang" }, { broken: "hang" }, { broken: "hang" }))))

  for (
    const bad of [
      { broken: "reset" },
      { broken: "refused" },
      { ...good, broken: "cut" },
      { status: 500, text: "<html>" },
      { status: 503, json: {} },
      { text: "<html>a captive portal</html>" },
      { json: { token_type: "Bearer" } },
      { json: { access_token: "" } },
      { text: "" }
    ] satisfies ReadonlyArray<HttpStub.Answer>
  ) {
    it.effect(`repeats after ${JSON.stringify(bad).slice(0, 50)}`, () =>
      Effect.gen(function*() {
        assert.strictEqual(Redacted.value((yield* settled(refresh)).accessToken), "new")
      }).pipe(Effect.provide(oauth(bad, good))))
  }

  it.effect("does not repeat what the server has decided, and says what a person can do", () =>
    Effect.gen(function*() {
      const decided = [
        [400, "invalid_grant", "NeedsAuth", "glider auth google"],
        [401, "invalid_client", "BadRequest", "GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET"],
        [400, "redirect_uri_mismatch", "BadRequest", "redirect_uri of [provider.google]"],
        [400, "unsupported_grant_type", "BadRequest", "unsupported_grant_type"],
        [403, "access_denied", "BadRequest", "access_denied"]
      ] as const
      for (const [status, error, tag, words] of decided) {
        const json = { error, error_description: `of ${"t".repeat(64)} and\n"${error}"` }
        const failure = yield* Effect.flip(refresh).pipe(Effect.provide(oauth({ status, json })))
        assert.strictEqual(failure.reason._tag, tag)
        assert.include(failure.message, words)
        assert.notInclude(failure.message, "ttt") // looks like a token
        assert.notInclude(failure.message, "\n")
      }
    }))

  it.effect("does not repeat a 429, and says until when", () =>
    Effect.gen(function*() {
      const { reason } = yield* Effect.flip(refresh)
      assert.deepStrictEqual(reason._tag === "RateLimited" && reason.retryAt, Option.some(DateTime.makeUnsafe(90_000)))
    }).pipe(Effect.provide(oauth({ status: 429, headers: { "retry-after": "90" } }))))

  it.effect("tells no secret in any failure", () =>
    Effect.gen(function*() {
      const answers: ReadonlyArray<HttpStub.Answer> = [
        { json: { access_token: 7, refresh_token: "canary" } },
        { status: 400, text: "the refresh token" },
        { status: 400, json: { error: "invalid_request", error_description: "the refresh token, the client secret" } },
        { status: 400, json: { error: "invalid_grant", error_description: `canary${"x".repeat(40)}` } },
        { status: 500, json: { error: "the client secret" } }
      ]
      for (const answer of answers) {
        const result = yield* settled(Effect.result(refresh)).pipe(Effect.provide(oauth(answer, answer, answer)))
        const error = Option.getOrThrow(Result.getFailure(result))
        const told = `${error.message} ${JSON.stringify(error)} ${String(error.stack)}`
        for (const secret of ["canary", "the refresh token", "the client secret"]) assert.notInclude(told, secret)
      }
    }))

  it.effect("fails without a request when the app's secrets are missing", () =>
    Effect.gen(function*() {
      const service = yield* OAuth
      const error = yield* Effect.flip(service.refresh("oura", refreshToken))
      assert.strictEqual(error.reason._tag, "BadRequest")
      assert.include(error.message, "OURA_CLIENT_ID is not set")
    }).pipe(Effect.provide(oauth())))

  it.effect("has no request to make for a revocation where there is no address", () =>
    Effect.gen(function*() {
      const service = yield* OAuth
      assert.isFalse(yield* service.revoke("spotify", Redacted.make("token")))
    }).pipe(Effect.provide(oauth())))
})

import { assert, layer } from "@effect/vitest"
import { DateTime, Effect, Option, Redacted } from "effect"
import { request } from "node:http"
import { ApiToken } from "../../src/api/Caller.ts"
import { NewToken } from "../../src/api/Messages.ts"
import { make } from "../../src/cli/Client.ts"
import { CurrentConfig } from "../../src/Config.ts"
import type { ApiScope } from "../../src/domain/IssuedToken.ts"
import { served } from "./Served.ts"

const address = Effect.map(CurrentConfig, ({ server: { port } }) => `http://127.0.0.1:${port}`)

const clientWith = (secret: Redacted.Redacted<string>) => Effect.flatMap(address, (baseUrl) => make(baseUrl, secret))

const admin = Effect.flatMap(ApiToken, clientWith)

const issue = Effect.fnUntraced(function*(...scopes: ReadonlyArray<ApiScope>) {
  const { tokens } = yield* admin
  const made = yield* tokens.create({ payload: new NewToken({ name: "a test", scopes }) })
  return { ...made, client: yield* clientWith(made.secret) }
})

/** The challenge of an answer, with its status. */
const challenge = (authorization: string | undefined, path: string) =>
  Effect.flatMap(
    CurrentConfig,
    ({ server: { port } }) =>
      Effect.callback<readonly [number | undefined, string | undefined]>((resume) => {
        const headers = authorization === undefined ? {} : { authorization }
        request({ host: "127.0.0.1", port, path, headers, agent: false }, (response) => {
          response.resume()
          resume(Effect.succeed([response.statusCode, response.headers["www-authenticate"]]))
        }).end()
      })
  )

layer(served, { excludeTestServices: true })("api/Tokens", (it) => {
  it.effect("a token opens what its scopes say, and says which one it lacks", () =>
    Effect.gen(function*() {
      const { client } = yield* issue("workflow.run:read")
      yield* client.runs.list({ query: {} })
      const refused = yield* Effect.flip(client.system.status())
      assert.strictEqual(refused._tag, "InsufficientScope")
      if (refused._tag === "InsufficientScope") {
        assert.strictEqual(refused.scope, "system:read")
        assert.include(refused.detail, "system:read")
        assert.include(refused.fix ?? "", "--scope system:read")
      }
      assert.strictEqual((yield* Effect.flip(client.tokens.list()))._tag, "InsufficientScope")
      yield* (yield* issue("admin")).client.tokens.list()
    }))

  it.effect("a revoked token is refused from then on", () =>
    Effect.gen(function*() {
      const { client, token } = yield* issue("workflow.run:write")
      yield* client.runs.list({ query: {} })
      const { tokens } = yield* admin
      assert.isTrue((yield* tokens.list()).some(({ id }) => id === token.id))
      yield* tokens.revoke({ params: { id: token.id } })
      assert.strictEqual((yield* Effect.flip(client.runs.list({ query: {} })))._tag, "Unauthorized")
      assert.strictEqual((yield* Effect.flip(tokens.revoke({ params: { id: token.id } })))._tag, "NotFound")
    }))

  it.effect("a token that would have expired already is not made", () =>
    Effect.gen(function*() {
      const { tokens } = yield* admin
      const expiresAt = yield* DateTime.now
      const refused = yield* Effect.flip(
        tokens.create({ payload: new NewToken({ name: "late", scopes: ["admin"], expiresAt }) })
      )
      assert.strictEqual(refused._tag, "InvalidRequest")
    }))

  it.effect("a refusal says what kind of token is asked for (RFC 6750)", () =>
    Effect.gen(function*() {
      const { secret } = yield* issue("account:read")
      const bearer = `Bearer ${Redacted.value(secret)}`
      assert.deepStrictEqual(yield* challenge(undefined, "/health"), [401, "Bearer"])
      assert.deepStrictEqual(yield* challenge("Basic eA==", "/health"), [401, "Bearer"])
      assert.deepStrictEqual(yield* challenge(`${bearer}x`, "/health"), [401, "Bearer error=\"invalid_token\""])
      assert.deepStrictEqual(yield* challenge(bearer, "/health"), [
        403,
        "Bearer error=\"insufficient_scope\", scope=\"system:read\""
      ])
      assert.deepStrictEqual(
        yield* challenge(bearer.toLowerCase().replace(/ .*/, bearer.slice(6)), "/api/v0/connections"),
        [
          200,
          undefined
        ]
      )
    }))

  it.effect("the list has what a person needs to know, and no secret", () =>
    Effect.gen(function*() {
      const { secret, token } = yield* issue("system:read")
      const { tokens } = yield* admin
      const listed = (yield* tokens.list()).find(({ id }) => id === token.id)
      assert.deepStrictEqual([listed?.name, listed?.scopes], ["a test", ["system:read"]])
      assert.isTrue(Option.isNone(listed?.expiresAt ?? Option.none()))
      assert.notInclude(JSON.stringify(yield* tokens.list()), Redacted.value(secret).slice(7))
    }))
})

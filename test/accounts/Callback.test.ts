import { NodeHttpClient } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { HttpClient, HttpClientRequest } from "effect/http"
import { TestClock } from "effect/testing"
import { createServer, type Server } from "node:http"
import * as Callback from "../../src/accounts/Callback.ts"

/** A server on a free port; where it listens is told by the effect. */
const occupied = Effect.acquireRelease(
  Effect.callback<Server>((resume) => {
    const server = createServer()
    server.listen(0, "127.0.0.1", () => resume(Effect.succeed(server)))
  }),
  (server) => Effect.callback<void>((resume) => void server.close(() => resume(Effect.void)))
)

const portOf = (server: Server): number => {
  const address = server.address()
  return typeof address === "object" && address !== null ? address.port : 0
}

/** A redirect address whose port is free a moment ago. */
const freeAddress = Effect.map(
  Effect.scoped(Effect.map(occupied, portOf)),
  (port) => `http://127.0.0.1:${port}/callback`
)

const call = Effect.fnUntraced(
  function*(
    url: string,
    change: (request: HttpClientRequest.HttpClientRequest) => HttpClientRequest.HttpClientRequest = (same) => same
  ) {
    const http = yield* HttpClient.HttpClient
    const response = yield* http.execute(change(HttpClientRequest.get(url)))
    return { status: response.status, headers: response.headers, text: yield* response.text }
  }
)

const listening = Effect.gen(function*() {
  const redirectUri = yield* freeAddress
  const redirect = yield* Callback.listen({ provider: "spotify", redirectUri, state: "the state" })
  return { redirectUri, redirect: yield* Effect.forkChild(redirect) }
})

describe("accounts/Callback", () => {
  it.effect("gives the whole redirected address and tells the person to close the window", () =>
    Effect.gen(function*() {
      const { redirect, redirectUri } = yield* listening
      const address = `${redirectUri}?code=abc&state=the+state`
      const { headers, status, text } = yield* call(address)
      assert.strictEqual(yield* Fiber.join(redirect), address)
      assert.strictEqual(status, 200)
      assert.include(text, "You can close this window")
      assert.notInclude(text, "abc")
      assert.include(headers["content-security-policy"], "default-src 'none'")
      assert.strictEqual(headers["cache-control"], "no-store")
    }).pipe(Effect.provide(NodeHttpClient.layerUndici)))

  it.effect("is not ended by anything but the redirect of this sign-in", () =>
    Effect.gen(function*() {
      const { redirect, redirectUri } = yield* listening
      const origin = new URL(redirectUri).origin
      const right = `${redirectUri}?code=abc&state=the+state`
      assert.strictEqual((yield* call(`${origin}/favicon.ico`)).status, 404)
      assert.strictEqual((yield* call(`${redirectUri}/more?code=abc&state=the+state`)).status, 404)
      assert.strictEqual((yield* call(redirectUri)).status, 400)
      assert.strictEqual((yield* call(`${redirectUri}?code=abc&state=another`)).status, 400)
      assert.strictEqual((yield* call(right, HttpClientRequest.setMethod("POST"))).status, 405)
      for (
        const host of ["evil.example", "localhost", "127.0.0.1", `127.0.0.1:${new URL(redirectUri).port}.evil.example`]
      ) {
        assert.strictEqual((yield* call(right, HttpClientRequest.setHeader("host", host))).status, 421, host)
      }
      assert.isUndefined(redirect.pollUnsafe())
      yield* call(right)
      assert.strictEqual(yield* Fiber.join(redirect), right)
    }).pipe(Effect.provide(NodeHttpClient.layerNodeHttp)))

  it.effect("shows what the provider said without running it", () =>
    Effect.gen(function*() {
      const { redirectUri } = yield* listening
      const { text } = yield* call(
        `${redirectUri}?state=the+state&error=${encodeURIComponent("<script>alert('1')</script>&\"")}`
      )
      assert.include(text, "Spotify was not connected")
      assert.notInclude(text, "<script")
      assert.include(text, "&#60;script&#62;")
    }).pipe(Effect.provide(NodeHttpClient.layerUndici)))

  it.effect("gives up after ten minutes", () =>
    Effect.gen(function*() {
      const { redirect } = yield* listening
      yield* TestClock.adjust("10 minutes")
      const error = yield* Effect.flip(Fiber.join(redirect))
      assert.strictEqual(error.reason._tag, "CallbackTimedOut")
      assert.include(error.message, "glider auth spotify")
    }))

  it.effect("frees its port with its scope", () =>
    Effect.gen(function*() {
      const redirectUri = yield* freeAddress
      const listen = Callback.listen({ provider: "google", redirectUri, state: "s" })
      yield* Effect.scoped(Effect.gen(function*() {
        const redirect = yield* Effect.forkChild(yield* listen)
        yield* call(`${redirectUri}?code=1&state=s`)
        yield* Fiber.join(redirect)
      }))
      yield* Effect.scoped(Effect.asVoid(listen))
    }).pipe(Effect.provide(NodeHttpClient.layerUndici)))

  it.effect("names the port that is taken, and refuses addresses that are not on this machine", () =>
    Effect.gen(function*() {
      const port = portOf(yield* occupied)
      const refused = (redirectUri: string) =>
        Effect.flip(Callback.listen({ provider: "oura", redirectUri, state: "s" }))
      const taken = yield* refused(`http://127.0.0.1:${port}/callback`)
      assert.strictEqual(taken.reason._tag, "CallbackUnavailable")
      assert.include(taken.message, `port ${port} of 127.0.0.1 is taken`)
      for (
        const uri of [
          "https://127.0.0.1:1/callback",
          "http://0.0.0.0:1/callback",
          "http://example.com/callback",
          "callback"
        ]
      ) {
        assert.include((yield* refused(uri)).message, "--no-browser", uri)
      }
    }))
})

import { assert, describe, it } from "@effect/vitest"
import { Clock, DateTime, type Duration, Effect, Layer, Option } from "effect"
import { TestClock } from "effect/testing"
import { createServer, type Server } from "node:http"
import { Accounts } from "../../src/accounts/Accounts.ts"
import { BrowserSignIn } from "../../src/accounts/BrowserSignIn.ts"
import { listen } from "../../src/accounts/Callback.ts"
import { fetched } from "../support/Browser.ts"
import { freePort } from "../support/CommandLine.ts"
import { browse, redirectUris, start, world } from "./World.ts"

/** Where the page leads the person in the end. */
const home = "http://127.0.0.1:4747/accounts?of=spotify&new=1"

const arrive = (address: string) => {
  const { origin, pathname, search } = new URL(address)
  return fetched(origin, `${pathname}${search}`)
}

/** Holds a port. */
const occupied = (port: number) =>
  Effect.acquireRelease(
    Effect.callback<Server>((resume) => {
      const server = createServer()
      server.on("error", (cause) => resume(Effect.die(cause)))
      server.listen(port, "127.0.0.1", () => resume(Effect.succeed(server)))
    }),
    (server) => Effect.callback<void>((resume) => void server.close(() => resume(Effect.void)))
  )

/** Runs with the server's part on the test's clock, on which nothing ends by itself. */
const within = <A, E>(
  body: (at: {
    readonly port: number
    readonly browser: BrowserSignIn["Service"]
    readonly pass: (time: Duration.Input) => Effect.Effect<void>
  }) => Effect.Effect<A, E, Layer.Success<ReturnType<typeof world>>>
) =>
  Effect.gen(function*() {
    const clock = yield* Clock.Clock
    yield* TestClock.setTime(DateTime.makeUnsafe(start).epochMilliseconds)
    const port = yield* freePort
    const redirects = { ...redirectUris, spotify: `http://127.0.0.1:${port}/callback` }
    return yield* Effect.gen(function*() {
      const service = yield* BrowserSignIn
      const begin: typeof service.begin = (...args) => Effect.provideService(service.begin(...args), Clock.Clock, clock)
      const pass = (time: Duration.Input) => Effect.provideService(TestClock.adjust(time), Clock.Clock, clock)
      return yield* body({ port, browser: { ...service, begin }, pass })
    }).pipe(Effect.provide(BrowserSignIn.layer.pipe(Layer.provideMerge(world({ redirects })))))
  })

describe("accounts/BrowserSignIn", () => {
  it.effect("the account is connected before the browser sees so, and is led back", () =>
    within(Effect.fnUntraced(function*({ browser }) {
      const accounts = yield* Accounts
      const { problem, signIn } = yield* browser.begin("spotify", home)
      assert.isTrue(Option.isNone(problem))
      const { body, headers, status } = yield* arrive(yield* browse(signIn.authorizeUrl))
      const connection = yield* accounts.find("spotify")
      assert.isTrue(Option.isSome(connection))
      assert.strictEqual(status, 200)
      assert.include(body, "Spotify is connected")
      assert.include(body, Option.getOrThrow(connection).userId)
      const escaped = home.replaceAll("&", "&#38;")
      assert.include(body, `<meta http-equiv="refresh" content="1;url=${escaped}">`)
      assert.include(body, `<a href="${escaped}">`)
      assert.include(headers["content-security-policy"], "default-src 'none'")
    })))

  it.effect("what went wrong stays to be read, with the way back", () =>
    within(Effect.fnUntraced(function*({ browser }) {
      const { signIn } = yield* browser.begin("spotify", home)
      const { body } = yield* arrive(`${signIn.redirectUri}?error=access_denied&state=${signIn.state}`)
      assert.include(body, "Spotify was not connected")
      assert.include(body, "declined")
      assert.notInclude(body, "http-equiv")
      assert.include(body, "Back to Glider")
      assert.isTrue(Option.isNone(yield* (yield* Accounts).find("spotify")))
    })))

  it.effect("an answer to another sign-in ends nothing", () =>
    within(Effect.fnUntraced(function*({ browser }) {
      const { signIn } = yield* browser.begin("spotify", home)
      assert.strictEqual((yield* arrive(`${signIn.redirectUri}?code=x&state=another`)).status, 400)
      assert.include((yield* arrive(yield* browse(signIn.authorizeUrl))).body, "is connected")
    })))

  it.effect("the next one that begins takes the place of the one before, also one that another program receives", () =>
    within(Effect.fnUntraced(function*({ browser }) {
      const first = yield* browser.begin("spotify", home)
      const second = yield* browser.begin("spotify", home)
      assert.isTrue(Option.isNone(second.problem))
      assert.strictEqual((yield* arrive(yield* browse(first.signIn.authorizeUrl))).status, 400)
      yield* browser.stop("spotify")
      const { redirectUri, state } = second.signIn
      yield* Effect.scoped(Effect.asVoid(listen({ provider: "spotify", redirectUri, state }))) // the port is free
    })))

  it.effect("the port is free once the browser has come, and after ten minutes without it", () =>
    within(Effect.fnUntraced(function*({ browser, pass, port }) {
      /** Tries until the port is free, which takes the listener no time that a clock would know of. */
      const free: Effect.Effect<void> = Effect.scoped(
        Effect.catchDefect(Effect.asVoid(occupied(port)), () => Effect.andThen(Effect.yieldNow, free))
      )
      const { signIn } = yield* browser.begin("spotify", home)
      yield* arrive(yield* browse(signIn.authorizeUrl))
      yield* free
      yield* browser.begin("spotify", home)
      yield* pass("9 minutes")
      assert.isTrue(yield* Effect.isFailure(Effect.sandbox(Effect.scoped(occupied(port)))))
      yield* pass("1 minute")
      yield* free
    })))

  it.effect("without the port the person is told, and the sign-in can be completed by pasting", () =>
    within(Effect.fnUntraced(function*({ browser, port }) {
      const accounts = yield* Accounts
      const { problem, signIn } = yield* Effect.scoped(
        Effect.andThen(occupied(port), browser.begin("spotify", home))
      )
      assert.include(Option.getOrThrow(problem), `cannot listen at http://127.0.0.1:${port}/callback`)
      const redirected = yield* browse(signIn.authorizeUrl)
      yield* accounts.complete({ provider: "spotify", state: signIn.state, redirected })
      assert.isTrue(Option.isSome(yield* accounts.find("spotify")))
    })))

  it.effect("an app that is not set up is told at once", () =>
    Effect.gen(function*() {
      const browser = yield* BrowserSignIn
      const error = yield* Effect.flip(browser.begin("google", home))
      assert.strictEqual(error.reason._tag, "NotConfigured")
    }).pipe(
      Effect.provide(BrowserSignIn.layer.pipe(Layer.provideMerge(world({ env: { GOOGLE_CLIENT_ID: undefined } }))))
    ))
})

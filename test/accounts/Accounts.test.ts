import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect, Option, Redacted, Schema } from "effect"
import { Accounts } from "../../src/accounts/Accounts.ts"
import { connectionId } from "../../src/domain/Connection.ts"
import { Provider } from "../../src/domain/Provider.ts"
import { Sandbox } from "../../src/sandbox/Sandbox.ts"
import { AccessTokens } from "../../src/services/AccessTokens.ts"
import { Surreal } from "../../src/services/Surreal.ts"
import { Connections } from "../../src/store/Connections.ts"
import { browse, grants, marker, redirectUris, signIn, start, world } from "./World.ts"

const parameters = (url: string) => Object.fromEntries(new URL(url).searchParams)

describe("accounts/Accounts", () => {
  for (const provider of Provider.literals) {
    it.effect(`signs in at ${provider}, stores the connection and gives a token that the provider takes`, () =>
      Effect.gen(function*() {
        const connection = yield* signIn(provider)
        assert.strictEqual(connection.state, "connected")
        assert.strictEqual(connection.id, `${provider}:${connection.userId}`)
        assert.isAbove(connection.scopes.length, 0)
        const accounts = yield* Accounts
        assert.deepStrictEqual(yield* accounts.find(provider), Option.some(connection))
        assert.deepStrictEqual(yield* accounts.list, [connection])
        const tokens = yield* AccessTokens
        assert.include(Redacted.value(yield* tokens.get(connection.id)), marker)
        assert.strictEqual(yield* grants("refresh_token"), 0)
      }).pipe(Effect.provide(world())))

    it.effect(`refuses a wrong state, a used one and a used code at ${provider}`, () =>
      Effect.gen(function*() {
        const accounts = yield* Accounts
        const { authorizeUrl, state } = yield* accounts.begin(provider)
        const redirected = yield* browse(authorizeUrl)
        const wrong = redirected.replace(state, `${state.startsWith("x") ? "y" : "x"}${state.slice(1)}`)
        const reasonOf = (completion: { readonly state: string; readonly redirected: string }) =>
          Effect.map(Effect.flip(accounts.complete({ provider, ...completion })), (error) =>
            error._tag === "SurrealError" ? error.message : error.reason._tag)
        assert.strictEqual(yield* reasonOf({ state, redirected: wrong }), "WrongState")
        assert.strictEqual(yield* reasonOf({ state: "never begun", redirected }), "WrongState")
        assert.strictEqual(yield* reasonOf({ state: "x", redirected: redirected.replace(state, "x") }), "UnknownSignIn")
        assert.strictEqual(yield* grants("authorization_code"), 0)
        yield* accounts.complete({ provider, state, redirected }) // a wrong one before does no harm
        assert.strictEqual(yield* reasonOf({ state, redirected }), "UnknownSignIn")
        const again = yield* accounts.begin(provider)
        const usedCode = parameters(redirected)["code"] ?? ""
        assert.strictEqual(yield* reasonOf({ state: again.state, redirected: usedCode }), "NeedsAuth")
      }).pipe(Effect.provide(world())))
  }

  it.effect("binds Spotify and Google by PKCE, asks Google for a refresh token, and sends Oura its secret", () =>
    Effect.gen(function*() {
      const accounts = yield* Accounts
      const sent = yield* Effect.forEach(
        Provider.literals,
        (provider) =>
          Effect.map(accounts.begin(provider), ({ authorizeUrl }) => [provider, parameters(authorizeUrl)] as const)
      )
      const { google = {}, oura = {}, spotify = {} } = Object.fromEntries(sent)
      for (const asked of [google, spotify]) {
        assert.strictEqual(asked["code_challenge_method"], "S256")
        assert.match(asked["code_challenge"] ?? "", /^[\w-]{43}$/)
      }
      assert.notProperty(oura, "code_challenge")
      assert.deepInclude(google, { access_type: "offline", prompt: "consent", redirect_uri: redirectUris.google })
      assert.strictEqual(spotify["scope"], "user-read-recently-played")
      assert.strictEqual(google["scope"], "https://www.googleapis.com/auth/calendar.readonly")
      assert.strictEqual(oura["scope"], "personal daily heartrate workout session spo2")
      assert.strictEqual(new Set([google["state"], oura["state"], spotify["state"]]).size, 3)
    }).pipe(Effect.provide(world())))

  it.effect("signs in with the verifier of that very sign-in only", () =>
    Effect.gen(function*() {
      const accounts = yield* Accounts
      const [one, two] = [yield* accounts.begin("spotify"), yield* accounts.begin("spotify")]
      const code = parameters(yield* browse(one.authorizeUrl))["code"] ?? ""
      const error = yield* Effect.flip(accounts.complete({ provider: "spotify", state: two.state, redirected: code }))
      assert.include(error.message, "code_verifier was incorrect")
    }).pipe(Effect.provide(world())))

  it.effect("uses Spotify's client secret when there is one", () =>
    Effect.gen(function*() {
      assert.strictEqual((yield* signIn("spotify")).state, "connected")
    }).pipe(Effect.provide(
      world({ env: { SPOTIFY_CLIENT_SECRET: "s3cret" }, sandbox: { clients: { spotify: { secret: "s3cret" } } } })
    )))

  it.effect("reads the redirected address however it was pasted, and the code alone", () =>
    Effect.gen(function*() {
      const accounts = yield* Accounts
      const shapes: ReadonlyArray<(url: string) => string> = [
        (url) => `  ${url}\n`,
        (url) => `"${url}"`,
        (url) => `<${url}>`,
        (url) => `${url.slice(0, 40)}\n${url.slice(40)}`,
        (url) => url.replace("http://", ""),
        (url) => url.slice(url.indexOf("?")),
        (url) => url.slice(url.indexOf("?") + 1),
        (url) => parameters(url)["code"] ?? ""
      ]
      for (const shape of shapes) {
        const { authorizeUrl, state } = yield* accounts.begin("google")
        const redirected = shape(yield* browse(authorizeUrl))
        const connection = yield* accounts.complete({ provider: "google", state, redirected })
        assert.strictEqual(connection.state, "connected", redirected)
      }
    }).pipe(Effect.provide(world())))

  it.effect("refuses addresses that the browser was not sent to, and leaves the sign-in open for the right one", () =>
    Effect.gen(function*() {
      const accounts = yield* Accounts
      const { authorizeUrl, state } = yield* accounts.begin("oura")
      const right = yield* browse(authorizeUrl)
      const wrong = [
        authorizeUrl,
        right.replace("8092", "8093"),
        right.replace("127.0.0.1", "localhost"),
        right.replace("/callback", "/callback/x"),
        right.replace("http:", "https:"),
        `${right}&code=another`,
        right.replace(/code=[^&]*&?/, ""),
        "   "
      ]
      for (const redirected of wrong) {
        const error = yield* Effect.flip(accounts.complete({ provider: "oura", state, redirected }))
        assert.strictEqual(error._tag === "AccountsError" ? error.reason._tag : error._tag, "Unreadable", redirected)
        assert.notInclude(error.message, marker)
      }
      assert.strictEqual((yield* accounts.complete({ provider: "oura", state, redirected: right })).state, "connected")
    }).pipe(Effect.provide(world())))

  it.effect("refuses an answer of another provider's sign-in, or of another issuer", () =>
    Effect.gen(function*() {
      const accounts = yield* Accounts
      const spotify = yield* accounts.begin("spotify")
      const answer = yield* browse(spotify.authorizeUrl)
      const mixed = yield* Effect.flip(
        accounts.complete({ provider: "google", state: spotify.state, redirected: answer })
      )
      assert.strictEqual(mixed._tag === "AccountsError" && mixed.reason._tag, "UnknownSignIn")
      const issued = `${answer}&iss=https%3A%2F%2Fevil.example`
      const issuer = yield* Effect.flip(
        accounts.complete({ provider: "spotify", state: spotify.state, redirected: issued })
      )
      assert.strictEqual(issuer._tag === "AccountsError" && issuer.reason._tag, "WrongState")
      const { authorizeUrl, state } = yield* accounts.begin("google")
      const google = `${yield* browse(authorizeUrl)}&iss=${encodeURIComponent(new URL(authorizeUrl).origin)}`
      assert.strictEqual(
        (yield* accounts.complete({ provider: "google", state, redirected: google })).state,
        "connected"
      )
    }).pipe(Effect.provide(world())))

  it.effect("says that the person declined", () =>
    Effect.gen(function*() {
      const sandbox = yield* Sandbox
      for (const provider of Provider.literals) {
        yield* sandbox.tokens.consent(provider, { deny: true })
        const error = yield* Effect.flip(signIn(provider))
        assert.strictEqual(error._tag === "AccountsError" && error.reason._tag, "Denied")
        assert.include(error.message, `glider auth ${provider}`)
      }
      assert.strictEqual(yield* grants("authorization_code"), 0)
    }).pipe(Effect.provide(world())))

  it.effect("forgets a sign-in after ten minutes", () =>
    Effect.gen(function*() {
      const accounts = yield* Accounts
      const { authorizeUrl, state } = yield* accounts.begin("google")
      const redirected = yield* browse(authorizeUrl)
      yield* Effect.sleep("10 minutes")
      const error = yield* Effect.flip(accounts.complete({ provider: "google", state, redirected }))
      assert.strictEqual(error._tag === "AccountsError" && error.reason._tag, "UnknownSignIn")
    }).pipe(Effect.provide(world())))

  it.effect("names the permission without which nothing works, and notes those that are only missed", () =>
    Effect.gen(function*() {
      const sandbox = yield* Sandbox
      const accounts = yield* Accounts
      yield* sandbox.tokens.consent("oura", { scope: "daily heartrate" })
      const error = yield* Effect.flip(signIn("oura"))
      assert.strictEqual(error._tag === "AccountsError" && error.reason._tag, "MissingScope")
      assert.include(error.message, "personal")
      yield* sandbox.tokens.consent("oura", { scope: "personal daily heartrate" })
      const connection = yield* signIn("oura")
      assert.deepStrictEqual(connection.scopes, ["personal", "daily", "heartrate"])
      const status = (yield* accounts.status).find(({ provider }) => provider === "oura")
      assert.deepStrictEqual(status?.missingScopes, ["workout", "session", "spo2"])
      assert.deepStrictEqual(status?.fix, Option.some("glider auth oura"))
    }).pipe(Effect.provide(world())))

  it.effect("tells how all three stand, and when a sign-in ends by itself", () =>
    Effect.gen(function*() {
      const accounts = yield* Accounts
      yield* signIn("spotify")
      yield* signIn("google")
      const [google, spotify, oura] = yield* accounts.status
      assert.deepStrictEqual(google?.fix, Option.none())
      assert.deepStrictEqual(spotify?.fix, Option.none())
      assert.deepStrictEqual(oura?.connection, Option.none())
      assert.deepStrictEqual(oura?.fix, Option.some("glider auth oura"))
      const ends = [google, spotify, oura].map((status) => Option.map(status?.signInEndsAt ?? Option.none(), String))
      assert.deepStrictEqual(ends.map(Option.isSome), [true, true, false])
      assert.include(String(Option.getOrThrow(spotify?.signInEndsAt ?? Option.none())), "2027-05-20")
    }).pipe(Effect.provide(world({ sandbox: { googleTesting: true } }))))

  it.effect("names the variables to check when the provider does not know the app", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(signIn("google"))
      assert.strictEqual(error._tag === "ProviderError" && error.reason._tag, "BadRequest")
      assert.include(error.message, "GOOGLE_CLIENT_ID")
      assert.notInclude(error.message, "a wrong one")
      const accounts = yield* Accounts
      const missing = yield* Effect.flip(accounts.begin("oura"))
      assert.strictEqual(missing.reason._tag, "NotConfigured")
      assert.include(missing.message, "OURA_CLIENT_ID is not set")
    }).pipe(Effect.provide(world({ env: { GOOGLE_CLIENT_SECRET: "a wrong one", OURA_CLIENT_ID: undefined } }))))

  it.effect("refuses a second account of a provider until the first is revoked", () =>
    Effect.gen(function*() {
      const accounts = yield* Accounts
      const connections = yield* Connections
      yield* connections.signIn(
        { id: connectionId("spotify", "somebody"), provider: "spotify", userId: "somebody", version: 0 },
        {
          access_token: "",
          refresh_token: "",
          expiresAt: DateTime.makeUnsafe(start),
          refreshExpiresAt: Option.none(),
          scopes: [],
          at: DateTime.makeUnsafe(start)
        }
      )
      const error = yield* Effect.flip(signIn("spotify"))
      assert.strictEqual(error._tag === "AccountsError" && error.reason._tag, "OtherUser")
      assert.include(error.message, "glider auth revoke spotify")
      yield* accounts.revoke("spotify")
      const mine = yield* signIn("spotify")
      assert.notStrictEqual(mine.userId, "somebody")
      assert.lengthOf(yield* accounts.list, 2)
    }).pipe(Effect.provide(world())))

  for (const provider of Provider.literals) {
    it.effect(`disconnects from ${provider}: no token here, none alive there where it offers that, the row stays`, () =>
      Effect.gen(function*() {
        const accounts = yield* Accounts
        const connections = yield* Connections
        const tokens = yield* AccessTokens
        const sandbox = yield* Sandbox
        const { id } = yield* signIn(provider)
        const revocation = yield* accounts.revoke(provider)
        assert.strictEqual(revocation.atProvider, provider !== "spotify")
        assert.strictEqual(revocation.connection.state, "revoked")
        const row = Option.getOrThrow(yield* connections.find(id))
        assert.deepStrictEqual(row.tokens, { access_token: Option.none(), refresh_token: Option.none() })
        assert.deepStrictEqual(yield* accounts.find(provider), Option.none())
        const revocations = (yield* sandbox.requests).filter(({ path }) => path.endsWith("/revoke"))
        assert.deepStrictEqual(revocations.map(({ status }) => status), provider === "spotify" ? [] : [200])
        assert.strictEqual((yield* Effect.flip(tokens.get(id))).reason._tag, "NeedsAuth")
        const error = yield* Effect.flip(accounts.revoke(provider))
        assert.strictEqual(error._tag === "AccountsError" && error.reason._tag, "NotConnected")
        assert.strictEqual((yield* signIn(provider)).state, "connected")
      }).pipe(Effect.provide(world())))
  }

  it.effect("changes nothing when the provider cannot be reached for a revocation", () =>
    Effect.gen(function*() {
      const accounts = yield* Accounts
      const sandbox = yield* Sandbox
      yield* signIn("google")
      yield* sandbox.faults.script({ fault: { _tag: "Status", status: 503 }, endpoint: "revoke", times: "always" })
      const error = yield* Effect.flip(accounts.revoke("google"))
      assert.strictEqual(error._tag === "ProviderError" && error.reason._tag, "Unavailable")
      assert.strictEqual(Option.getOrThrow(yield* accounts.find("google")).state, "connected")
    }).pipe(Effect.provide(world())))

  it.effect("completes through a spell of failures of the token endpoint and of the profile", () =>
    Effect.gen(function*() {
      const sandbox = yield* Sandbox
      yield* sandbox.faults.script(
        { fault: { _tag: "Status", status: 502, body: "html" }, endpoint: "token" },
        { fault: { _tag: "Reset" }, endpoint: "token" },
        { fault: { _tag: "Status", status: 500 }, endpoint: "api" },
        { fault: { _tag: "MalformedJson" }, endpoint: "api" }
      )
      assert.strictEqual((yield* signIn("oura")).state, "connected")
    }).pipe(Effect.provide(world())))

  it.effect("stores no token, code or secret as it is", () =>
    Effect.gen(function*() {
      for (const provider of Provider.literals) yield* signIn(provider)
      const surreal = yield* Surreal
      const rows = yield* surreal.query(Schema.Array(Schema.Unknown), "SELECT * FROM connection")
      assert.lengthOf(rows, 3)
      const text = JSON.stringify(rows)
      const forms = [marker, encodeURIComponent(marker), Buffer.from(marker).toString("hex")]
      for (const form of forms) assert.notInclude(text, form)
      // base64 of the marker at each of its three alignments
      for (const before of ["", "x", "xy"]) {
        assert.notInclude(text, Buffer.from(before + marker).toString("base64url").slice(before.length + 1, -2))
      }
    }).pipe(Effect.provide(world())))
})

import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { createHash } from "node:crypto"
import type { Provider } from "../../src/sandbox/FaultRules.ts"
import { Sandbox } from "../../src/sandbox/Sandbox.ts"
import { type Answer, ask, at, text, written } from "./Ask.ts"

const verifier = "a-verifier-of-more-than-forty-three-characters-0123456789"
const redirectUri = "http://127.0.0.1:8091/callback"

const authorize = Effect.fnUntraced(function*(provider: Provider, change: Record<string, string> = {}) {
  const { credentials, providerAddresses } = yield* Sandbox
  const query: Record<string, string> = {
    client_id: credentials[provider].id,
    response_type: "code",
    redirect_uri: redirectUri,
    state: "st a&te",
    scope: "one two",
    code_challenge_method: "S256",
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    ...change
  }
  const answer = yield* ask(providerAddresses[provider].authorize_url, { query })
  const location = answer.headers["location"]
  return { answer, back: location === undefined ? undefined : new URL(location) }
})

const token = Effect.fnUntraced(
  function*(provider: Provider, form: Record<string, string>, secret = provider !== "spotify") {
    const { credentials, providerAddresses } = yield* Sandbox
    const { id, secret: word } = credentials[provider]
    return yield* ask(providerAddresses[provider].token_url, {
      form: { client_id: id, ...(secret ? { client_secret: word } : {}), ...form }
    })
  }
)

const exchange = (provider: Provider, code: string, change: Record<string, string> = {}, secret?: boolean) =>
  token(provider, {
    grant_type: "authorization_code",
    code,
    redirect_uri: redirectUri,
    ...(provider === "oura" ? {} : { code_verifier: verifier }),
    ...change
  }, secret)

const refresh = (provider: Provider, refreshToken: string) =>
  token(provider, { grant_type: "refresh_token", refresh_token: refreshToken })

const signIn = Effect.fnUntraced(function*(provider: Provider) {
  const { back } = yield* authorize(provider)
  return yield* exchange(provider, back?.searchParams.get("code") ?? "")
})

const said = (answer: Answer) => [answer.status, text(answer.json, "error"), text(answer.json, "error_description")]

const works = Effect.fnUntraced(function*(provider: Provider, accessToken: string) {
  const { providerAddresses } = yield* Sandbox
  const urls: Record<Provider, string> = {
    spotify: `${providerAddresses.spotify.api_url}/me`,
    google: `${providerAddresses.google.api_url}/calendar/v3/users/me/calendarList`,
    oura: `${providerAddresses.oura.api_url}/usercollection/personal_info`
  }
  const { status } = yield* ask(urls[provider], { token: accessToken })
  return status !== 401
})

const providers: ReadonlyArray<Provider> = ["spotify", "google", "oura"]

describe("the stand-ins' OAuth", () => {
  it.effect("sends the browser back with a code and the state, and trades the code for tokens of each one's lifetime", () =>
    Effect.gen(function*() {
      const lifetimes = { spotify: 3600, google: 3599, oura: 86400 }
      for (const provider of providers) {
        const { answer, back } = yield* authorize(provider)
        assert.strictEqual(answer.status, 302)
        assert.strictEqual(back?.searchParams.get("state"), "st a&te")
        assert.isTrue(back?.href.startsWith(redirectUri))
        const given = yield* exchange(provider, back?.searchParams.get("code") ?? "")
        assert.strictEqual(given.status, 200, given.text)
        assert.strictEqual(at(given.json, "expires_in"), lifetimes[provider])
        assert.strictEqual(text(given.json, "token_type").toLowerCase(), "bearer")
        assert.strictEqual(text(given.json, "scope"), "one two")
        assert.isNotEmpty(text(given.json, "refresh_token"))
        assert.isTrue(yield* works(provider, text(given.json, "access_token")))
      }
    }).pipe(Effect.provide(Sandbox.layer())))

  it.effect("shows what is wrong with the client or the address, and sends everything else back", () =>
    Effect.gen(function*() {
      for (const provider of providers) {
        assert.strictEqual((yield* authorize(provider, { client_id: "someone" })).answer.status, 400)
        assert.strictEqual(
          (yield* authorize(provider, { redirect_uri: "http://example.com/callback" })).answer.status,
          400
        )
        const { back } = yield* authorize(provider, { response_type: "token" })
        assert.strictEqual(back?.searchParams.get("error"), "unsupported_response_type")
        assert.strictEqual(back?.searchParams.get("state"), "st a&te")
      }
      assert.strictEqual(
        (yield* authorize("spotify", { redirect_uri: "http://localhost:8091/callback" })).answer.status,
        400
      )
      assert.strictEqual(
        (yield* authorize("google", { redirect_uri: "http://localhost:8090/callback" })).answer.status,
        302
      )
      const plain = yield* authorize("spotify", { code_challenge_method: "plain" })
      assert.strictEqual(plain.back?.searchParams.get("error"), "invalid_request")
    }).pipe(Effect.provide(Sandbox.layer())))

  it.effect("takes only registered addresses where some are registered", () =>
    Effect.gen(function*() {
      assert.strictEqual((yield* authorize("oura")).answer.status, 400)
      const registered = "http://localhost:8092/callback"
      assert.strictEqual(
        (yield* authorize("oura", { redirect_uri: registered, client_id: "sandbox-client" })).answer.status,
        302
      )
    }).pipe(Effect.provide(Sandbox.layer({ clients: { oura: { redirectUris: ["http://localhost:8092/callback"] } } }))))

  it.effect("lets the person deny, or grant less than was asked", () =>
    Effect.gen(function*() {
      const { tokens } = yield* Sandbox
      yield* tokens.consent("oura", { deny: true })
      assert.strictEqual((yield* authorize("oura")).back?.searchParams.get("error"), "access_denied")
      yield* tokens.consent("oura", { scope: "two three" })
      const { back } = yield* authorize("oura")
      assert.strictEqual(back?.searchParams.get("scope"), "two")
      assert.strictEqual(text((yield* exchange("oura", back?.searchParams.get("code") ?? "")).json, "scope"), "two")
    }).pipe(Effect.provide(Sandbox.layer())))

  it.effect("takes a code once, within ten minutes, with its own address and verifier", () =>
    Effect.gen(function*() {
      const { clock } = yield* Sandbox
      const words: Record<Provider, { used: string; redirect: ReadonlyArray<string>; verifier: string; bad: string }> =
        {
          spotify: {
            bad: "Invalid authorization code",
            used: "Invalid authorization code",
            redirect: ["invalid_grant", "Invalid redirect URI"],
            verifier: "code_verifier was incorrect"
          },
          google: {
            bad: "Malformed auth code.",
            used: "Bad Request",
            redirect: ["redirect_uri_mismatch", "Bad Request"],
            verifier: "Invalid code verifier."
          },
          oura: {
            bad: "The authorization code is not valid.",
            used: "The authorization code was used before.",
            redirect: ["invalid_grant", "The redirect_uri does not match."],
            verifier: ""
          }
        }
      const code = (provider: Provider) =>
        Effect.map(authorize(provider), ({ back }) => back?.searchParams.get("code") ?? "")
      for (const provider of providers) {
        const expected = words[provider]
        assert.deepStrictEqual(said(yield* exchange(provider, "nothing")), [400, "invalid_grant", expected.bad])
        const once = yield* code(provider)
        const elsewhere = yield* exchange(provider, once, { redirect_uri: `${redirectUri}/` })
        assert.deepStrictEqual(said(elsewhere), [400, ...expected.redirect])
        if (provider !== "oura") {
          const wrong = yield* exchange(provider, once, { code_verifier: `${verifier}x` })
          assert.deepStrictEqual(said(wrong), [400, "invalid_grant", expected.verifier])
        }
        assert.strictEqual((yield* exchange(provider, once)).status, 200)
        assert.deepStrictEqual(said(yield* exchange(provider, once)), [400, "invalid_grant", expected.used])
        const late = yield* code(provider)
        yield* clock.advance("10 minutes")
        assert.deepStrictEqual(said(yield* exchange(provider, late)), [400, "invalid_grant", expected.used])
      }
    }).pipe(Effect.provide(Sandbox.layer())))

  it.effect("wants the secret from Google's and Oura's clients, and from Spotify's when there was no PKCE", () =>
    Effect.gen(function*() {
      const { credentials, providerAddresses } = yield* Sandbox
      const form = { grant_type: "refresh_token", refresh_token: "x" }
      assert.deepStrictEqual(said(yield* token("google", form, false)), [
        400,
        "invalid_request",
        "client_secret is missing."
      ])
      assert.deepStrictEqual(said(yield* token("google", { ...form, client_secret: "no" })), [
        401,
        "invalid_client",
        "Unauthorized"
      ])
      assert.deepStrictEqual(said(yield* token("google", { ...form, client_id: "no" })), [
        401,
        "invalid_client",
        "The OAuth client was not found."
      ])
      assert.deepStrictEqual(said(yield* token("oura", form, false)).slice(0, 2), [401, "invalid_client"])
      assert.deepStrictEqual(said(yield* token("spotify", { ...form, client_secret: "no" })), [
        400,
        "invalid_client",
        "Invalid client secret"
      ])
      assert.deepStrictEqual(said(yield* token("spotify", {})), [
        400,
        "unsupported_grant_type",
        "grant_type parameter is missing"
      ])
      const plain = yield* ask(providerAddresses.spotify.authorize_url, {
        query: { client_id: credentials.spotify.id, response_type: "code", redirect_uri: redirectUri }
      })
      const code = new URL(plain.headers["location"] ?? "").searchParams.get("code") ?? ""
      assert.strictEqual((yield* exchange("spotify", code)).status, 400)
      const basic = Buffer.from(`${credentials.spotify.id}:${credentials.spotify.secret}`).toString("base64")
      const given = yield* ask(providerAddresses.spotify.token_url, {
        form: { grant_type: "authorization_code", code, redirect_uri: redirectUri },
        headers: { authorization: `Basic ${basic}` }
      })
      assert.strictEqual(given.status, 200)
      const again = yield* token("spotify", {
        grant_type: "refresh_token",
        refresh_token: text(given.json, "refresh_token")
      }, true)
      assert.deepStrictEqual([again.status, at(again.json, "refresh_token")], [200, undefined])
    }).pipe(Effect.provide(Sandbox.layer())))

  it.effect("rotates the refresh token of Spotify with PKCE and of Oura, and keeps Google's", () =>
    Effect.gen(function*() {
      const dead = {
        spotify: "Refresh token revoked",
        oura: "The refresh token has already been used or has been revoked."
      }
      for (const provider of ["spotify", "oura"] as const) {
        const first = text((yield* signIn(provider)).json, "refresh_token")
        const second = yield* refresh(provider, first)
        assert.strictEqual(second.status, 200)
        assert.notStrictEqual(text(second.json, "refresh_token"), first)
        assert.deepStrictEqual(said(yield* refresh(provider, first)), [400, "invalid_grant", dead[provider]])
        assert.strictEqual((yield* refresh(provider, text(second.json, "refresh_token"))).status, 200)
      }
      const google = text((yield* signIn("google")).json, "refresh_token")
      for (let time = 0; time < 2; time++) {
        const again = yield* refresh("google", google)
        assert.deepStrictEqual([again.status, at(again.json, "refresh_token")], [200, undefined])
        assert.isTrue(yield* works("google", text(again.json, "access_token")))
      }
    }).pipe(Effect.provide(Sandbox.layer())))

  it.effect("lets tokens expire by the sandbox's clock: Google's in status Testing after 7 days, Spotify's after half a year", () =>
    Effect.gen(function*() {
      const { clock } = yield* Sandbox
      const google = yield* signIn("google")
      assert.strictEqual(at(google.json, "refresh_token_expires_in"), 604799)
      const spotify = yield* signIn("spotify")
      assert.isTrue(yield* works("google", text(google.json, "access_token")))
      yield* clock.advance("3599 seconds")
      assert.isFalse(yield* works("google", text(google.json, "access_token")))
      assert.isTrue(yield* works("spotify", text(spotify.json, "access_token")))
      yield* clock.advance("7 days")
      assert.deepStrictEqual(said(yield* refresh("google", text(google.json, "refresh_token"))), [
        400,
        "invalid_grant",
        "Token has been expired or revoked."
      ])
      const kept = yield* refresh("spotify", text(spotify.json, "refresh_token"))
      yield* clock.advance("180 days")
      assert.strictEqual((yield* refresh("spotify", text(kept.json, "refresh_token"))).status, 400)
    }).pipe(Effect.provide(Sandbox.layer({ googleTesting: true }))))

  it.effect("revokes a grant by any of its tokens, and expires or revokes everything on command", () =>
    Effect.gen(function*() {
      const { providerAddresses, tokens } = yield* Sandbox
      const google = yield* tokens.issue("google")
      const gone = yield* ask(providerAddresses.google.revoke_url, { form: { token: google.refreshToken } })
      assert.deepStrictEqual([gone.status, gone.json], [200, {}])
      assert.isFalse(yield* works("google", google.accessToken))
      assert.strictEqual((yield* refresh("google", google.refreshToken)).status, 400)
      const twice = yield* ask(providerAddresses.google.revoke_url, { form: { token: google.refreshToken } })
      assert.deepStrictEqual(said(twice), [400, "invalid_token", "Token expired or revoked"])
      const oura = yield* tokens.issue("oura")
      yield* ask(providerAddresses.oura.revoke_url, { query: { access_token: oura.accessToken } })
      assert.isFalse(yield* works("oura", oura.accessToken))
      for (const provider of providers) {
        const issued = yield* tokens.issue(provider)
        yield* tokens.expireAccessTokens(provider)
        assert.isFalse(yield* works(provider, issued.accessToken))
        const again = yield* refresh(provider, issued.refreshToken)
        assert.strictEqual(again.status, 200)
        yield* tokens.revokeTokens(provider)
        assert.isFalse(yield* works(provider, text(again.json, "access_token")))
      }
    }).pipe(Effect.provide(Sandbox.layer())))

  it.effect("plants the marker in every secret, and keeps secrets out of the request log", () =>
    Effect.gen(function*() {
      const { credentials, requests, tokens } = yield* Sandbox
      const marker = "PLANTED"
      for (const provider of providers) {
        const { back } = yield* authorize(provider)
        const code = back?.searchParams.get("code") ?? ""
        const given = yield* exchange(provider, code)
        const issued = yield* tokens.issue(provider)
        const secrets = [
          code,
          text(given.json, "access_token"),
          text(given.json, "refresh_token"),
          issued.accessToken,
          issued.refreshToken,
          credentials[provider].secret
        ]
        assert.isTrue(secrets.every((secret) => secret.includes(marker)), provider)
        yield* ask(`${(yield* Sandbox).url}/${provider}/x`, {
          query: { code, access_token: issued.accessToken, token: code }
        })
      }
      const log = yield* requests
      assert.notInclude(written(log), marker)
      assert.isNotEmpty(log.filter((entry) => entry.grantType === "authorization_code"))
    }).pipe(Effect.provide(Sandbox.layer({ secretMarker: "PLANTED" }))))
})

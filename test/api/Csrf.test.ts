import { assert, layer } from "@effect/vitest"
import { Effect, Option, Redacted, Schema } from "effect"
import { csrfToken } from "../../src/api/Csrf.ts"
import { CurrentConfig } from "../../src/Config.ts"
import { ApiTokens } from "../../src/store/ApiTokens.ts"
import { Sessions } from "../../src/store/Sessions.ts"
import { handler, handlerWithPages, Problem } from "./Handled.ts"
import { behind } from "./Served.ts"

const host = "127.0.0.1:4747"
const own = `http://${host}`

/** A page that `[server] cors_origins` names. */
const allowed = "https://friend.example"

const codeOf = (body: string) =>
  Effect.map(Schema.decodeEffect(Schema.fromJsonString(Problem))(body), ({ code }) => code)

/** A browser that has signed in. */
const browser = Effect.gen(function*() {
  const { server: { port } } = yield* CurrentConfig
  const { secret } = yield* (yield* Sessions).create("a test")
  return {
    cookie: { host, cookie: `other=1; glider_session_${port}=${Redacted.value(secret)}` },
    csrf: csrfToken(secret)
  }
})

type Headers = { readonly [name: string]: string }

/** Who asks, as a browser tells it, and what becomes of a change that is otherwise in order. */
const sites: ReadonlyArray<readonly [from: Headers, refusal: string | undefined]> = [
  [{ origin: own }, undefined],
  [{ origin: `https://${host}` }, undefined], // behind a proxy
  [{ origin: own, "sec-fetch-site": "same-origin" }, undefined],
  [{ "sec-fetch-site": "same-origin" }, undefined],
  [{}, "csrf_refused"], // no browser, and yet a cookie
  [{ "sec-fetch-site": "none" }, "csrf_refused"],
  [{ origin: allowed, "sec-fetch-site": "cross-site" }, "csrf_refused"],
  [{ origin: "https://evil.example", "sec-fetch-site": "cross-site" }, "origin_not_allowed"],
  [{ origin: "https://evil.example", "sec-fetch-site": "same-origin" }, "origin_not_allowed"],
  [{ origin: "http://127.0.0.1:4748", "sec-fetch-site": "same-site" }, "origin_not_allowed"],
  [{ origin: "http://localhost:4747", "sec-fetch-site": "cross-site" }, "origin_not_allowed"],
  [{ origin: "null" }, "origin_not_allowed"],
  [{ origin: "" }, "origin_not_allowed"],
  [{ "sec-fetch-site": "cross-site" }, "origin_not_allowed"],
  [{ "sec-fetch-site": "same-site" }, "origin_not_allowed"]
]

const newToken = JSON.stringify({ name: "a change", scopes: ["system:read"] })

layer(behind({ requestsPerMinute: 0, corsOrigins: [allowed] }))("api/Csrf", (it) => {
  it.effect("a session changes something only for a page of this server", () =>
    Effect.gen(function*() {
      const ask = yield* handler
      const tokens = yield* ApiTokens
      const { cookie, csrf } = yield* browser
      let made = (yield* tokens.all).length
      for (const [from, refusal] of sites) {
        for (const token of [{}, { "x-csrf-token": csrf }]) {
          const headers = { "content-type": "application/json", ...cookie, ...from, ...token }
          const answer = yield* ask("/api/v0/tokens", { method: "POST", headers, body: newToken })
          const who = JSON.stringify(from)
          if (refusal === undefined) {
            assert.strictEqual(answer.status, 200, who)
            made++
          } else assert.deepStrictEqual([answer.status, yield* codeOf(answer.body)], [403, refusal], who)
          assert.lengthOf(yield* tokens.all, made, who)
        }
      }
    }))

  it.effect("and only as JSON, or with the token that its pages alone know", () =>
    Effect.gen(function*() {
      const ask = yield* handler
      const tokens = yield* ApiTokens
      const { cookie, csrf } = yield* browser
      const stranger = yield* browser
      const before = (yield* tokens.all).length
      const json = "application/json"
      const form = "application/x-www-form-urlencoded"
      const parts = `--x\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n${csrf}\r\n--x--\r\n`
      const cases: ReadonlyArray<
        readonly [type: string | undefined, body: string, more: Headers, status: number, code: string | undefined]
      > = [
        [json, newToken, {}, 200, undefined],
        ["Application/JSON; charset=utf-8", newToken, {}, 200, undefined],
        // what a form of a page from elsewhere can send
        [form, newToken, {}, 403, "csrf_refused"],
        [form, "name=a&scopes=admin", {}, 403, "csrf_refused"],
        ["text/plain", newToken, {}, 403, "csrf_refused"],
        ["text/plain; application/json", newToken, {}, 403, "csrf_refused"],
        ["text/json", newToken, {}, 403, "csrf_refused"],
        ["multipart/form-data; boundary=x", parts, {}, 403, "csrf_refused"],
        [undefined, newToken, {}, 403, "csrf_refused"],
        // tokens that are none
        [form, "csrf=", {}, 403, "csrf_refused"],
        [form, `csrf=${csrf.slice(1)}`, {}, 403, "csrf_refused"],
        [form, `csrf=${stranger.csrf}`, {}, 403, "csrf_refused"],
        [form, `csrf=wrong&csrf=${csrf}`, {}, 403, "csrf_refused"],
        ["text/plain", newToken, { "x-csrf-token": stranger.csrf }, 403, "csrf_refused"],
        ["text/plain", newToken, { "x-csrf-token": "" }, 403, "csrf_refused"],
        // the right one lets them through to an endpoint that reads nothing of the kind
        [form, `csrf=${csrf}`, {}, 415, "unsupported_media_type"],
        ["text/plain", newToken, { "x-csrf-token": csrf }, 415, "unsupported_media_type"],
        ["multipart/form-data; boundary=x", parts, { "x-csrf-token": csrf }, 415, "unsupported_media_type"]
      ]
      for (const [type, body, more, status, code] of cases) {
        const headers = { ...cookie, origin: own, ...type === undefined ? {} : { "content-type": type }, ...more }
        const bytes = new TextEncoder().encode(body) // a text would bring a type of its own
        const answer = yield* ask("/api/v0/tokens", { method: "POST", headers, body: bytes })
        const what = `${type}, ${JSON.stringify(more)}, ${body.slice(0, 30)}`
        assert.strictEqual(answer.status, status, what)
        if (code !== undefined) assert.strictEqual(yield* codeOf(answer.body), code, what)
      }
      assert.lengthOf(yield* tokens.all, before + 2)
    }))

  it.effect("a method without a body needs the token, and no header or query makes another of it", () =>
    Effect.gen(function*() {
      const ask = yield* handler
      const tokens = yield* ApiTokens
      const { cookie, csrf } = yield* browser
      const { token: { id } } = yield* tokens.create({ name: "a", scopes: ["admin"], expiresAt: Option.none() })
      const path = `/api/v0/tokens/${id}`
      const refused = yield* ask(path, { method: "DELETE", headers: { ...cookie, origin: own } })
      assert.deepStrictEqual([refused.status, yield* codeOf(refused.body)], [403, "csrf_refused"])
      for (const name of ["x-http-method-override", "x-http-method", "x-method-override"]) {
        const asked = yield* ask(path, { headers: { ...cookie, [name]: "DELETE" } })
        assert.strictEqual(asked.status, 405, name)
      }
      assert.strictEqual((yield* ask(`${path}?_method=DELETE`, { headers: cookie })).status, 405)
      assert.isTrue((yield* tokens.all).some((token) => token.id === id))
      const headers = { ...cookie, origin: own, "x-csrf-token": csrf }
      assert.strictEqual((yield* ask(path, { method: "DELETE", headers })).status, 204)
    }))

  it.effect("what is read by a page from elsewhere is nobody's", () =>
    Effect.gen(function*() {
      const ask = yield* handler
      const { cookie } = yield* browser
      const cases: ReadonlyArray<readonly [from: Headers, status: number]> = [
        [{}, 200],
        [{ "sec-fetch-site": "none", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" }, 200],
        [{ "sec-fetch-site": "same-origin", "sec-fetch-mode": "cors" }, 200],
        [{ origin: own, "sec-fetch-site": "same-origin" }, 200],
        // a link on another page
        [{ "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" }, 200],
        [{ "sec-fetch-site": "same-site", "sec-fetch-mode": "navigate" }, 200],
        // an image, a script, a frame, a fetch of it
        [{ "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "image" }, 401],
        [{ "sec-fetch-site": "same-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "script" }, 401],
        [{ "sec-fetch-site": "same-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe" }, 401],
        [{ "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "object" }, 401],
        [{ "sec-fetch-site": "same-site" }, 401],
        [{ origin: "http://127.0.0.1:4748" }, 401],
        [{ origin: "null" }, 401],
        [{ origin: allowed, "sec-fetch-site": "cross-site", "sec-fetch-mode": "cors" }, 401]
      ]
      for (const [from, status] of cases) {
        for (const method of ["GET", "HEAD"]) {
          const answer = yield* ask("/api/v0/tokens", { method, headers: { ...cookie, ...from } })
          assert.strictEqual(answer.status, status, `${method} ${JSON.stringify(from)}`)
          assert.strictEqual(answer.headers.get("cross-origin-resource-policy"), "same-origin")
          assert.strictEqual(answer.headers.get("x-frame-options"), "DENY")
          assert.isNull(answer.headers.get("access-control-allow-credentials"))
        }
      }
    }))

  it.effect("tokens of the API need none of this, and go before a cookie", () =>
    Effect.gen(function*() {
      const ask = yield* handler
      const tokens = yield* ApiTokens
      const { cookie } = yield* browser
      const { secret } = yield* tokens.create({
        name: "runs",
        scopes: ["workflow.run:write"],
        expiresAt: Option.none()
      })
      const headers = {
        ...cookie,
        authorization: `Bearer ${Redacted.value(secret)}`,
        "content-type": "application/json"
      }
      const change = yield* ask("/api/v0/dead-letters/drop", { method: "POST", headers, body: "{\"ids\":[\"a\"]}" })
      assert.strictEqual(change.status, 200)
      assert.strictEqual((yield* ask("/api/v0/tokens", { headers })).status, 403)
    }))

  it.effect("a form of our own pages is taken with its token, and no page can forget to look", () =>
    Effect.gen(function*() {
      const ask = yield* handlerWithPages
      const { cookie, csrf } = yield* browser
      const leave = (fields: string, from: Headers = { origin: own }) =>
        ask("/sign-out", {
          method: "POST",
          headers: { ...cookie, ...from, "content-type": "application/x-www-form-urlencoded" },
          body: fields
        })
      assert.strictEqual((yield* leave("")).status, 403)
      // a person is told so on a page, which leads back to where they were, and nowhere else
      const html = { accept: "text/html,application/xhtml+xml", origin: own }
      const told = yield* leave("csrf=guess", { ...html, referer: `${own}/schedules/spotify?done=paused` })
      assert.strictEqual(told.status, 403)
      assert.match(told.headers.get("content-type") ?? "", /^text\/html/)
      assert.include(told.body, "This page is out of date")
      assert.include(told.body, "href=\"/schedules/spotify?done=paused\"")
      for (const referer of ["https://evil.example/x", "javascript:alert(1)", "\"><script>"]) {
        assert.include((yield* leave("csrf=guess", { ...html, referer })).body, "href=\"/\"")
      }
      assert.strictEqual((yield* leave("csrf=guess")).status, 403)
      assert.strictEqual((yield* leave(`csrf=${csrf}`, {})).status, 403)
      assert.strictEqual((yield* leave(`csrf=${csrf}`, { origin: "http://127.0.0.1:4748" })).status, 403)
      assert.strictEqual((yield* ask("/api/v0/status", { headers: cookie })).status, 200)
      assert.strictEqual((yield* leave(`csrf=${csrf}`)).status, 303)
      assert.strictEqual((yield* ask("/api/v0/status", { headers: cookie })).status, 401)
    }))
})

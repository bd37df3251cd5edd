import { assert, layer } from "@effect/vitest"
import { DateTime, Effect, Redacted } from "effect"
import { ApiToken } from "../../src/api/Caller.ts"
import { csrfToken } from "../../src/api/Csrf.ts"
import { make } from "../../src/cli/Client.ts"
import { CurrentConfig } from "../../src/Config.ts"
import { served } from "../api/Served.ts"
import { browserAt, fetched } from "../support/Browser.ts"

const address = Effect.map(CurrentConfig, ({ server: { port } }) => `http://127.0.0.1:${port}`)

/** The command line, as `glider open` asks. */
const machine = Effect.gen(function*() {
  return yield* make(yield* address, yield* ApiToken)
})

/** A new link, without the server's own address. */
const link = Effect.gen(function*() {
  const { url } = yield* (yield* machine).sessions.link()
  return Redacted.value(url).slice((yield* address).length)
})

const cookieName = Effect.map(CurrentConfig, ({ server: { port } }) => `glider_session_${port}`)

/** A browser that has signed in, with the token of its forms. */
const visitor = Effect.gen(function*() {
  const browser = browserAt(yield* address)
  const { status } = yield* browser.ask(yield* link)
  assert.strictEqual(status, 303)
  const secret = browser.jar.get(yield* cookieName) ?? ""
  return { ...browser, secret, csrf: csrfToken(Redacted.make(secret)) }
})

layer(served, { excludeTestServices: true })("dashboard/SignIn", (it) => {
  it.effect("a link lets one browser in, once", () =>
    Effect.gen(function*() {
      const path = yield* link
      const here = browserAt(yield* address)
      const first = yield* here.ask(path)
      assert.deepStrictEqual([first.status, first.headers["location"]], [303, "/"])
      assert.strictEqual((yield* here.ask("/api/v0/status")).status, 200)
      const there = browserAt(yield* address)
      const second = yield* there.ask(path)
      assert.strictEqual(second.status, 403)
      assert.deepStrictEqual(second.setCookie, [])
      assert.include(second.body, "This link is used")
      assert.strictEqual((yield* there.ask("/api/v0/status")).status, 401)
      // a tab that the browser opens again leads on
      const again = yield* here.ask(path)
      assert.deepStrictEqual([again.status, again.headers["location"], again.setCookie], [303, "/", []])
      const page = yield* here.ask("/sign-in?next=%2Faccounts")
      assert.deepStrictEqual([page.status, page.headers["location"]], [303, "/accounts"])
    }))

  it.effect("the cookie is for this server and its own pages alone", () =>
    Effect.gen(function*() {
      const browser = browserAt(yield* address)
      const { setCookie: [cookie = "", ...more] } = yield* browser.ask(yield* link)
      assert.deepStrictEqual(more, [])
      const [pair = "", ...attributes] = cookie.split("; ")
      assert.match(pair, new RegExp(`^${yield* cookieName}=[\\w-]{43}$`))
      assert.sameMembers(attributes, ["Max-Age=31536000", "Path=/", "HttpOnly", "SameSite=Strict"])
    }))

  it.effect("behind TLS it bears a name that no other host can give a cookie, and goes over TLS alone", () =>
    Effect.gen(function*() {
      const tls = { "x-forwarded-proto": "https" }
      const browser = browserAt(yield* address)
      const { setCookie: [cookie = ""] } = yield* browser.ask(yield* link, { headers: tls })
      const [pair = "", ...attributes] = cookie.split("; ")
      assert.match(pair, /^__Host-glider_session=[\w-]{43}$/)
      assert.sameMembers(attributes, ["Max-Age=31536000", "Path=/", "HttpOnly", "Secure", "SameSite=Strict"])
      assert.strictEqual((yield* browser.ask("/api/v0/status", { headers: tls })).status, 200)
      assert.strictEqual((yield* browser.ask("/api/v0/status")).status, 401)
      // one that was planted under the other name counts for nothing
      const planted = `${yield* cookieName}=${(yield* visitor).secret}`
      const asked = yield* fetched(yield* address, "/api/v0/status", { headers: { ...tls, cookie: planted } })
      assert.strictEqual(asked.status, 401)
    }))

  it.effect("the link leads on to an address of this server, and to no other", () =>
    Effect.gen(function*() {
      const places: ReadonlyArray<readonly [next: string, location: string]> = [
        ["/accounts", "/accounts"],
        ["/days?from=2026-01-01&to=%20x", "/days?from=2026-01-01&to=%20x"],
        ["//evil.example", "/"],
        ["/\\evil.example", "/"],
        ["/a\\..\\..\\evil.example", "/"],
        ["https://evil.example/", "/"],
        ["javascript:alert(1)", "/"],
        ["/a\r\nset-cookie: x=y", "/"],
        ["accounts", "/"],
        ["", "/"]
      ]
      for (const [next, location] of places) {
        const { headers } = yield* browserAt(yield* address).ask(`${yield* link}&next=${encodeURIComponent(next)}`)
        assert.strictEqual(headers["location"], location, next)
      }
    }))

  it.effect("a link or the code in it can be pasted into the page", () =>
    Effect.gen(function*() {
      const here = yield* address
      for (const form of [(path: string) => `${here}${path}`, (path: string) => ` ${path.split("code=")[1]}\n`]) {
        const browser = browserAt(here)
        const page = yield* browser.ask("/sign-in?next=%2Faccounts")
        assert.strictEqual(page.status, 200)
        assert.include(page.body, "glider open")
        assert.include(page.body, "value=\"/accounts\"")
        const seen = yield* browser.send("/sign-in", { code: form(yield* link), next: "/accounts" })
        assert.deepStrictEqual([seen.status, seen.headers["location"]], [303, "/accounts"])
        assert.strictEqual((yield* browser.ask("/api/v0/status")).status, 200)
      }
    }))

  it.effect("the page runs nothing and shows nothing of what it was asked with, but for where to go", () =>
    Effect.gen(function*() {
      const browser = browserAt(yield* address)
      const { body, headers, status } = yield* browser.ask(
        `/sign-in?code=${encodeURIComponent("<script>alert(1)</script>")}&next=${encodeURIComponent("/\"><script>")}`
      )
      assert.strictEqual(status, 403)
      assert.notMatch(body, /<script(?! type="module" src="\/assets)/)
      assert.notInclude(body, "alert(1)")
      assert.include(headers["content-type"], "text/html")
      for (
        const directive of [
          "default-src 'none'",
          "style-src 'self'",
          "script-src 'self'",
          "img-src 'self' data:",
          "connect-src 'self'",
          "form-action 'self'",
          "base-uri 'none'",
          "frame-ancestors 'none'"
        ]
      ) {
        assert.include(headers["content-security-policy"], directive)
      }
      assert.strictEqual(headers["referrer-policy"], "same-origin")
      assert.strictEqual(headers["cache-control"], "no-store")
      assert.strictEqual(headers["x-frame-options"], "DENY")
      assert.strictEqual(headers["cross-origin-resource-policy"], "same-origin")
      assert.strictEqual(headers["x-content-type-options"], "nosniff")
    }))

  it.effect("what a browser loads ahead, or only asks about, uses no link up", () =>
    Effect.gen(function*() {
      const path = yield* link
      const browser = browserAt(yield* address)
      assert.strictEqual((yield* browser.ask(path, { method: "HEAD" })).status, 200)
      const ahead = yield* browser.ask(path, { headers: { "sec-purpose": "prefetch;prerender" } })
      assert.deepStrictEqual([ahead.status, ahead.setCookie], [200, []])
      assert.strictEqual((yield* browser.ask(path)).status, 303)
    }))

  it.effect("signing out ends the session at once and takes the cookie back", () =>
    Effect.gen(function*() {
      const { ask, csrf, secret, send } = yield* visitor
      const left = yield* send("/sign-out", { csrf })
      assert.deepStrictEqual([left.status, left.headers["location"]], [303, "/sign-in"])
      assert.match(left.setCookie[0] ?? "", new RegExp(`^${yield* cookieName}=; Max-Age=0;.*Path=/;.*HttpOnly`))
      assert.strictEqual((yield* ask("/api/v0/status")).status, 401)
      const kept = yield* fetched(yield* address, "/api/v0/status", {
        headers: { cookie: `${yield* cookieName}=${secret}` }
      })
      assert.strictEqual(kept.status, 401)
      assert.include(kept.body, "glider open")
    }))

  it.effect("a browser that signs in again keeps its session, and the forms of its tabs; the code is used up", () =>
    Effect.gen(function*() {
      const { ask, csrf, send } = yield* visitor
      const before = (yield* (yield* machine).sessions.list()).length
      const path = yield* link
      const again = yield* ask(path)
      assert.deepStrictEqual([again.status, again.headers["location"], again.setCookie], [303, "/", []])
      assert.strictEqual((yield* (yield* machine).sessions.list()).length, before)
      assert.strictEqual((yield* browserAt(yield* address).ask(path)).status, 403)
      assert.strictEqual((yield* send("/sign-out", { csrf })).status, 303)
    }))

  it.effect("the list tells which browser is which, and each can be signed out", () =>
    Effect.gen(function*() {
      const { ask, csrf, secret } = yield* visitor
      const other = yield* visitor
      const listed = yield* ask("/api/v0/sessions")
      assert.notInclude(listed.body, secret)
      const sessions: ReadonlyArray<{ readonly id: string; readonly current: boolean; readonly user_agent: string }> =
        JSON.parse(listed.body)
      assert.strictEqual(sessions.filter(({ current }) => current).length, 1)
      assert.strictEqual(sessions[0]?.user_agent, "Firefox on Linux")
      assert.isFalse((yield* (yield* machine).sessions.list()).some(({ current }) => current))
      const theirs = (yield* other.ask("/api/v0/sessions")).body
      const { id = "" } = JSON.parse(theirs).find(({ current }: { readonly current: boolean }) => current) ?? {}
      const end = () =>
        ask(`/api/v0/sessions/${id}`, {
          method: "DELETE",
          headers: { "x-csrf-token": csrf, "sec-fetch-site": "same-origin" }
        })
      assert.strictEqual((yield* end()).status, 204)
      assert.strictEqual((yield* end()).status, 404)
      assert.strictEqual((yield* other.ask("/api/v0/status")).status, 401)
      assert.strictEqual((yield* ask("/api/v0/status")).status, 200)
    }))

  it.effect("a link is made by whoever may everything, also from the page", () =>
    Effect.gen(function*() {
      const { ask } = yield* visitor
      const made = yield* ask("/api/v0/sessions/links", {
        method: "POST",
        headers: { "content-type": "application/json", origin: yield* address, "idempotency-key": "one" }
      })
      assert.strictEqual(made.status, 200)
      const { expires_at, url } = JSON.parse(made.body)
      assert.isTrue(url.startsWith(`${yield* address}/sign-in?code=`))
      const left = DateTime.makeUnsafe(expires_at).epochMilliseconds - (yield* DateTime.now).epochMilliseconds
      assert.isTrue(left > 890_000 && left <= 900_000)
    }))

  it.effect("the addresses of the pages are known to the router's answers", () =>
    Effect.gen(function*() {
      const { csrf, ask } = yield* visitor
      const headers = { "x-csrf-token": csrf, origin: yield* address }
      const wrong = yield* ask("/sign-in", { method: "PUT", headers })
      assert.deepStrictEqual([wrong.status, wrong.headers["allow"]], [405, "GET, POST, HEAD"])
      const out = yield* ask("/sign-out")
      assert.deepStrictEqual([out.status, out.headers["allow"]], [405, "POST"])
    }))
})

import { assert, layer } from "@effect/vitest"
import { DateTime, Effect, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { SignInLinks } from "../../src/api/SignInLinks.ts"
import { CurrentConfig } from "../../src/Config.ts"
import { Sessions } from "../../src/store/Sessions.ts"
import { handlerWithPages } from "../api/Handled.ts"
import { behind } from "../api/Served.ts"

const own = { host: "127.0.0.1:4747", origin: "http://127.0.0.1:4747" }

layer(behind())("dashboard/SignIn: attempts and ends", (it) => {
  it.effect("after five wrong codes within a minute even a right one has to wait", () =>
    Effect.gen(function*() {
      const ask = yield* handlerWithPages
      const links = yield* SignInLinks
      const { code } = yield* links.issue
      const path = `/sign-in?code=${Redacted.value(code)}`
      for (let guess = 0; guess < 3; guess++) {
        assert.strictEqual((yield* ask(`/sign-in?code=${guess}`)).status, 403)
      }
      yield* TestClock.adjust("20 seconds")
      const headers = { ...own, "content-type": "application/x-www-form-urlencoded" }
      for (let guess = 0; guess < 2; guess++) {
        assert.strictEqual((yield* ask("/sign-in", { method: "POST", headers, body: `code=${guess}` })).status, 403)
      }
      const refused = yield* ask(path)
      assert.deepStrictEqual([refused.status, refused.headers.get("retry-after")], [429, "40"])
      assert.include(refused.body, "in 40 seconds")
      assert.include(refused.headers.get("content-type") ?? "", "text/html")
      // the page itself is no attempt
      assert.strictEqual((yield* ask("/sign-in")).status, 200)
      yield* TestClock.adjust("39 seconds")
      assert.strictEqual((yield* ask(path)).status, 429)
      yield* TestClock.adjust("1 second")
      assert.strictEqual((yield* ask(path)).status, 303)
    }))

  it.effect("right codes are no failures, and guesses at once are counted each", () =>
    Effect.gen(function*() {
      yield* TestClock.adjust("1 minute")
      const ask = yield* handlerWithPages
      const links = yield* SignInLinks
      for (let turn = 0; turn < 8; turn++) {
        const { code } = yield* links.issue
        assert.strictEqual((yield* ask(`/sign-in?code=${Redacted.value(code)}`)).status, 303)
      }
      const guesses = Array.from({ length: 12 }, (_, guess) => ask(`/sign-in?code=guess-${guess}`))
      const statuses = (yield* Effect.all(guesses, { concurrency: 12 })).map(({ status }) => status)
      assert.lengthOf(statuses.filter((status) => status === 403), 5)
      assert.lengthOf(statuses.filter((status) => status === 429), 7)
    }))

  it.effect("a link that is older than fifteen minutes lets nobody in", () =>
    Effect.gen(function*() {
      const ask = yield* handlerWithPages
      const { code } = yield* (yield* SignInLinks).issue
      yield* TestClock.adjust("15 minutes")
      const late = yield* ask(`/sign-in?code=${Redacted.value(code)}`)
      assert.deepStrictEqual([late.status, late.headers.get("set-cookie")], [403, null])
    }))

  it.effect("a session that is over is nobody's, and is told how to begin anew", () =>
    Effect.gen(function*() {
      const ask = yield* handlerWithPages
      yield* TestClock.setTime(DateTime.makeUnsafe("2027-01-01T00:00:00Z").epochMilliseconds)
      const { server: { port } } = yield* CurrentConfig
      const { secret } = yield* (yield* Sessions).create("a test")
      const headers = { ...own, cookie: `glider_session_${port}=${Redacted.value(secret)}` }
      const asked = ask("/api/v0/sessions", { headers })
      assert.strictEqual((yield* asked).status, 200)
      yield* TestClock.adjust("30 days")
      const over = yield* asked
      assert.strictEqual(over.status, 401)
      assert.include(over.body, "glider open")
      assert.strictEqual(over.headers.get("www-authenticate"), "Bearer")
    }))

  it.effect("guesses at sessions are counted by address, and a session that is known is not", () =>
    Effect.gen(function*() {
      yield* TestClock.adjust("1 minute")
      const ask = yield* handlerWithPages
      const { server: { port } } = yield* CurrentConfig
      const { secret } = yield* (yield* Sessions).create("a test")
      const guess = (text: string) => ({ ...own, cookie: `glider_session_${port}=${text}` })
      const headers = guess(Redacted.value(secret))
      assert.strictEqual((yield* ask("/api/v0/schema", { headers })).status, 200) // one question to the store
      for (let count = 0; count < 99; count++) {
        assert.strictEqual((yield* ask("/api/v0/schema", { headers: guess(`g${count}`) })).status, 401)
      }
      assert.strictEqual((yield* ask("/api/v0/schema", { headers: guess("g") })).status, 429)
      assert.strictEqual((yield* ask("/api/v0/schema", { headers })).status, 200)
    }))
})

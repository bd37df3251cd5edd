import { assert, layer } from "@effect/vitest"
import { Effect, Option, Redacted } from "effect"
import { HttpRouter, HttpServerResponse } from "effect/http"
import { csrfToken } from "../../src/api/Csrf.ts"
import { CurrentConfig } from "../../src/Config.ts"
import { currentVisitor, signedIn } from "../../src/dashboard/Session.ts"
import { Sessions } from "../../src/store/Sessions.ts"
import { handlerOf } from "../api/Handled.ts"
import { behind } from "../api/Served.ts"

const page = signedIn(Effect.map(currentVisitor, (visitor) =>
  HttpServerResponse.text(Option.match(visitor, {
    onNone: () => "nobody",
    onSome: ({ csrf, session }) => `${session.userAgent} ${csrf}`
  }))))

const pages = HttpRouter.use((router) =>
  Effect.all([router.add("GET", "/accounts", page), router.add("POST", "/accounts", page)], { discard: true })
)

layer(behind({ requestsPerMinute: 0 }))("dashboard/Session", (it) => {
  it.effect("a page is for whoever has signed in, and knows them", () =>
    Effect.gen(function*() {
      const ask = yield* handlerOf(pages)
      const { server: { port } } = yield* CurrentConfig
      const { secret } = yield* (yield* Sessions).create("Firefox on Linux")
      const headers = { cookie: `glider_session_${port}=${Redacted.value(secret)}` }
      const { body, status } = yield* ask("/accounts", { headers })
      assert.deepStrictEqual([status, body], [200, `Firefox on Linux ${csrfToken(secret)}`])
    }))

  it.effect("others are sent to the sign-in, and come back to where they were", () =>
    Effect.gen(function*() {
      const ask = yield* handlerOf(pages)
      const { headers, status } = yield* ask("/accounts?of=spotify&more=1")
      assert.strictEqual(status, 303)
      assert.strictEqual(headers.get("location"), "/sign-in?next=%2Faccounts%3Fof%3Dspotify%26more%3D1")
      assert.strictEqual((yield* ask("/accounts", { method: "POST" })).headers.get("location"), "/sign-in")
    }))

  it.effect("a link on a page from elsewhere comes without the cookie, and is followed once more from here", () =>
    Effect.gen(function*() {
      const ask = yield* handlerOf(pages)
      const followed = { "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" }
      const first = yield* ask("/accounts?of=%22spotify%22", {
        headers: { ...followed, "sec-fetch-site": "cross-site" }
      })
      assert.strictEqual(first.status, 200)
      assert.include(first.body, "<meta http-equiv=\"refresh\" content=\"0;url=/accounts?of=%22spotify%22\"/>")
      const second = yield* ask("/accounts", { headers: { ...followed, "sec-fetch-site": "same-origin" } })
      assert.strictEqual(second.status, 303)
    }))
})

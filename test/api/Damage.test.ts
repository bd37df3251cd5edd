import { assert, layer } from "@effect/vitest"
import { Effect, Layer, Option, Redacted, Schema } from "effect"
import { damageFound, unlessDamaged } from "../../src/api/Damage.ts"
import { document } from "../../src/api/Document.ts"
import { Check, Health, Status } from "../../src/api/Messages.ts"
import { LastBackup } from "../../src/backup/Backups.ts"
import { CurrentConfig } from "../../src/Config.ts"
import { failureOf } from "../../src/mcp/ToolFailure.ts"
import { DamagedStore } from "../../src/services/DamagedStore.ts"
import { StoreDamaged } from "../../src/services/SurrealError.ts"
import { ApiTokens } from "../../src/store/ApiTokens.ts"
import { Sessions } from "../../src/store/Sessions.ts"
import { handler, handlerWithPages, local, Problem } from "./Handled.ts"
import { at, behind } from "./Served.ts"

const damaged = new StoreDamaged({ folder: "/data/store", damage: ["000017.sst is not as it was written"] })

const kept = { path: "/data/my backups/b.jsonl.gz", at, bytes: 1, scheduled: false }

const restore = "glider db restore '/data/my backups/b.jsonl.gz' --yes"

const overDamaged = behind({ requestsPerMinute: 0 }).pipe(
  Layer.provideMerge(Layer.succeed(DamagedStore, Option.some(damaged))),
  Layer.provideMerge(Layer.succeed(LastBackup, Option.some(Effect.succeed(Option.some(kept)))))
)

const methods = ["get", "post", "put", "patch", "delete"] as const

const routes = Object.entries(document.paths).flatMap(([path, item]) =>
  methods.flatMap((method) => item[method] === undefined ? [] : [`${method} ${path}`])
)

/** Written by hand: all that is no GET and is served. A way into the page changes nothing in the store. */
const served = ["post /api/v0/sessions/links"]

/** The same, but only of what a preview says that it would do. */
const previewed = ["post /api/v0/dead-letters/drop", "post /api/v0/dead-letters/retry"]

const problemOf = Schema.decodeEffect(Schema.fromJsonString(Problem))

const json = { "content-type": "application/json" }

layer(overDamaged)("over a damaged store", (it) => {
  it.effect("every route that changes something is refused, with the commands that mend it", () =>
    Effect.gen(function*() {
      const ask = yield* handler
      const headers = { ...yield* local, ...json }
      const changing = routes.filter((route) => !route.startsWith("get "))
      assert.isAbove(changing.length, 30)
      for (const route of [...served, ...previewed]) assert.include(changing, route)
      for (const route of changing) {
        const [method = "", path = ""] = route.split(" ")
        const body = JSON.stringify(previewed.includes(route) ? { ids: ["none"] } : {})
        const answer = yield* ask(path.replaceAll(/\{\w+\}/g, "none"), { method: method.toUpperCase(), headers, body })
        if (served.includes(route)) {
          assert.strictEqual(answer.status, 200, route)
          continue
        }
        assert.strictEqual(answer.status, 503, `${route}: ${answer.body}`)
        // whoever sends messages has no token, and is told to come again
        if (route === "post /api/v1/webhooks/{source}") {
          assert.strictEqual((yield* problemOf(answer.body)).code, "not_ready")
          continue
        }
        const { code, detail, fix } = yield* problemOf(answer.body)
        assert.strictEqual(code, "store_damaged", route)
        assert.include(detail, "000017.sst is not as it was written")
        assert.strictEqual(fix, `stop glider run, then: ${restore}; then: glider run`)
      }
    }))

  it.effect("what only reads is answered, and so is a preview", () =>
    Effect.gen(function*() {
      const ask = yield* handler
      const headers = { ...yield* local, ...json }
      for (const route of routes.filter((route) => route.startsWith("get "))) {
        const path = route.slice("get ".length)
        if (path === "/readyz") continue
        const { body } = yield* ask(path.replaceAll(/\{\w+\}/g, "none"), { headers })
        assert.notInclude(body, "\"store_damaged\"", route)
      }
      for (const path of ["/api/v0/runs", "/api/v0/schedules", "/api/v0/data/owner", "/api/v0/backup"]) {
        assert.strictEqual((yield* ask(path, { headers })).status, 200, path)
      }
      const preview = JSON.stringify({ all: {}, preview: true })
      for (const route of previewed) {
        const [, path = ""] = route.split(" ")
        assert.strictEqual((yield* ask(path, { method: "POST", headers, body: preview })).status, 200, path)
      }
    }))

  it.effect("strangers, and tokens that may not, are told that, and nothing of the store", () =>
    Effect.gen(function*() {
      const ask = yield* handler
      const tokens = yield* ApiTokens
      const { secret } = yield* tokens.create({ name: "reads", scopes: ["data:read"], expiresAt: Option.none() })
      const post = { method: "POST", body: "{}" }
      assert.strictEqual((yield* ask("/api/v0/reload", { ...post, headers: json })).status, 401)
      const authorization = `Bearer ${Redacted.value(secret)}`
      const refused = yield* ask("/api/v0/reload", { ...post, headers: { ...json, authorization } })
      assert.strictEqual((yield* problemOf(refused.body)).code, "insufficient_scope")
    }))

  it.effect("the process is not ready, and health, status, doctor and metrics say why", () =>
    Effect.gen(function*() {
      const ask = yield* handler
      const headers = yield* local
      const read = <S extends Schema.Top>(schema: S, path: string) =>
        Effect.flatMap(ask(path, { headers }), ({ body }) => Schema.decodeEffect(Schema.fromJsonString(schema))(body))
      const ready = yield* ask("/readyz")
      assert.strictEqual(ready.status, 503)
      // anybody may ask this, so no place is told
      assert.strictEqual((yield* problemOf(ready.body)).detail, "the store is damaged, and only read")
      assert.notInclude(ready.body, "/data")
      assert.strictEqual((yield* ask("/livez")).status, 200)
      for (const path of ["/health", "/healthz"]) {
        const { ok, parts } = yield* read(Health, path)
        assert.isFalse(ok)
        assert.match(parts["store"]?.message ?? "", /^damaged, and only read: .*000017\.sst/)
      }
      assert.include((yield* ask("/api/v1/health", { headers })).body, "\"status\":\"degraded\"")
      const status = yield* read(Status, "/api/v0/status")
      assert.deepStrictEqual(
        Option.map(status.damaged, ({ commands }) => commands),
        Option.some([restore, "glider run"])
      )
      const checks = yield* read(Schema.Array(Check), "/api/v0/doctor")
      const store = checks.find(({ name }) => name === "store")
      assert.strictEqual(store?.state, "problem")
      assert.include(Option.getOrElse(store?.fix ?? Option.none(), () => ""), restore)
      assert.include((yield* ask("/metrics", { headers })).body, "glider_store_damaged 1\n")
    }))

  it.effect("a language model is told not to try again", () =>
    Effect.gen(function*() {
      const damage = yield* damageFound
      const failure = yield* failureOf(yield* Effect.flip(unlessDamaged(damage)))
      assert.strictEqual(failure.code, "store_damaged")
      assert.isFalse(failure.retryable)
      assert.include(failure.fix ?? "", restore)
    }))

  it.effect("every page says so, with the commands, and a button is answered with that", () =>
    Effect.gen(function*() {
      const ask = yield* handlerWithPages
      const { server: { port } } = yield* CurrentConfig
      const { secret } = yield* (yield* Sessions).create("a browser")
      const headers = {
        cookie: `glider_session_${port}=${Redacted.value(secret)}`,
        host: "glider.invalid",
        origin: "http://glider.invalid",
        "sec-fetch-site": "same-origin"
      }
      const banner = /<section class="notice bad damage" role="alert" aria-labelledby="damage">.*?<\/section>/
      for (const path of ["/", "/schedules", "/runs", "/dead-letters", "/daily", "/accounts"]) {
        const { body, status } = yield* ask(path, { headers })
        assert.strictEqual(status, 200, path)
        const said = banner.exec(body)?.[0] ?? ""
        assert.include(said, "000017.sst is not as it was written", path)
        assert.include(said.replaceAll("&#39;", "'"), `<code>${restore}</code>`)
        assert.include(said, "<code>glider run</code>")
      }
      const csrf = /name="csrf" value="([^"]+)"/.exec((yield* ask("/schedules", { headers })).body)?.[1] ?? ""
      const form = { "content-type": "application/x-www-form-urlencoded", accept: "text/html" }
      const pressed = yield* ask("/syncs/spotify/run", {
        method: "POST",
        headers: { ...headers, ...form },
        body: new URLSearchParams({ csrf }).toString()
      })
      assert.strictEqual(pressed.status, 503)
      assert.include(pressed.body, "<h1>The store is damaged, and only read</h1>")
    }))
})

layer(
  behind({ requestsPerMinute: 0 }).pipe(Layer.provideMerge(Layer.succeed(DamagedStore, Option.some(damaged))))
)("over a damaged store without any backup", (it) => {
  it.effect("what can be read is to be taken out before it is gone on with", () =>
    Effect.gen(function*() {
      const ask = yield* handler
      const { body } = yield* ask("/api/v0/reload", {
        method: "POST",
        headers: { ...yield* local, ...json },
        body: "{}"
      })
      assert.strictEqual(
        (yield* problemOf(body)).fix,
        "stop glider run, then: glider db export <folder>; then: glider db accept --yes; then: glider run"
      )
    }))
})

layer(behind({ requestsPerMinute: 0 }))("over a sound store", (it) => {
  it.effect("nothing is said of any of that", () =>
    Effect.gen(function*() {
      const ask = yield* handler
      const headers = yield* local
      assert.include((yield* ask("/metrics", { headers })).body, "glider_store_damaged 0\n")
      const { body } = yield* ask("/api/v0/status", { headers })
      assert.include(body, "\"damaged\":null")
    }))
})

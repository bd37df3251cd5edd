import { assert, layer } from "@effect/vitest"
import { Clock, DateTime, Effect, Option, Redacted, Schema } from "effect"
import { TestClock } from "effect/testing"
import { document } from "../../src/api/Document.ts"
import { CurrentConfig } from "../../src/Config.ts"
import type { ApiScope } from "../../src/domain/IssuedToken.ts"
import { ApiTokens } from "../../src/store/ApiTokens.ts"
import { Sessions } from "../../src/store/Sessions.ts"
import { handler, local, Problem } from "./Handled.ts"
import { behind } from "./Served.ts"

/** Who may, route by route; written by hand. A route of the document without a row fails the test, and so does the reverse. */
const rows: { readonly [route: string]: ApiScope | "everybody" } = {
  "post /api/v0/syncs/{name}/runs": "workflow.run:write",
  "get /api/v0/runs": "workflow.run:read",
  "get /api/v0/runs/{id}": "workflow.run:read",
  "get /api/v0/runs/{id}/history": "workflow.run:read",
  "get /api/v0/runs/{id}/watch": "workflow.run:read",
  "post /api/v0/runs/{id}/cancel": "workflow.run:write",
  "post /api/v0/runs/{id}/retry": "workflow.run:write",
  "post /api/v0/runs/{id}/signals/{signal}": "workflow.run:write",
  "get /api/v0/workflows": "workflow.run:read",
  "post /api/v0/workflows/{name}/runs": "workflow.run:write",
  "get /api/v0/dead-letters": "workflow.run:read",
  "get /api/v0/dead-letters/{id}": "workflow.run:read",
  "post /api/v0/dead-letters/retry": "workflow.run:write",
  "post /api/v0/dead-letters/drop": "workflow.run:write",
  "get /api/v0/reviews": "workflow.run:read",
  "post /api/v0/reviews/{id}/approve": "workflow.run:write",
  "post /api/v0/reviews/{id}/reject": "workflow.run:write",
  "post /api/v1/sync": "workflow.run:write",
  "get /api/v1/sync/{id}": "workflow.run:read",
  "post /api/v1/sync/{id}/cancel": "workflow.run:write",
  "get /api/v1/sync/{id}/cancellable": "workflow.run:read",
  "get /api/v1/health": "system:read",
  "get /api/v1/dlq/list": "workflow.run:read",
  "post /api/v1/dlq/retry/{id}": "workflow.run:write",
  "post /api/v1/dlq/retry": "workflow.run:write",
  "post /api/v1/agent-sync": "workflow.run:write",
  "get /api/v1/agent-sync/{id}": "workflow.run:read",
  "post /api/v1/agent-sync/{id}/cancel": "workflow.run:write",
  "get /api/v1/agent-sync/{id}/cancellable": "workflow.run:read",
  "post /api/v1/imports": "data:write",
  "post /api/v1/imports/address": "data:write",
  "get /api/v1/imports": "data:read",
  "get /api/v1/imports/{id}": "data:read",
  "get /api/v1/candidates": "data:read",
  "get /api/v1/candidates/{id}": "data:read",
  "post /api/v1/candidates/{id}/approve": "data:write",
  "post /api/v1/candidates/{id}/reject": "data:write",
  "get /api/v1/reports": "data:read",
  "post /api/v1/reports": "data:write",
  "get /api/v1/reports/{key}": "data:read",
  "get /api/v1/reports/{key}/markdown": "data:read",
  "get /api/v1/reports/{key}/html": "data:read",
  "post /api/v1/retention/run": "admin",
  "get /api/v1/retention/holds": "system:read",
  "post /api/v1/retention/holds": "admin",
  "delete /api/v1/retention/holds": "admin",
  "get /api/v1/retention/audit": "system:read",
  "get /api/v1/affinity": "data:read",
  "put /api/v1/affinity/priority": "data:write",
  "post /api/v1/affinity/decay": "data:write",
  "get /api/v0/connections": "account:read",
  "post /api/v0/connections/{provider}/sign-in": "account:write",
  "post /api/v0/connections/{provider}/sign-in/complete": "account:write",
  "delete /api/v0/connections/{provider}": "account:write",
  "get /api/v0/data/owner": "data:read",
  "get /api/v0/data/calendar": "data:read",
  "get /api/v0/data/listening": "data:read",
  "get /api/v0/data/heart-rate": "data:read",
  "get /api/v0/data/body": "data:read",
  "get /api/v0/data/recorded": "data:read",
  "get /api/v0/data/totals": "data:read",
  "get /api/v0/data/listening/tops": "data:read",
  "get /api/v0/data/listening/summary": "data:read",
  "get /api/v0/data/search": "data:read",
  "get /api/v0/music/tracks": "music:read",
  "get /api/v0/music/playlists": "music:read",
  "get /api/v0/music/playlists/{id}/tracks": "music:read",
  "post /api/v0/music/playlists/{id}/tracks": "music:write",
  "get /api/v0/tokens": "admin",
  "post /api/v0/tokens": "admin",
  "delete /api/v0/tokens/{id}": "admin",
  "get /api/v0/sessions": "admin",
  "post /api/v0/sessions/links": "admin",
  "delete /api/v0/sessions/{id}": "admin",
  "get /api/v0/status": "system:read",
  "get /api/v0/doctor": "system:read",
  "get /api/v0/doctor/deep": "admin",
  "post /api/v0/reload": "admin",
  "get /api/v0/schema": "system:read",
  "get /api/v0/backup": "admin",
  "get /api/v0/schedules": "workflow.schedule:read",
  "get /api/v0/schedules/plan": "workflow.schedule:read",
  "get /api/v0/schedules/{id}": "workflow.schedule:read",
  "get /api/v0/schedules/{id}/ticks": "workflow.schedule:read",
  "put /api/v0/schedules/{id}": "workflow.schedule:write",
  "patch /api/v0/schedules/{id}": "workflow.schedule:write",
  "delete /api/v0/schedules/{id}": "workflow.schedule:write",
  "post /api/v0/schedules/{id}/pause": "workflow.schedule:write",
  "post /api/v0/schedules/{id}/resume": "workflow.schedule:write",
  "post /api/v0/schedules/{id}/trigger": "workflow.schedule:write",
  "post /api/v0/schedules/{id}/backfill": "workflow.schedule:write",
  "post /api/v0/schedules/migrate": "admin",
  "get /api/v0/events/runs": "workflow.run:read",
  "get /api/v0/events/schedules": "workflow.schedule:read",
  "post /api/v1/sync/batch": "workflow.run:write",
  "get /api/v1/sync/batch/{id}": "workflow.run:read",
  "get /api/v1/health/circuit-breakers": "system:read",
  "post /api/v1/health/circuit-breakers/{name}/reset": "admin",
  "get /api/v0/alerts": "system:read",
  "get /api/v0/alerts/sinks": "system:read",
  "post /api/v0/alerts/test": "admin",
  "get /api/v0/webhooks": "system:read",
  "get /api/v0/webhooks/{name}": "system:read",
  "get /api/v0/webhooks/{name}/deliveries": "system:read",
  "post /api/v0/webhooks/{name}/test": "admin",
  "post /api/v0/webhooks/{name}/replay": "admin",
  "post /api/v0/webhooks/{name}/enable": "admin",
  "post /api/v1/webhooks/{source}": "everybody",
  "get /api/v1/webhooks/{source}": "everybody",
  "get /api/v1/connections": "account:read",
  "get /api/v1/connections/{connection}/runs": "workflow.run:read",
  "post /api/v1/connections/{connection}/sync": "workflow.run:write",
  "post /api/v1/connections/{connection}/backfill": "workflow.run:write",
  "post /api/v1/connections/{connection}/release": "account:write",
  "get /api/v1/jobs": "admin",
  "get /api/v1/standing-jobs": "admin",
  "get /api/v1/jobs/{id}": "admin",
  "post /api/v1/jobs/{id}/cancel": "admin",
  "post /api/v1/jobs/{id}/retry": "admin",
  "post /api/v1/jobs/{id}/replay": "admin",
  "post /api/v1/jobs/purge": "admin",
  "post /api/v1/jobs/probe": "admin",
  "get /metrics": "system:read",
  "get /livez": "everybody",
  "get /readyz": "everybody",
  "get /health": "system:read",
  "get /healthz": "system:read"
}

type Headers = { readonly [name: string]: string }

const methods = ["get", "post", "put", "patch", "delete"] as const

const routes = Object.entries(document.paths).flatMap(([path, item]) =>
  methods.flatMap((method) => {
    const operation = item[method]
    return operation === undefined ? [] : [{ method, path, route: `${method} ${path}`, operation }]
  })
)

/** Whether somebody with that scope may, said again and otherwise than in the product. */
const may = (held: ApiScope, needed: ApiScope): boolean => {
  if (held === "admin") return true
  const [subject, deed] = held.split(":")
  const [wanted, asked] = needed.split(":")
  return subject === wanted && (deed === asked || (deed === "write" && asked === "read"))
}

const everyScope: ReadonlyArray<ApiScope> = [
  "workflow.schedule:read",
  "workflow.schedule:write",
  "workflow.run:read",
  "workflow.run:write",
  "account:read",
  "account:write",
  "data:read",
  "data:write",
  "system:read",
  "admin"
]

layer(behind({ requestsPerMinute: 0 }))("the authorization matrix", (it) => {
  it("has a row for every route of the document, and no other", () => {
    assert.deepStrictEqual(routes.map(({ route }) => route).toSorted(), Object.keys(rows).toSorted())
  })

  it.effect("every route lets in whom its row says, and nobody else", () =>
    Effect.gen(function*() {
      const ask = yield* handler
      const tokens = yield* ApiTokens
      yield* TestClock.setTime(DateTime.makeUnsafe("2026-11-26T00:00:00Z").epochMilliseconds)
      const bearer = (secret: Redacted.Redacted<string>) => ({ authorization: `Bearer ${Redacted.value(secret)}` })
      const issue = (scopes: ReadonlyArray<ApiScope>, expiresAt: Option.Option<DateTime.Utc> = Option.none()) =>
        Effect.map(tokens.create({ name: scopes.join(), scopes, expiresAt }), ({ secret }) => bearer(secret))
      const soon = DateTime.makeUnsafe((yield* Clock.currentTimeMillis) + 1000)
      const expired = yield* issue(["admin"], Option.some(soon))
      const former = yield* tokens.create({ name: "former", scopes: ["admin"], expiresAt: Option.none() })
      const revoked = bearer(former.secret)
      assert.isTrue(yield* tokens.revoke(former.token.id))
      yield* TestClock.adjust("2 seconds")
      const held = yield* Effect.forEach(
        everyScope,
        (scope) => Effect.map(issue([scope]), (headers) => ({ scope, headers }))
      )
      const sessions = yield* Sessions
      const { server: { port } } = yield* CurrentConfig
      const cookie = (secret: Redacted.Redacted<string>) => ({
        cookie: `glider_session_${port}=${Redacted.value(secret)}`
      })
      const signedIn = cookie((yield* sessions.create("a test")).secret)
      const left = yield* sessions.create("left")
      assert.isTrue(yield* sessions.end(left.session.id))
      /** What a page of this server sends along. */
      const ours = { host: "glider.invalid", origin: "http://glider.invalid", "sec-fetch-site": "same-origin" }
      const strangers: ReadonlyArray<Headers> = [
        {},
        { authorization: "" },
        { authorization: "Bearer" },
        { authorization: "Bearer glider_wrong" },
        { authorization: "Basic YWRtaW46YWRtaW4=" },
        { cookie: "glider_session_1=guess" },
        { ...cookie(Redacted.make("guess")), ...ours },
        { ...cookie(left.secret), ...ours },
        { ...signedIn, ...ours, authorization: "Bearer glider_wrong" }, // the token counts
        expired,
        revoked
      ]
      let cells = 0
      for (const { method, operation, path, route } of routes) {
        const needed = rows[route] ?? "admin"
        // nothing that is there, and no body that is one: what is let in fails later, and does nothing
        const target = path.replaceAll("{provider}", "none").replaceAll("{name}", "none").replaceAll(/\{\w+\}/g, "none")
        const cell = Effect.fnUntraced(function*(headers: Headers, expected: number) {
          cells++
          const body = method === "post" ? { body: "[]" } : {}
          const answer = yield* ask(target, {
            method: method.toUpperCase(),
            headers: { "content-type": "application/json", ...headers },
            ...body
          })
          const who = `${route}, ${JSON.stringify(headers).slice(0, 40)}: ${answer.body}`
          if (expected === 200) assert.notInclude([401, 403, 405, 421, 429], answer.status, who)
          else {
            assert.strictEqual(answer.status, expected, who)
            const problem = yield* Schema.decodeEffect(Schema.fromJsonString(Problem))(answer.body)
            assert.strictEqual(problem.code, expected === 401 ? "unauthorized" : "insufficient_scope")
            if (expected === 403) assert.include(answer.headers.get("www-authenticate") ?? "", `scope="${needed}"`)
          }
        })
        for (const headers of strangers) yield* cell(headers, needed === "everybody" ? 200 : 401)
        for (const { headers, scope } of held) {
          yield* cell(headers, needed === "everybody" || may(scope, needed) ? 200 : 403)
        }
        yield* cell(yield* local, 200)
        yield* cell({ ...signedIn, ...ours }, 200)
        assert.deepStrictEqual(
          Reflect.get(operation, "x-required-scope"),
          needed === "everybody" ? undefined : needed,
          route
        )
      }
      assert.isAbove(cells, 400)
    }))
})

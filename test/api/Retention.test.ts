import { assert, layer } from "@effect/vitest"
import { DateTime, Effect, Schema } from "effect"
import { TestClock } from "effect/testing"
import { RetentionAuditPage, RetentionDone } from "../../src/api/RetentionMessages.ts"
import { LegalHold } from "../../src/domain/Evidence.ts"
import { Surreal } from "../../src/services/Surreal.ts"
import { deliveryRow } from "../../src/store/Outbox.ts"
import { handler, local, Problem } from "./Handled.ts"
import { behind } from "./Served.ts"

const now = DateTime.makeUnsafe("2026-11-24T03:00:00Z")

const read = <S extends Schema.Top>(schema: S, body: string) =>
  Schema.decodeUnknownEffect(Schema.fromJsonString(schema))(body)

const asking = Effect.gen(function*() {
  const ask = yield* handler
  const headers = { ...yield* local, "content-type": "application/json" }
  return (method: string, path: string, body?: object) =>
    ask(`/api/v1/retention${path}`, { method, headers, ...body === undefined ? {} : { body: JSON.stringify(body) } })
})

layer(behind({ requestsPerMinute: 0 }))("/api/v1/retention", (it) => {
  it.effect("counts, holds, removes and tells what it has removed", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(now.epochMilliseconds)
      const surreal = yield* Surreal
      const at = DateTime.subtract(now, { days: 60 })
      yield* surreal.execute("INSERT INTO webhook_outbox $rows RETURN NONE", {
        rows: ["evt_1", "evt_2"].map((id) => ({
          ...deliveryRow({ id, type: "run.failed", subject: "r", at, data: "{}" }, "home"),
          status: "published",
          published_at: at.epochMilliseconds
        }))
      })
      const ask = yield* asking
      const dry = yield* read(RetentionDone, (yield* ask("POST", "/run", { dry_run: true })).body)
      // what providers sent is kept for good, as nobody says otherwise
      assert.deepStrictEqual(dry.kinds.map(({ kind, left }) => [kind, left]), [
        ["run", 0],
        ["tick", 0],
        ["delivery", 2],
        ["message", 0],
        ["audit", 0]
      ])
      const order = { kind: "delivery", subject: "home/evt_1", reason: "a dispute" }
      const hold = yield* read(LegalHold, (yield* ask("POST", "/holds", order)).body)
      const done = yield* read(RetentionDone, (yield* ask("POST", "/run", { kinds: ["delivery"] })).body)
      assert.deepInclude(done.kinds[0], { deleted: 1, verified: 1, skipped_legal_hold: 1 })
      assert.deepStrictEqual(yield* read(Schema.Array(LegalHold), (yield* ask("GET", "/holds")).body), [hold])
      const rest = "/holds?after_kind=delivery&after_subject=home/evt_1"
      assert.strictEqual((yield* ask("GET", rest)).body, "[]")
      const { records } = yield* read(RetentionAuditPage, (yield* ask("GET", "/audit")).body)
      assert.deepStrictEqual(records.map(({ action, subjects }) => [action, subjects]), [
        ["retention_deleted", ["home/evt_2"]]
      ])
      const query = "?kind=delivery&subject=home/evt_1"
      assert.strictEqual((yield* ask("DELETE", `/holds${query}`)).status, 200)
      assert.strictEqual((yield* ask("DELETE", `/holds${query}`)).status, 404)
    }))

  it.effect("holds nothing that is not there, and nothing immutable without an end; and ends no such hold before it", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(now.epochMilliseconds)
      const ask = yield* asking
      const hold = (more: object) => ask("POST", "/holds", { kind: "run", subject: "*", reason: "", ...more })
      assert.strictEqual((yield* hold({ subject: "none" })).status, 404)
      assert.strictEqual((yield* ask("GET", "/holds")).body, "[]")
      for (const more of [{ immutable: true }, { until: "2026-11-24T03:00:00Z" }]) {
        const { body, status } = yield* hold(more)
        assert.strictEqual(status, 400)
        assert.deepStrictEqual((yield* read(Problem, body)).details?.map(({ pointer }) => pointer), ["/payload/until"])
      }
      assert.strictEqual((yield* hold({ immutable: true, until: "2026-12-24T03:00:00Z" })).status, 200)
      assert.strictEqual((yield* hold({})).status, 409)
      const { body, status } = yield* ask("DELETE", "/holds?kind=run&subject=*")
      assert.strictEqual(status, 409)
      assert.include(body, "run * is held by a hold that nobody can change, until 2026-12-24T03:00:00.000Z.")
      for (const limit of [0, 10_001]) assert.strictEqual((yield* ask("POST", "/run", { limit })).status, 400)
    }))
})

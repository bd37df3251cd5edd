import { assert, layer } from "@effect/vitest"
import { DateTime, Effect, Layer, Option, Schema } from "effect"
import { Connector, ConnectorBackfilled, ConnectorQueued, ConnectorRun } from "../../src/api/ConnectorMessages.ts"
import { type Run, SyncReport } from "../../src/domain/Run.ts"
import { RunControl } from "../../src/engine/RunControl.ts"
import { Jobs } from "../../src/jobs/Jobs.ts"
import { Surreal } from "../../src/services/Surreal.ts"
import { recordId } from "../../src/services/SurrealValue.ts"
import { Connections } from "../../src/store/Connections.ts"
import { Runs } from "../../src/store/Runs.ts"
import { SourceRuns } from "../../src/store/SourceRuns.ts"
import * as ConnectorBackfill from "../../src/workflows/ConnectorBackfill.ts"
import { connectorSync } from "../../src/workflows/ConnectorSync.ts"
import { connected, idOf } from "../connections/SweepWorld.ts"
import { handler, local, Problem } from "./Handled.ts"
import { behind } from "./Served.ts"

const problemOf = Schema.decodeEffect(Schema.fromJsonString(Problem))
const decode = <S extends Schema.Codec<unknown, unknown>>(schema: S) =>
  Schema.decodeEffect(Schema.fromJsonString(schema))

/** Backfills whose weeks are fetched at once and bring nothing. */
const served = ConnectorBackfill.layer.pipe(
  Layer.provideMerge(connectorSync.toLayer(() => Effect.succeed(SyncReport.empty))),
  Layer.provideMerge(Connections.layer),
  Layer.provideMerge(behind({ requestsPerMinute: 0 }))
)

const asked = Effect.gen(function*() {
  const ask = yield* handler
  const headers = { ...yield* local, "content-type": "application/json" }
  const post = (path: string, body: Schema.Json = {}) =>
    ask(`/api/v1/connections${path}`, { method: "POST", headers, body: JSON.stringify(body) })
  return { get: (path: string) => ask(`/api/v1/connections${path}`, { headers }), post }
})

const ring = "oura:me"

const account = Effect.gen(function*() {
  yield* connected([undefined, "work"])
  yield* (yield* Surreal).execute("INSERT INTO connection $row RETURN NONE", {
    row: {
      id: recordId("connection", [ring]),
      provider: "oura",
      user_id: "me",
      state: "connected",
      scopes: [],
      connected_at: DateTime.makeUnsafe(0),
      token_version: 1
    }
  })
})

layer(Layer.provideMerge(Layer.effectDiscard(account), served))("api/connections", (it) => {
  it.effect("lists the accounts with their health, and the syncs of each", () =>
    Effect.gen(function*() {
      const { get } = yield* asked
      const all = yield* decode(Schema.Array(Connector))((yield* get("")).body)
      assert.deepStrictEqual(
        all.map(({ id, name }) => [id, Option.getOrNull(name)]).toSorted(),
        [["oura:me", null], ["spotify:main", null], ["spotify:work", "work"]]
      )
      assert.strictEqual(all.find(({ id }) => id === "spotify:work")?.health.status, "waiting")
      yield* (yield* Surreal).execute("INSERT INTO source_sync_run $row", {
        row: {
          id: recordId("source_sync_run", ["run1"]),
          connection: idOf("work"),
          run_kind: "manual",
          status: "completed",
          checkpoint_before: "{\"streams\":{},\"watermark\":null}",
          records: 3,
          bytes: 7,
          started_at: 1,
          finished_at: 2,
          recency: -2
        }
      })
      for (const name of ["work", "spotify:work"]) {
        const runs = yield* decode(Schema.Array(ConnectorRun))((yield* get(`/${name}/runs?limit=5`)).body)
        assert.deepStrictEqual(runs.map(({ records, run_id }) => [run_id, records]), [["run1", 3]])
      }
      assert.lengthOf(JSON.parse((yield* get("/spotify/runs")).body), 0)
      assert.strictEqual((yield* get("/work/runs?limit=0")).status, 400)
    }))

  it.effect("gives a sync that a person asks for as a job, and releases an account once", () =>
    Effect.gen(function*() {
      const { post } = yield* asked
      const answer = yield* post("/work/sync")
      assert.strictEqual(answer.status, 202)
      const { connection, job_id } = yield* decode(ConnectorQueued)(answer.body)
      assert.strictEqual(connection, idOf("work"))
      const job = yield* (yield* Jobs).get(job_id)
      assert.deepInclude(job.payload, { connection: "spotify:work", kind: "manual" })

      yield* (yield* SourceRuns).quarantine(idOf("work"), 1_000_000_000_000_000)
      assert.deepStrictEqual(JSON.parse((yield* post("/work/release")).body), {
        connection: "spotify:work",
        released: true
      })
      assert.include((yield* post("/work/release")).body, "\"released\":false")
    }))

  it.effect("starts a backfill, and says what cannot be fetched of which account", () =>
    Effect.gen(function*() {
      const { post } = yield* asked
      const from = "2026-01-01T00:00:00Z"
      const stretch = { from, to: "2026-01-15T00:00:00Z" }
      const answer = yield* post("/oura/backfill", stretch)
      assert.strictEqual(answer.status, 202, answer.body)
      const { run_id, windows } = yield* decode(ConnectorBackfilled)(answer.body)
      assert.strictEqual(windows, 2)
      const run = Option.getOrThrow(yield* (yield* Runs).get(run_id))
      assert.strictEqual(run.workflow, "connector_backfill")
      const pointers = Effect.fnUntraced(function*(path: string, body: Schema.Json) {
        const refused = yield* post(path, body)
        assert.strictEqual(refused.status, 400, refused.body)
        return (yield* problemOf(refused.body)).details?.map(({ pointer }) => pointer)
      })
      assert.deepStrictEqual(yield* pointers("/spotify/backfill", stretch), ["/params/connection"])
      assert.deepStrictEqual(yield* pointers("/oura/backfill", { ...stretch, streams: ["steps"] }), [
        "/payload/streams"
      ])
      assert.deepStrictEqual(yield* pointers("/oura/backfill", { from, to: from }), ["/payload/to"])
      assert.deepStrictEqual(yield* pointers("/oura/backfill", { ...stretch, from: "1700-01-01T00:00:00Z" }), [
        "/payload/from"
      ])
    }))

  it.effect("ends a backfill when any of its runs is cancelled", () =>
    Effect.gen(function*() {
      const { post } = yield* asked
      const control = yield* RunControl
      const runs = yield* Runs
      const isOver = (run: Option.Option<Run>) => Option.exists(run, ({ finishedAt }) => Option.isSome(finishedAt))
      for (const month of ["02", "03"]) {
        // rests for an hour after the first week
        const stretch = { from: `2026-${month}-01T00:00:00Z`, to: `2026-${month}-15T00:00:00Z`, pause_seconds: 3600 }
        const { run_id } = yield* decode(ConnectorBackfilled)((yield* post("/oura/backfill", stretch)).body)
        const part = `${run_id}.part1`
        yield* Effect.repeat(runs.get(`${part}.w1.1`), { until: isOver })
        assert.isTrue(yield* control.cancel(month === "02" ? run_id : part, "safe"))
        for (const run of [run_id, part]) yield* Effect.repeat(runs.get(run), { until: isOver })
        const statuses = yield* runs.statuses([run_id, part, `${part}.w2.1`])
        assert.deepStrictEqual(Object.fromEntries(statuses), { [run_id]: "cancelled", [part]: "cancelled" })
      }
    }))

  it.effect("knows no account that nobody connected", () =>
    Effect.gen(function*() {
      const { get, post } = yield* asked
      const from = { from: "2026-01-01T00:00:00Z" }
      const answers = [
        yield* get("/nobody/runs"),
        yield* post("/nobody/sync"),
        yield* post("/nobody/release"),
        yield* post("/nobody/backfill", from)
      ]
      for (const { body, status } of answers) {
        assert.strictEqual(status, 404)
        assert.include((yield* problemOf(body)).detail, "nobody")
      }
    }))
})

import { assert, layer } from "@effect/vitest"
import { DateTime, Effect, Layer, Option, Schema } from "effect"
import { TestClock } from "effect/testing"
import { Run, RunError, StreamCounts, SyncReport } from "../../src/domain/Run.ts"
import type { TaskName } from "../../src/domain/Task.ts"
import { Surreal } from "../../src/services/Surreal.ts"
import { Runs } from "../../src/store/Runs.ts"
import { storeTest } from "../support/StoreTest.ts"

const run = (id: string, task: TaskName, startedAt: string, fields: Partial<Run> = {}): Run =>
  new Run({
    id,
    task,
    trigger: "schedule",
    status: "running",
    startedAt: DateTime.makeUnsafe(startedAt),
    finishedAt: Option.none(),
    error: Option.none(),
    report: SyncReport.empty,
    ...fields
  })

const all = { task: Option.none(), status: Option.none(), before: Option.none(), limit: 500 }

layer(Runs.layer.pipe(Layer.provideMerge(storeTest)))("store/Runs", (it) => {
  it.effect("keeps every run and the last state of its task", () =>
    Effect.gen(function*() {
      const runs = yield* Runs
      const surreal = yield* Surreal
      const ended = run("s:1", "spotify", "2026-01-01T00:00:00Z", {
        status: "partial",
        finishedAt: Option.some(DateTime.makeUnsafe("2026-01-01T00:00:05Z")),
        error: Option.some(
          new RunError({ tag: "Forbidden", message: "no scope", fix: Option.some("glider auth oura") })
        ),
        report: new SyncReport({
          pages: 2,
          streams: { plays: new StreamCounts({ ...StreamCounts.none, read: 50, created: 50 }) },
          errors: {}
        })
      })
      yield* runs.started(run("s:1", "spotify", "2026-01-01T00:00:00Z"))
      yield* runs.finished(ended)
      assert.deepStrictEqual(yield* runs.get("s:1"), Option.some(ended))
      assert.deepStrictEqual(yield* runs.get("s:2"), Option.none())
      assert.deepStrictEqual(
        yield* surreal.query(
          Schema.Array(Schema.Unknown),
          "SELECT VALUE [record::id(id), task, last_status, last_error] FROM sync_runs"
        ),
        [["spotify", "spotify", "partial", "no scope"]]
      )
      assert.sameMembers(
        [
          ...yield* surreal.query(
            Schema.Array(Schema.String),
            "RETURN object::keys(SELECT * OMIT id FROM ONLY sync_runs:spotify)"
          )
        ],
        ["task", "last_started_at", "last_finished_at", "last_status", "last_error"]
      )
    }))

  it.effect("marks what a dead process left running as interrupted", () =>
    Effect.gen(function*() {
      const runs = yield* Runs
      yield* runs.started(run("g:1", "google_calendar", "2026-02-01T00:00:00Z"))
      yield* TestClock.setTime(DateTime.makeUnsafe("2026-02-02T00:00:00Z").epochMilliseconds)
      assert.strictEqual(yield* runs.recover, 1)
      assert.strictEqual(yield* runs.recover, 0)
      const [left] = yield* runs.list({ ...all, task: Option.some("google_calendar" as const) })
      assert.strictEqual(left?.status, "interrupted")
      assert.deepStrictEqual(left?.finishedAt, Option.some(DateTime.makeUnsafe("2026-02-02T00:00:00Z")))
    }))

  it.effect("keeps the last state of a task when an older run is told to be over", () =>
    Effect.gen(function*() {
      const runs = yield* Runs
      const surreal = yield* Surreal
      yield* runs.started(run("h:1", "oura_heartrate", "2026-04-01T00:00:00Z"))
      yield* runs.finished(run("h:2", "oura_heartrate", "2026-04-01T01:00:00Z", { status: "completed" }))
      yield* runs.recover
      assert.deepStrictEqual(
        yield* surreal.query(Schema.Array(Schema.String), "SELECT VALUE last_status FROM sync_runs:oura_heartrate"),
        ["completed"]
      )
    }))

  it.effect("loses no run at the end of a page, also within one second and after a long pause", () =>
    Effect.gen(function*() {
      const runs = yield* Runs
      const starts = [
        "2026-05-01T10:00:00Z",
        "2026-05-01T10:00:00.500Z",
        "2026-05-01T10:00:01Z",
        "2026-05-01T10:00:01.250Z",
        "2025-01-01T00:00:00Z"
      ]
      for (const start of starts) yield* runs.finished(run(start, "oura_full", start, { status: "completed" }))
      const listed: Array<string> = []
      let before = Option.none<DateTime.Utc>()
      for (;;) {
        const page = yield* runs.list({ ...all, task: Option.some("oura_full"), before, limit: 1 })
        const [last] = page
        if (last === undefined) break
        listed.push(last.id)
        before = Option.some(last.startedAt)
      }
      assert.deepStrictEqual(listed, starts.toSorted((a, b) => Date.parse(b) - Date.parse(a)))
    }))

  it.effect("lists newest first, page by page, filtered", () =>
    Effect.gen(function*() {
      const runs = yield* Runs
      for (let hour = 0; hour < 5; hour++) {
        yield* runs.finished(run(`o:${hour}`, "oura", `2026-03-01T0${hour}:00:00Z`, {
          status: hour === 2 ? "failed" : "completed"
        }))
      }
      const ids = (filter: Partial<typeof all> & object) =>
        Effect.map(runs.list({ ...all, task: Option.some("oura" as const), ...filter }), (list) =>
          list.map(({ id }) => id))
      assert.deepStrictEqual(yield* ids({ limit: 2 }), ["o:4", "o:3"])
      assert.deepStrictEqual(
        yield* Effect.map(
          runs.list({
            ...all,
            task: Option.some("oura"),
            before: Option.some(DateTime.makeUnsafe("2026-03-01T03:00:00Z")),
            limit: 2
          }),
          (list) =>
            list.map(({ id }) => id)
        ),
        ["o:2", "o:1"]
      )
      assert.deepStrictEqual(
        yield* Effect.map(runs.list({ ...all, status: Option.some("failed") }), (list) => list.map(({ id }) => id)),
        ["o:2"]
      )
      assert.deepStrictEqual((yield* runs.newest).filter(({ task }) => task === "oura").map(({ id }) => id), ["o:4"])
    }))
})

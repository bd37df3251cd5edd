import { assert, layer } from "@effect/vitest"
import { Effect, Layer, Schema } from "effect"
import { Surreal } from "../../src/services/Surreal.ts"
import { runOfRow } from "../../src/store/RunColumns.ts"
import { SyncRuns } from "../../src/store/SyncRuns.ts"
import { commitRows, open, runRow, runsTest } from "../support/RunRows.ts"

const last = (task: string) =>
  Effect.flatMap(Surreal, (surreal) =>
    surreal.query(
      Schema.Unknown,
      "SELECT VALUE [last_status, last_error, <string> last_started_at, last_finished_at = NONE] FROM sync_runs " +
        "WHERE task = $task",
      { task }
    ))

layer(SyncRuns.layer.pipe(Layer.provideMerge(runsTest)))("store/SyncRuns", (it) => {
  it.effect("keeps the last state of each task in five fields", () =>
    Effect.gen(function*() {
      const syncRuns = yield* SyncRuns
      const surreal = yield* Surreal
      const row = runRow("s:1", "2026-01-01T00:00:00Z", {
        state: "partial",
        error: { tag: "Forbidden", message: "no scope", fix: "glider auth oura" }
      })
      yield* syncRuns.record(runOfRow({ ...row, ...open, error: undefined }))
      assert.deepStrictEqual(yield* last("spotify"), [["running", undefined, "2026-01-01T00:00:00Z", true]])
      yield* syncRuns.record(runOfRow(row))
      assert.deepStrictEqual(yield* last("spotify"), [["partial", "no scope", "2026-01-01T00:00:00Z", false]])
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

  it.effect("does not let a run that is over hide one that began after it", () =>
    Effect.gen(function*() {
      const syncRuns = yield* SyncRuns
      const later = runRow("o:2", "2026-04-01T01:00:00Z", { workflow: "oura", ...open })
      yield* syncRuns.record(runOfRow(later))
      yield* syncRuns.record(runOfRow(runRow("o:1", "2026-04-01T00:00:00Z", { workflow: "oura", state: "failed" })))
      assert.deepStrictEqual(yield* last("oura"), [["running", undefined, "2026-04-01T01:00:00Z", true]])
    }))

  it.effect("sets right what still says running after the process has ended", () =>
    Effect.gen(function*() {
      const syncRuns = yield* SyncRuns
      const row = runRow("h:1", "2026-05-01T00:00:00Z", { workflow: "oura_heartrate" })
      yield* syncRuns.record(runOfRow({ ...row, ...open }))
      yield* commitRows({ ...row, state: "stopped", finishedAt: undefined })
      yield* syncRuns.refresh
      assert.deepStrictEqual(yield* last("oura_heartrate"), [["interrupted", undefined, "2026-05-01T00:00:00Z", true]])
    }))
})

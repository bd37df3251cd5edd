import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect, Option } from "effect"
import { WorkflowEngine } from "effect/workflow"
import { connectionId } from "../../src/domain/Connection.ts"
import { RunControl } from "../../src/engine/RunControl.ts"
import { Runs } from "../../src/store/Runs.ts"
import { SourceRuns } from "../../src/store/SourceRuns.ts"
import {
  backfillId,
  type BackfillPayload,
  connectorBackfill,
  windowsIn
} from "../../src/workflows/ConnectorBackfill.ts"
import { furtherAccount, live, signIn, sync, tasks, world } from "../support/World.ts"
import { further } from "./Support.ts"

const start = "2026-06-01T08:00:00Z"
const utc = (text: string) => DateTime.makeUnsafe(text)

const backfilled = Effect.fnUntraced(function*(payload: BackfillPayload) {
  const engine = yield* WorkflowEngine.WorkflowEngine
  return yield* engine.execute(connectorBackfill, {
    executionId: yield* connectorBackfill.executionId(payload),
    payload
  })
})

const stretch = (connection: BackfillPayload["connection"], from: string, to: string): BackfillPayload => ({
  connection,
  from: utc(from),
  to: utc(to),
  streams: [],
  pauseMillis: 0,
  first: 0
})

const days = (table: string, where: string, vars: Record<string, unknown>) =>
  Effect.map(live(table, where, vars), (rows) => rows.length)

describe("a backfill", () => {
  it.effect("fetches the weeks before what syncs read, once, and moves no cursor", () =>
    Effect.gen(function*() {
      const runs = yield* SourceRuns
      const main = yield* signIn("google")
      assert.strictEqual((yield* sync(tasks.google_calendar)).status, "completed")
      const before = "time_start < $before"
      const vars = { before: utc("2026-04-01T00:00:00Z") }
      const known = yield* days("google_calendar_events", before, vars)
      const [synced] = yield* runs.list(main.id, 1)
      const payload = stretch(main.id, "2026-01-01T00:00:00Z", "2026-04-01T00:00:00Z")
      assert.deepStrictEqual(yield* backfilled(payload), { windows: 13, isLast: true })
      const fetched = yield* days("google_calendar_events", before, vars)
      assert.isAbove(fetched, known + 50)
      const entries = yield* runs.list(main.id, 100)
      assert.lengthOf(entries.filter(({ kind }) => kind === "backfill"), 13)
      assert.deepStrictEqual(entries[0]?.after, synced?.after)
      // the same stretch is the same run
      yield* backfilled(payload)
      assert.lengthOf(yield* runs.list(main.id, 100), entries.length)
      assert.strictEqual(yield* days("google_calendar_events", before, vars), fetched)
    }).pipe(Effect.provide(world({ start }))))

  it.effect("of many weeks goes on as another run, so that no history grows without end", () =>
    Effect.gen(function*() {
      const control = yield* RunControl
      const runs = yield* Runs
      const other = yield* further("oura", "second-ring")
      const payload = {
        ...stretch(other.id, "2025-10-01T00:00:00Z", "2026-05-28T00:00:00Z"),
        streams: ["daily_sleep"]
      }
      assert.strictEqual(windowsIn(payload), 35)
      assert.deepStrictEqual(yield* backfilled(payload), { windows: 25, isLast: false })
      const rest = yield* connectorBackfill.executionId({ ...payload, first: 25 })
      const ended = Option.getOrThrow(yield* control.ended(rest))
      assert.strictEqual(ended.state, "completed", JSON.stringify(ended.error))
      const history = Option.getOrThrow(yield* runs.history(yield* connectorBackfill.executionId(payload)))
      assert.isBelow(history.entries.length, 120)
      const nights = yield* live("oura_daily_sleep", "record::id(id)[0] = $id", { id: other.id })
      assert.isAbove(nights.length, 150)
    }).pipe(Effect.provide(world({ start, connections: [furtherAccount("work", "oura")] }))))

  it.effect("of what a provider no longer gives is refused with what to do instead", () =>
    Effect.gen(function*() {
      const main = yield* signIn("spotify")
      const oura = yield* signIn("oura")
      const error = yield* Effect.flip(backfilled(stretch(main.id, "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z")))
      assert.include(error.message, "import its streaming history")
      const unknown = { ...stretch(oura.id, "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"), streams: ["steps"] }
      assert.include((yield* Effect.flip(backfilled(unknown))).message, "Oura has no data type steps")
    }).pipe(Effect.provide(world({ start }))))

  it("is of whole weeks but the last, and bears one name for one stretch", () => {
    const payload = stretch(connectionId("oura", "x"), "2026-01-01T00:00:00Z", "2026-01-16T00:00:00Z")
    assert.strictEqual(windowsIn(payload), 3)
    assert.strictEqual(windowsIn({ ...payload, to: payload.from }), 0)
    assert.notStrictEqual(backfillId(payload), backfillId({ ...payload, streams: ["sleep"] }))
    assert.strictEqual(
      backfillId({ ...payload, streams: ["sleep", "workout"] }),
      backfillId({ ...payload, streams: ["workout", "sleep"] })
    )
  })
})

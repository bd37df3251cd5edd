import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect, Layer, Option } from "effect"
import { WorkflowEngine } from "effect/workflow"
import { connectionId } from "../../src/domain/Connection.ts"
import { parse } from "../../src/domain/RunQuery.ts"
import { RunControl } from "../../src/engine/RunControl.ts"
import { Sandbox } from "../../src/sandbox/Sandbox.ts"
import { Runs } from "../../src/store/Runs.ts"
import { SourceRuns } from "../../src/store/SourceRuns.ts"
import { BackfillIntake } from "../../src/workflows/BackfillIntake.ts"
import { backfillKey, type BackfillPayload, partId, windowsIn } from "../../src/workflows/BackfillStretch.ts"
import { connectorBackfill } from "../../src/workflows/ConnectorBackfill.ts"
import { Retries } from "../../src/workflows/Retries.ts"
import { furtherAccount, live, signIn, sync, tasks, world } from "../support/World.ts"
import { further } from "./Support.ts"

const intake = BackfillIntake.layer.pipe(Layer.provideMerge(Retries.layer))

const start = "2026-06-01T08:00:00Z"
const utc = (text: string) => DateTime.makeUnsafe(text)

const backfilled = Effect.fnUntraced(function*(payload: BackfillPayload) {
  const engine = yield* WorkflowEngine.WorkflowEngine
  return yield* engine.execute(connectorBackfill, {
    executionId: backfillKey(payload),
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
      assert.deepStrictEqual(yield* backfilled(payload), { windows: 13 })
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

  it.effect("of many weeks is made of parts, so that no history grows without end, and one search finds them all", () =>
    Effect.gen(function*() {
      const runs = yield* Runs
      const other = yield* further("oura", "second-ring")
      const payload = {
        ...stretch(other.id, "2025-10-01T00:00:00Z", "2026-05-28T00:00:00Z"),
        streams: ["daily_sleep"]
      }
      const key = backfillKey(payload)
      assert.strictEqual(windowsIn(payload), 35)
      assert.deepStrictEqual(yield* backfilled(payload), { windows: 35 })
      const history = Option.getOrThrow(yield* runs.history(partId(key, 0)))
      assert.isBelow(history.entries.length, 120)
      const nights = yield* live("oura_daily_sleep", "record::id(id)[0] = $id", { id: other.id })
      assert.isAbove(nights.length, 150)
      const entries = yield* (yield* SourceRuns).list(other.id, 100)
      assert.include(entries.map(({ run }) => run), `${key}.part2.w35.1`)
      const query = Option.some(yield* Effect.fromResult(parse(`backfill = "${key}"`)))
      const found = yield* runs.list({ query, after: Option.none(), limit: 500 })
      assert.lengthOf(found.runs, 38)
    }).pipe(Effect.provide(world({ start, connections: [furtherAccount("work", "oura")] }))))

  it.effect("that failed is gone on with by another run, and one that is done is made again only when that is said", () =>
    Effect.gen(function*() {
      const control = yield* RunControl
      const intake = yield* BackfillIntake
      const runs = yield* Runs
      const sandbox = yield* Sandbox
      const ring = yield* signIn("oura")
      const payload = { ...stretch(ring.id, "2026-03-01T00:00:00Z", "2026-03-15T00:00:00Z"), streams: ["daily_sleep"] }
      const key = backfillKey(payload)
      const ended = Effect.fnUntraced(function*(id: string) {
        yield* control.ended(id)
        return Option.getOrThrow(yield* runs.get(id)).status
      })
      yield* sandbox.tokens.revokeTokens("oura")
      yield* sandbox.tokens.expireAccessTokens("oura")
      assert.strictEqual(yield* intake.start(payload, false), key)
      assert.strictEqual(yield* ended(key), "failed")
      yield* signIn("oura")
      assert.strictEqual(yield* intake.start(payload, false), `${key}~2`)
      assert.strictEqual(yield* ended(`${key}~2`), "completed")
      assert.strictEqual(yield* intake.start(payload, false), `${key}~2`)
      assert.strictEqual(yield* intake.start(payload, true), `${key}~3`)
      assert.strictEqual(yield* ended(`${key}~3`), "completed")
      assert.strictEqual(yield* (yield* Retries).retry(`${key}~3`, Option.none()), `${key}~4`)
      assert.strictEqual(yield* ended(`${key}~4`), "completed")
      assert.lengthOf(yield* (yield* SourceRuns).list(ring.id, 100), 7)
    }).pipe(Effect.provide(intake), Effect.provide(world({ start }))))

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
    assert.notStrictEqual(backfillKey(payload), backfillKey({ ...payload, streams: ["sleep"] }))
    assert.strictEqual(
      backfillKey({ ...payload, streams: ["sleep", "workout"] }),
      backfillKey({ ...payload, streams: ["workout", "sleep"] })
    )
  })
})

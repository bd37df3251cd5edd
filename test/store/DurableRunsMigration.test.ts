import { assert, it } from "@effect/vitest"
import { DateTime, Effect, Layer, Option, Result, Schema } from "effect"
import { anyDeadLetter } from "../../src/domain/DeadLetter.ts"
import { RunError, StreamCounts, SyncReport } from "../../src/domain/Run.ts"
import { parse } from "../../src/domain/RunQuery.ts"
import { RunJournal } from "../../src/engine/JournalSurreal.ts"
import { Surreal } from "../../src/services/Surreal.ts"
import { recordId } from "../../src/services/SurrealValue.ts"
import { DeadLetters } from "../../src/store/DeadLetters.ts"
import { Migrations } from "../../src/store/Migrations.ts"
import { syncedTables } from "../../src/store/migrations/0001_synced_tables.ts"
import { runs } from "../../src/store/migrations/0002_runs.ts"
import { connections } from "../../src/store/migrations/0003_connections.ts"
import { providerGates } from "../../src/store/migrations/0004_provider_gates.ts"
import { Runs } from "../../src/store/Runs.ts"
import { commitRows, pages, runRow } from "../support/RunRows.ts"
import { surrealTest } from "../support/StoreTest.ts"

const report = new SyncReport({
  pages: 2,
  streams: { plays: new StreamCounts({ ...StreamCounts.none, read: 50, created: 50 }) },
  errors: { events: new RunError({ tag: "Forbidden", message: "no scope", fix: Option.some("glider auth google") }) }
})
const error = new RunError({ tag: "Unavailable", message: "down", fix: Option.none() })

const at = (text: string) => DateTime.makeUnsafe(text)

/** A run as it was stored before the durable engine. */
const formerRun = (id: string, task: string, status: string, startedAt: string, fields: object = {}) => ({
  id: recordId("run", [id]),
  task,
  status,
  trigger: "schedule",
  started_at: at(startedAt),
  finished_at: undefined,
  error: undefined,
  report: Schema.encodeSync(SyncReport)(SyncReport.empty),
  ...fields
})

/** A store that a glider of before the durable engine has left. */
const former = Effect.gen(function*() {
  const surreal = yield* Surreal
  yield* surreal.execute("DEFINE TABLE IF NOT EXISTS migration SCHEMALESS")
  for (const { name, number, statements } of [syncedTables, runs, connections, providerGates]) {
    yield* surreal.transaction([
      ...statements.map((sql) => ({ sql })),
      { sql: "CREATE type::record('migration', $number) SET number = $number, name = $name", vars: { number, name } }
    ])
  }
  yield* surreal.execute("INSERT INTO run $rows RETURN NONE", {
    rows: [
      formerRun("spotify@1", "spotify", "partial", "2026-10-01T00:00:00.250Z", {
        finished_at: at("2026-10-01T00:00:05Z"),
        error: Schema.encodeSync(RunError)(error),
        report: Schema.encodeSync(SyncReport)(report)
      }),
      formerRun("spotify@2", "spotify", "running", "2026-10-02T00:00:00Z"),
      formerRun("oura@1", "oura", "completed", "2026-10-01T12:00:00Z", {
        trigger: "manual",
        finished_at: at("2026-10-01T12:00:01Z")
      })
    ]
  })
  yield* surreal.execute("INSERT INTO quarantine $row RETURN NONE", {
    row: {
      id: recordId("quarantine", ["spotify:me", "plays", "h4sh"]),
      stream: "plays",
      connection: "spotify:me",
      problem: "no uri",
      raw: "{}",
      first_seen_at: at("2026-10-01T00:00:00Z"),
      last_seen_at: at("2026-10-02T00:00:00Z")
    }
  })
})

/** The services of today over the store of the surroundings, which they bring up to date first. */
const today = Layer.mergeAll(Runs.layer, DeadLetters.layer, RunJournal.layer).pipe(
  Layer.provideMerge(Layer.fresh(Migrations.layer))
)

const search = (text: string) =>
  Effect.map(pages(500, Option.some(Result.getOrThrow(parse(text)))), (listed) => listed.flat())

it.effect("runs of before the durable engine are listed, searched and shown like others", () =>
  Effect.gen(function*() {
    yield* former
    yield* Effect.gen(function*() {
      const runs = yield* Runs
      assert.strictEqual((yield* Migrations).applied[0]?.number, 5)
      assert.deepStrictEqual((yield* pages(2, Option.none())).flat(), ["spotify@2", "oura@1", "spotify@1"])
      assert.deepStrictEqual(yield* search("workflow = spotify and status = partial"), ["spotify@1"])
      assert.deepStrictEqual(
        yield* search("workflow = oura and not schedule = oura and trigger = manual and started = 2026-10-01"),
        ["oura@1"]
      )
      assert.deepStrictEqual(yield* search("error = Unavailable and finished > 2026-09-30"), ["spotify@1"])
      const partial = Option.getOrThrow(yield* runs.get("spotify@1"))
      assert.deepStrictEqual(partial.startedAt, at("2026-10-01T00:00:00.250Z"))
      assert.deepStrictEqual(partial.finishedAt, Option.some(at("2026-10-01T00:00:05Z")))
      assert.deepStrictEqual(partial.error, Option.some(error))
      assert.deepStrictEqual(partial.syncReport, report)
      assert.deepStrictEqual([partial.version, partial.attempt, partial.attributes], [1, 1, {}])
      assert.deepStrictEqual(Option.getOrThrow(yield* runs.history("spotify@1")).entries, [])
      assert.deepStrictEqual(
        yield* Effect.flatMap(Surreal, (surreal) =>
          surreal.query(Schema.Unknown, "RETURN array::sort(object::keys(SELECT * FROM ONLY run:['spotify@2']))")),
        "attempt attributes id recency report schedule started state trigger version workflow".split(" ")
      )
    }).pipe(Effect.provide(today))
  }).pipe(Effect.provide(surrealTest)))

it.effect("a run that the old glider left running is interrupted, and none waits to go on", () =>
  Effect.gen(function*() {
    yield* former
    yield* Effect.gen(function*() {
      const runs = yield* Runs
      const journal = yield* RunJournal
      const left = Option.getOrThrow(yield* runs.get("spotify@2"))
      assert.deepStrictEqual([left.state, left.status], ["interrupted", "interrupted"])
      assert.deepStrictEqual(yield* journal.unfinished("spotify"), [])
      yield* commitRows(runRow("spotify@3", "2026-10-03T00:00:00Z"))
      assert.deepStrictEqual((yield* runs.newest(["spotify", "oura"])).map(({ id }) => id), ["spotify@3", "oura@1"])
    }).pipe(Effect.provide(today))
  }).pipe(Effect.provide(surrealTest)))

it.effect("records that were quarantined before are in the queue of dead letters", () =>
  Effect.gen(function*() {
    yield* former
    yield* Effect.gen(function*() {
      const letters = yield* DeadLetters
      const { letters: [letter] } = yield* letters.list({ filter: anyDeadLetter, after: Option.none(), limit: 9 })
      assert.deepStrictEqual([letter?.id, letter?.at], ["record:spotify:me/plays/h4sh", at("2026-10-01T00:00:00Z")])
    }).pipe(Effect.provide(today))
  }).pipe(Effect.provide(surrealTest)))

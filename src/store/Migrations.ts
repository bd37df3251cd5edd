import { Clock, Context, DateTime, Effect, Layer, Schema } from "effect"
import { Surreal } from "../services/Surreal.ts"
import { StoreUnavailable, SurrealError } from "../services/SurrealError.ts"
import type { Migration } from "./Migration.ts"
import { syncedTables } from "./migrations/0001_synced_tables.ts"
import { runs } from "./migrations/0002_runs.ts"
import { connections } from "./migrations/0003_connections.ts"
import { providerGates } from "./migrations/0004_provider_gates.ts"
import { durableRuns } from "./migrations/0005_durable_runs.ts"
import { apiTokens } from "./migrations/0006_api_tokens.ts"
import { schedules } from "./migrations/0007_schedules.ts"
import { sessions } from "./migrations/0008_sessions.ts"
import { data } from "./migrations/0009_data.ts"
import { playlistAdditions } from "./migrations/0010_playlist_additions.ts"
import { musicRequests } from "./migrations/0011_music_requests.ts"
import { circuitBreakers } from "./migrations/0012_circuit_breakers.ts"
import { askedTracks } from "./migrations/0013_asked_tracks.ts"
import { webhooks } from "./migrations/0014_webhooks.ts"
import { imports } from "./migrations/0015_imports.ts"
import { lettersAnew } from "./migrations/0016_letters_anew.ts"
import { jobs } from "./migrations/0017_jobs.ts"
import { alerts } from "./migrations/0018_alerts.ts"
import { standingJobs } from "./migrations/0019_standing_jobs.ts"
import { connectionHealth } from "./migrations/0020_connection_health.ts"
import { importedCalendars } from "./migrations/0021_imported_calendars.ts"

/** Every step of the schema, in order. */
const migrations: ReadonlyArray<Migration> = [
  syncedTables,
  runs,
  connections,
  providerGates,
  durableRuns,
  apiTokens,
  schedules,
  sessions,
  data,
  playlistAdditions,
  musicRequests,
  circuitBreakers,
  askedTracks,
  webhooks,
  imports,
  lettersAnew,
  jobs,
  alerts,
  standingJobs,
  connectionHealth,
  importedCalendars
]

/** What a migration waits for could not be done, so the store is as it was. */
export class MigrationHeld extends Schema.TaggedError<MigrationHeld>()("MigrationHeld", {
  message: Schema.String,
  fix: Schema.String
}) {}

/** What is done before the steps of a store that has had others: nothing, or a backup. */
export class BeforeMigration extends Context.Reference<
  (due: ReadonlyArray<Migration>) => Effect.Effect<void, MigrationHeld>
>("glider/store/BeforeMigration", { defaultValue: () => () => Effect.void }) {}

/** The number of the newest step: the schema that this version brings a store to. */
export const schemaVersion = migrations.at(-1)?.number ?? 0

const numbersDone = (surreal: Surreal["Service"]) =>
  surreal.query(Schema.Array(Schema.Finite), "SELECT VALUE number FROM migration ORDER BY number")

/** Runs a step; whether it was this process that did. */
const apply = (surreal: Surreal["Service"]) =>
  Effect.fnUntraced(
    function*({ before, name, number, statements }: Migration) {
      if (before !== undefined) yield* before(surreal)
      const appliedAt = DateTime.makeUnsafe(yield* Clock.currentTimeMillis)
      yield* surreal.transaction([
        ...statements.map((sql) => ({ sql })),
        {
          sql: "CREATE type::record('migration', $number) SET number = $number, name = $name, applied_at = $appliedAt",
          vars: { number, name, appliedAt }
        }
      ])
      yield* Effect.logDebug("schema migrated").pipe(Effect.annotateLogs({ number, name }))
      return true
    },
    // on a server another process may have been faster
    (step, { number }) =>
      Effect.catchIf(
        step,
        ({ reason }) => reason._tag === "AlreadyExists",
        (error) =>
          Effect.flatMap(
            numbersDone(surreal),
            (done) => done.includes(number) ? Effect.succeed(false) : Effect.fail(error)
          )
      )
  )

/**
 * Makes the table that says which steps are done. A database without it that has the tables of an earlier Glider would keep their rows,
 * which nothing here can read.
 */
const begin = Effect.fnUntraced(function*(surreal: Surreal["Service"]) {
  const { tables } = yield* surreal.query(
    Schema.Struct({ tables: Schema.Record(Schema.String, Schema.Unknown) }),
    "INFO FOR DB"
  )
  if ("migration" in tables) return
  if (earlierTables.some((name) => name in tables)) {
    return yield* new SurrealError({
      operation: "migrate",
      reason: new StoreUnavailable({
        message: "the database holds the records of an earlier Glider, and is not touched: set [store] database to " +
          "another name, and take them over with glider db import-earlier (docs/from-temporal.md)"
      })
    })
  }
  yield* surreal.execute("DEFINE TABLE IF NOT EXISTS migration SCHEMALESS")
})

const earlierTables = ["google_calendar_events", "spotify_listening_history", "oura_heartrate"]

/**
 * Runs the steps that a store lacks, up to a number, and gives those that were run here. A step commits together with its
 * number, so a process killed at any statement leaves it done or not begun. A store that a newer version has brought further is
 * refused: it would be written to by what does not know its columns.
 */
export const migrate = Effect.fnUntraced(function*(surreal: Surreal["Service"], upTo = schemaVersion) {
  yield* begin(surreal)
  const done = yield* numbersDone(surreal)
  const newest = Math.max(0, ...done)
  if (newest > schemaVersion) {
    return yield* new SurrealError({
      operation: "migrate",
      reason: new StoreUnavailable({
        message:
          `it has schema ${newest}, from a newer Glider, and this one knows ${schemaVersion}: use that version again, ` +
          "or restore a backup of before (docs/upgrade.md)"
      })
    })
  }
  const due = migrations.filter(({ number }) => number <= upTo && !done.includes(number))
  if (done.length > 0 && due.length > 0) yield* (yield* BeforeMigration)(due)
  return yield* Effect.filter(due, apply(surreal))
})

/** Whether the store has been brought exactly to the schema that this version knows; nothing is written. */
export const isCurrent = (surreal: Surreal["Service"]): Effect.Effect<boolean> =>
  numbersDone(surreal).pipe(
    Effect.map((done) => done.length === migrations.length && done.at(-1) === schemaVersion),
    Effect.orElseSucceed(() => false) // there is no such table
  )

/** The schema, brought up to date when the layer is built. */
export class Migrations extends Context.Service<Migrations, {
  /** The steps that this start has run; none when the schema was up to date. */
  readonly applied: ReadonlyArray<Migration>
  /** The number of the newest step. */
  readonly version: number
}>()("glider/store/Migrations") {
  static readonly layer: Layer.Layer<Migrations, SurrealError | MigrationHeld, Surreal> = Layer.effect(
    Migrations,
    Effect.gen(function*() {
      const applied = yield* migrate(yield* Surreal)
      return Migrations.of({ applied, version: schemaVersion })
    })
  )

  /** Of a store that is only read, and whose schema is that of this version. */
  static readonly layerCurrent = Layer.succeed(
    Migrations,
    Migrations.of({ applied: [], version: schemaVersion })
  )
}

/** Reads all of a store that the crash tests compare. */
import { Effect, Option, Schema } from "effect"
import { RunState, statusOfState } from "../../src/domain/Run.ts"
import { OuraDataType } from "../../src/domain/Task.ts"
import { Surreal } from "../../src/services/Surreal.ts"
import { Instant, Key, OptionalInstant } from "../../src/services/SurrealValue.ts"
import { digestOf, recordTables, type Snapshot } from "./VictimLines.ts"

const optional = Schema.OptionFromOptionalNullOr

const Row = Schema.Struct({
  id: Key,
  _raw: Schema.Unknown,
  deleted_at: OptionalInstant,
  _listing: optional(Schema.String),
  day: optional(Schema.String)
})

const rowsOf = Effect.fnUntraced(function*(table: string) {
  const surreal = yield* Surreal
  const rows = yield* surreal.query(Schema.Array(Row), `SELECT id, _raw, deleted_at, _listing, day FROM ${table}`)
  return rows.map((row) => ({
    key: row.id,
    digest: digestOf(row._raw),
    live: Option.isNone(row.deleted_at),
    ...Option.match(row._listing, { onNone: () => ({}), onSome: (listing) => ({ listing }) }),
    ...Option.match(row.day, { onNone: () => ({}), onSome: (day) => ({ day }) })
  }))
})

const RunRow = Schema.Struct({ id: Key, workflow: Schema.String, state: RunState })

/** Every run, and the tasks whose last state is `running`. */
export const storedRuns = Effect.gen(function*() {
  const surreal = yield* Surreal
  const runs = yield* surreal.query(Schema.Array(RunRow), "SELECT id, workflow, state FROM run")
  return {
    runs: runs.map(({ id, state, workflow }) => ({
      id: String(id[0]),
      task: workflow,
      status: statusOfState(state)
    })),
    runningTasks: yield* surreal.query(
      Schema.Array(Schema.String),
      "SELECT VALUE task FROM sync_runs WHERE last_status = 'running'"
    )
  }
})

const SpotifyRow = Schema.Struct({ last_sync_at: Instant, latest_played_at: OptionalInstant })

const GoogleRow = Schema.Struct({
  calendar_id: Schema.String,
  sync_token: optional(Schema.String),
  page_token: optional(Schema.String),
  last_sync: OptionalInstant,
  listing: optional(Schema.Finite),
  listed: optional(Schema.Finite)
})

const OuraRow = Schema.Struct({ data_type: OuraDataType, last_sync_at: Instant, last_sync_end: Instant })

export const snapshot: Effect.Effect<Snapshot, unknown, Surreal> = Effect.gen(function*() {
  const surreal = yield* Surreal
  const count = (table: string) =>
    Effect.map(surreal.query(Schema.Array(Schema.Unknown), `SELECT VALUE 1 FROM ${table}`), ({ length }) => length)
  const rows: Record<string, Snapshot["rows"][string]> = {}
  for (const table of recordTables) rows[table] = yield* rowsOf(table)
  const spotify = yield* surreal.query(Schema.Array(SpotifyRow), "SELECT * FROM spotify_sync_state")
  const google = yield* surreal.query(Schema.Array(GoogleRow), "SELECT * FROM google_calendar_sync_state")
  const oura = yield* surreal.query(Schema.Array(OuraRow), "SELECT * FROM oura_sync_state")
  return {
    rows,
    spotify: spotify.map(({ last_sync_at, latest_played_at }) => ({
      lastSyncAt: last_sync_at.epochMilliseconds,
      ...(Option.isSome(latest_played_at) ? { latestPlayedAt: latest_played_at.value.epochMilliseconds } : {})
    })),
    google: google.map(({ calendar_id, last_sync, listed, listing, page_token, sync_token }) => ({
      calendarId: calendar_id,
      hasSyncToken: Option.isSome(sync_token),
      hasPageToken: Option.isSome(page_token),
      ...(Option.isSome(last_sync) ? { lastSync: last_sync.value.epochMilliseconds } : {}),
      ...(Option.isSome(listing) ? { listing: listing.value } : {}),
      ...(Option.isSome(listed) ? { listed: listed.value } : {})
    })),
    oura: oura.map(({ data_type, last_sync_at, last_sync_end }) => ({
      type: data_type,
      lastSyncAt: last_sync_at.epochMilliseconds,
      lastSyncEnd: last_sync_end.epochMilliseconds
    })),
    ...(yield* storedRuns),
    quarantined: yield* count("quarantine"),
    gaps: yield* count("sync_gap")
  }
})

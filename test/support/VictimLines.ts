/** What a test and the process that it kills say to each other: a line of JSON each. */
import { Predicate, Schema } from "effect"
import { hash } from "node:crypto"
import { Provider } from "../../src/domain/Provider.ts"
import { RunStatus } from "../../src/domain/Run.ts"
import { OuraDataType, SyncName } from "../../src/domain/Task.ts"

/** A commit that is broken on purpose, to show that the checks find it. */
export const Defect = Schema.Literals(["cursor-first", "rows-later", "no-recovery"])
export type Defect = typeof Defect.Type

const Address = Schema.Struct({
  api_url: Schema.String,
  authorize_url: Schema.String,
  token_url: Schema.String,
  revoke_url: Schema.optionalKey(Schema.String)
})

/** Given to the process as its one argument. */
export const VictimSetup = Schema.Struct({
  /** Holds the store and the key. */
  folder: Schema.String,
  addresses: Schema.Struct({ google: Address, spotify: Address, oura: Address }),
  timeZone: Schema.String,
  calendarIds: Schema.Array(Schema.String),
  /** How many days Oura's sync reads again. */
  lookbackDays: Schema.Finite,
  /** Milliseconds since 1970. */
  now: Schema.Finite,
  defect: Schema.optionalKey(Defect)
})
export type VictimSetup = typeof VictimSetup.Type

/** What the process is told when it asks what to do. */
export const Order = Schema.TaggedUnion({
  /** It is `now`: run these tasks, one after the other or all at once. */
  Go: { now: Schema.Finite, tasks: Schema.Array(SyncName), together: Schema.Boolean },
  /** Close the store and end. */
  Stop: {}
})
export type Order = typeof Order.Type

/** A stored record; `digest` is that of the provider's object. */
export const StoredRow = Schema.Struct({
  key: Schema.Array(Schema.Union([Schema.String, Schema.Finite])),
  digest: Schema.String,
  live: Schema.Boolean,
  listing: Schema.optionalKey(Schema.String),
  day: Schema.optionalKey(Schema.String)
})
export type StoredRow = typeof StoredRow.Type

const Run = Schema.Struct({ id: Schema.String, task: Schema.String, status: RunStatus })

/** All of a store that matters; instants are milliseconds since 1970. */
export const Snapshot = Schema.Struct({
  rows: Schema.Record(Schema.String, Schema.Array(StoredRow)),
  spotify: Schema.Array(Schema.Struct({
    lastSyncAt: Schema.Finite,
    latestPlayedAt: Schema.optionalKey(Schema.Finite)
  })),
  google: Schema.Array(Schema.Struct({
    calendarId: Schema.String,
    hasSyncToken: Schema.Boolean,
    hasPageToken: Schema.Boolean,
    lastSync: Schema.optionalKey(Schema.Finite),
    listing: Schema.optionalKey(Schema.Finite),
    listed: Schema.optionalKey(Schema.Finite)
  })),
  oura: Schema.Array(Schema.Struct({ type: OuraDataType, lastSyncAt: Schema.Finite, lastSyncEnd: Schema.Finite })),
  runs: Schema.Array(Run),
  /** Tasks whose last state is `running`. */
  runningTasks: Schema.Array(Schema.String),
  quarantined: Schema.Finite,
  gaps: Schema.Finite
})
export type Snapshot = typeof Snapshot.Type

/** What the process says. */
export const VictimLine = Schema.TaggedUnion({
  /** The store as the last process left it, before anything is mended or read. */
  Opened: { snapshot: Snapshot },
  /** The runs after recovery. */
  Recovered: { count: Schema.Finite, runs: Schema.Array(Run), runningTasks: Schema.Array(Schema.String) },
  /** Waits for an order. */
  Asks: {},
  SignedIn: { provider: Provider },
  Starts: { task: SyncName },
  Page: { task: SyncName, stream: Schema.String },
  Ended: { task: SyncName, id: Schema.String, status: RunStatus, error: Schema.optionalKey(Schema.String) }
})
export type VictimLine = typeof VictimLine.Type

const canonical = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(canonical)
    : Predicate.isObject(value)
    ? Object.fromEntries(
      Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([name, field]) => [name, canonical(field)])
    )
    : value

/** Tells provider objects apart, whatever the order of their fields. */
export const digestOf = (record: unknown): string => hash("sha1", JSON.stringify(canonical(record)), "base64url")

/** The tables that hold records. */
export const recordTables: ReadonlyArray<string> = [
  "spotify_listening_history",
  "google_calendar_events",
  ...OuraDataType.literals.map((type) => `oura_${type}`)
]

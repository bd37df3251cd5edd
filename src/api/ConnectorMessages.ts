/** What is said of accounts as things that are synced. */
import { Schema } from "effect"
import { ConnectionId, ConnectionName, ConnectionState } from "../domain/Connection.ts"
import { ConnectionHealth } from "../domain/ConnectionHealth.ts"
import { FailureClass } from "../domain/FailureClass.ts"
import { Provider } from "../domain/Provider.ts"
import { Checkpoint, SourceRun, SourceRunKind } from "../domain/SourceRun.ts"

const Instant = Schema.DateTimeUtcFromString

/** An account, and how it is. */
export class Connector extends Schema.Class<Connector>("glider/api/Connector")({
  id: ConnectionId,
  /** None for the first account of its provider. */
  name: Schema.OptionFromNullOr(ConnectionName),
  provider: Provider,
  state: ConnectionState,
  /** Whether something syncs it by itself. */
  enabled: Schema.Boolean,
  /** Seconds between two syncs, the longest distance where there are several. */
  interval_seconds: Schema.Finite,
  health: ConnectionHealth
}) {}

/** A sync that has ended: a row of the ledger. */
export class ConnectorRun extends Schema.Class<ConnectorRun>("glider/api/ConnectorRun")({
  run_id: Schema.String,
  connection: ConnectionId,
  run_kind: SourceRunKind,
  status: SourceRun.fields.status,
  retry_class: Schema.OptionFromNullOr(FailureClass),
  error: Schema.OptionFromNullOr(Schema.String),
  checkpoint_before: Checkpoint,
  checkpoint_after: Schema.OptionFromNullOr(Checkpoint),
  records: Schema.Natural,
  bytes: Schema.Natural,
  duration_ms: Schema.Natural,
  started_at: Instant,
  finished_at: Instant
}) {}

/** The job that syncs it; whoever asks again while it waits gets another one. */
export class ConnectorQueued extends Schema.Class<ConnectorQueued>("glider/api/ConnectorQueued")({
  job_id: Schema.String,
  connection: ConnectionId
}) {}

/** An account that is no longer left alone. */
export class ConnectorReleased extends Schema.Class<ConnectorReleased>("glider/api/ConnectorReleased")({
  connection: ConnectionId,
  /** False when it was not quarantined. */
  released: Schema.Boolean
}) {}

/** The past of an account that is to be fetched, in whole days (UTC). */
export class BackfillOptions extends Schema.Class<BackfillOptions>("glider/api/BackfillOptions")({
  from: Instant,
  /** Not included; now without it. */
  to: Schema.optionalKey(Instant),
  /** Data types of Oura, or calendars of Google; all that is synced without it. */
  streams: Schema.optionalKey(Schema.Array(Schema.NonEmptyString)),
  /** How long it rests between two weeks; a second without it. */
  pause_seconds: Schema.optionalKey(Schema.Natural.check(Schema.isLessThanOrEqualTo(3600))),
  /** Fetches once more what a run has fetched already. */
  again: Schema.optionalKey(Schema.Boolean)
}) {}

/** The run that fetches it, or has done so, and in how many windows of a week. */
export class ConnectorBackfilled extends Schema.Class<ConnectorBackfilled>("glider/api/ConnectorBackfilled")({
  run_id: Schema.String,
  connection: ConnectionId,
  windows: Schema.Natural
}) {}

/** Syncs of one connection, as the ledger `source_sync_run` tells of them. */
import { Effect, Schema } from "effect"
import { ConnectionId } from "./Connection.ts"
import { FailureClass } from "./FailureClass.ts"

/**
 * Why it came about: by its interval, by the minute, because it was late, because it had failed, by a person, or to fetch what is long
 * past.
 */
export const SourceRunKind = Schema.Literals(["scheduled", "continuous", "catch_up", "recovery", "manual", "backfill"])
export type SourceRunKind = typeof SourceRunKind.Type

/** Where the streams of a connection stand. */
export const Checkpoint = Schema.Struct({
  /** By stream, and by calendar where there are several. */
  streams: Schema.Record(Schema.String, Schema.String),
  /** Up to when everything is here that the provider tells; none before the first sync. */
  watermark: Schema.OptionFromNullOr(Schema.DateTimeUtcFromString)
})
export type Checkpoint = typeof Checkpoint.Type

/** What a sync tells of the account that it read. */
export class SyncSource extends Schema.Class<SyncSource>("glider/SyncSource")({
  connection: ConnectionId,
  /** None for a task of `[sync.*]`, which is told by what started it. */
  kind: Schema.OptionFromOptionalKey(SourceRunKind).pipe(Schema.withConstructorDefault(Effect.succeedNone)),
  before: Checkpoint,
  after: Schema.OptionFromOptionalKey(Checkpoint).pipe(Schema.withConstructorDefault(Effect.succeedNone)),
  /** What was received of the provider. */
  bytes: Schema.Natural
}) {}

/** A sync of a connection that has ended. */
export class SourceRun extends Schema.Class<SourceRun>("glider/SourceRun")({
  run: Schema.NonEmptyString,
  connection: ConnectionId,
  kind: SourceRunKind,
  status: Schema.Literals(["completed", "partial", "failed", "needs_auth", "cancelled", "interrupted"]),
  /** Of what ended it, or a part of it. */
  failureClass: Schema.OptionFromNullOr(FailureClass),
  error: Schema.OptionFromNullOr(Schema.String),
  before: Checkpoint,
  after: Schema.OptionFromNullOr(Checkpoint),
  /** Created, updated or deleted. */
  records: Schema.Natural,
  bytes: Schema.Natural,
  durationMillis: Schema.Natural,
  startedAt: Schema.DateTimeUtcFromString,
  finishedAt: Schema.DateTimeUtcFromString
}) {}

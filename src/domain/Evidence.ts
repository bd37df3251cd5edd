/** What is kept for a while as evidence of what was done and sent, and what becomes of it when it is old. */
import { Schema } from "effect"

/**
 * - `run`: a run that is over, with its journal and search attributes
 * - `tick`: what became of a tick of a schedule
 * - `delivery`: an event that a program elsewhere was told
 * - `message`: a message that was taken from elsewhere
 * - `raw`: what a provider sent of a record; the record itself stays
 * - `audit`: what was removed before
 */
export const EvidenceKind = Schema.Literals(["run", "tick", "delivery", "message", "raw", "audit"])
export type EvidenceKind = typeof EvidenceKind.Type

/** Everything of a kind, where a hold is meant. */
export const everySubject = "*"

/** Somebody wants a piece of evidence kept, however old it is. */
export class LegalHold extends Schema.Class<LegalHold>("glider/LegalHold")({
  kind: EvidenceKind,
  /** Which one: its id, as the audit and the lists show it; `*` for all of the kind. */
  subject: Schema.NonEmptyString.check(Schema.isMaxLength(500)),
  reason: Schema.String.check(Schema.isMaxLength(500)),
  since: Schema.DateTimeUtcFromString,
  /** Until when it holds; for good where it is none. */
  until: Schema.OptionFromNullOr(Schema.DateTimeUtcFromString),
  /** Nobody can end it before `until`. */
  immutable: Schema.Boolean
}) {}

/** What became of the evidence of a kind. `expired` is the sum of `deleted`, `left` and those that were skipped. */
export class RetentionStats extends Schema.Class<RetentionStats>("glider/RetentionStats")({
  kind: EvidenceKind,
  /** What is older goes. */
  before: Schema.DateTimeUtcFromString,
  scanned: Schema.Natural,
  /** Old enough to go. */
  expired: Schema.Natural,
  /** Removed, by a transaction that has committed: the sum of the next two. */
  deleted: Schema.Natural,
  /** Read back afterwards, and not found. */
  verified: Schema.Natural,
  /** Read back afterwards, and still there. */
  failed: Schema.Natural,
  skipped_legal_hold: Schema.Natural,
  /** Something else still asks for it: a run that is not over for its child, a dead letter for its run. */
  skipped_in_use: Schema.Natural,
  /** Would go: beyond the limit, or since nothing is removed by a dry run. */
  left: Schema.Natural
}) {}

/** That something was removed, or could not be. */
export class RetentionRecord extends Schema.Class<RetentionRecord>("glider/RetentionRecord")({
  at: Schema.DateTimeUtcFromString,
  kind: EvidenceKind,
  action: Schema.Literals(["retention_deleted", "retention_delete_failed"]),
  subjects: Schema.Array(Schema.String)
}) {}

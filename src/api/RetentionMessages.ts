/** What the API says of what is kept for a while. */
import { Schema } from "effect"
import { EvidenceKind, LegalHold, RetentionRecord, RetentionStats } from "../domain/Evidence.ts"

/** How one look is made. */
export class RetentionOrder extends Schema.Class<RetentionOrder>("glider/api/RetentionOrder")({
  /** Only counts; nothing is removed. */
  dry_run: Schema.optionalKey(Schema.Boolean),
  /** How many of each kind are removed at most; 500 when absent. */
  limit: Schema.optionalKey(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 10_000 }))),
  /** Of which kinds; of all without it. */
  kinds: Schema.optionalKey(Schema.Array(EvidenceKind))
}) {}

/** What the look has come to, kind by kind. */
export class RetentionDone extends Schema.Class<RetentionDone>("glider/api/RetentionDone")({
  dry_run: Schema.Boolean,
  kinds: Schema.Array(RetentionStats)
}) {}

/** What is held, and why. */
export class HoldOrder extends Schema.Class<HoldOrder>("glider/api/HoldOrder")({
  kind: EvidenceKind,
  subject: LegalHold.fields.subject,
  reason: LegalHold.fields.reason,
  /** Until when; for good when absent. */
  until: Schema.optionalKey(Schema.DateTimeUtcFromString),
  /** Nobody can end it before `until`, which has to be there then. */
  immutable: Schema.optionalKey(Schema.Boolean)
}) {}

/** A page of what was removed, the newest first. */
export class RetentionAuditPage extends Schema.Class<RetentionAuditPage>("glider/api/RetentionAuditPage")({
  records: Schema.Array(RetentionRecord),
  /** What `after` is for the next page; none after the last. */
  next: Schema.OptionFromNullOr(Schema.String)
}) {}

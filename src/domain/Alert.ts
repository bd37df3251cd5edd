/** What somebody should look at, and whom it is told. */
import { Schema } from "effect"

/** What is looked for. */
export const AlertRule = Schema.Literals([
  "dead_letter",
  "stale",
  "needs_auth",
  "quarantined",
  "gap",
  "breaker_open",
  "credential_expiring",
  "backup",
  "disk_low"
])
export type AlertRule = typeof AlertRule.Type

/** From the least to the worst. */
export const AlertSeverity = Schema.Literals(["info", "warning", "critical"])
export type AlertSeverity = typeof AlertSeverity.Type

/** Whether one is at least as bad as the other. */
export const isAtLeast = (one: AlertSeverity, other: AlertSeverity): boolean =>
  AlertSeverity.literals.indexOf(one) >= AlertSeverity.literals.indexOf(other)

/** Something that is the case. */
export interface Cause {
  readonly rule: AlertRule
  /** The same for as long as it is the same cause: begins with the rule. */
  readonly key: string
  readonly severity: AlertSeverity
  readonly title: string
  readonly message: string
  /** The command, or what else is to be done. */
  readonly fix: string
}

/** What is said of an alert: that it is there, that it is worse or still there, or that it is over. */
export const Saying = Schema.Literals(["raised", "worse", "reminder", "resolved"])
export type Saying = typeof Saying.Type

/** What has become of a message: `dropped` when something newer was said before it could be sent. */
export const TellingStatus = Schema.Literals(["pending", "sent", "failed", "dropped"])
export type TellingStatus = typeof TellingStatus.Type

/** A message about an alert to a sink. */
export class AlertTelling extends Schema.Class<AlertTelling>("glider/AlertTelling")({
  sink: Schema.String,
  saying: Saying,
  status: TellingStatus,
  attempts: Schema.Natural,
  createdAt: Schema.DateTimeUtcFromString,
  sentAt: Schema.OptionFromNullOr(Schema.DateTimeUtcFromString),
  /** Why the last try has failed. */
  lastError: Schema.OptionFromNullOr(Schema.String)
}) {}

/** One for each cause, for as long as that lasts. */
export class Alert extends Schema.Class<Alert>("glider/Alert")({
  id: Schema.String,
  rule: AlertRule,
  key: Schema.String,
  severity: AlertSeverity,
  title: Schema.String,
  message: Schema.String,
  fix: Schema.String,
  firstSeenAt: Schema.DateTimeUtcFromString,
  lastSeenAt: Schema.DateTimeUtcFromString,
  /** None while it lasts. */
  resolvedAt: Schema.OptionFromNullOr(Schema.DateTimeUtcFromString),
  /** What was last said of it, and when. */
  saidAt: Schema.DateTimeUtcFromString,
  tellings: Schema.Array(AlertTelling)
}) {}

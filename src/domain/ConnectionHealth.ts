/** How an account is: told from when it was last synced, how often that failed of late, and what a person or a rule has decided. */
import { DateTime, Duration, Option, Schema } from "effect"
import type { ConnectionState } from "./Connection.ts"

/** `disabled`: not synced by itself; `waiting`: never synced, and not late yet. */
export const HealthStatus = Schema.Literals([
  "healthy",
  "waiting",
  "stale",
  "failing",
  "quarantined",
  "needs_auth",
  "disabled"
])
export type HealthStatus = typeof HealthStatus.Type

/** So many failures within so much, and it is left alone for so much. */
export const quarantine = {
  failures: 5,
  within: Duration.minutes(180),
  lasts: Duration.minutes(360)
} as const

export const patience = {
  /** Intervals without a success, after which it is stale; never sooner than `floor`. */
  intervals: 3,
  floor: Duration.minutes(15),
  /** The objective: no account that is read by itself is older. */
  objective: Duration.minutes(60),
  /** So many failures in so much, and it is failing. */
  failures: 2,
  window: Duration.minutes(120),
  /** A sync out of turn is given at most once in so much. */
  cooldown: Duration.minutes(30)
} as const

/** What is known. Instants are epoch milliseconds. */
export interface HealthFacts {
  readonly state: ConnectionState
  readonly isEnabled: boolean
  /** Whether the sweep syncs it, and not tasks with schedules, pauses and ticks of their own. */
  readonly isSwept: boolean
  readonly interval: Duration.Duration
  readonly connectedAt: number
  readonly lastSuccessAt: Option.Option<number>
  /** The ends of failed syncs since the last success, the newest first. */
  readonly failures: ReadonlyArray<number>
  readonly quarantinedUntil: Option.Option<number>
  readonly recoveredAt: Option.Option<number>
}

export interface Verdict {
  readonly status: HealthStatus
  /** Whether it misses the objective. */
  readonly isLate: boolean
  readonly needsQuarantine: boolean
  readonly needsRecovery: boolean
}

const millis = Duration.toMillis

/** Judges an account. */
export const judged = (facts: HealthFacts, now: number): Verdict => {
  // an account that is signed in again begins anew
  const since = Math.max(facts.connectedAt, Option.getOrElse(facts.lastSuccessAt, () => 0))
  const age = now - since
  const within = (length: Duration.Duration) => facts.failures.filter((at) => at > now - millis(length)).length
  const expected = facts.isEnabled && facts.state === "connected"
  const isOurs = expected && facts.isSwept
  const isQuarantined = Option.exists(facts.quarantinedUntil, (until) => until > now)
  const isStale = age > Math.max(patience.intervals * millis(facts.interval), millis(patience.floor))
  const isFailing = within(patience.window) >= patience.failures
  const needsQuarantine = isOurs && !isQuarantined && within(quarantine.within) >= quarantine.failures
  const isCool = Option.match(facts.recoveredAt, {
    onNone: () => true,
    onSome: (at) => now - at >= millis(patience.cooldown)
  })
  return {
    status: facts.state !== "connected"
      ? "needs_auth"
      : isQuarantined || needsQuarantine
      ? "quarantined"
      : !facts.isEnabled
      ? "disabled"
      : isFailing
      ? "failing"
      : isStale
      ? "stale"
      : Option.isNone(facts.lastSuccessAt)
      ? "waiting"
      : "healthy",
    isLate: expected && age > millis(patience.objective),
    needsQuarantine,
    needsRecovery: isOurs && !isQuarantined && !needsQuarantine && (isStale || isFailing) && isCool
  }
}

/** How an account is, as it is told. */
export class ConnectionHealth extends Schema.Class<ConnectionHealth>("glider/ConnectionHealth")({
  status: HealthStatus,
  /** Whether its newest records are older than an hour allows. */
  isLate: Schema.Boolean,
  lastSuccessAt: Schema.OptionFromNullOr(Schema.DateTimeUtcFromString),
  /** Failed syncs since then. */
  failures: Schema.Natural,
  quarantinedUntil: Schema.OptionFromNullOr(Schema.DateTimeUtcFromString)
}) {}

export const instant = (at: Option.Option<number>): Option.Option<DateTime.Utc> => Option.map(at, DateTime.makeUnsafe)

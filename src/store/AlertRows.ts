/** The rows of `alert` and `alert_telling`, and the statements that change them. */
import { type DateTime, Option, Schema } from "effect"
import { hash } from "node:crypto"
import { Alert, AlertRule, AlertSeverity, AlertTelling, type Cause, Saying, TellingStatus } from "../domain/Alert.ts"
import type { Statement } from "../services/Surreal.ts"
import { recordId } from "../services/SurrealValue.ts"

/** What is said, and to which sinks. */
export interface Said {
  readonly saying: Saying
  readonly sinks: ReadonlyArray<string>
}

/** What has become of causes since the store was told of them last. */
export interface AlertChanges {
  readonly raised: ReadonlyArray<{ readonly cause: Cause; readonly sinks: ReadonlyArray<string> }>
  /** Those that are as they were are not among them. */
  readonly lasting: ReadonlyArray<
    { readonly alert: Alert; readonly cause: Cause; readonly said: Option.Option<Said> }
  >
  /** `isNews`: whether anybody is told. */
  readonly resolved: ReadonlyArray<
    { readonly alert: Alert; readonly isNews: boolean; readonly sinks: ReadonlyArray<string> }
  >
}

/** Of the cause and when it was first seen. */
export const alertId = (key: string, at: DateTime.Utc): string =>
  `alr_${at.epochMilliseconds.toString(16).padStart(12, "0")}${hash("sha256", key, "hex").slice(0, 12)}`

/** Ascends from the newest to the oldest. */
const placeOf = (id: string): string => {
  const at = Number.parseInt(id.slice(4, 16), 16)
  return `${(0xffff_ffff_ffff - at).toString(16).padStart(12, "0")}${id.slice(16)}`
}

export const alertRow = (id: string) => recordId("alert", [id])

/** A message, as it is known in the store. */
export interface TellingKey {
  readonly alert: string
  readonly sink: string
  /** When it was to be said, in milliseconds. */
  readonly number: number
  readonly saying: Saying
}

export const tellingRow = ({ alert, number, saying, sink }: TellingKey) =>
  recordId("alert_telling", [alert, sink, number, saying])

const told = (alert: string, at: number, { saying, sinks }: Said) =>
  sinks.map((sink) => ({
    id: tellingRow({ alert, sink, saying, number: at }),
    alert,
    sink,
    saying,
    status: "pending",
    due: at,
    attempts: 0,
    created_at: at
  }))

const textOf = ({ fix, message, severity, title }: Cause) => ({ severity, title, message, fix })

/** What waits to be said of an alert is not said once there is something newer. */
const dropped = (alerts: ReadonlyArray<Alert>): ReadonlyArray<Statement> => {
  const ids = alerts.flatMap(({ id, tellings }) =>
    tellings.filter(({ status }) => status === "pending").map(({ createdAt, saying, sink }) =>
      tellingRow({ alert: id, sink, saying, number: createdAt.epochMilliseconds })
    )
  )
  return ids.length === 0
    ? []
    : [{ sql: "UPDATE $ids SET status = 'dropped' WHERE status = 'pending' RETURN NONE", vars: { ids } }]
}

/** Everything that changes, for one transaction; none where nothing does. */
export const statementsOf = (
  { lasting, raised, resolved }: AlertChanges,
  now: DateTime.Utc
): ReadonlyArray<Statement> => {
  const at = now.epochMilliseconds
  const rows = raised.map(({ cause }) => {
    const id = alertId(cause.key, now)
    const { key, rule } = cause
    const times = { first_seen_at: at, last_seen_at: at, said_at: at }
    return { id: alertRow(id), key, rule, ...textOf(cause), ...times, place: placeOf(id) }
  })
  const messages = [
    ...raised.flatMap(({ cause: { key }, sinks }) => told(alertId(key, now), at, { saying: "raised", sinks })),
    ...lasting.flatMap(({ alert, said }) => Option.toArray(said).flatMap((one) => told(alert.id, at, one))),
    ...resolved.flatMap(({ alert, sinks }) => told(alert.id, at, { saying: "resolved", sinks }))
  ]
  return [
    ...rows.length === 0 ? [] : [{ sql: "INSERT IGNORE INTO alert $rows RETURN NONE", vars: { rows } }],
    ...lasting.map(({ alert, cause, said }) => ({
      sql: "UPDATE $ids MERGE $row RETURN NONE",
      vars: {
        ids: [alertRow(alert.id)],
        row: { ...textOf(cause), last_seen_at: at, ...Option.isSome(said) ? { said_at: at } : {} }
      }
    })),
    ...resolved.length === 0 ? [] : [{
      sql: "UPDATE $ids SET resolved_at = $at, said_at = $at WHERE resolved_at = NONE RETURN NONE",
      vars: { ids: resolved.map(({ alert }) => alertRow(alert.id)), at }
    }],
    ...dropped([...resolved, ...lasting.filter(({ said }) => Option.isSome(said))].map(({ alert }) => alert)),
    ...messages.length === 0
      ? []
      : [{ sql: "INSERT IGNORE INTO alert_telling $messages RETURN NONE", vars: { messages } }]
  ]
}

const Millis = Schema.DateTimeUtcFromMillis
const OptionalMillis = Schema.OptionFromOptionalNullOr(Millis)

export const AlertRow = Schema.Struct({
  name: Schema.String,
  key: Schema.String,
  rule: AlertRule,
  severity: AlertSeverity,
  title: Schema.String,
  message: Schema.String,
  fix: Schema.String,
  first_seen_at: Millis,
  last_seen_at: Millis,
  resolved_at: OptionalMillis,
  said_at: Millis,
  place: Schema.String
})

export const TellingRow = Schema.Struct({
  alert: Schema.String,
  sink: Schema.String,
  saying: Saying,
  status: TellingStatus,
  due: Schema.Finite,
  attempts: Schema.Natural,
  created_at: Millis,
  sent_at: OptionalMillis,
  last_error: Schema.OptionFromOptionalNullOr(Schema.String)
})

const tellingOf = (row: typeof TellingRow.Type): AlertTelling =>
  new AlertTelling({
    sink: row.sink,
    saying: row.saying,
    status: row.status,
    attempts: row.attempts,
    createdAt: row.created_at,
    sentAt: row.sent_at,
    lastError: row.last_error
  })

export const alertOf = (row: typeof AlertRow.Type, tellings: ReadonlyArray<typeof TellingRow.Type>): Alert =>
  new Alert({
    id: row.name,
    rule: row.rule,
    key: row.key,
    severity: row.severity,
    title: row.title,
    message: row.message,
    fix: row.fix,
    firstSeenAt: row.first_seen_at,
    lastSeenAt: row.last_seen_at,
    resolvedAt: row.resolved_at,
    saidAt: row.said_at,
    tellings: tellings.filter(({ alert }) => alert === row.name).map(tellingOf)
  })

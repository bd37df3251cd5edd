import type { Migration } from "../Migration.ts"

/**
 * What somebody should look at, and the messages about it. The id of an alert is that of its first message, that of a telling
 * `[alert, sink, instant, saying]`.
 *
 * `open` is the cause while it lasts: no two alerts have the same one. `place` ascends from the newest to the oldest, `queue` is the sink
 * while a message waits to be sent.
 *
 * Besides, by account: until when the plays that syncs have brought are compared with those that were imported.
 */
export const alerts: Migration = {
  number: 18,
  name: "alerts, and what is compared",
  statements: [
    "DEFINE TABLE IF NOT EXISTS alert SCHEMAFULL",
    "DEFINE FIELD IF NOT EXISTS key ON alert TYPE string",
    "DEFINE FIELD IF NOT EXISTS rule ON alert TYPE string",
    "DEFINE FIELD IF NOT EXISTS severity ON alert TYPE 'info' | 'warning' | 'critical'",
    "DEFINE FIELD IF NOT EXISTS title ON alert TYPE string",
    "DEFINE FIELD IF NOT EXISTS message ON alert TYPE string",
    "DEFINE FIELD IF NOT EXISTS fix ON alert TYPE string",
    "DEFINE FIELD IF NOT EXISTS first_seen_at ON alert TYPE int",
    "DEFINE FIELD IF NOT EXISTS last_seen_at ON alert TYPE int",
    "DEFINE FIELD IF NOT EXISTS resolved_at ON alert TYPE option<int>",
    "DEFINE FIELD IF NOT EXISTS said_at ON alert TYPE int",
    "DEFINE FIELD IF NOT EXISTS place ON alert TYPE string",
    "DEFINE FIELD IF NOT EXISTS open ON alert TYPE option<string> VALUE IF resolved_at = NONE { key } ELSE { NONE }",
    "DEFINE INDEX IF NOT EXISTS alert_by_open ON alert FIELDS open UNIQUE",
    "DEFINE INDEX IF NOT EXISTS alert_by_place ON alert FIELDS place",
    "DEFINE INDEX IF NOT EXISTS alert_by_end ON alert FIELDS resolved_at",

    "DEFINE TABLE IF NOT EXISTS alert_telling SCHEMAFULL",
    "DEFINE FIELD IF NOT EXISTS alert ON alert_telling TYPE string",
    "DEFINE FIELD IF NOT EXISTS sink ON alert_telling TYPE string",
    "DEFINE FIELD IF NOT EXISTS saying ON alert_telling TYPE 'raised' | 'worse' | 'reminder' | 'resolved'",
    "DEFINE FIELD IF NOT EXISTS status ON alert_telling TYPE 'pending' | 'sent' | 'failed' | 'dropped'",
    "DEFINE FIELD IF NOT EXISTS due ON alert_telling TYPE int",
    "DEFINE FIELD IF NOT EXISTS attempts ON alert_telling TYPE int",
    "DEFINE FIELD IF NOT EXISTS created_at ON alert_telling TYPE int",
    "DEFINE FIELD IF NOT EXISTS sent_at ON alert_telling TYPE option<int>",
    "DEFINE FIELD IF NOT EXISTS last_error ON alert_telling TYPE option<string>",
    "DEFINE FIELD IF NOT EXISTS queue ON alert_telling TYPE option<string> " +
    "VALUE IF status = 'pending' { sink } ELSE { NONE }",
    "DEFINE INDEX IF NOT EXISTS alert_telling_by_queue ON alert_telling FIELDS queue, created_at",
    "DEFINE INDEX IF NOT EXISTS alert_telling_by_alert ON alert_telling FIELDS alert",

    "DEFINE TABLE IF NOT EXISTS candidate_compared SCHEMAFULL",
    "DEFINE FIELD IF NOT EXISTS until ON candidate_compared TYPE datetime"
  ]
}

/** The `[alerts]` table: what is looked for, and whom it is told. */
import { Duration, Option, Predicate, Record, Schema } from "effect"
import type { GliderConfig } from "../Config.ts"
import { type AlertRule, AlertSeverity } from "../domain/Alert.ts"
import * as Addresses from "./Addresses.ts"
import type { Complaint } from "./Complaints.ts"
import { checked, distinct, Flag, key, NonEmptyText, optional, wholeNumber } from "./Keys.ts"
import { valueAt } from "./Positions.ts"

/** What every sink has. */
interface SinkSettings {
  readonly name: string
  readonly enabled: boolean
  /** What is less bad is not told. */
  readonly severity: AlertSeverity
}

/** Where alerts are sent; programs elsewhere are told by `[webhook.*]`. */
export type AlertSink =
  | SinkSettings & {
    readonly kind: "ntfy"
    /** Of the server, to which the topic belongs. */
    readonly server: string
    readonly topic: string
  }
  | SinkSettings & {
    readonly kind: "email"
    readonly host: string
    readonly port: number
    readonly security: "tls" | "starttls" | "none"
    readonly user: Option.Option<string>
    readonly from: string
    readonly to: ReadonlyArray<string>
  }

/** `[alerts]`, decoded. */
export interface AlertSettings {
  readonly enabled: boolean
  /** After how long an alert that lasts is told again; never where there is none. */
  readonly remindAfter: Option.Option<Duration.Duration>
  /** Under which address the person reaches the page. */
  readonly page: Option.Option<string>
  readonly rules: { readonly [R in AlertRule]: boolean }
  readonly sinks: ReadonlyArray<AlertSink>
}

const rules: { readonly [R in AlertRule]: string } = {
  dead_letter: "Runs, records and deliveries that failed for good and wait for a person.",
  stale:
    "A task, or a further account, whose syncs have not succeeded for three intervals; a calendar that was not read for so long.",
  needs_auth: "An account that only a new sign-in helps.",
  quarantined: "An account that is left alone for some hours, since its syncs fail again and again.",
  gap: "A stretch of time of which a provider no longer gives the records.",
  breaker_open: "A provider, or the language model, that is left alone because it fails.",
  credential_expiring: "A sign-in that ends in 30, 7 or 1 days.",
  backup: "A backup that failed, or none for too long.",
  disk_low: "A disk that is almost full."
}

const severity = key(AlertSeverity, "The least that is told: info, warning or critical.", "info")

const topicAddress = (text: string): string | undefined => {
  const wrong = Addresses.baseAddress(text)
  if (wrong !== undefined) return wrong
  return /^\/[\w-]{1,64}$/.test(new URL(text).pathname)
    ? undefined
    : "the address of a topic, such as https://ntfy.sh/my-topic"
}

const Mailbox = checked((text) =>
  /^[^\s@<>"]+@[^\s@<>"]+$/.test(text) ? undefined : "an address such as me@example.com"
)

const ntfy = Schema.Struct({
  enabled: key(Flag, "Whether it is told anything.", true),
  severity,
  url: checked(topicAddress).annotate({ description: "The topic, as a subscriber opens it." })
})

const ports = { tls: 465, starttls: 587, none: 25 } as const

const email = Schema.Struct({
  enabled: key(Flag, "Whether it is told anything.", true),
  severity,
  host: NonEmptyText.annotate({ description: "The server that takes mail." }),
  port: optional(
    wholeNumber(1, 65_535, "a port from 1 to 65535", "a port from 1 to 65535"),
    "Its port; 465 with tls, 587 with starttls, 25 with none."
  ),
  security: key(
    Schema.Literals(["tls", "starttls", "none"]),
    "How the connection is kept secret; none only to a server that asks for no password.",
    "starttls"
  ),
  user: optional(NonEmptyText, "Who signs in there; its password is given from outside."),
  from: Mailbox.annotate({ description: "Whom the mail is from." }),
  to: distinct(Mailbox, "a list of addresses").annotate({ description: "Whom it is sent to." })
})

const shownRules = Record.map(rules, (what) => key(Flag, what, true))

export const alerts = Schema.Struct({
  enabled: key(Flag, "Whether anything is looked for.", true),
  remind_hours: key(
    wholeNumber(0, 8760, "a whole number, 0 or more", "at most 8760 hours, which is a year"),
    "Hours after which an alert that lasts is told again; 0 for never.",
    0
  ),
  page_url: optional(checked(Addresses.baseAddress), "Where you reach the page, which messages link to."),
  rules: key(Schema.Struct(shownRules), "What is looked for.", {}),
  ntfy: key(Schema.Record(Schema.String, ntfy), "Topics of ntfy that are told, a table each.", {}),
  email: key(Schema.Record(Schema.String, email), "Mail that is sent, a table for each server or person.", {})
})

const longestName = 32

const isName = (name: string): boolean => name.length <= longestName && /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(name)

const tableAt = (file: unknown, path: ReadonlyArray<string>): { readonly [name: string]: unknown } => {
  const found = Option.getOrElse(valueAt(file, path), () => ({}))
  return Predicate.isObject(found) ? { ...found } : {}
}

/** What is wrong between keys that are each right. */
export const alertComplaints = (file: unknown): ReadonlyArray<Complaint> => {
  const [topics, mails] = [tableAt(file, ["alerts", "ntfy"]), tableAt(file, ["alerts", "email"])]
  const wrong = (path: ReadonlyArray<string>, message: string): Complaint => ({ path, at: "key", message })
  const misnamed = (table: "ntfy" | "email", names: ReadonlyArray<string>) =>
    names.filter((name) => !isName(name)).map((name) =>
      wrong(
        ["alerts", table, name],
        `expected a name of at most ${longestName} small letters, digits and single _ between them`
      )
    )
  return [
    ...misnamed("ntfy", Object.keys(topics)),
    ...misnamed("email", Object.keys(mails)),
    ...Object.keys(mails).filter((name) => name in topics).map((name) =>
      wrong(["alerts", "email", name], `there is [alerts.ntfy.${name}], too: give one of them another name`)
    ),
    ...Object.entries(mails).filter(([, table]) =>
      Predicate.isObject(table) && "user" in table && "security" in table && table["security"] === "none"
    ).map(([name]) =>
      wrong(["alerts", "email", name, "user"], "its password would be sent in the clear: use tls or starttls")
    )
  ]
}

const sinkOfTopic = (
  [name, { url, ...table }]: readonly [string, typeof ntfy.Type]
): AlertSink => {
  const { origin, pathname } = new URL(url)
  return { name, ...table, kind: "ntfy", server: origin, topic: pathname.slice(1) }
}

const sinkOfMail = (
  [name, { port, user, ...table }]: readonly [string, typeof email.Type]
): AlertSink => ({
  name,
  ...table,
  kind: "email",
  port: port ?? ports[table.security],
  user: Option.fromUndefinedOr(user)
})

export const alertsOf = (
  { email, enabled, ntfy, page_url, remind_hours, rules }: typeof alerts.Type
): AlertSettings => ({
  enabled,
  remindAfter: remind_hours === 0 ? Option.none() : Option.some(Duration.hours(remind_hours)),
  page: Option.map(Option.fromUndefinedOr(page_url), (url) => url.replace(/\/+$/, "")),
  rules,
  sinks: [...Object.entries(ntfy).map(sinkOfTopic), ...Object.entries(email).map(sinkOfMail)]
})

const shownSink = (sink: AlertSink): readonly [string, { readonly [key: string]: unknown }] => {
  const { enabled, kind: _, name, severity, ...rest } = sink
  if (sink.kind === "ntfy") return [name, { enabled, severity, url: `${sink.server}/${sink.topic}` }]
  const { user } = sink
  return [name, {
    enabled,
    severity,
    ...rest,
    ...Option.match(user, { onNone: () => ({}), onSome: (user) => ({ user }) })
  }]
}

/** The table as a file has it. */
export const shownAlerts = ({ alerts }: GliderConfig): { readonly [table: string]: unknown } => {
  if (alerts === undefined) return {}
  const of = (kind: AlertSink["kind"]) => alerts.sinks.filter((sink) => sink.kind === kind).map(shownSink)
  const tables = { ntfy: Object.fromEntries(of("ntfy")), email: Object.fromEntries(of("email")) }
  return {
    alerts: {
      enabled: alerts.enabled,
      remind_hours: Option.match(alerts.remindAfter, { onNone: () => 0, onSome: Duration.toHours }),
      ...Option.match(alerts.page, { onNone: () => ({}), onSome: (page_url) => ({ page_url }) }),
      rules: alerts.rules,
      ...Record.filter(tables, (table) => Object.keys(table).length > 0)
    }
  }
}

/** The variables under which the secrets of sinks are known. */
export const alertVariable = ({ kind, name }: Pick<AlertSink, "kind" | "name">): string =>
  `GLIDER_ALERT_${name.toUpperCase()}_${kind === "ntfy" ? "TOKEN" : "PASSWORD"}`

/** What holds where a config says nothing. */
export const alertDefaults: AlertSettings = {
  enabled: true,
  remindAfter: Option.none(),
  page: Option.none(),
  rules: Record.map(rules, () => true),
  sinks: []
}

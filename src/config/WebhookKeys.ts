/** The keys of `[webhook.*]`, `[inbox.*]` and `[network]`: who is told what happens, who may tell, and which hosts may be called. */
import { Duration, Option, Predicate, Schema } from "effect"
import type { GliderConfig } from "../Config.ts"
import { isAllowance } from "../domain/AddressGuard.ts"
import { TaskName } from "../domain/Task.ts"
import { eventPatterns, WebhookFormat } from "../domain/WebhookEvent.ts"
import * as Addresses from "./Addresses.ts"
import type { Complaint } from "./Complaints.ts"
import { checked, distinct, Flag, key, NonEmptyText, positive, wholeNumber } from "./Keys.ts"
import { valueAt } from "./Positions.ts"

/** A `[webhook.*]` table: a program elsewhere that is told what happens. Its secret is given from outside. */
export interface WebhookEndpoint {
  readonly name: string
  readonly enabled: boolean
  readonly url: string
  /** Kinds of events, or patterns of them. */
  readonly events: ReadonlyArray<string>
  /** Of records, those of these streams; of all where there are none. */
  readonly streams: ReadonlyArray<string>
  readonly format: WebhookFormat
  /** Whether a commit of records is one event, or each record is. */
  readonly per: "page" | "record"
  readonly timeout: Duration.Duration
}

/** An `[inbox.*]` table: who may tell that there is something new, and which task then runs. */
export interface InboxSource {
  readonly name: string
  readonly enabled: boolean
  /** How its messages are signed: by Standard Webhooks, or as Oura does it. */
  readonly kind: "standard" | "oura"
  readonly task: TaskName
}

const endpoint = Schema.Struct({
  enabled: key(Flag, "Whether it is told anything.", true),
  url: checked(Addresses.httpAddress).annotate({ description: "Where it is reached." }),
  events: distinct(
    Schema.Literals(eventPatterns).annotate({ expected: "a kind of event such as \"run.failed\", \"run.*\" or \"*\"" }),
    "a list of kinds of events"
  ).annotate({ description: "What it is told: kinds of events, a family such as \"run.*\", or \"*\"." }),
  streams: key(
    Schema.Array(NonEmptyText).annotate({ expected: "a list of streams" }),
    "Of records, those of these streams alone; of all streams without it.",
    []
  ),
  format: key(
    WebhookFormat,
    "The form of the body: that of Standard Webhooks, or a CloudEvent 1.0.",
    "standard"
  ),
  per: key(
    Schema.Literals(["page", "record"]),
    "Whether a commit of records is told as one event with their ids, or each of them as one with its columns.",
    "page"
  ),
  timeout_seconds: key(
    wholeNumber(1, 30, positive, "at most 30 seconds"),
    "Seconds after which a try is given up.",
    20
  )
})

const source = Schema.Struct({
  enabled: key(Flag, "Whether its messages are taken.", true),
  kind: key(
    Schema.Literals(["standard", "oura"]),
    "How its messages are signed: by Standard Webhooks, or as Oura does it with the secret of its app.",
    "standard"
  ),
  task: TaskName.annotate({ description: "The task that runs when something is told." })
})

export const webhook = Schema.Record(Schema.String, endpoint)
export const inbox = Schema.Record(Schema.String, source)

export const network = Schema.Struct({
  allowed_private: key(
    Schema.Array(
      checked((text) =>
        isAllowance(text)
          ? undefined
          : "the name of a host, an address, or a network such as \"192.168.1.0/24\", in small letters"
      )
    ).annotate({ expected: "a list of hosts and networks" }),
    "Hosts, addresses and networks that may be called though they are none of the public internet: a receiver at home, say.",
    []
  )
})

const longestName = 32

const isName = (name: string): boolean => name.length <= longestName && /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(name)

/** What is wrong with a table of these whose keys are each right. */
export const webhookComplaints = (file: unknown): ReadonlyArray<Complaint> => [
  ...misnamed(file),
  ...withoutTask(file)
]

/** A source starts a task that there is. */
const withoutTask = (file: unknown): ReadonlyArray<Complaint> => {
  const sources = Option.getOrElse(valueAt(file, ["inbox"]), () => ({}))
  return Object.entries(Predicate.isObject(sources) ? sources : {}).flatMap(([name, table]) => {
    const task = Predicate.isObject(table) && "task" in table ? table["task"] : undefined
    if (!isTask(task) || Option.isSome(valueAt(file, ["sync", task]))) return []
    return [{ path: ["inbox", name, "task"], at: "value" as const, message: `there is no [sync.${task}] in this file` }]
  })
}

const isTask = Schema.is(TaskName)

const misnamed = (file: unknown): ReadonlyArray<Complaint> =>
  ["webhook", "inbox"].flatMap((table) => {
    const found = Option.getOrElse(valueAt(file, [table]), () => ({}))
    return Object.keys(Predicate.isObject(found) ? found : {}).flatMap((name) =>
      isName(name) ? [] : [{
        path: [table, name],
        at: "key" as const,
        message: `expected a name of at most ${longestName} small letters, digits and single _ between them`
      }]
    )
  })

export const webhooksOf = (tables: typeof webhook.Type): ReadonlyArray<WebhookEndpoint> =>
  Object.entries(tables).map(([name, { timeout_seconds, ...table }]) => ({
    name,
    ...table,
    timeout: Duration.seconds(timeout_seconds)
  }))

export const inboxOf = (tables: typeof inbox.Type): ReadonlyArray<InboxSource> =>
  Object.entries(tables).map(([name, table]) => ({ name, ...table }))

/** The three tables as a file has them, where they say anything. */
export const shownWebhooks = (
  { inbox = [], network, webhooks = [] }: GliderConfig
): { readonly [table: string]: unknown } => ({
  ...network === undefined || network.allowedPrivate.length === 0
    ? {}
    : { network: { allowed_private: network.allowedPrivate } },
  ...webhooks.length === 0 ? {} : {
    webhook: Object.fromEntries(
      webhooks.map(({ name, timeout, ...table }) => [name, { ...table, timeout_seconds: Duration.toSeconds(timeout) }])
    )
  },
  ...inbox.length === 0 ? {} : { inbox: Object.fromEntries(inbox.map(({ name, ...table }) => [name, table])) }
})

/** The variables under which the secrets of an endpoint are known: that of today, and another while one takes its place. */
export const webhookVariables = (name: string): readonly [current: string, old: string] => [
  `GLIDER_WEBHOOK_${name.toUpperCase()}_SECRET`,
  `GLIDER_WEBHOOK_${name.toUpperCase()}_SECRET_OLD`
]

/** The same for those who tell; `token` is what Oura shows when it asks whether the address is ours. */
export const inboxVariables = (
  name: string
): { readonly current: string; readonly old: string; readonly token: string } => ({
  current: `GLIDER_INBOX_${name.toUpperCase()}_SECRET`,
  old: `GLIDER_INBOX_${name.toUpperCase()}_SECRET_OLD`,
  token: `GLIDER_INBOX_${name.toUpperCase()}_TOKEN`
})

/** What failed for good and waits for a person: runs, records that could not be read, events that a webhook was not told of, and jobs. */
import { DateTime, Option, Schema } from "effect"
import { ConnectionId } from "./Connection.ts"
import { RunError } from "./Run.ts"

/** Which dead letter. */
export type DeadLetterKey =
  | { readonly _tag: "Run"; readonly run: string }
  | { readonly _tag: "Record"; readonly connection: string; readonly stream: string; readonly hash: string }
  | { readonly _tag: "Delivery"; readonly endpoint: string; readonly event: string }
  | { readonly _tag: "Job"; readonly job: string }

/** `run:<id of the run>`, `record:<connection>/<stream>/<hash of the record>`, `delivery:<endpoint>/<event>`, or `job:<id of the job>`. */
export const deadLetterId = (key: DeadLetterKey): string => {
  switch (key._tag) {
    case "Run":
      return `run:${key.run}`
    case "Record":
      return `record:${key.connection}/${key.stream}/${key.hash}`
    case "Delivery":
      return `delivery:${key.endpoint}/${key.event}`
    case "Job":
      return `job:${key.job}`
  }
}

/** What an id says; none when it is none. Connections may hold slashes, streams and hashes do not. */
export const deadLetterKey = (id: string): Option.Option<DeadLetterKey> => {
  if (id.startsWith("run:") && id.length > 4) return Option.some({ _tag: "Run", run: id.slice(4) })
  if (id.startsWith("job:") && id.length > 4) return Option.some({ _tag: "Job", job: id.slice(4) })
  const [, endpoint, event] = /^delivery:([^/]+)\/([^/]+)$/.exec(id) ?? []
  if (endpoint !== undefined && event !== undefined) return Option.some({ _tag: "Delivery", endpoint, event })
  const [, connection, stream, hash] = /^record:([^]+)\/([^/]+)\/([^/]+)$/.exec(id) ?? []
  return connection === undefined || stream === undefined || hash === undefined
    ? Option.none()
    : Option.some({ _tag: "Record", connection, stream, hash })
}

/** The error tag of records that could not be read. */
export const recordTag = "UnreadableRecord"

/** The error tag of events that a webhook was not told of. */
export const deliveryTag = "NotDelivered"

/** The kinds of dead letters, in the order in which those of one instant are listed. */
export const DeadLetterKind = Schema.Literals(["run", "record", "delivery", "job"])
export type DeadLetterKind = typeof DeadLetterKind.Type

export const DeadLetter = Schema.TaggedUnion({
  Run: {
    id: Schema.NonEmptyString,
    run: Schema.NonEmptyString,
    workflow: Schema.String,
    /** When it failed. */
    at: Schema.DateTimeUtcFromString,
    attempts: Schema.Natural,
    error: RunError,
    /** Messages from the outermost cause inwards. */
    chain: Schema.Array(Schema.String)
  },
  Record: {
    id: Schema.NonEmptyString,
    connection: ConnectionId,
    stream: Schema.NonEmptyString,
    /** When it was first read. */
    at: Schema.DateTimeUtcFromString,
    /** When it was last read, which may be at every sync. */
    lastSeenAt: Schema.DateTimeUtcFromString,
    problem: Schema.String,
    /** The record as the provider sent it, as JSON. */
    raw: Schema.String
  },
  Delivery: {
    id: Schema.NonEmptyString,
    /** The webhook that was to be told. */
    endpoint: Schema.NonEmptyString,
    event: Schema.NonEmptyString,
    /** The kind of the event. */
    type: Schema.String,
    /** When it was given up. */
    at: Schema.DateTimeUtcFromString,
    attempts: Schema.Natural,
    /** Why the last try has failed. */
    problem: Schema.String
  },
  Job: {
    id: Schema.NonEmptyString,
    job: Schema.NonEmptyString,
    type: Schema.String,
    /** When it failed. */
    at: Schema.DateTimeUtcFromString,
    attempts: Schema.Natural,
    error: RunError
  }
})
export type DeadLetter = typeof DeadLetter.Type

const kinds = { Run: "run", Record: "record", Delivery: "delivery", Job: "job" } as const satisfies {
  readonly [T in DeadLetter["_tag"]]: DeadLetterKind
}

export const kindOf = (letter: DeadLetter): DeadLetterKind => kinds[letter._tag]

/** Where it failed: the workflow of a run, the stream of a record, the webhook of a delivery, the type of a job. */
export const fromOf = (letter: DeadLetter): string => {
  switch (letter._tag) {
    case "Run":
      return letter.workflow
    case "Record":
      return letter.stream
    case "Delivery":
      return letter.endpoint
    case "Job":
      return letter.type
  }
}

/** The tag of what went wrong. */
export const errorOf = (letter: DeadLetter): string => {
  switch (letter._tag) {
    case "Run":
    case "Job":
      return letter.error.tag
    case "Record":
      return recordTag
    case "Delivery":
      return deliveryTag
  }
}

/** Which dead letters are meant: those for which everything holds that is said. */
export interface DeadLetterFilter {
  readonly kind: Option.Option<DeadLetterKind>
  /** The workflow of a run, the stream of a record, the webhook of a delivery, or the type of a job: one of these. */
  readonly from: Option.Option<ReadonlyArray<string>>
  /** The tag of the run's error; that of records is `UnreadableRecord`, that of deliveries `NotDelivered`. */
  readonly error: Option.Option<string>
  readonly olderThan: Option.Option<DateTime.Utc>
  readonly newerThan: Option.Option<DateTime.Utc>
  /** A part of its id, of what went wrong, or of the record; upper or lower case is the same. */
  readonly text: Option.Option<string>
}

/** All of them. */
export const anyDeadLetter: DeadLetterFilter = {
  kind: Option.none(),
  from: Option.none(),
  error: Option.none(),
  olderThan: Option.none(),
  newerThan: Option.none(),
  text: Option.none()
}

/** Whether the filter means this dead letter. */
export const isMeant = (filter: DeadLetterFilter, letter: DeadLetter): boolean =>
  holds(filter.kind, (kind) => kind === kindOf(letter)) &&
  holds(filter.from, (names) => names.includes(fromOf(letter))) &&
  holds(filter.error, (tag) => tag === errorOf(letter)) &&
  holds(filter.olderThan, (instant) => DateTime.isLessThan(letter.at, instant)) &&
  holds(filter.newerThan, (instant) => DateTime.isGreaterThan(letter.at, instant)) &&
  holds(filter.text, (text) => textsOf(letter).some((one) => one.toLowerCase().includes(text.toLowerCase())))

const holds = <A>(asked: Option.Option<A>, is: (asked: A) => boolean): boolean =>
  Option.match(asked, { onNone: () => true, onSome: is })

const textsOf = (letter: DeadLetter): ReadonlyArray<string> => {
  switch (letter._tag) {
    case "Run":
      return [letter.id, letter.workflow, letter.error.tag, letter.error.message, ...letter.chain]
    case "Record":
      return [letter.id, letter.problem, letter.raw]
    case "Delivery":
      return [letter.id, letter.type, letter.problem]
    case "Job":
      return [letter.id, letter.type, letter.error.tag, letter.error.message]
  }
}

/** Where a list goes on: after this letter, whether or not it is still there. */
export interface DeadLetterPlace {
  /** Its `at`, in epoch milliseconds. */
  readonly at: number
  readonly id: string
}

/** What failed for good and waits for a person: runs, and records that could not be read. */
import { DateTime, Option, Schema } from "effect"
import { ConnectionId } from "./Connection.ts"
import { RunError } from "./Run.ts"

/** Which dead letter. */
export type DeadLetterKey =
  | { readonly _tag: "Run"; readonly run: string }
  | { readonly _tag: "Record"; readonly connection: string; readonly stream: string; readonly hash: string }

/** `run:<id of the run>` or `record:<connection>/<stream>/<hash of the record>`. */
export const deadLetterId = (key: DeadLetterKey): string =>
  key._tag === "Run" ? `run:${key.run}` : `record:${key.connection}/${key.stream}/${key.hash}`

/** What an id says; none when it is none. Connections may hold slashes, streams and hashes do not. */
export const deadLetterKey = (id: string): Option.Option<DeadLetterKey> => {
  if (id.startsWith("run:") && id.length > 4) return Option.some({ _tag: "Run", run: id.slice(4) })
  const [, connection, stream, hash] = /^record:([^]+)\/([^/]+)\/([^/]+)$/.exec(id) ?? []
  return connection === undefined || stream === undefined || hash === undefined
    ? Option.none()
    : Option.some({ _tag: "Record", connection, stream, hash })
}

/** The error tag of records that could not be read. */
export const recordTag = "UnreadableRecord"

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
  }
})
export type DeadLetter = typeof DeadLetter.Type

/** Which dead letters are meant: those for which everything holds that is said. */
export interface DeadLetterFilter {
  readonly kind: Option.Option<"run" | "record">
  /** The workflow of a run, or the stream of a record: one of these. */
  readonly from: Option.Option<ReadonlyArray<string>>
  /** The tag of the run's error; that of records is `UnreadableRecord`. */
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
  holds(filter.kind, (kind) => kind === (letter._tag === "Run" ? "run" : "record")) &&
  holds(filter.from, (names) => names.includes(letter._tag === "Run" ? letter.workflow : letter.stream)) &&
  holds(filter.error, (tag) => tag === (letter._tag === "Run" ? letter.error.tag : recordTag)) &&
  holds(filter.olderThan, (instant) => DateTime.isLessThan(letter.at, instant)) &&
  holds(filter.newerThan, (instant) => DateTime.isGreaterThan(letter.at, instant)) &&
  holds(filter.text, (text) => textsOf(letter).some((one) => one.toLowerCase().includes(text.toLowerCase())))

const holds = <A>(asked: Option.Option<A>, is: (asked: A) => boolean): boolean =>
  Option.match(asked, { onNone: () => true, onSome: is })

const textsOf = (letter: DeadLetter): ReadonlyArray<string> =>
  letter._tag === "Run"
    ? [letter.id, letter.workflow, letter.error.tag, letter.error.message, ...letter.chain]
    : [letter.id, letter.problem, letter.raw]

/** Where a list goes on: after this letter, whether or not it is still there. */
export interface DeadLetterPlace {
  /** Its `at`, in epoch milliseconds. */
  readonly at: number
  readonly id: string
}

/** What the journal of a run says, fact by fact. */
import { Result, Schema } from "effect"

/** A reason of a failure: an encoded error, a defect, or an interruption. */
const ReasonJson = Schema.Union([
  Schema.Struct({ fail: Schema.Unknown }),
  Schema.Struct({ die: Schema.Unknown }),
  Schema.Struct({ interrupt: Schema.Literal(true) })
])
export type ReasonJson = typeof ReasonJson.Type

/** An exit as JSON: the encoded success, or the reasons of a failure. */
export const ExitJson = Schema.Union([
  Schema.Struct({ no: Schema.Array(ReasonJson) }),
  Schema.Struct({ ok: Schema.optionalKey(Schema.Unknown) })
])
export type ExitJson = typeof ExitJson.Type

/**
 * How a run is asked to end: `safe` lets the activity under way come to its end, `now` interrupts it; both compensate and
 * end as cancelled. `stop` is `now` by the one who had started it and no longer waits: it ends as interrupted.
 */
export const CancelMode = Schema.Literals(["safe", "now", "stop"])
export type CancelMode = typeof CancelMode.Type

/** Epoch milliseconds. */
const Millis = Schema.Finite

/** Where a step stands among the steps of its run; see `workflow/Determinism.ts`. */
const place = { ordinal: Schema.Natural, sequential: Schema.Boolean }

/** One fact of a run's history, `at` its instant. */
export const Entry = Schema.TaggedUnion({
  Started: { at: Millis, payload: Schema.optionalKey(Schema.Unknown) },
  /** An activity that ended, by success or by failure: what it gave is never computed again. */
  Activity: {
    at: Millis,
    name: Schema.String,
    attempt: Schema.Natural,
    startedAt: Millis,
    exit: ExitJson,
    /** How often calls to providers were repeated within it; left out when none was. */
    repeats: Schema.optionalKey(Schema.Natural),
    ...place
  },
  Timer: { at: Millis, name: Schema.String, due: Millis, ...place },
  Child: { at: Millis, workflow: Schema.String, run: Schema.String, ...place },
  /** A signal, a timer that fired or another promise that was kept. */
  Deferred: { at: Millis, name: Schema.String, exit: ExitJson },
  Cancel: { at: Millis, how: CancelMode },
  Ended: { at: Millis, exit: ExitJson }
})
export type Entry = typeof Entry.Type

/** A segment of a journal, as stored. */
export const Segment = Schema.fromJsonString(Schema.Array(Entry))

/** The largest entry: 2 MiB of JSON, as at Temporal. What is larger belongs into a table, and its id into the journal. */
export const largestEntry = 2 * 1024 * 1024

/** Something that a run was to remember is too large for its journal. */
export class EntryTooLarge extends Schema.TaggedError<EntryTooLarge>()("EntryTooLarge", {
  /** e.g. `the result of activity render`. */
  what: Schema.String,
  characters: Schema.Natural
}) {
  override get message(): string {
    return `${this.what} is ${this.characters} characters of JSON, and a journal takes ${largestEntry} at most; ` +
      "store it, and let the workflow hand on its id"
  }
}

/** An entry with its text. It is JSON already: a schema would only walk through it once more, at every step. */
export interface Noted {
  readonly entry: Entry
  readonly text: string
}

/** The entry as it is kept; fails when it is too large. */
export const noted = (entry: Entry, what: string): Result.Result<Noted, EntryTooLarge> => {
  const text = JSON.stringify(entry)
  return text.length > largestEntry
    ? Result.fail(new EntryTooLarge({ what, characters: text.length }))
    : Result.succeed({ entry, text })
}

/** The text of a segment. */
export const segmentText = (entries: ReadonlyArray<Noted>): string => `[${entries.map(({ text }) => text).join()}]`

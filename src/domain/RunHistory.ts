/** The journal of a run as people read it. */
import { DateTime, Option, Schema } from "effect"
import type { Entry, ExitJson, ReasonJson } from "./RunEntry.ts"

/** One line of a history. */
export class HistoryEvent extends Schema.Class<HistoryEvent>("glider/HistoryEvent")({
  at: Schema.DateTimeUtcFromString,
  kind: Schema.Literals(["started", "activity", "timer", "fired", "child", "signal", "cancel", "ended"]),
  /** Of the activity, timer, signal or workflow. */
  name: Schema.String,
  /** Which try of an activity; none for the other kinds. */
  attempt: Schema.OptionFromNullOr(Schema.Natural),
  /** How long an activity took, in milliseconds. */
  tookMillis: Schema.OptionFromNullOr(Schema.Finite),
  /** When a timer is due. */
  due: Schema.OptionFromNullOr(Schema.DateTimeUtcFromString),
  /** The run that a child is. */
  run: Schema.OptionFromNullOr(Schema.String),
  /** What it gave; none of what gives nothing, and of failures. */
  value: Schema.OptionFromNullOr(Schema.Json),
  /** Why it failed. */
  error: Schema.OptionFromNullOr(Schema.String)
}) {}

const timerPrefix = "DurableClock/"

const isTimer = (name: string): boolean => name.startsWith(timerPrefix)

/** A timer's name as the workflow has it. */
const timerName = (name: string): string => isTimer(name) ? name.slice(timerPrefix.length) : name

const isJson = Schema.is(Schema.Json)

const text = (value: unknown): string =>
  typeof value === "object" && value !== null && "message" in value && typeof value.message === "string"
    ? `${"_tag" in value && typeof value._tag === "string" ? `${value._tag}: ` : ""}${value.message}`
    : JSON.stringify(value)

const reasonText = (reason: ReasonJson): string =>
  "fail" in reason ? text(reason.fail) : "die" in reason ? `a bug: ${text(reason.die)}` : "interrupted"

const outcome = (exit: ExitJson) =>
  "no" in exit
    ? { value: Option.none(), error: Option.some(exit.no.map(reasonText).join("; ")) }
    : { value: Option.filter(Option.fromNullishOr(exit.ok), isJson), error: Option.none() }

const nothing = {
  attempt: Option.none(),
  tookMillis: Option.none(),
  due: Option.none(),
  run: Option.none(),
  value: Option.none(),
  error: Option.none()
}

/** A line for each entry, in the order in which they became durable. */
export const historyOf = (workflow: string, entries: ReadonlyArray<Entry>): ReadonlyArray<HistoryEvent> =>
  entries.map((entry) => {
    const at = DateTime.makeUnsafe(entry.at)
    switch (entry._tag) {
      case "Started":
        return new HistoryEvent({
          ...nothing,
          at,
          kind: "started",
          name: workflow,
          value: Option.filter(Option.fromNullishOr(entry.payload), isJson)
        })
      case "Activity":
        return new HistoryEvent({
          ...nothing,
          at,
          kind: "activity",
          name: entry.name,
          attempt: Option.some(entry.attempt),
          tookMillis: Option.some(entry.at - entry.startedAt),
          ...outcome(entry.exit)
        })
      case "Timer":
        return new HistoryEvent({
          ...nothing,
          at,
          kind: "timer",
          name: timerName(entry.name),
          due: Option.some(DateTime.makeUnsafe(entry.due))
        })
      case "Child":
        return new HistoryEvent({ ...nothing, at, kind: "child", name: entry.workflow, run: Option.some(entry.run) })
      case "Deferred":
        return isTimer(entry.name)
          ? new HistoryEvent({ ...nothing, at, kind: "fired", name: timerName(entry.name) })
          : new HistoryEvent({ ...nothing, at, kind: "signal", name: entry.name, ...outcome(entry.exit) })
      case "Cancel":
        return new HistoryEvent({ ...nothing, at, kind: "cancel", name: entry.how })
      case "Ended":
        return new HistoryEvent({ ...nothing, at, kind: "ended", name: workflow, ...outcome(entry.exit) })
    }
  })

/** What a run was given; none when its journal was pruned. */
export const inputOf = (entries: ReadonlyArray<Entry>): Option.Option<Schema.Json> =>
  Option.flatMap(
    Option.fromUndefinedOr(entries.find((entry) => entry._tag === "Started")),
    ({ payload }) => isJson(payload) ? Option.some(payload) : Option.none()
  )

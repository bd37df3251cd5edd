/** How pages say what a schedule is and what becomes of its ticks, in the words of the command line. */
import { Option } from "effect"
import type { ScheduleInfo, TickLine } from "../../api/ScheduleMessages.ts"
import { durationText } from "../../domain/DurationText.ts"
import type { BadgeKind } from "../frame/Bits.tsx"
import { ago, moment, type Owner } from "../frame/Owner.ts"

/** Where its page is. */
export const scheduleHref = (id: string): string => `/schedules/${encodeURIComponent(id)}`

/** Its sign. */
export const scheduleBadge = ({ enabled, pause }: ScheduleInfo): BadgeKind =>
  !enabled ? "disabled" : Option.isSome(pause) ? "paused" : "active"

/** Why and until when it is paused. */
export const pauseText = (owner: Owner, { pause }: ScheduleInfo): Option.Option<string> =>
  Option.map(pause, ({ by, note, until }) =>
    [
      by === "failure" ? "paused after a failure" : "paused",
      ...Option.toArray(Option.map(until, (end) => `until ${moment(owner, end)} (${ago(owner, end)})`)),
      ...Option.toArray(Option.map(note, (why) => `(${why})`))
    ].join(" "))

/** Beside the sign that says that it is paused: why and until when. */
export const pauseDetail = (owner: Owner, { pause }: ScheduleInfo): string =>
  Option.match(pause, {
    onNone: () => "",
    onSome: ({ by, note, until }) =>
      [
        ...by === "failure" ? ["after a failure"] : [],
        ...Option.toArray(Option.map(until, (end) => `until ${moment(owner, end)} (${ago(owner, end)})`)),
        ...Option.toArray(note)
      ].join(", ")
  })

/** `every 30m`, or the expression. */
export const whenText = (cron: string | undefined, seconds: number | undefined): string =>
  cron ?? (seconds === undefined ? "–" : `every ${durationText(seconds * 1000)}`)

/** What became of a tick, as its sign and its word. */
export const tickBadge = ({ marks, outcome, state }: TickLine): { readonly kind: BadgeKind; readonly text: string } => {
  const kind = Option.match(outcome, {
    onNone: (): BadgeKind => state === "due" ? "waiting" : state === "open" ? "running" : "cancelled",
    onSome: (known): BadgeKind => {
      switch (known) {
        case "started":
          return "completed"
        case "failed_to_start":
          return "failed"
        case "missed":
          return "interrupted"
        case "paused":
        case "disabled":
          return known
        case "skipped_overlap":
        case "out_of_bounds":
          return "cancelled"
      }
    }
  })
  const word = Option.getOrElse(outcome, () => state)
  return { kind, text: [word, ...marks].join(", ").replaceAll("_", " ") }
}

/** What jitter, clocks and neighbours did to it. */
export const tickNote = ({ dst, effective, nominal, reason }: TickLine): string => {
  const jitter = effective.epochMilliseconds - nominal.epochMilliseconds
  return [
    ...Option.toArray(reason),
    ...Option.toArray(dst),
    ...jitter === 0 ? [] : [`jitter ${durationText(jitter)}`]
  ].join("; ")
}

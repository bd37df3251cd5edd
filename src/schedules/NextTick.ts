/** When a schedule is attended to next. */
import { Option } from "effect"
import type { Attended } from "./Attending.ts"
import type { Entry } from "./Entry.ts"
import type { RunsAtWork } from "./RunsAtWork.ts"
import { effective, type Settings, tickAfter } from "./Settings.ts"

interface Around {
  readonly atWork: RunsAtWork
  readonly now: number
}

const setNext = (entry: Entry, settings: Settings, nominal: number | undefined): void => {
  entry.nominal = nominal
  entry.due = nominal === undefined ? undefined : effective(settings, nominal)
}

/** The next tick of a calendar; none when its bounds leave none. */
const setSeries = (entry: Entry, settings: Settings): void =>
  setNext(entry, settings, Option.getOrUndefined(tickAfter(settings, entry.cursor, entry.state.runs)))

/** The next tick of an interval: not before its bounds, and none after them. */
const setInterval = (entry: Entry, settings: Settings, at: number): void => {
  const earliest = Math.max(at, settings.startAt)
  // a clock that was put back may come to the very instant again
  const nominal = earliest === entry.state.cursor ? earliest + 1 : earliest
  const isSpent = nominal > settings.endAt || entry.state.runs >= (settings.definition.max_runs ?? Infinity)
  setNext(entry, settings, isSpent ? undefined : nominal)
}

const everyOf = ({ timing }: Settings): number => timing._tag === "Interval" ? timing.millis : 0

/**
 * Of a schedule that is new to the supervisor or has changed. An interval begins at once, also when it is enabled; a new
 * length counts from the end of the last run, too.
 */
export const begin = (
  entry: Entry,
  settings: Settings,
  { atWork, isNew, now }: Around & { readonly isNew: boolean }
): void => {
  const isSwitchedOn = settings.enabled && !entry.wasEnabled
  const isRetimed = entry.every !== everyOf(settings)
  entry.wasEnabled = settings.enabled
  entry.every = everyOf(settings)
  if (settings.timing._tag !== "Interval") return setSeries(entry, settings)
  if (isNew || isSwitchedOn) return setInterval(entry, settings, now)
  if (Option.isSome(atWork.of(entry)) && entry.nominal === undefined) return
  if (isRetimed && entry.lastEnd !== undefined) {
    return setInterval(entry, settings, Math.max(now, entry.lastEnd + everyOf(settings)))
  }
  setInterval(entry, settings, Math.min(entry.nominal ?? now, now + everyOf(settings)))
}

/** After its ticks were attended to, which began at an instant. */
export const follow = (
  entry: Entry,
  settings: Settings,
  { postponed, started }: Attended,
  { atWork, began, now }: Around & { readonly began: number }
): void => {
  if (settings.timing._tag !== "Interval") {
    setSeries(entry, settings)
    if (postponed !== undefined && entry.due !== undefined) entry.due = Math.max(entry.due, postponed)
    return
  }
  if (postponed !== undefined) return setInterval(entry, settings, postponed)
  if (entry.nominal !== undefined && (entry.due ?? Infinity) > began) return
  const every = everyOf(settings)
  // the end of the run that it started, or waited for, tells its next tick
  if (Option.isSome(atWork.of(entry))) return setNext(entry, settings, undefined)
  if (started || entry.nominal === undefined) {
    const end = entry.lastEnd !== undefined && entry.lastEnd >= began ? entry.lastEnd : now
    return setInterval(entry, settings, end + every)
  }
  const next = entry.nominal + every
  setInterval(entry, settings, next > now ? next : now + every)
}

/** At the end of a run: an interval counts from there, unless its next tick is known already. */
export const afterRun = (entry: Entry, settings: Settings, ended: number): void => {
  if (settings.timing._tag === "Interval" && entry.nominal === undefined) {
    setInterval(entry, settings, ended + everyOf(settings))
  }
}

/** An interval is counted by a clock that may be put back: its tick is never later than one interval from now. */
export const hold = (entry: Entry, settings: Settings, now: number): void => {
  if (settings.timing._tag === "Interval" && entry.nominal !== undefined) {
    setInterval(entry, settings, Math.min(entry.nominal, now + everyOf(settings)))
  }
}

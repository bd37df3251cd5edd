/** What becomes of ticks that are due, decided from instants alone. */
import { type Override, pausedAt } from "../domain/Schedule.ts"
import * as Timing from "../timing/Timing.ts"
import { catchUpWindow, effective, type Settings } from "./Settings.ts"

/** A tick later than this was not attended to in time: whether it still runs is for `catch_up` to say. */
export const toleranceMillis = 10_000

export interface Verdict {
  readonly nominal: number
  readonly effective: number
  readonly verdict: "start" | "catch_up" | "missed" | "paused" | "disabled"
}

/** What happens to a tick, apart from what other ticks make of it. */
const judge = (
  settings: Settings,
  override: Override,
  nominal: number,
  now: number,
  window: () => number,
  excused: number
): Verdict => {
  const due = effective(settings, nominal)
  const late = now - Math.max(due, excused) > toleranceMillis
  const verdict = !settings.enabled
    ? "disabled"
    : pausedAt(override, nominal) || pausedAt(override, now)
    ? "paused"
    : !late
    ? "start"
    : settings.definition.catch_up !== "none" && now - nominal <= window()
    ? "catch_up"
    : "missed"
  return { nominal, effective: due, verdict }
}

/** Of those that could be caught up, the latest alone, and none when a tick that is in time follows. */
const latestOnly = (verdicts: ReadonlyArray<Verdict>): ReadonlyArray<Verdict> => {
  const last = verdicts.findLastIndex(({ verdict }) => verdict === "catch_up" || verdict === "start")
  return verdicts.map((verdict, at) =>
    verdict.verdict === "catch_up" && at !== last ? { ...verdict, verdict: "missed" } : verdict
  )
}

/** The ticks of one turn. */
export interface Turn {
  readonly verdicts: ReadonlyArray<Verdict>
  /** Whether there are more that are due. */
  readonly more: boolean
}

/**
 * What becomes of the ticks after an instant that are due by now: the oldest `most` of them, and all of those at the end
 * that may still run, so that the latest is known.
 */
export const account = (
  settings: Settings,
  override: Override,
  { after, excused, most, now }: {
    readonly after: number
    readonly now: number
    readonly most: number
    /** Ticks up to here were kept waiting, and are not late for that. */
    readonly excused: number
  }
): Turn => {
  let known: number | undefined
  // of a calendar it takes a hundred ticks to tell, so only a tick that is late asks for it
  const window = () => known ??= catchUpWindow(settings, now)
  const found: Array<Verdict> = []
  const from = Math.max(after, settings.startAt - 1)
  for (const nominal of Timing.ticksBetween(settings.timing, from, Math.min(now, settings.endAt))) {
    const verdict = judge(settings, override, nominal, now, window, excused)
    if (verdict.effective > now) break
    const lost = verdict.verdict !== "start" && verdict.verdict !== "catch_up"
    if (found.length >= most && lost) {
      return { verdicts: settings.definition.catch_up === "latest" ? latestOnly(found) : found, more: true }
    }
    found.push(verdict)
  }
  return { verdicts: settings.definition.catch_up === "latest" ? latestOnly(found) : found, more: false }
}

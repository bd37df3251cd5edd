/** Outcomes of ticks whose schedule goes, or is timed anew, before they have one. */
import { Option } from "effect"
import type { ScheduleRow } from "../store/Schedules.ts"
import type { TickRow } from "../store/TickRows.ts"
import type { Entry } from "./Entry.ts"
import { settingsOf, ticksOf } from "./Settings.ts"

/** Of one that waits for the end of a run, when its schedule goes with all that is known of it. */
export const abandoned = (entry: Entry | undefined, at: number): Option.Option<TickRow> => {
  const buffered = entry?.state.buffered
  if (entry === undefined || buffered === undefined || typeof buffered.run === "string") return Option.none()
  const { effective, nominal } = buffered
  const { id: schedule, project } = entry.row
  const reason = "the schedule was removed while it waited for the end of a run"
  return Option.some({ project, schedule, nominal, effective, outcome: "disabled", at, reason })
}

/** Ticks that are closed at once: beyond a year of minutes they are too many for one change. */
const most = 600_000

/** Of those that came by the former timing and were not attended to by then. */
export const closing = (entry: Entry, before: ScheduleRow, at: number): ReadonlyArray<TickRow> => {
  const found = settingsOf(before)
  if (Option.isNone(found) || found.value.timing._tag === "Interval") return []
  const settings = found.value
  if (entry.state.runs >= (settings.definition.max_runs ?? Infinity)) return []
  const { id: schedule, project } = before
  const reason = "the schedule was changed before anybody attended to it"
  const rows: Array<TickRow> = []
  for (const { effective, nominal } of ticksOf(settings, Math.max(entry.state.cursor, before.since) + 1, at)) {
    if (rows.length === most) break
    rows.push({ project, schedule, nominal, effective, outcome: "missed", at, reason })
  }
  return rows
}

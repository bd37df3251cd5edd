import type { Option } from "effect"
import type { RunStatus } from "../domain/Run.ts"
import { scheduleId } from "../domain/Schedule.ts"
import type { ScheduleRow, ScheduleState } from "../store/Schedules.ts"
import { type Settings, settingsOf } from "./Settings.ts"

/** A schedule in memory: as it is stored, and where the supervisor is with it. */
export class Entry {
  row: ScheduleRow
  state: ScheduleState
  /** How a run stands, as far as it is known: that of the newest one is told. */
  lastStatus: { readonly run: string; readonly status: RunStatus } | undefined
  /** The supervisor's own: the tick that comes next, and when it is attended to; epoch milliseconds. */
  nominal: number | undefined
  due: number | undefined
  /** The supervisor's own: until when its ticks were kept waiting, by a provider or by other schedules. */
  excused = -Infinity
  /** The supervisor's own: a fiber attends to it. */
  busy = false
  /** The supervisor's own: when the last run that it had to wait for ended. */
  lastEnd: number | undefined
  /** The supervisor's own: whether it was enabled when it was looked at last. */
  wasEnabled = false
  /** The supervisor's own: its interval when it was looked at last. */
  every: number | undefined
  /** The supervisor's own: something has happened meanwhile. */
  again = false

  constructor(row: ScheduleRow, state?: ScheduleState) {
    this.row = row
    this.state = state ?? {
      project: row.project,
      id: row.id,
      cursor: row.since,
      runs: 0,
      buffered: undefined,
      lastRun: undefined,
      lastStart: undefined
    }
  }

  get id(): string {
    return this.row.id
  }

  /** `schedule-{project}-{id}`. */
  get scheduleId(): string {
    return scheduleId(this.row.project, this.row.id)
  }

  /** Ticks up to here have their outcomes, or do not count. */
  get cursor(): number {
    return Math.max(this.state.cursor, this.row.since)
  }

  /** Known of those that were asked for last: definitions are kept as texts, since there may be very many. */
  get settings(): Option.Option<Settings> {
    return settingsOf(this.row)
  }
}

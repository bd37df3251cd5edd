/** What a run of a sync is asked to do: a snapshot of the config, so that a run under way does not change with it. */
import { Schema } from "effect"
import type { Task } from "../Config.ts"
import { OuraDataType } from "../domain/Task.ts"
import { SyncRange } from "./SyncRange.ts"

export const SyncInput = Schema.TaggedUnion({
  Spotify: {},
  GoogleCalendar: {
    calendarIds: Schema.Array(Schema.String),
    daysBack: Schema.Natural,
    ignoreSyncToken: Schema.Boolean,
    /** Nothing but this, whatever was listed before. */
    range: Schema.optionalKey(SyncRange)
  },
  Oura: {
    dataTypes: Schema.Array(OuraDataType),
    lookbackDays: Schema.Natural,
    forceLookback: Schema.Boolean,
    /** Nothing but this, wherever the last sync ended. */
    range: Schema.optionalKey(SyncRange)
  }
})
export type SyncInput = typeof SyncInput.Type

/** What a person may ask for one run, in place of what the config says. */
export interface SyncOverrides {
  readonly calendarIds?: ReadonlyArray<string> | undefined
  readonly daysBack?: number | undefined
  readonly ignoreSyncToken?: boolean | undefined
  /** `heartrate`: heart rate alone; `full`: all nine data types. `dataTypes` goes before it. */
  readonly mode?: "heartrate" | "full" | undefined
  readonly dataTypes?: ReadonlyArray<OuraDataType> | undefined
  readonly lookbackDays?: number | undefined
  readonly forceLookback?: boolean | undefined
}

/** What a task of the config stands for, with what a person asked for instead. */
export const inputOf = (task: Task, overrides: SyncOverrides = {}): SyncInput => {
  switch (task.name) {
    case "spotify":
      return SyncInput.cases.Spotify.make({})
    case "google_calendar":
      return SyncInput.cases.GoogleCalendar.make({
        calendarIds: overrides.calendarIds ?? task.calendarIds,
        daysBack: overrides.daysBack ?? task.daysBack,
        ignoreSyncToken: overrides.ignoreSyncToken ?? false
      })
    case "oura":
    case "oura_heartrate":
    case "oura_full":
      return SyncInput.cases.Oura.make({
        dataTypes: overrides.dataTypes ?? typesOf(overrides.mode) ?? task.dataTypes,
        lookbackDays: overrides.lookbackDays ?? task.lookbackDays,
        forceLookback: overrides.forceLookback ?? false
      })
  }
}

const typesOf = (mode: SyncOverrides["mode"]): ReadonlyArray<OuraDataType> | undefined => {
  switch (mode) {
    case "heartrate":
      return ["heartrate"]
    case "full":
      return OuraDataType.literals
    case undefined:
      return undefined
  }
}

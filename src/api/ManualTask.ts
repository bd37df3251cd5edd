/** Which task a run by hand is. */
import { Duration, Result } from "effect"
import type { Task } from "../Config.ts"
import { everyInterval } from "../config/ScheduleSettings.ts"
import { OuraDataType, type SyncName } from "../domain/Task.ts"
import type { SyncOptions } from "./Messages.ts"
import type { Detail } from "./Problems.ts"

/** What a sync has that the config does not mention: never scheduled, with the defaults of contracts and config. */
const unscheduled = { ...everyInterval(Duration.minutes(30), false), timeout: Duration.minutes(15) }

const optionsOf: { readonly [S in SyncName]: ReadonlyArray<keyof SyncOptions> } = {
  google_calendar: ["calendarIds", "daysBack", "ignoreSyncToken"],
  spotify: [],
  oura: ["mode", "lookbackDays", "dataTypes", "forceLookback"]
}

/**
 * The task that `glider sync <name>` runs: that of the config, also a disabled one. Without `[sync.oura]`, `mode` chooses
 * between the pair; `full` is meant when it is absent. Options of other syncs are mistakes.
 */
export const manualTask = (
  tasks: ReadonlyArray<Task>,
  name: SyncName,
  options: SyncOptions
): Result.Result<Task, ReadonlyArray<Detail>> => {
  const strangers = Object.entries(options).filter(([option, value]) =>
    value !== undefined && !optionsOf[name].some((known) => known === option)
  )
  if (strangers.length > 0) {
    return Result.fail(
      strangers.map(([option]) => ({ pointer: `/payload/${option}`, message: `${name} has no such option` }))
    )
  }
  const find = (wanted: Task["name"]) => tasks.find((candidate) => candidate.name === wanted)
  switch (name) {
    case "google_calendar":
      return Result.succeed(
        find("google_calendar") ?? { name: "google_calendar", ...unscheduled, calendarIds: ["primary"], daysBack: 30 }
      )
    case "spotify":
      return Result.succeed(find("spotify") ?? { name: "spotify", ...unscheduled })
    case "oura":
      return Result.succeed(
        find("oura") ?? find(options.mode === "heartrate" ? "oura_heartrate" : "oura_full") ??
          { name: "oura", ...unscheduled, lookbackDays: 7, dataTypes: OuraDataType.literals }
      )
  }
}

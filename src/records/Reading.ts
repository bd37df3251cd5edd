/** What the config has read of an account, and how often. */
import { Duration, Option } from "effect"
import type { GliderConfig, Task } from "../Config.ts"
import { betweenSyncs, type ConnectionSettings, settingsOfAccount } from "../config/ConnectionKeys.ts"
import type { Connection } from "../domain/Connection.ts"
import { patience as health } from "../domain/ConnectionHealth.ts"
import type { RecordKind } from "../domain/RecordKind.ts"
import type { OuraDataType } from "../domain/Task.ts"
import { patience, shortestWait } from "./Patience.ts"

/** What the config says of syncs: the tasks, for the first account of each provider, and the tables of the others. */
export type Plans = Pick<GliderConfig, "tasks" | "connections">

export interface Reading {
  /** Whether anything of the kind is asked of it. */
  readonly reads: (kind: RecordKind) => boolean
  readonly calendars: ReadonlyArray<string>
  /** What is asked of a ring; nothing where nothing asks it. */
  readonly types: ReadonlySet<OuraDataType>
  /** For how many milliseconds after a sync at an instant, in milliseconds since 1970, nobody need wonder. */
  readonly patience: (kind: RecordKind, after: number) => number
}

const ofTasks = (tasks: ReadonlyArray<Task>): Reading => {
  const calendars = tasks.flatMap((task) => task.name === "google_calendar" ? task.calendarIds : [])
  return {
    // tasks that are switched off are missed, too
    reads: () => true,
    calendars: calendars.length === 0 ? ["primary"] : calendars,
    types: new Set(tasks.flatMap((task) => "dataTypes" in task ? task.dataTypes : [])),
    patience: (kind, after) => patience(tasks, kind, after)
  }
}

const ofTable = (settings: Omit<ConnectionSettings, "name">): Reading => ({
  reads: (kind) =>
    kind === "heart_rate"
      ? settings.dataTypes.includes("heartrate")
      : kind !== "body" || settings.dataTypes.some((type) => type !== "heartrate"),
  calendars: settings.calendarIds,
  types: new Set(settings.dataTypes),
  patience: (kind) => shortestWait(kind, [health.intervals * Duration.toMillis(betweenSyncs(settings))])
})

export const readingOf = ({ name, provider }: Connection, { connections, tasks }: Plans): Reading =>
  Option.match(name, {
    onNone: () => ofTasks(tasks),
    onSome: (name) => ofTable(settingsOfAccount({ name, provider }, connections))
  })

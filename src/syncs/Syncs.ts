import { Context, Effect, Layer } from "effect"
import type { Task } from "../Config.ts"
import { OuraDataType } from "../domain/Task.ts"
import type { Clock } from "../services/Clock.ts"
import type { Google } from "../services/Google.ts"
import type { Oura } from "../services/Oura.ts"
import type { Spotify } from "../services/Spotify.ts"
import type { GoogleEvents } from "../store/GoogleEvents.ts"
import type { SyncStates } from "../store/SyncStates.ts"
import { googleCalendarSync } from "./GoogleCalendar.ts"
import { ouraSync } from "./Oura.ts"
import { spotifySync } from "./Spotify.ts"
import type { Sync } from "./Sync.ts"

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

/** The sync that a task of the config stands for. */
export class Syncs extends Context.Service<Syncs, {
  readonly of: (task: Task, overrides?: SyncOverrides) => Effect.Effect<Sync>
}>()("glider/syncs/Syncs") {
  static readonly layer = Layer.effect(
    Syncs,
    Effect.gen(function*() {
      const context = yield* Effect.context<Spotify | Google | Oura | SyncStates | GoogleEvents | Clock>()
      return Syncs.of({ of: (task, overrides = {}) => Effect.provideContext(syncOf(task, overrides), context) })
    })
  )
}

const syncOf = (
  task: Task,
  overrides: SyncOverrides
): Effect.Effect<Sync, never, Spotify | Google | Oura | SyncStates | GoogleEvents | Clock> => {
  switch (task.name) {
    case "spotify":
      return spotifySync
    case "google_calendar":
      return googleCalendarSync({
        calendarIds: overrides.calendarIds ?? task.calendarIds,
        daysBack: overrides.daysBack ?? task.daysBack,
        ignoreSyncToken: overrides.ignoreSyncToken ?? false
      })
    case "oura":
    case "oura_heartrate":
    case "oura_full":
      return ouraSync({
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

/** How an account is synced: by its table of the config, or for the first of a provider by the tasks of `[sync.*]`. */
import { Duration, Option } from "effect"
import type { GliderConfig } from "../Config.ts"
import {
  betweenSyncs,
  connectionDefaults,
  type ConnectionSettings,
  settingsOfAccount
} from "../config/ConnectionKeys.ts"
import type { Connection } from "../domain/Connection.ts"
import type { Provider } from "../domain/Provider.ts"
import { taskProvider } from "../domain/Task.ts"
import { SyncInput } from "../syncs/SyncInput.ts"

export interface ConnectorPlan {
  /** Whether something syncs it by itself. */
  readonly isEnabled: boolean
  /** Whether it is the sweep that does, and not tasks with schedules of their own. */
  readonly isSwept: boolean
  /** Between two syncs, or the longest that its tasks leave between two. */
  readonly interval: Duration.Duration
  readonly continuous: boolean
  readonly timeout: Duration.Duration
  readonly input: SyncInput
}

const inputOf = (
  settings: Pick<ConnectionSettings, "provider" | "calendarIds" | "daysBack" | "dataTypes" | "lookbackDays">
): SyncInput => {
  switch (settings.provider) {
    case "spotify":
      return SyncInput.cases.Spotify.make({})
    case "google":
      return SyncInput.cases.GoogleCalendar.make({
        calendarIds: settings.calendarIds,
        daysBack: settings.daysBack,
        ignoreSyncToken: false
      })
    case "oura":
      return SyncInput.cases.Oura.make({
        dataTypes: settings.dataTypes,
        lookbackDays: settings.lookbackDays,
        forceLookback: false
      })
  }
}

const swept = (settings: Omit<ConnectionSettings, "name">): ConnectorPlan => ({
  isEnabled: settings.enabled,
  isSwept: true,
  interval: betweenSyncs(settings),
  continuous: settings.continuous,
  timeout: settings.timeout,
  input: inputOf(settings)
})

/** A day, where a calendar decides and the distance differs. */
const longest = Duration.days(1)

const byTasks = (provider: Provider, { tasks }: GliderConfig): ConnectorPlan => {
  const own = tasks.filter(({ name }) => taskProvider[name] === provider)
  const enabled = own.filter((task) => task.enabled)
  const intervals = enabled.map(({ when }) => when._tag === "Interval" ? when.every : longest)
  const google = own.flatMap((task) => task.name === "google_calendar" ? [task] : [])
  const oura = own.flatMap((task) => task.name === "google_calendar" || task.name === "spotify" ? [] : [task])
  const usual = connectionDefaults(provider)
  return {
    isEnabled: enabled.length > 0,
    isSwept: false,
    interval: intervals.reduce(Duration.max, intervals[0] ?? usual.interval),
    continuous: false,
    timeout: own.map(({ timeout }) => timeout).reduce(Duration.max, usual.timeout),
    input: inputOf({
      provider,
      calendarIds: google[0]?.calendarIds ?? usual.calendarIds,
      daysBack: google[0]?.daysBack ?? usual.daysBack,
      dataTypes: oura.length === 0 ? usual.dataTypes : [...new Set(oura.flatMap(({ dataTypes }) => dataTypes))],
      lookbackDays: oura.length === 0 ? usual.lookbackDays : Math.max(...oura.map(({ lookbackDays }) => lookbackDays))
    })
  }
}

export const planOf = (
  { name, provider }: Pick<Connection, "name" | "provider">,
  config: GliderConfig
): ConnectorPlan =>
  Option.match(name, {
    onNone: () => byTasks(provider, config),
    onSome: (name) => swept(settingsOfAccount({ name, provider }, config.connections))
  })

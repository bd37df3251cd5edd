/** The keys of `[connection.*]`: further accounts at a provider, each with its own interval. */
import { Duration, Option, Predicate, Schema } from "effect"
import { ConnectionName } from "../domain/Connection.ts"
import { Provider } from "../domain/Provider.ts"
import { OuraDataType } from "../domain/Task.ts"
import type { Complaint } from "./Complaints.ts"
import { Days, distinct, Flag, key, NonEmptyText, optional, Seconds, wholeNumber } from "./Keys.ts"
import { valueAt } from "./Positions.ts"

/** How a further account is synced: as its table says, or as one without a table is. */
export interface ConnectionSettings {
  readonly name: ConnectionName
  readonly provider: Provider
  readonly enabled: boolean
  readonly interval: Duration.Duration
  /** Whether it is read every minute, whatever the interval says. */
  readonly continuous: boolean
  readonly timeout: Duration.Duration
  /** Of Google. */
  readonly calendarIds: ReadonlyArray<string>
  readonly daysBack: number
  /** Of Oura. */
  readonly dataTypes: ReadonlyArray<OuraDataType>
  readonly lookbackDays: number
}

/** Seconds between two syncs of an account that says nothing of it. */
const usualInterval: { readonly [P in Provider]: number } = { google: 900, spotify: 300, oura: 3600 }

const table = Schema.Struct({
  provider: Provider.annotate({ description: "Whose account it is: \"google\", \"spotify\" or \"oura\"." }),
  enabled: key(Flag, "Whether it is synced by itself.", true),
  interval_seconds: optional(
    wholeNumber(60, 31_622_400, "at least 60 seconds, the time between two looks", "at most a year"),
    "Seconds between two syncs; 900 for google, 300 for spotify, 3600 for oura when absent."
  ),
  continuous: key(Flag, "Whether it is synced every minute, in place of interval_seconds.", false),
  timeout_seconds: key(Seconds, "Seconds after which a sync is ended as failed.", 900),
  calendar_ids: optional(
    distinct(NonEmptyText, "a list of calendar ids"),
    "Of google: the calendars, \"primary\" when absent."
  ),
  days_back: optional(Days, "Of google: how many days before now a full listing begins; 30 when absent."),
  data_types: optional(
    distinct(OuraDataType, "a list of Oura's data types"),
    "Of oura: what is read, all of it when absent."
  ),
  lookback_days: optional(Days, "Of oura: the trailing window that every sync reads again, in days; 7 when absent.")
})

export const connection = Schema.Record(Schema.String, table)

type Table = typeof table.Type

const settingsOf = (given: Table): Omit<ConnectionSettings, "name"> => ({
  provider: given.provider,
  enabled: given.enabled,
  interval: Duration.seconds(given.interval_seconds ?? usualInterval[given.provider]),
  continuous: given.continuous,
  timeout: Duration.seconds(given.timeout_seconds),
  calendarIds: given.calendar_ids ?? ["primary"],
  daysBack: given.days_back ?? 30,
  dataTypes: given.data_types ?? OuraDataType.literals,
  lookbackDays: given.lookback_days ?? 7
})

const decodeTable = Schema.decodeSync(table)

/** How an account is synced of which the config says nothing but whose it is. */
export const connectionDefaults = (provider: Provider): Omit<ConnectionSettings, "name"> =>
  settingsOf(decodeTable({ provider }))

export const connectionsOf = (tables: typeof connection.Type): ReadonlyArray<ConnectionSettings> =>
  Object.entries(tables).map(([name, given]) => ({ name: ConnectionName.make(name), ...settingsOf(given) }))

/** How an account that has a name is synced; one without a table, as one whose table is empty. */
export const settingsOfAccount = (
  { name, provider }: Pick<ConnectionSettings, "name" | "provider">,
  connections: ReadonlyArray<ConnectionSettings> = []
): Omit<ConnectionSettings, "name"> =>
  connections.find((one) => one.name === name && one.provider === provider) ?? connectionDefaults(provider)

/** The time between two syncs of an account. */
export const betweenSyncs = (
  { continuous, interval }: Pick<ConnectionSettings, "continuous" | "interval">
): Duration.Duration => continuous ? Duration.minutes(1) : interval

/** As it stands in the file. */
export const shownConnections = (
  connections: ReadonlyArray<ConnectionSettings> = []
): { readonly connection?: { readonly [name: string]: { readonly [key: string]: unknown } } } =>
  connections.length === 0 ? {} : {
    connection: Object.fromEntries(connections.map((one) => [one.name, {
      provider: one.provider,
      enabled: one.enabled,
      interval_seconds: Duration.toSeconds(one.interval),
      continuous: one.continuous,
      timeout_seconds: Duration.toSeconds(one.timeout),
      ...one.provider === "google" ? { calendar_ids: one.calendarIds, days_back: one.daysBack } : {},
      ...one.provider === "oura" ? { data_types: one.dataTypes, lookback_days: one.lookbackDays } : {}
    }]))
  }

const ofOneProvider: { readonly [key: string]: Provider } = {
  calendar_ids: "google",
  days_back: "google",
  data_types: "oura",
  lookback_days: "oura"
}

/** What is wrong with a table whose keys are each right. */
export const connectionComplaints = (file: unknown): ReadonlyArray<Complaint> => {
  const tables = Option.getOrElse(valueAt(file, ["connection"]), () => ({}))
  return Object.entries(Predicate.isObject(tables) ? tables : {}).flatMap(([name, given]): ReadonlyArray<Complaint> => {
    const path = ["connection", name]
    const misnamed = Option.isSome(Schema.decodeUnknownOption(ConnectionName)(name)) ? [] : [{
      path,
      at: "key" as const,
      message: "expected a name of at most 32 small letters, digits and single _ between them, which is no provider's"
    }]
    const provider = Predicate.isObject(given) && "provider" in given ? given["provider"] : undefined
    const misplaced = Predicate.isObject(given) && typeof provider === "string"
      ? Object.keys(given).flatMap((key) => {
        const of = ofOneProvider[key]
        return of === undefined || of === provider
          ? []
          : [{ path: [...path, key], at: "key" as const, message: `is of accounts at ${of} alone` }]
      })
      : []
    return [...misnamed, ...misplaced]
  })
}

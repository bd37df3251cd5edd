import { Schema } from "effect"
import type { Provider } from "./Provider.ts"

/** What `glider sync` takes. */
export const SyncName = Schema.Literals(["google_calendar", "spotify", "oura"])
export type SyncName = typeof SyncName.Type

/** A scheduled task: a `[sync.*]` table of the config and the id of its `sync_runs` row. */
export const TaskName = Schema.Literals(["google_calendar", "spotify", "oura", "oura_heartrate", "oura_full"])
export type TaskName = typeof TaskName.Type

/** The provider a task reads from. */
export const taskProvider: { readonly [T in TaskName]: Provider } = {
  google_calendar: "google",
  spotify: "spotify",
  oura: "oura",
  oura_heartrate: "oura",
  oura_full: "oura"
}

/** The nine kinds of documents read from Oura, in the order they are synced. */
export const OuraDataType = Schema.Literals([
  "heartrate",
  "daily_stress",
  "daily_activity",
  "daily_readiness",
  "daily_sleep",
  "daily_spo2",
  "sleep",
  "session",
  "workout"
])
export type OuraDataType = typeof OuraDataType.Type

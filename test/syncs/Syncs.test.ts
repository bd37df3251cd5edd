import { assert, layer } from "@effect/vitest"
import { DateTime, Duration, Effect, Layer } from "effect"
import type { Task } from "../../src/Config.ts"
import { everyInterval } from "../../src/config/ScheduleSettings.ts"
import { OuraDataType } from "../../src/domain/Task.ts"
import { Clock } from "../../src/services/Clock.ts"
import { Google } from "../../src/services/Google.ts"
import { Oura } from "../../src/services/Oura.ts"
import { Spotify } from "../../src/services/Spotify.ts"
import { GoogleEvents } from "../../src/store/GoogleEvents.ts"
import { SyncStates } from "../../src/store/SyncStates.ts"
import { inputOf, type SyncOverrides } from "../../src/syncs/SyncInput.ts"
import { Syncs } from "../../src/syncs/Syncs.ts"
import { connected } from "./SyncTest.ts"

const common = { ...everyInterval(Duration.minutes(2)), timeout: Duration.minutes(15) }
const spotify: Task = { ...common, name: "spotify" }
const google: Task = { ...common, name: "google_calendar", calendarIds: ["primary", "other"], daysBack: 30 }
const oura: Task = { ...common, name: "oura_heartrate", lookbackDays: 7, dataTypes: ["heartrate"] }

const streams = Effect.fnUntraced(function*(task: Task, overrides?: SyncOverrides) {
  const syncs = yield* Syncs
  const sync = yield* syncs.of(inputOf(task, overrides))
  const names = yield* Effect.map(sync.streams(connected(sync.provider, "me")), (all) => all.map(({ name }) => name))
  return { sync, names }
})

const clients = Layer.mergeAll(
  Layer.mock(Spotify, {}),
  Layer.mock(Google, {}),
  Layer.mock(Oura, {}),
  Layer.mock(SyncStates, {}),
  Layer.mock(GoogleEvents, {}),
  Clock.layerOf(DateTime.zoneMakeNamedUnsafe("UTC"))
)

layer(Syncs.layer.pipe(Layer.provide(clients)))("syncs/Syncs", (it) => {
  it.effect("gives each task the sync of its provider, with the span it is traced by", () =>
    Effect.gen(function*() {
      const all = yield* Effect.forEach([spotify, google, oura], (task) => streams(task))
      assert.deepStrictEqual(all.map(({ names, sync }) => [sync.provider, sync.span, names]), [
        ["spotify", "sync_spotify", ["spotify_listening_history"]],
        ["google", "sync_google_calendar", ["google_calendar_events", "google_calendar_events"]],
        ["oura", "sync_oura", ["oura_heartrate"]]
      ])
    }))

  it.effect("lets the person's wishes go before the config", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual((yield* streams(google, { calendarIds: ["one"] })).names, ["google_calendar_events"])
      assert.deepStrictEqual(
        (yield* streams(oura, { mode: "full" })).names,
        OuraDataType.literals.map((type) => `oura_${type}`)
      )
      assert.deepStrictEqual((yield* streams({ ...oura, name: "oura" }, { mode: "heartrate" })).names, [
        "oura_heartrate"
      ])
      assert.deepStrictEqual(
        (yield* streams(oura, { mode: "full", dataTypes: ["sleep", "workout", "sleep"] })).names,
        ["oura_sleep", "oura_workout"]
      )
    }))
})

import { Context, Effect, Layer } from "effect"
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
import { SyncInput } from "./SyncInput.ts"

/** The sync that does what it is asked for. */
export class Syncs extends Context.Service<Syncs, {
  readonly of: (input: SyncInput) => Effect.Effect<Sync>
}>()("glider/syncs/Syncs") {
  static readonly layer = Layer.effect(
    Syncs,
    Effect.gen(function*() {
      const context = yield* Effect.context<Spotify | Google | Oura | SyncStates | GoogleEvents | Clock>()
      return Syncs.of({ of: (input) => Effect.provideContext(syncOf(input), context) })
    })
  )
}

const syncOf = (
  input: SyncInput
): Effect.Effect<Sync, never, Spotify | Google | Oura | SyncStates | GoogleEvents | Clock> =>
  SyncInput.match(input, {
    Spotify: () => spotifySync,
    GoogleCalendar: (options) => googleCalendarSync(options),
    Oura: (options) => ouraSync(options)
  })

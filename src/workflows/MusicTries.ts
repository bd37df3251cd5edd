/** How the steps of a music sync are tried: what they may fail with, what is tried again and when, and what they wait for. */
import { Clock, Context, DateTime, Duration, Effect, Option, Schema } from "effect"
import { ProviderError } from "../domain/ProviderError.ts"
import { LongestWait } from "../RetryPolicy.ts"
import type { Ai } from "../services/Ai.ts"
import { Spotify } from "../services/Spotify.ts"
import type { Connections } from "../store/Connections.ts"
import type { PlaylistAdditions } from "../store/PlaylistAdditions.ts"
import type { ActivityLimit } from "../workflow/ActivityLimit.ts"
import type { ActivityRetry } from "../workflow/ActivityRetry.ts"
import type { ActivityTimedOut } from "../workflow/ActivityTimeouts.ts"
import { InsufficientScope, type NotThere, PlaylistNotFound, SpotifyBusy } from "./MusicErrors.ts"
import { PlaylistTurns } from "./PlaylistTurns.ts"
import { RunFailed } from "./RunResult.ts"

/** What a step may fail with. */
export const StepFailed = Schema.Union([PlaylistNotFound, InsufficientScope, SpotifyBusy, ProviderError, RunFailed])
type StepFailed = typeof StepFailed.Type

type Failure = StepFailed | NotThere | ActivityTimedOut

const isPermanent = (error: Failure): boolean =>
  error._tag === "ProviderError"
    ? !error.retryable
    : error._tag === "PlaylistNotFound" || error._tag === "InsufficientScope"

/** Times and tries for what fails as these steps do; what another attempt would not mend is not tried again. */
export const retry = (
  times: Pick<ActivityRetry<never>, "initialInterval" | "maximumInterval" | "maximumAttempts">
): ActivityRetry<Failure> => ({
  ...times,
  nonRetryable: isPermanent,
  retryAfter: (error) => error._tag === "SpotifyBusy" ? Option.some(Duration.millis(error.waitMillis)) : Option.none()
})

const forbidden = "is the playlist your own, is music.enabled set, and was glider auth spotify run after that?"

/** Errors of the provider as those of this workflow, while a playlist is spoken of. */
export const within =
  (playlist: string) =>
  <A, R>(call: Effect.Effect<A, ProviderError | SpotifyBusy | RunFailed, R>): Effect.Effect<A, StepFailed, R> =>
    Effect.catch(call, (error): Effect.Effect<never, StepFailed> => {
      if (error._tag !== "ProviderError") return Effect.fail(error)
      switch (error.reason._tag) {
        case "NotFound":
          return Effect.fail(new PlaylistNotFound({ playlist }))
        case "Forbidden":
          return Effect.fail(new InsufficientScope({ message: `${error.message}; ${forbidden}` }))
        default:
          return busy(error)
      }
    })

/** A 429 or an open circuit as the patience that it asks for. */
export const busy = (error: ProviderError): Effect.Effect<never, SpotifyBusy | ProviderError> =>
  error.reason._tag !== "RateLimited" && error.reason._tag !== "CircuitOpen" ?
    Effect.fail(error) :
    Effect.flatMap(Clock.currentTimeMillis, (now) => {
      const asked = Option.match(error.retryAt, {
        onNone: () => 60_000,
        onSome: (at) => Math.max(0, DateTime.toEpochMillis(at) - now)
      })
      return Effect.fail(new SpotifyBusy({ message: error.message, waitMillis: asked + 5000 }))
    })

/**
 * A longer wait is one of the run, which needs no attempt's time and outlives the process: so a 429 that asks for more, or does not
 * say for how long, ends the attempt.
 */
const longestWait = Duration.seconds(5)

/** One attempt of a step, with what it asks for. */
export const attempt = (world: World) => <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  effect.pipe(Effect.provideService(LongestWait, longestWait), Effect.provideContext(world))

/** What the steps ask for. */
export const world = Effect.context<Ai | Connections | PlaylistAdditions | PlaylistTurns | Spotify>()
export type World = Effect.Success<typeof world>

/** Calls that Spotify would not answer wait before they begin, which is no attempt of theirs: others have asked too much. */
export const patient = (world: World): ActivityLimit => ({
  name: "patience with Spotify",
  withLimit: (effect) => Effect.andThen(Context.get(world, Spotify).patience, effect)
})

/** The same, in the playlist's turn. */
export const inTurn = (world: World, playlist: string): ActivityLimit => {
  const turn = Context.get(world, PlaylistTurns).turn(playlist)
  return { name: turn.name, withLimit: (effect) => turn.withLimit(patient(world).withLimit(effect)) }
}

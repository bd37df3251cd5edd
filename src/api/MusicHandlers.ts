import { Clock, DateTime, Effect, Option } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { RunControl } from "../engine/RunControl.ts"
import { isrcOf } from "../music/Track.ts"
import { Runs } from "../store/Runs.ts"
import { MusicIntake, type SongWish } from "../workflows/MusicIntake.ts"
import { MusicSync } from "../workflows/MusicSync.ts"
import { Api } from "./Api.ts"
import { DerivedRunId } from "./Idempotency.ts"
import { knownText, SyncAccepted, SyncHealth, type SyncRequest } from "./MusicMessages.ts"
import { cancellableOf, cancelledOf, stateOf } from "./MusicViews.ts"
import { MusicUnavailable, NotFound, RunConflict } from "./Problems.ts"
import { storeFailed } from "./Translate.ts"
import { Vitals } from "./Vitals.ts"

/** How long a cancellation is waited for before it is answered. */
const patience = "5 seconds"

const wishOf = (
  { album, artist, isrc, match_threshold, playlist_id, track_name, use_ai_disambiguation, user_id }: SyncRequest
): SongWish => {
  const known = { album: knownText(album), isrc: isrcOf(isrc ?? undefined), user_id: knownText(user_id) }
  return {
    track_name,
    artist,
    playlist_id,
    ...Option.isSome(known.album) ? { album: known.album.value } : {},
    ...known.isrc === undefined ? {} : { isrc: known.isrc },
    ...Option.isSome(known.user_id) ? { user_id: known.user_id.value } : {},
    ...match_threshold === undefined ? {} : { match_threshold },
    ...use_ai_disambiguation === undefined ? {} : { use_ai_disambiguation }
  }
}

export const musicHandlers = HttpApiBuilder.group(
  Api,
  "music",
  Effect.fn(function*(handlers) {
    const control = yield* RunControl
    const intake = yield* MusicIntake
    const runs = yield* Runs
    const vitals = yield* Vitals

    const found = Effect.fnUntraced(function*(id: string) {
      const known = yield* Effect.mapError(runs.history(id), storeFailed)
      if (Option.isSome(known) && known.value.run.workflow === MusicSync._tag) return known.value
      return yield* new NotFound({ detail: `There is no request ${id} for a song.` })
    })

    return handlers.handleAll({
      sync: Effect.fnUntraced(function*({ payload }) {
        const wish = wishOf(payload)
        const { isKnown, run } = yield* Effect.catchTags(intake.accept(wish, yield* DerivedRunId), {
          CannotSync: ({ fix, message }) => Effect.fail(new MusicUnavailable({ detail: `${message}.`, fix })),
          SurrealError: (error) => Effect.fail(storeFailed(error))
        })
        const song = `${wish.track_name} by ${wish.artist}`
        return new SyncAccepted({
          workflow_id: run,
          status: "accepted",
          message: isKnown ? `${song} was asked for before: it is the same run` : `looks for ${song}`,
          status_url: `/api/v1/sync/${encodeURIComponent(run)}`
        })
      }),
      state: ({ params }) =>
        Effect.flatMap(found(params.id), (known) => Effect.map(Clock.currentTimeMillis, (now) => stateOf(known, now))),
      cancel: Effect.fnUntraced(function*({ params: { id } }) {
        const { run } = yield* found(id)
        const isAsked = yield* Effect.mapError(control.cancel(id, "safe"), storeFailed)
        if (!isAsked) {
          const { run: { status } } = yield* found(id)
          return yield* new RunConflict({
            detail: `The request is over: ${status}.`,
            fix: `glider runs show ${run.id}`
          })
        }
        yield* Effect.mapError(Effect.timeoutOption(control.ended(id), patience), storeFailed)
        return cancelledOf(yield* found(id))
      }),
      cancellable: ({ params }) => Effect.map(found(params.id), cancellableOf),
      health: Effect.fnUntraced(function*() {
        const { ok, parts, version } = yield* vitals.health
        const isConnected = parts["store"]?.ok === true
        return new SyncHealth({
          status: ok ? "healthy" : "degraded",
          timestamp: yield* DateTime.now,
          version,
          store_connected: isConnected,
          temporal_connected: isConnected
        })
      })
    })
  })
)

/** What is done with runs that put a song into a playlist, whoever is asked for it: rules or agents. */
import { Clock, Effect, Option } from "effect"
import { RunControl } from "../engine/RunControl.ts"
import { isrcOf } from "../music/Track.ts"
import { Runs } from "../store/Runs.ts"
import { type Asked, MusicIntake, type SongWish } from "../workflows/MusicIntake.ts"
import { DerivedRunId } from "./Idempotency.ts"
import { type AgentSyncRequest, knownText, SyncAccepted, type SyncRequest } from "./MusicMessages.ts"
import { cancellableOf, cancelledOf, stateOf } from "./MusicViews.ts"
import { NotFound, RunConflict } from "./Problems.ts"
import { cannotSync, storeFailed } from "./Translate.ts"

/** How long a cancellation is waited for before it is answered. */
const patience = "5 seconds"

const wishOf = (request: SyncRequest | AgentSyncRequest): SongWish => {
  const { album, artist, isrc, match_threshold, playlist_id, track_name, user_id } = request
  const known = { album: knownText(album), isrc: isrcOf(isrc ?? undefined), user_id: knownText(user_id) }
  return {
    track_name,
    artist,
    playlist_id,
    ...Option.isSome(known.album) ? { album: known.album.value } : {},
    ...known.isrc === undefined ? {} : { isrc: known.isrc },
    ...Option.isSome(known.user_id) ? { user_id: known.user_id.value } : {},
    ...match_threshold === undefined ? {} : { match_threshold },
    ...!("use_ai_disambiguation" in request) || request.use_ai_disambiguation === undefined
      ? {}
      : { use_ai_disambiguation: request.use_ai_disambiguation }
  }
}

/** The handlers, for the runs that are asked for below this path. */
export const songRuns = Effect.fnUntraced(function*(
  { asked, isOurs, path }: {
    readonly asked: Asked
    readonly isOurs: (run: { readonly workflow: string }) => boolean
    readonly path: string
  }
) {
  const control = yield* RunControl
  const intake = yield* MusicIntake
  const runs = yield* Runs

  const found = Effect.fnUntraced(function*(id: string) {
    const known = yield* Effect.mapError(runs.history(id), storeFailed)
    if (Option.isSome(known) && isOurs(known.value.run)) return known.value
    return yield* new NotFound({ detail: `There is no request ${id} for a song.` })
  })

  return {
    accept: Effect.fnUntraced(function*(request: SyncRequest | AgentSyncRequest) {
      const wish = wishOf(request)
      const { isKnown, run } = yield* Effect.catchTags(intake.accept(wish, yield* DerivedRunId, asked), {
        CannotSync: cannotSync,
        SurrealError: (error) => Effect.fail(storeFailed(error))
      })
      const song = `${wish.track_name} by ${wish.artist}`
      return new SyncAccepted({
        workflow_id: run,
        status: "accepted",
        message: isKnown ? `${song} was asked for before: it is the same run` : `looks for ${song}`,
        status_url: `${path}/${encodeURIComponent(run)}`
      })
    }),
    state: (id: string) =>
      Effect.flatMap(found(id), (known) => Effect.map(Clock.currentTimeMillis, (now) => stateOf(known, now))),
    cancel: Effect.fnUntraced(function*(id: string) {
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
    cancellable: (id: string) => Effect.map(found(id), cancellableOf)
  }
})

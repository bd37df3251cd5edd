import { Context, Effect, Layer, Option, Schema } from "effect"
import { Surreal } from "../services/Surreal.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { recordId } from "../services/SurrealValue.ts"

/** A track of a playlist, by Spotify's id and uri. */
export interface PlaylistTrack {
  readonly playlist: string
  readonly uri: string
}

/**
 * Which run put a track into a playlist, written down just before it does so: a run that was killed in between knows its own track,
 * and no other run takes it for its own. A row for each track that was added.
 */
export class PlaylistAdditions extends Context.Service<PlaylistAdditions, {
  /** The run is about to add the track. */
  readonly claim: (track: PlaylistTrack, run: string) => Effect.Effect<void, SurrealError>
  /** The last run that was about to add the track, unless it has taken it out again. */
  readonly owner: (track: PlaylistTrack) => Effect.Effect<Option.Option<string>, SurrealError>
  /** The track was taken out. */
  readonly release: (track: PlaylistTrack) => Effect.Effect<void, SurrealError>
}>()("glider/store/PlaylistAdditions") {
  static readonly layer: Layer.Layer<PlaylistAdditions, never, Surreal> = Layer.effect(
    PlaylistAdditions,
    Effect.gen(function*() {
      const surreal = yield* Surreal

      const claim = Effect.fn("PlaylistAdditions.claim")((track: PlaylistTrack, run: string) =>
        surreal.execute("UPSERT $id SET run = $run RETURN NONE", { id: idOf(track), run })
      )

      const owner = Effect.fn("PlaylistAdditions.owner")(function*(track: PlaylistTrack) {
        const [run] = yield* surreal.query(Runs, "SELECT VALUE run FROM $id", { id: idOf(track) })
        return Option.fromUndefinedOr(run)
      })

      const release = Effect.fn("PlaylistAdditions.release")((track: PlaylistTrack) =>
        surreal.execute("DELETE $id RETURN NONE", { id: idOf(track) })
      )

      return PlaylistAdditions.of({ claim, owner, release })
    })
  )
}

const idOf = ({ playlist, uri }: PlaylistTrack) => recordId("playlist_addition", [playlist, uri])

const Runs = Schema.Array(Schema.String)

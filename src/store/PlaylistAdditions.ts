import { Context, DateTime, Duration, Effect, Layer, Option, Schema } from "effect"
import { Surreal } from "../services/Surreal.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { Instant, recordId } from "../services/SurrealValue.ts"

/** A track of a playlist, by Spotify's id and uri. */
export interface PlaylistTrack {
  readonly playlist: string
  readonly uri: string
}

/**
 * Which run put a track into a playlist, written down just before it does so: a run that was killed in between knows its own track,
 * and no other run takes it for its own. A row for each track that was added. Whoever calls has the playlist's turn.
 */
export class PlaylistAdditions extends Context.Service<PlaylistAdditions, {
  /**
   * The run has not seen the track, and is about to add it. Gives how long it is to wait and look again instead, where somebody has
   * been about to add it a moment ago: Spotify's copies may lag by that much.
   */
  readonly claim: (
    track: PlaylistTrack,
    run: string
  ) => Effect.Effect<Option.Option<Duration.Duration>, SurrealError>
  /** The track is there, and the run wants it so: gives whether it is there by this run. */
  readonly hold: (track: PlaylistTrack, run: string) => Effect.Effect<boolean, SurrealError>
  /**
   * The run wants the track no longer. `sole`: it is there by this run, and no other wants it, so it is to be taken out;
   * `others`: somebody else wants it, or has put it there; `taken_out`: this run has taken it out before.
   */
  readonly leave: (
    track: PlaylistTrack,
    run: string
  ) => Effect.Effect<"sole" | "others" | "taken_out", SurrealError>
  /** The run has taken the track out. */
  readonly takenOut: (track: PlaylistTrack, run: string) => Effect.Effect<void, SurrealError>
}>()("glider/store/PlaylistAdditions") {
  static readonly layer: Layer.Layer<PlaylistAdditions, never, Surreal> = Layer.effect(
    PlaylistAdditions,
    Effect.gen(function*() {
      const surreal = yield* Surreal

      const rowOf = (track: PlaylistTrack) =>
        Effect.map(
          surreal.query(Rows, "SELECT run, wanted_by, at, taken_out FROM $id", { id: idOf(track) }),
          ([row]) => row
        )

      const write = (track: PlaylistTrack, row: typeof Row.Type) =>
        surreal.execute("UPSERT $id CONTENT $row RETURN NONE", { id: idOf(track), row })

      const claim = Effect.fn("PlaylistAdditions.claim")(function*(track: PlaylistTrack, run: string) {
        const row = yield* rowOf(track)
        const at = yield* DateTime.now
        if (row !== undefined && !row.taken_out) {
          const age = DateTime.distance(row.at, at)
          if (Duration.isLessThan(age, lag)) return Option.some(Duration.subtract(lag, age))
        }
        yield* write(track, { run, wanted_by: [], at, taken_out: false })
        return Option.none<Duration.Duration>()
      })

      const hold = Effect.fn("PlaylistAdditions.hold")(function*(track: PlaylistTrack, run: string) {
        const row = yield* rowOf(track)
        if (row === undefined || row.taken_out) return false
        if (row.run === run) return true
        if (row.wanted_by.includes(run)) return false
        yield* write(track, { ...row, wanted_by: [...row.wanted_by, run].slice(-mostRemembered) })
        return false
      })

      const leave = Effect.fn("PlaylistAdditions.leave")(function*(track: PlaylistTrack, run: string) {
        const row = yield* rowOf(track)
        if (row === undefined) return "others" as const
        const [next, ...others] = row.wanted_by
        if (row.run !== run) {
          if (row.wanted_by.includes(run)) {
            yield* write(track, { ...row, wanted_by: row.wanted_by.filter((one) => one !== run) })
          }
          return "others" as const
        }
        if (row.taken_out) return "taken_out" as const
        if (next === undefined) return "sole" as const
        yield* write(track, { ...row, run: next, wanted_by: others })
        return "others" as const
      })

      const takenOut = Effect.fn("PlaylistAdditions.takenOut")(function*(track: PlaylistTrack, run: string) {
        yield* write(track, { run, wanted_by: [], at: yield* DateTime.now, taken_out: true })
      })

      return PlaylistAdditions.of({ claim, hold, leave, takenOut })
    })
  )
}

/** By how much a copy of a playlist may lag behind an addition. */
const lag = Duration.seconds(5)

/** Runs that want a track at the same time; of more the last. */
const mostRemembered = 16

const idOf = ({ playlist, uri }: PlaylistTrack) => recordId("playlist_addition", [playlist, uri])

const Row = Schema.Struct({
  run: Schema.String,
  wanted_by: Schema.Array(Schema.String),
  at: Instant,
  taken_out: Schema.Boolean
})

const Rows = Schema.Array(Row)

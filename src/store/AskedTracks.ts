import { Context, Effect, Layer, Schema } from "effect"
import { Surreal } from "../services/Surreal.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { Key, recordId } from "../services/SurrealValue.ts"

/** A song of a list that was asked for. */
export interface AskedTrack {
  /** What tells it from other songs. */
  readonly key: string
  /** The run that is to add it. */
  readonly run: string
  /** Whether that is known to have come to an answer: it is not asked for again. */
  readonly settled: boolean
}

/** Which songs of lists were asked for, by the playlist that they are for. A row for each. */
export class AskedTracks extends Context.Service<AskedTracks, {
  readonly of: (playlist: string) => Effect.Effect<ReadonlyArray<AskedTrack>, SurrealError>
  readonly put: (playlist: string, tracks: ReadonlyArray<AskedTrack>) => Effect.Effect<void, SurrealError>
}>()("glider/store/AskedTracks") {
  static readonly layer: Layer.Layer<AskedTracks, never, Surreal> = Layer.effect(
    AskedTracks,
    Effect.gen(function*() {
      const surreal = yield* Surreal

      const of = Effect.fn("AskedTracks.of")(function*(playlist: string) {
        const rows = yield* surreal.query(
          Rows,
          "SELECT id, run, settled FROM asked_track:[$playlist]..[$playlist, ..]",
          { playlist }
        )
        return rows.map(({ id: [, key], run, settled }) => ({ key: String(key), run, settled }))
      })

      const put = Effect.fn("AskedTracks.put")(function*(playlist: string, tracks: ReadonlyArray<AskedTrack>) {
        if (tracks.length === 0) return
        yield* surreal.execute("FOR $row IN $rows { UPSERT $row.id SET run = $row.run, settled = $row.settled }", {
          rows: tracks.map(({ key, run, settled }) => ({ id: recordId("asked_track", [playlist, key]), run, settled }))
        })
      })

      return AskedTracks.of({ of, put })
    })
  )
}

const Rows = Schema.Array(Schema.Struct({ id: Key, run: Schema.String, settled: Schema.Boolean }))

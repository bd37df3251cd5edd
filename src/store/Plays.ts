import { Context, type DateTime, Effect, Layer, Option, Schema, SchemaGetter } from "effect"
import type { ConnectionId } from "../domain/Connection.ts"
import { Play, PlayKind } from "../domain/Play.ts"
import { Surreal } from "../services/Surreal.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { Instant } from "../services/SurrealValue.ts"
import type { Row } from "./Write.ts"

export const playsTable = "spotify_listening_history"

/** The `origin` of a play that only an import tells of. */
export const imported = "import"

export const playRow = (connection: ConnectionId, play: Play, raw: unknown): Row => ({
  key: [connection, ...play.key],
  fields: {
    spotify_track_id: Option.getOrUndefined(play.id),
    track_uri: play.uri,
    track_name: Option.getOrUndefined(play.name),
    artist_names: play.artistNames,
    artist_ids: play.artistIds,
    album_name: Option.getOrUndefined(play.albumName),
    album_id: Option.getOrUndefined(play.albumId),
    duration_ms: Option.getOrUndefined(play.durationMillis),
    explicit: Option.getOrUndefined(play.explicit),
    popularity: Option.getOrUndefined(play.popularity),
    played_at: play.playedAt,
    context_uri: Option.getOrUndefined(play.contextUri),
    kind: play.kind,
    origin: undefined
  },
  raw
})

/** The listening history, read by ranges. */
export class Plays extends Context.Service<Plays, {
  /** The live plays with `from <= played_at < to`, oldest first: a range of ids. */
  readonly between: (
    connection: ConnectionId,
    range: { readonly from: DateTime.Utc; readonly to: DateTime.Utc }
  ) => Effect.Effect<ReadonlyArray<Play>, SurrealError>
}>()("glider/store/Plays") {
  static readonly layer: Layer.Layer<Plays, never, Surreal> = Layer.effect(
    Plays,
    Effect.gen(function*() {
      const surreal = yield* Surreal
      const between = Effect.fn("Plays.between")(
        function*(connection: ConnectionId, { from, to }: { readonly from: DateTime.Utc; readonly to: DateTime.Utc }) {
          return yield* surreal.query(
            Schema.Array(PlayFromRow),
            `SELECT * FROM ${playsTable}:[$connection, $from]..[$connection, $to] WHERE deleted_at = NONE`,
            { connection, from: from.epochMilliseconds, to: to.epochMilliseconds }
          )
        }
      )
      return Plays.of({ between })
    })
  )
}

const text = Schema.OptionFromOptionalNullOr(Schema.String)
const number = Schema.OptionFromOptionalNullOr(Schema.Finite)

const PlayFromRow = Schema.Struct({
  spotify_track_id: text,
  track_uri: Schema.String,
  track_name: text,
  artist_names: Schema.Array(Schema.String),
  artist_ids: Schema.Array(Schema.String),
  album_name: text,
  album_id: text,
  duration_ms: number,
  explicit: Schema.OptionFromOptionalNullOr(Schema.Boolean),
  popularity: number,
  played_at: Instant,
  context_uri: text,
  kind: PlayKind
}).pipe(
  Schema.decodeTo(Schema.toType(Play), {
    decode: SchemaGetter.transform((row) =>
      new Play({
        kind: row.kind,
        uri: row.track_uri,
        playedAt: row.played_at,
        id: row.spotify_track_id,
        name: row.track_name,
        artistNames: row.artist_names,
        artistIds: row.artist_ids,
        albumName: row.album_name,
        albumId: row.album_id,
        durationMillis: row.duration_ms,
        explicit: row.explicit,
        popularity: row.popularity,
        contextUri: row.context_uri
      })
    ),
    encode: SchemaGetter.forbidden(() => "rows are made with playRow")
  })
)

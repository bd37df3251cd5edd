import { Array as Arr, Context, Effect, Layer, Option, Schema } from "effect"
import type { ConnectionId } from "../domain/Connection.ts"
import { type Statement, Surreal } from "../services/Surreal.ts"
import { packed } from "../services/SurrealCodec.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { recordId } from "../services/SurrealValue.ts"
import { keyText } from "./ContentHash.ts"
import type { Key } from "./Write.ts"

/** Everything that was ever played, once, with the instants of its live plays. */
export const tracksTable = "listening_track"

/** What a track is called; what was heard of it last holds. */
export interface TrackNames {
  readonly name: string | undefined
  readonly artists: ReadonlyArray<string>
  readonly album: string | undefined
  readonly albumId: string | undefined
}

/** A track of which plays come or go; instants in milliseconds. */
export interface TrackChange {
  readonly key: Key
  /** None where plays only go. */
  readonly names: TrackNames | undefined
  readonly come: ReadonlyArray<number>
  readonly gone: ReadonlyArray<number>
}

const NamesRow = Schema.Struct({
  key: Schema.Array(Schema.Union([Schema.String, Schema.Finite])),
  names: Schema.String
})

/**
 * The statements after which the tracks have come to these plays. Plays that are there are not added again, and none is
 * taken away twice. A track that is new is inserted as such: should another transaction be faster, this one fails with
 * `AlreadyExists`, and is to be planned again.
 */
export const tracksPlanner = (surreal: Surreal["Service"]) =>
  Effect.fnUntraced(
    function*(changes: ReadonlyArray<TrackChange>): Effect.fn.Return<ReadonlyArray<Statement>, SurrealError> {
      if (changes.length === 0) return []
      const rows = yield* Effect.forEach(Arr.chunksOf(changes, batch), (chunk) =>
        surreal.query(Schema.Array(NamesRow), "SELECT record::id(id) AS key, names FROM $ids WHERE id != NONE", {
          ids: chunk.map(({ key }) =>
            rowId(key)
          )
        }))
      const known = new Map(rows.flat().map(({ key, names }) => [keyText(key), names]))
      const created = changes.filter(({ key }) => !known.has(keyText(key)))
      const renamed = changes.filter(({ key, names }) =>
        names !== undefined && known.has(keyText(key)) && known.get(keyText(key)) !== namesText(key, names)
      )
      return [
        ...Arr.chunksOf(created, batch).map((chunk) => ({
          sql: `INSERT INTO ${tracksTable} (encoding::cbor::decode($rows)) RETURN NONE`,
          vars: {
            rows: packed(chunk.map(({ come, key, names = nameless }) => ({
              id: rowId(key),
              names: namesText(key, names),
              at: come
            })))
          }
        })),
        ...(renamed.length === 0 ? [] : [{
          sql: "FOR $row IN $rows { UPDATE $row.id SET names = $row.names RETURN NONE }",
          vars: {
            rows: renamed.map(({ key, names = nameless }) => ({ id: rowId(key), names: namesText(key, names) }))
          }
        }]),
        ...(created.length === changes.length ? [] : [{
          sql: "FOR $change IN $changes { UPDATE $change.id SET " +
            "at = array::union(array::complement(at, $change.gone), $change.come) RETURN NONE }",
          vars: {
            changes: changes.filter(({ key }) => known.has(keyText(key))).map(({ come, gone, key }) => ({
              id: rowId(key),
              come,
              gone
            }))
          }
        }])
      ]
    }
  )

const batch = 500

const nameless: TrackNames = { name: undefined, artists: [], album: undefined, albumId: undefined }

/** A track and all its names as one text of JSON: twenty thousand of these are read in a moment, as many rows are not. */
const namesText = ([, uri]: Key, { album, albumId, artists, name }: TrackNames): string =>
  JSON.stringify([uri, name ?? null, album ?? null, albumId ?? null, ...artists])

const OrNull = Schema.NullOr(Schema.String)

const Names = Schema.TupleWithRest(Schema.Tuple([Schema.String, OrNull, OrNull, OrNull]), [Schema.String])

/** Texts of many tracks, read in one go; what is written here can be read. */
const tracksOf = (texts: ReadonlyArray<string>): Effect.Effect<ReadonlyArray<Track>> =>
  Schema.decodeEffect(Schema.fromJsonString(Schema.Array(Names)))(`[${texts.join(",")}]`).pipe(
    Effect.map((all) =>
      all.map(([uri, name, album, albumId, ...artists]) => ({
        uri,
        name: Option.fromNullOr(name),
        artists,
        album: Option.fromNullOr(album),
        albumId: Option.fromNullOr(albumId)
      }))
    ),
    Effect.orDie
  )

const rowId = (key: Key) => recordId(tracksTable, key)

/** A track as it is counted and named. */
export interface Track {
  readonly uri: string
  readonly name: Option.Option<string>
  readonly artists: ReadonlyArray<string>
  readonly album: Option.Option<string>
  readonly albumId: Option.Option<string>
}

/** A track with its live plays, of which there is at least one; instants in milliseconds. */
export interface PlayedTimes extends Track {
  readonly plays: number
  readonly first: number
  readonly last: number
}

/** Above so many, all tracks of a connection are read in one go: twenty thousand take as long as seven thousand by their ids. */
const mostById = 5_000

export class Tracks extends Context.Service<Tracks, {
  /** What the tracks are called, by their addresses; perhaps also others. Those that are not known are left out. */
  readonly named: (
    connection: ConnectionId,
    uris: ReadonlySet<string>
  ) => Effect.Effect<ReadonlyArray<Track>, SurrealError>
  /** All that have a live play. */
  readonly all: (connection: ConnectionId) => Effect.Effect<ReadonlyArray<PlayedTimes>, SurrealError>
  /** Those of the keys that have a live play. */
  readonly played: (keys: ReadonlyArray<Key>) => Effect.Effect<ReadonlyArray<PlayedTimes>, SurrealError>
}>()("glider/store/Tracks") {
  static readonly layer: Layer.Layer<Tracks, never, Surreal> = Layer.effect(
    Tracks,
    Effect.gen(function*() {
      const surreal = yield* Surreal
      const named = Effect.fn("Tracks.named")(function*(connection: ConnectionId, uris: ReadonlySet<string>) {
        if (uris.size > mostById) {
          return yield* Effect.flatMap(
            surreal.query(
              Schema.Array(Schema.String),
              `SELECT VALUE names FROM ${tracksTable}:[$connection]..[$connection, ..]`,
              { connection }
            ),
            tracksOf
          )
        }
        const found = yield* Effect.forEach(
          Arr.chunksOf(uris, 1_000),
          (chunk) =>
            surreal.query(Schema.Array(Schema.String), "SELECT VALUE names FROM $ids WHERE id != NONE", {
              ids: chunk.map((uri) => rowId([connection, uri]))
            })
        )
        return yield* tracksOf(found.flat())
      })
      const timesOf = Effect.fnUntraced(function*(rows: ReadonlyArray<typeof PlayedRow.Type>) {
        const tracks = yield* tracksOf(rows.map(([names]) => names))
        return rows.flatMap(([, plays, first, last], index) =>
          Option.toArray(Option.map(Arr.get(tracks, index), (track) => ({ ...track, plays, first, last })))
        )
      })
      const all = Effect.fn("Tracks.all")(function*(connection: ConnectionId) {
        const rows = yield* surreal.query(
          Schema.Array(PlayedRow),
          `SELECT VALUE ${times} FROM ${tracksTable}:[$connection]..[$connection, ..] WHERE array::len(at) > 0`,
          { connection }
        )
        return yield* timesOf(rows)
      })
      const played = Effect.fn("Tracks.played")(function*(keys: ReadonlyArray<Key>) {
        const found = yield* Effect.forEach(Arr.chunksOf(keys, 1_000), (chunk) =>
          surreal.query(
            Schema.Array(PlayedRow),
            `SELECT VALUE ${times} FROM $ids WHERE id != NONE AND array::len(at) > 0`,
            { ids: chunk.map(rowId) }
          ))
        return yield* timesOf(found.flat())
      })
      return Tracks.of({ named, all, played })
    })
  )
}

const times = "[names, array::len(at), array::min(at), array::max(at)]"

const PlayedRow = Schema.Tuple([Schema.String, Schema.Finite, Schema.Finite, Schema.Finite])

import { Array as Arr, Context, Effect, Layer, type Option, Schema } from "effect"
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
        names !== undefined && known.has(keyText(key)) && known.get(keyText(key)) !== namesText(names)
      )
      return [
        ...Arr.chunksOf(created, batch).map((chunk) => ({
          sql: `INSERT INTO ${tracksTable} (encoding::cbor::decode($rows)) RETURN NONE`,
          vars: {
            rows: packed(chunk.map(({ come, gone, key, names = nameless }) => ({
              id: rowId(key),
              ...columns(names),
              at: come.filter((at) => !gone.includes(at))
            })))
          }
        })),
        ...(renamed.length === 0 ? [] : [{
          sql: "FOR $row IN $rows { UPDATE $row.id SET name = $row.name, artists = $row.artists, album = $row.album, " +
            "album_id = $row.album_id, names = $row.names RETURN NONE }",
          vars: { rows: renamed.map(({ key, names = nameless }) => ({ id: rowId(key), ...columns(names) })) }
        }]),
        ...(created.length === changes.length ? [] : [{
          sql: "FOR $change IN $changes { UPDATE $change.id SET " +
            "at = array::complement(array::union(at, $change.come), $change.gone) RETURN NONE }",
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

/** All names in one text, to compare by. */
const namesText = ({ album, albumId, artists, name }: TrackNames): string =>
  keyText([name ?? "", album ?? "", albumId ?? "", ...artists])

const rowId = (key: Key) => recordId(tracksTable, key)

const columns = (names: TrackNames) => ({
  name: names.name,
  artists: names.artists,
  album: names.album,
  album_id: names.albumId,
  names: namesText(names)
})

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

/** Above so many, all tracks of a connection are read in one go. */
const mostById = 1_000

export class Tracks extends Context.Service<Tracks, {
  /** What the tracks are called, by their addresses. Those that are not known are left out. */
  readonly named: (
    connection: ConnectionId,
    uris: ReadonlySet<string>
  ) => Effect.Effect<ReadonlyArray<Track>, SurrealError>
  /** Those of the keys that have a live play. */
  readonly played: (keys: ReadonlyArray<Key>) => Effect.Effect<ReadonlyArray<PlayedTimes>, SurrealError>
}>()("glider/store/Tracks") {
  static readonly layer: Layer.Layer<Tracks, never, Surreal> = Layer.effect(
    Tracks,
    Effect.gen(function*() {
      const surreal = yield* Surreal
      const named = Effect.fn("Tracks.named")(function*(connection: ConnectionId, uris: ReadonlySet<string>) {
        if (uris.size > mostById) {
          return yield* surreal.query(
            Schema.Array(TrackRow),
            `SELECT ${names} FROM ${tracksTable}:[$connection]..[$connection, ..]`,
            { connection }
          )
        }
        const found = yield* Effect.forEach(
          Arr.chunksOf(uris, batch),
          (chunk) =>
            surreal.query(Schema.Array(TrackRow), `SELECT ${names} FROM $ids WHERE id != NONE`, {
              ids: chunk.map((uri) => rowId([connection, uri]))
            })
        )
        return found.flat()
      })
      const played = Effect.fn("Tracks.played")(function*(keys: ReadonlyArray<Key>) {
        const found = yield* Effect.forEach(Arr.chunksOf(keys, batch), (chunk) =>
          surreal.query(
            Schema.Array(PlayedRow),
            `SELECT ${names}, array::len(at) AS plays, array::min(at) AS first, array::max(at) AS last FROM $ids ` +
              "WHERE id != NONE AND array::len(at) > 0",
            { ids: chunk.map(rowId) }
          ))
        return found.flat()
      })
      return Tracks.of({ named, played })
    })
  )
}

const names = "record::id(id)[1] AS uri, name, artists, album, album_id AS albumId"

const text = Schema.OptionFromOptionalNullOr(Schema.String)

const track = { uri: Schema.String, name: text, artists: Schema.Array(Schema.String), album: text, albumId: text }

const TrackRow = Schema.Struct(track)

const PlayedRow = Schema.Struct({ ...track, plays: Schema.Finite, first: Schema.Finite, last: Schema.Finite })

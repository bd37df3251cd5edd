/** The streams of imported histories: each is a candidate for being a play that the provider's feed has brought already. */
import { DateTime, Effect, Option, Schema } from "effect"
import type { ConnectionId } from "../domain/Connection.ts"
import { PlayKind } from "../domain/Play.ts"
import { startOfStream, type StreamedPlay } from "../domain/StreamedPlay.ts"
import type { Surreal } from "../services/Surreal.ts"
import { OptionalInstant } from "../services/SurrealValue.ts"
import { imported, playsTable } from "./Plays.ts"
import type { Key, Row } from "./Write.ts"

export const streamedTable = "spotify_streaming_history"

/** `new` until somebody looks at it, then under their hands, then as they found it. */
export const CandidateStatus = Schema.Literals(["new", "processing", "processed", "merged", "skipped", "failed"])
export type CandidateStatus = typeof CandidateStatus.Type

/** `[connection, end in ms, uri, ms played]`, and of a play `[connection, instant in ms, uri]`. */
export const RowKey = Schema.Array(Schema.Union([Schema.String, Schema.Finite]))

export const streamedRow = (connection: ConnectionId, play: StreamedPlay, raw: unknown): Row => ({
  key: [connection, ...play.key],
  fields: {
    kind: play.kind,
    track_uri: play.uri,
    ended_at: play.endedAt,
    ms_played: play.millisPlayed,
    track_name: Option.getOrUndefined(play.name),
    artist_name: Option.getOrUndefined(play.artist),
    album_name: Option.getOrUndefined(play.album),
    offline_at: Option.getOrUndefined(play.offlineAt),
    private: play.isPrivate
  },
  raw
})

const text = Schema.OptionFromOptionalNullOr(Schema.String)

const CandidateRow = Schema.Struct({
  key: Schema.Tuple([Schema.String, Schema.Finite, Schema.String, Schema.Finite]),
  status: CandidateStatus,
  claim: text,
  kind: PlayKind,
  track_name: text,
  artist_name: text,
  album_name: text,
  offline_at: OptionalInstant,
  play: Schema.OptionFromOptionalNullOr(RowKey),
  isTombstoned: Schema.Boolean
})

/** A candidate as it is compared; instants in milliseconds. */
export interface Candidate {
  readonly key: Key
  readonly status: CandidateStatus
  readonly claim: Option.Option<string>
  readonly kind: PlayKind
  readonly uri: string
  readonly name: Option.Option<string>
  readonly artist: Option.Option<string>
  readonly album: Option.Option<string>
  readonly start: number
  readonly end: number
  readonly millisPlayed: number
  readonly offlineAt: Option.Option<number>
  /** The play that stands for it. */
  readonly play: Option.Option<Key>
}

const candidateOf = (row: typeof CandidateRow.Type): Candidate => {
  const { key: [, end, uri, millisPlayed] } = row
  return {
    key: row.key,
    status: row.status,
    claim: row.claim,
    kind: row.kind,
    uri,
    name: row.track_name,
    artist: row.artist_name,
    album: row.album_name,
    start: startOfStream(end, millisPlayed),
    end,
    millisPlayed,
    offlineAt: Option.map(row.offline_at, DateTime.toEpochMillis),
    play: row.play
  }
}

/** The candidates of a connection that ended with `from <= end < to`, in order. */
export const candidatesBetween = (surreal: Surreal["Service"]) =>
  Effect.fnUntraced(function*(connection: string, from: number, to: number) {
    const rows = yield* surreal.query(
      Schema.Array(CandidateRow),
      "SELECT VALUE { key: record::id(id), status: status, claim: claim, kind: kind, track_name: track_name, " +
        "artist_name: artist_name, album_name: album_name, offline_at: offline_at, play: play, " +
        `isTombstoned: deleted_at != NONE } FROM ${streamedTable}:[$connection, $from]..[$connection, $to]`,
      { connection, from, to }
    )
    return rows.filter(({ isTombstoned }) => !isTombstoned).map(candidateOf)
  })

const PolledRow = Schema.Struct({
  key: Schema.Tuple([Schema.String, Schema.Finite, Schema.String]),
  track_name: text,
  artist_names: Schema.Array(Schema.String),
  artist_ids: Schema.Array(Schema.String),
  album_name: text,
  album_id: text,
  duration_ms: Schema.OptionFromOptionalNullOr(Schema.Finite),
  played_ms: Schema.OptionFromOptionalNullOr(Schema.Finite),
  started_at: OptionalInstant,
  streamed: Schema.OptionFromOptionalNullOr(RowKey)
})

/** A play that the provider's feed has brought, as it is compared; instants in milliseconds. */
export interface PolledPlay {
  readonly key: Key
  readonly at: number
  readonly uri: string
  readonly name: Option.Option<string>
  readonly artists: ReadonlyArray<string>
  readonly album: Option.Option<string>
  readonly duration: Option.Option<number>
  /** The candidate that is merged into it. */
  readonly streamed: Option.Option<Key>
  /** What something is derived from, by its columns. */
  readonly fields: Row["fields"]
  /** When it is counted so far. */
  readonly countedAt: number
}

const polledOf = (row: typeof PolledRow.Type): PolledPlay => {
  const { key: [, at, uri] } = row
  return {
    key: row.key,
    at,
    uri,
    name: row.track_name,
    artists: row.artist_names,
    album: row.album_name,
    duration: row.duration_ms,
    streamed: row.streamed,
    fields: {
      track_name: Option.getOrUndefined(row.track_name),
      artist_names: row.artist_names,
      artist_ids: row.artist_ids,
      album_name: Option.getOrUndefined(row.album_name),
      album_id: Option.getOrUndefined(row.album_id),
      duration_ms: Option.getOrUndefined(row.duration_ms),
      played_ms: Option.getOrUndefined(row.played_ms)
    },
    countedAt: Option.match(row.started_at, { onNone: () => at, onSome: DateTime.toEpochMillis })
  }
}

const polledColumns =
  "key: record::id(id), track_name: track_name, artist_names: artist_names, artist_ids: artist_ids, " +
  "album_name: album_name, album_id: album_id, duration_ms: duration_ms, played_ms: played_ms, started_at: started_at, " +
  "streamed: streamed"

/** The live plays of a connection that did not come by an import, with `from <= instant < to`, in order. */
export const polledBetween = (surreal: Surreal["Service"]) =>
  Effect.fnUntraced(function*(connection: string, from: number, to: number) {
    const rows = yield* surreal.query(
      Schema.Array(PolledRow),
      `SELECT VALUE { ${polledColumns} } FROM ${playsTable}:[$connection, $from]..[$connection, $to] ` +
        "WHERE deleted_at = NONE AND origin != $imported",
      { connection, from, to, imported }
    )
    return rows.map(polledOf)
  })

/** The play that stands for a candidate which no other play does. */
export const ownPlay = (connection: string, candidate: Candidate): Row => ({
  key: [connection, candidate.start, candidate.uri],
  fields: {
    spotify_track_id: candidate.kind === "local" ? undefined : candidate.uri.split(":").at(-1),
    track_uri: candidate.uri,
    track_name: Option.getOrUndefined(candidate.name),
    artist_names: Option.toArray(candidate.artist),
    artist_ids: [],
    album_name: Option.getOrUndefined(candidate.album),
    album_id: undefined,
    duration_ms: undefined,
    explicit: undefined,
    popularity: undefined,
    played_at: DateTime.makeUnsafe(candidate.start),
    context_uri: undefined,
    kind: candidate.kind,
    origin: imported,
    played_ms: candidate.millisPlayed,
    streamed: candidate.key
  },
  raw: { imported: candidate.key }
})

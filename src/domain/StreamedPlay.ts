/** What a person's own copy of the listening history says of one stream: Spotify's extended streaming history. */
import { DateTime, Effect, Option, Schema, SchemaGetter, SchemaIssue } from "effect"
import { InstantText } from "./OffsetTime.ts"
import { kindOfUri, PlayKind } from "./Play.ts"

/** Shorter ones are not listed by Spotify's feed of recent plays, and count there as nothing; so they do here. */
export const shortestCounted = 30_000

/** One stream: what was played, until when, and for how long. */
export class StreamedPlay extends Schema.Class<StreamedPlay>("glider/StreamedPlay")({
  kind: PlayKind,
  uri: Schema.NonEmptyString,
  /** `ts`: when it stopped playing, to the second. */
  endedAt: Schema.DateTimeUtc,
  millisPlayed: Schema.Natural,
  name: Schema.Option(Schema.String),
  artist: Schema.Option(Schema.String),
  album: Schema.Option(Schema.String),
  /** What Spotify tells of the time of a stream that was heard offline; whether of its start is not documented. */
  offlineAt: Schema.Option(Schema.DateTimeUtc),
  /** Heard in a private session, which the feed of recent plays never lists. */
  isPrivate: Schema.Boolean
}) {
  /** The natural key within a connection: what an export of a later day says of the same stream, too. */
  get key(): readonly [endedAtMillis: number, uri: string, millisPlayed: number] {
    return [this.endedAt.epochMilliseconds, this.uri, this.millisPlayed]
  }
}

/** When a stream began, in milliseconds since 1970; pauses in it are not told of. */
export const startOfStream = (endedAt: number, millisPlayed: number): number => endedAt - millisPlayed

const maybe = <S extends Schema.Constraint>(schema: S) => Schema.OptionFromOptionalNullOr(schema)

const text = maybe(Schema.String)

const Entry = Schema.Struct({
  ts: InstantText,
  ms_played: Schema.Natural,
  master_metadata_track_name: text,
  master_metadata_album_artist_name: text,
  master_metadata_album_album_name: text,
  spotify_track_uri: text,
  episode_name: text,
  episode_show_name: text,
  spotify_episode_uri: text,
  audiobook_title: text,
  audiobook_chapter_uri: text,
  audiobook_chapter_title: text,
  offline: maybe(Schema.Boolean),
  offline_timestamp: maybe(Schema.Finite),
  incognito_mode: maybe(Schema.Boolean)
})

const filled = (uri: Option.Option<string>) => Option.filter(uri, (uri) => uri.trim() !== "")

/** Seconds since 1970, in exports of before milliseconds; 0 says nothing. */
const offlineInstant = ({ offline, offline_timestamp }: typeof Entry.Type): Option.Option<DateTime.Utc> =>
  Option.flatMap(
    Option.filter(offline_timestamp, (at) => Option.contains(offline, true) && at > 0),
    (at) => DateTime.make(at < 100_000_000_000 ? at * 1000 : at)
  )

const toStreamed = (entry: typeof Entry.Type): Option.Option<StreamedPlay> => {
  const track = filled(entry.spotify_track_uri)
  const episode = filled(entry.spotify_episode_uri)
  const common = {
    endedAt: entry.ts,
    millisPlayed: entry.ms_played,
    offlineAt: offlineInstant(entry),
    isPrivate: Option.contains(entry.incognito_mode, true)
  }
  if (Option.isSome(track)) {
    return Option.some(
      new StreamedPlay({
        ...common,
        kind: kindOfUri(track.value),
        uri: track.value,
        name: entry.master_metadata_track_name,
        artist: entry.master_metadata_album_artist_name,
        album: entry.master_metadata_album_album_name
      })
    )
  }
  const isEpisode = Option.isSome(episode)
  return Option.map(isEpisode ? episode : filled(entry.audiobook_chapter_uri), (uri) =>
    new StreamedPlay({
      ...common,
      kind: "episode",
      uri,
      name: isEpisode ? entry.episode_name : entry.audiobook_chapter_title,
      artist: isEpisode ? entry.episode_show_name : entry.audiobook_title,
      album: Option.none()
    }))
}

/** Reads one object of `Streaming_History_Audio_*.json`. Fails when it does not say when, how long, or what was played. */
export const StreamedPlayFromExport = Entry.pipe(
  Schema.decodeTo(Schema.toType(StreamedPlay), {
    decode: SchemaGetter.transformEffect((entry, options) =>
      Option.match(toStreamed(entry), {
        onNone: () =>
          Effect.fail(
            new SchemaIssue.InvalidValue(
              { expected: "the address of a track, an episode or a chapter" },
              entry,
              options
            )
          ),
        onSome: Effect.succeed
      })
    ),
    encode: SchemaGetter.forbidden(() => "an export is only read")
  })
)

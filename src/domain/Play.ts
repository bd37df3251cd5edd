import { type DateTime, Effect, Option, Schema, SchemaGetter, SchemaIssue } from "effect"
import { InstantText } from "./OffsetTime.ts"

/** What was played. Local files and episodes are kept like tracks, and counted. */
export const PlayKind = Schema.Literals(["track", "episode", "local"])
export type PlayKind = typeof PlayKind.Type

/** One play of a listening history. */
export class Play extends Schema.Class<Play>("glider/Play")({
  kind: PlayKind,
  /** The full uri: what was played, also where there is no id. */
  uri: Schema.NonEmptyString,
  playedAt: Schema.DateTimeUtc,
  /** None for local files. */
  id: Schema.Option(Schema.String),
  name: Schema.Option(Schema.String),
  artistNames: Schema.Array(Schema.String),
  artistIds: Schema.Array(Schema.String),
  albumName: Schema.Option(Schema.String),
  albumId: Schema.Option(Schema.String),
  durationMillis: Schema.Option(Schema.Finite),
  explicit: Schema.Option(Schema.Boolean),
  /** Gone from what development apps are given since 2026. */
  popularity: Schema.Option(Schema.Finite),
  /** The album, playlist or artist it was played from. */
  contextUri: Schema.Option(Schema.String)
}) {
  /**
   * The natural key within a connection. Spotify gives plays no id: the instant alone is shared by two devices, and the
   * text of the instant may or may not have a fraction.
   */
  get key(): readonly [playedAtMillis: number, uri: string] {
    return playKey(this.playedAt, this.uri)
  }
}

export const playKey = (playedAt: DateTime.Utc, uri: string): readonly [playedAtMillis: number, uri: string] => [
  playedAt.epochMilliseconds,
  uri
]

const maybe = <S extends Schema.Constraint>(schema: S) => Schema.OptionFromOptionalNullOr(schema)

const Named = Schema.Struct({ id: maybe(Schema.String), name: maybe(Schema.String) })

const Played = Schema.Struct({
  id: maybe(Schema.String),
  uri: maybe(Schema.String),
  type: maybe(Schema.String),
  is_local: maybe(Schema.Boolean),
  name: maybe(Schema.String),
  artists: maybe(Schema.Array(Schema.NullOr(Named))),
  album: maybe(Named),
  duration_ms: maybe(Schema.Finite),
  explicit: maybe(Schema.Boolean),
  popularity: maybe(Schema.Finite)
})

/** An item of `GET /me/player/recently-played`, as before 2026 (`track`) or with the newer name (`item`). */
const RecentItem = Schema.Struct({
  played_at: InstantText,
  track: maybe(Played),
  item: maybe(Played),
  context: maybe(Schema.Struct({ uri: maybe(Schema.String) }))
})

/** What an address is of. */
export const kindOfUri = (uri: string): PlayKind =>
  uri.startsWith("spotify:local:") ? "local" : uri.startsWith("spotify:episode:") ? "episode" : "track"

const kindOf = (played: typeof Played.Type): PlayKind => {
  const kind = kindOfUri(Option.getOrElse(played.uri, () => ""))
  if (Option.contains(played.is_local, true) || kind === "local") return "local"
  return Option.contains(played.type, "episode") ? "episode" : kind
}

const toPlay = (item: typeof RecentItem.Type): Option.Option<typeof Play.Encoded> =>
  Option.gen(function*() {
    const played = yield* Option.orElse(item.track, () => item.item)
    const kind = kindOf(played)
    const uri = yield* Option.orElse(
      Option.filter(played.uri, (uri) => uri !== ""),
      () => Option.map(played.id, (id) => `spotify:${kind}:${id}`)
    )
    const artists = Option.getOrElse(played.artists, () => []).flatMap((artist) => artist === null ? [] : [artist])
    return {
      kind,
      uri,
      playedAt: item.played_at,
      id: played.id,
      name: played.name,
      artistNames: artists.flatMap(({ name }) => Option.toArray(name)),
      artistIds: artists.flatMap(({ id }) => Option.toArray(id)),
      albumName: Option.flatMap(played.album, ({ name }) => name),
      albumId: Option.flatMap(played.album, ({ id }) => id),
      durationMillis: played.duration_ms,
      explicit: played.explicit,
      popularity: played.popularity,
      contextUri: Option.flatMap(item.context, ({ uri }) => uri)
    }
  })

/** Reads one item of Spotify's feed. Fails when it does not say when, or nothing that tells what was played. */
export const PlayFromSpotify = RecentItem.pipe(
  Schema.decodeTo(Play, {
    decode: SchemaGetter.transformEffect((item, options) =>
      Option.match(toPlay(item), {
        onNone: () =>
          Effect.fail(new SchemaIssue.InvalidValue({ expected: "a track with a uri or an id" }, item, options)),
        onSome: Effect.succeed
      })
    ),
    encode: SchemaGetter.forbidden(() => "plays are never sent back to Spotify")
  })
)

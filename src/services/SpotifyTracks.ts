/** Tracks and playlists as Spotify sends them, before and since February 2026. */
import { Option, Schema } from "effect"
import { Candidate } from "../music/Track.ts"

const Named = Schema.Struct({ name: Schema.String })

const OptionalNull = <S extends Schema.Top>(schema: S) => Schema.OptionFromOptionalNullOr(schema)

const SentTrack = Schema.Struct({
  uri: Schema.NonEmptyString,
  name: Schema.String,
  artists: Schema.Array(Named),
  album: OptionalNull(Named),
  external_ids: OptionalNull(Schema.Struct({ isrc: OptionalNull(Schema.String) })),
  duration_ms: OptionalNull(Schema.Finite),
  is_playable: OptionalNull(Schema.Boolean)
})

const readTrack = Schema.decodeUnknownOption(SentTrack)

/** A page of a search. What cannot be read of it, as the `null` of a track that was withdrawn, is no candidate. */
export const Found = Schema.Struct({ tracks: Schema.Struct({ items: Schema.Array(Schema.Unknown) }) })

export const candidates = ({ tracks: { items } }: typeof Found.Type): ReadonlyArray<Candidate> =>
  items.flatMap((item) => Option.toArray(Option.map(readTrack(item), candidateOf)))

const candidateOf = ({ album, artists, duration_ms, external_ids, is_playable, name, uri }: typeof SentTrack.Type) => {
  const isrc = Option.flatMap(external_ids, ({ isrc }) => isrc)
  return new Candidate({
    uri,
    name,
    artists: artists.map(({ name }) => name),
    ...Option.match(album, { onNone: () => ({}), onSome: ({ name }) => ({ album: name }) }),
    ...Option.match(isrc, { onNone: () => ({}), onSome: (isrc) => ({ isrc }) }),
    ...Option.match(duration_ms, { onNone: () => ({}), onSome: (durationMs) => ({ durationMs }) }),
    isPlayable: Option.getOrElse(is_playable, () => true)
  })
}

/** What every page says of the list that it is of. */
const paging = { next: Schema.NullOr(Schema.String), total: Schema.optionalKey(Schema.Finite) }

const Content = OptionalNull(Schema.Struct({ uri: Schema.NonEmptyString }))

/** A page of a playlist: each content is an `item`, and was a `track`; of one that was withdrawn there is none. */
export const Contents = Schema.Struct({
  items: Schema.Array(Schema.Struct({ item: Content, track: Content })),
  ...paging
})

export const urisOf = ({ items }: typeof Contents.Type): ReadonlyArray<string> =>
  items.flatMap(({ item, track }) => Option.toArray(Option.map(Option.orElse(item, () => track), ({ uri }) => uri)))

/** The same page for those who want to know what songs they are. */
export const Songs = Schema.Struct({
  items: Schema.Array(
    Schema.Struct({ item: Schema.optionalKey(Schema.Unknown), track: Schema.optionalKey(Schema.Unknown) })
  ),
  ...paging
})

export const songsOf = ({ items }: typeof Songs.Type): ReadonlyArray<Candidate> =>
  items.flatMap(({ item, track }) => Option.toArray(Option.map(readTrack(item ?? track), candidateOf)))

/** What a change of a playlist answers. */
export const Changed = Schema.Struct({ snapshot_id: Schema.String })

/** A page of the person's playlists. */
export const Lists = Schema.Struct({
  items: Schema.Array(Schema.NullOr(Schema.Struct({ id: Schema.NonEmptyString, name: Schema.String }))),
  ...paging
})

/** Songs that the stand-in for Spotify has. */
import { Schema } from "effect"
import { makeCatalogue } from "../../src/sandbox/Catalogue.ts"

const Sent = Schema.Struct({
  uri: Schema.String,
  name: Schema.String,
  artists: Schema.NonEmptyArray(Schema.Struct({ name: Schema.String })),
  album: Schema.Struct({ name: Schema.String }),
  external_ids: Schema.Struct({ isrc: Schema.String })
})

const decode = Schema.decodeUnknownSync(Sent)

/** Each as somebody would ask for it, with its uri. */
export const catalogueSongs = makeCatalogue(false).map(({ json }) => {
  const { album, artists: [artist], external_ids: { isrc }, name, uri } = decode(json)
  return { uri, isrc, track: { track_name: name, artist: artist.name, album: album.name } }
})

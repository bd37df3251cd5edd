/** Tools that look for songs and put them into playlists, by the names that other programs know them by. */
import { Effect, Schema } from "effect"
import { Toolkit } from "effect/ai"
import { SyncAccepted, SyncRequest } from "../api/MusicMessages.ts"
import { Holds, PlaylistId, Playlists, TrackAdded, TracksFound, TrackToAdd, TrackUri } from "../api/SpotifyGroup.ts"
import { queriesOf } from "../music/Queries.ts"
import { TrackRequest } from "../music/Track.ts"
import { GliderCalls } from "./GliderCalls.ts"
import { Limit, Offset, part, partFields, reading, writing } from "./ToolMaking.ts"

const scope = "music:read"

const track = {
  track_name: TrackRequest.fields.trackName.annotate({ description: "The title" }),
  artist: TrackRequest.fields.artist.annotate({ description: "One artist or several, such as Simon & Garfunkel" }),
  album: TrackRequest.fields.album
}

const playlist = {
  playlist_id: PlaylistId.annotate({ description: "Spotify's id of the playlist, 22 letters and digits" })
}

const uri = { track_uri: TrackUri.annotate({ description: "Such as spotify:track:67Hna13dNDkZvBpTXRIaOJ" }) }

const SearchTrack = reading("search_track", {
  title: "Search for a track",
  description: "Search Spotify for a track: at most ten candidates, in Spotify's order.",
  scope,
  parameters: Schema.Struct(track),
  success: TracksFound
})

const SearchByIsrc = reading("search_by_isrc", {
  title: "Search by ISRC",
  description: "Search Spotify for the recording with an ISRC, such as GBAYE9300106.",
  scope,
  parameters: Schema.Struct({
    isrc: Schema.Trim.check(Schema.isPattern(/^[A-Za-z]{2}-?[A-Za-z0-9]{3}-?[0-9]{2}-?[0-9]{5}$/))
  }),
  success: TracksFound
})

const GetUserPlaylists = reading("get_user_playlists", {
  title: "List playlists",
  description: "List the playlists of the Spotify account, its own and those that it follows.",
  scope,
  parameters: Schema.Struct({ limit: Limit(500, 100), offset: Offset }),
  success: Schema.Struct({ playlists: Playlists.fields.playlists, ...partFields })
})

const VerifyTrackAdded = reading("verify_track_added", {
  title: "Look whether a track is in a playlist",
  description: "Read the whole playlist, and say whether the track is in it, and how often.",
  foreignText: false,
  scope,
  parameters: Schema.Struct({ ...playlist, ...uri }),
  success: Holds
})

const AddTrackToPlaylist = writing("add_track_to_playlist", {
  title: "Put a track into a playlist",
  description: "Put a track at the end of a playlist, unless the playlist has it: then status is already_exists.",
  idempotent: true,
  openWorld: true,
  scope: "music:write",
  parameters: Schema.Struct({ ...playlist, ...uri }),
  success: TrackAdded
})

const SyncTrack = writing("sync_track", {
  title: "Find a track and put it into a playlist",
  description:
    "Start a run that looks for a track on Spotify, decides which one is meant, puts it into the playlist once " +
    "and looks after it. Gives the id of the run; get_run tells how it ends. The same request again within some minutes is the " +
    "same run, unless that has failed.",
  idempotent: true,
  openWorld: true,
  scope: "workflow.run:write",
  parameters: Schema.Struct({
    ...track,
    isrc: TrackRequest.fields.isrc,
    ...playlist
  }),
  success: SyncAccepted
})

export const MusicTools = Toolkit.make(
  SearchTrack,
  SearchByIsrc,
  GetUserPlaylists,
  VerifyTrackAdded,
  AddTrackToPlaylist,
  SyncTrack
)

/** Their handlers. */
export const musicTools = MusicTools.toLayer(Effect.map(GliderCalls, ({ ask }) => ({
  // the narrowest search that finds something, as the music sync asks
  search_track: Effect.fnUntraced(function*({ album, artist, track_name: trackName }) {
    const request = new TrackRequest({ trackName, artist, ...album === undefined ? {} : { album } })
    let found = new TracksFound({ tracks: [] })
    for (const { text } of queriesOf(request)) {
      found = yield* ask((glider) => glider.spotify.tracks({ query: { query: text } }))
      if (found.tracks.length > 0) break
    }
    return found
  }),
  search_by_isrc: ({ isrc }) => ask((glider) => glider.spotify.tracks({ query: { isrc } })),
  get_user_playlists: ({ limit = 100, offset }) =>
    Effect.map(ask((glider) => glider.spotify.playlists()), ({ playlists }) => {
      const { items, ...rest } = part(playlists, limit, offset)
      return { playlists: items, ...rest }
    }),
  verify_track_added: ({ playlist_id: id, track_uri: uri }) =>
    ask((glider) => glider.spotify.holds({ params: { id }, query: { uri } })),
  add_track_to_playlist: ({ playlist_id: id, track_uri: uri }) =>
    ask((glider) => glider.spotify.add({ params: { id }, payload: new TrackToAdd({ uri }) })),
  sync_track: (wish) => ask((glider) => glider.music.sync({ payload: new SyncRequest(wish) }))
})))

/** What Spotify is asked at once, without a run: what it finds, which playlists there are, and what is in them. */
import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup } from "effect/http-api"
import { Candidate, TrackRequest } from "../music/Track.ts"
import { Authorization, Readable } from "./Guards.ts"
import {
  InvalidRequest,
  NotFound,
  ProviderBusy,
  ProviderFailed,
  ProviderRefused,
  SignInNeeded,
  StoreFailed
} from "./Problems.ts"
import { RequiredScope } from "./Scopes.ts"

/** Spotify's id of a playlist. */
export const PlaylistId = Schema.String.check(
  Schema.isPattern(/^[a-zA-Z0-9]{22}$/, { expected: "22 letters and digits, as in the playlist's address" })
)

/** What is put into playlists. */
export const TrackUri = Schema.String.check(
  Schema.isPattern(/^spotify:track:[a-zA-Z0-9]{22}$/, { expected: "spotify:track: and 22 letters and digits" })
)

/** What a search finds, in Spotify's order. */
export class TracksFound extends Schema.Class<TracksFound>("glider/api/TracksFound")({
  tracks: Schema.Array(Candidate)
}) {}

export class Playlists extends Schema.Class<Playlists>("glider/api/Playlists")({
  playlists: Schema.Array(Schema.Struct({ id: Schema.String, name: Schema.String }))
}) {}

/** Whether the whole playlist has the track, and how often. */
export class Holds extends Schema.Class<Holds>("glider/api/Holds")({
  verified: Schema.Boolean,
  times: Schema.Natural,
  /** How many tracks it has in all. */
  total: Schema.Natural
}) {}

export class TrackToAdd extends Schema.Class<TrackToAdd>("glider/api/TrackToAdd")({ uri: TrackUri }) {}

export class TrackAdded extends Schema.Class<TrackAdded>("glider/api/TrackAdded")({
  /** `already_exists`: the playlist had it before, and is as it was. */
  status: Schema.Literals(["added", "already_exists"]),
  /** Spotify's id of the playlist as it was right after; none where nothing was changed. */
  snapshot_id: Schema.OptionFromNullOr(Schema.String)
}) {}

const refusals = [InvalidRequest, SignInNeeded, ProviderRefused, ProviderFailed, ProviderBusy, StoreFailed] as const
const error = [...refusals, NotFound] as const
const params = { id: PlaylistId }

/** Playlists are changed one at a time, together with the runs that change them. */
export class SpotifyGroup extends HttpApiGroup.make("spotify")
  .add(
    HttpApiEndpoint.get("tracks", "/tracks", {
      query: {
        /** As one types it into Spotify's search; one of the two. */
        query: Schema.optionalKey(Schema.NonEmptyString.check(Schema.isMaxLength(250))),
        isrc: Schema.optionalKey(Schema.revealCodec(TrackRequest.fields.isrc.schema))
      },
      success: TracksFound,
      error: [...refusals]
    }).annotate(RequiredScope, "music:read"),
    HttpApiEndpoint.get("playlists", "/playlists", { success: Playlists, error: [...refusals] }).annotate(
      RequiredScope,
      "music:read"
    ),
    HttpApiEndpoint.get("holds", "/playlists/:id/tracks", {
      params,
      query: { uri: TrackUri },
      success: Holds,
      error: [...error]
    }).annotate(RequiredScope, "music:read"),
    HttpApiEndpoint.post("add", "/playlists/:id/tracks", {
      params,
      payload: TrackToAdd,
      success: TrackAdded,
      error: [...error]
    }).annotate(RequiredScope, "music:write")
  )
  .middleware(Authorization)
  .middleware(Readable)
  .prefix("/api/v0/music")
{}

/** Spotify's search and its single tracks, which need a token and no scope. */
import type { Track } from "./Catalogue.ts"
import { type Call, ok, type Reply, type Route } from "./Exchange.ts"
import { spotifyError } from "./Refusals.ts"
import { refusal } from "./SpotifyGuard.ts"
import { isReply, paged } from "./SpotifyPaging.ts"
import type { TokenStore } from "./Tokens.ts"
import { trackSearch } from "./TrackSearch.ts"

/** As of 2026: 5 unless asked for, and 10 at most. */
const bounds = { usual: 5, most: 10 }

export const trackRoutes = ({ tokens, tracks, url }: {
  readonly tracks: ReadonlyArray<Track>
  readonly tokens: TokenStore
  readonly url: () => string
}): ReadonlyArray<Route> => {
  const find = trackSearch(tracks)
  const byId = new Map(tracks.map((track) => [track.id, track]))

  const search = (call: Call): Reply => {
    const text = (call.query.get("q") ?? "").trim()
    const types = (call.query.get("type") ?? "").split(",").filter((type) => type !== "")
    if (text === "") return spotifyError(400, "No search query")
    if (types.length === 0) return spotifyError(400, "Missing parameter type")
    if (types.some((type) => type !== "track")) return spotifyError(400, "Bad search type field")
    const page = paged(call, url(), find(text), bounds, ({ json }) => ({ ...json, is_playable: true }))
    return isReply(page) ? page : ok({ tracks: page })
  }

  const one = (call: Call): Reply => {
    const id = call.params["id"] ?? ""
    if (!/^[A-Za-z0-9]{22}$/.test(id)) return spotifyError(400, "Invalid base62 id")
    const track = byId.get(id)
    return track === undefined ? spotifyError(404, "Non existing id: 'spotify:track:" + id + "'") : ok(track.json)
  }

  const get = (path: `/${string}`, answer: (call: Call) => Reply): Route => ({
    method: "GET",
    path,
    provider: "spotify",
    endpoint: "api",
    answer: (call) => refusal(tokens, call) ?? answer(call)
  })

  return [get("/spotify/v1/search", search), get("/spotify/v1/tracks/:id", one)]
}

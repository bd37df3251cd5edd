/** Spotify's playlists as they are since 2026: contents under `/items`, of those only that are the person's own. */
import type { JsonObject } from "./Contract.ts"
import { type Call, ok, type Reply, type Route, sentObject, wholeNumber } from "./Exchange.ts"
import { profile } from "./Listening.ts"
import type { Playlist, PlaylistItem, Playlists } from "./Playlists.ts"
import { spotifyError } from "./Refusals.ts"
import { refusal } from "./SpotifyGuard.ts"
import { isReply, paged } from "./SpotifyPaging.ts"
import type { TokenStore } from "./Tokens.ts"

const notFound = spotifyError(404, "Resource not found")
const forbidden = spotifyError(403, "Forbidden")

/** So many tracks at once. */
const mostAtOnce = 100

const isTrackUri = (value: unknown): value is string =>
  typeof value === "string" && /^spotify:track:[A-Za-z0-9]{22}$/.test(value)

const modify = ({ isPublic }: Playlist): string => isPublic ? "playlist-modify-public" : "playlist-modify-private"

export const playlistRoutes = ({ legacy, playlists, tokens, url }: {
  readonly playlists: Playlists
  readonly tokens: TokenStore
  readonly url: () => string
  /** Whether records are as before 2026: `track` in place of `item`. */
  readonly legacy: boolean
}): ReadonlyArray<Route> => {
  const owner = ({ isOwn }: Playlist): JsonObject => {
    const id = isOwn ? String(profile["id"]) : "somebody"
    return {
      display_name: isOwn ? String(profile["display_name"]) : "Somebody",
      external_urls: { spotify: `https://open.spotify.com/user/${id}` },
      href: `https://api.spotify.com/v1/users/${id}`,
      id,
      type: "user",
      uri: `spotify:user:${id}`
    }
  }

  const listJson = (list: Playlist): JsonObject => ({
    collaborative: false,
    description: "",
    external_urls: { spotify: `https://open.spotify.com/playlist/${list.id}` },
    href: `https://api.spotify.com/v1/playlists/${list.id}`,
    id: list.id,
    images: [],
    name: list.name,
    owner: owner(list),
    public: list.isPublic,
    snapshot_id: list.snapshot,
    ...list.isOwn || legacy
      ? {
        [legacy ? "tracks" : "items"]: {
          href: `https://api.spotify.com/v1/playlists/${list.id}/items`,
          total: list.items.length
        }
      }
      : {},
    type: "playlist",
    uri: `spotify:playlist:${list.id}`
  })

  const itemJson = (list: Playlist) => ({ addedAt, uri }: PlaylistItem): JsonObject => {
    const { display_name: _name, ...adder } = owner(list)
    return {
      added_at: addedAt,
      added_by: adder,
      is_local: false,
      [legacy ? "track" : "item"]: playlists.track(uri)?.json ?? null // withdrawn since
    }
  }

  /** With the playlist of the path, when the token may do that with it. */
  const within = (
    scopes: (list: Playlist) => ReadonlyArray<string>,
    answer: (call: Call, list: Playlist) => Reply
  ) =>
  (call: Call): Reply => {
    const refused = refusal(tokens, call)
    if (refused !== undefined) return refused
    const list = playlists.get(call.params["id"] ?? "")
    if (list === undefined) return notFound
    return refusal(tokens, call, ...scopes(list)) ?? answer(call, list)
  }

  const items = (call: Call, list: Playlist): Reply => {
    if (!list.isOwn) return forbidden
    const twice = call.again ? list.items.flatMap((item) => [item, item]) : list.items
    const page = paged(call, url(), twice, { usual: 20, most: 50 }, itemJson(list))
    return isReply(page) ? page : ok(page)
  }

  /** With the first of its contents, when they are the person's own. */
  const whole = (call: Call, list: Playlist): Reply => {
    if (!list.isOwn) return ok(listJson(list))
    const contents: Call = { ...call, path: `${call.path}/items`, query: new URLSearchParams() }
    const first = paged(contents, url(), list.items, { usual: 100, most: 100 }, itemJson(list))
    return isReply(first) ? first : ok({ ...listJson(list), [legacy ? "tracks" : "items"]: first })
  }

  const add = (call: Call, list: Playlist): Reply => {
    if (!list.isOwn) return forbidden
    const sent = sentObject(call)
    const inQuery = call.query.get("uris")
    const uris = inQuery === null ? sent?.["uris"] : inQuery.split(",")
    if (!Array.isArray(uris)) return spotifyError(400, "Error parsing JSON.")
    if (uris.length > mostAtOnce) return spotifyError(400, `You can add a maximum of ${mostAtOnce} tracks per request.`)
    const wrong = uris.find((uri) => !isTrackUri(uri) || playlists.track(uri) === undefined)
    if (wrong !== undefined || uris.length === 0) return spotifyError(400, `Invalid track uri: ${String(wrong ?? "")}`)
    const place = sent?.["position"]
    const position = place === undefined ? undefined : wholeNumber(String(place), 0, list.items.length)
    if (place !== undefined && position === undefined) return spotifyError(400, "Index out of bounds.")
    return { status: 201, body: { snapshot_id: playlists.add(list.id, uris.filter(isTrackUri), position) } }
  }

  const remove = (call: Call, list: Playlist): Reply => {
    if (!list.isOwn) return forbidden
    const sent = sentObject(call)?.["items"]
    if (!Array.isArray(sent)) return spotifyError(400, "Error parsing JSON.")
    const uris = sent.map((item: unknown) =>
      typeof item === "object" && item !== null && "uri" in item ? item.uri : item
    )
    const wrong = uris.find((uri) => !isTrackUri(uri))
    if (wrong !== undefined || uris.length === 0) return spotifyError(400, `Invalid track uri: ${String(wrong ?? "")}`)
    return ok({ snapshot_id: playlists.remove(list.id, new Set(uris.filter(isTrackUri))) })
  }

  const mine = (call: Call): Reply => {
    const refused = refusal(tokens, call, "playlist-read-private")
    if (refused !== undefined) return refused
    const page = paged(call, url(), playlists.all(), { usual: 20, most: 50 }, listJson)
    return isReply(page) ? page : ok(page)
  }

  const route = (method: Route["method"], path: `/${string}`, answer: (call: Call) => Reply): Route => ({
    method,
    path,
    provider: "spotify",
    endpoint: "api",
    answer
  })

  const one = "/spotify/v1/playlists/:id"
  const read = ({ isPublic }: Playlist) => isPublic ? [] : ["playlist-read-private"]
  const change = (list: Playlist) => [modify(list)]
  const gone = (call: Call): Reply => refusal(tokens, call) ?? forbidden

  return [
    route("GET", "/spotify/v1/me/playlists", mine),
    route("GET", one, within(read, whole)),
    route("GET", `${one}/items`, within(read, items)),
    route("POST", `${one}/items`, within(change, add)),
    route("DELETE", `${one}/items`, within(change, remove)),
    route("GET", `${one}/tracks`, gone),
    route("POST", `${one}/tracks`, gone),
    route("DELETE", `${one}/tracks`, gone)
  ]
}

import { Context, DateTime, Duration, Effect, Exit, Layer, Option, Schema } from "effect"
import { type HttpClient, HttpClientRequest } from "effect/http"
import { CurrentConfig } from "../Config.ts"
import type { ConnectionId } from "../domain/Connection.ts"
import type { ProviderError } from "../domain/ProviderError.ts"
import type { Candidate } from "../music/Track.ts"
import { LongestWait, providerCall } from "../RetryPolicy.ts"
import type { AccessTokens } from "./AccessTokens.ts"
import { callRepeated } from "./ActivityMetrics.ts"
import type { CircuitBreakers } from "./CircuitBreakers.ts"
import { ProviderGate } from "./ProviderGate.ts"
import * as ProviderHttp from "./ProviderHttp.ts"
import * as SpotifyPages from "./SpotifyPages.ts"
import { candidates, Changed, Contents, Found, Lists, Songs, songsOf, urisOf } from "./SpotifyTracks.ts"

/** A playlist by its id, 22 letters and digits. */
export interface PlaylistName {
  readonly id: string
  readonly name: string
}

/** What came of an addition. */
export interface Addition {
  /** Whether this call has put the track there. */
  readonly isAdded: boolean
  /** Spotify's id of the playlist as it was right after; none where nothing was changed, or no answer came. */
  readonly snapshotId: Option.Option<string>
}

/** Spotify's Web API, as far as a listening history and playlists need it. */
export class Spotify extends Context.Service<Spotify, {
  /** Waits for as long as Spotify has asked to be left alone, where that is a minute at most: then a call would not be answered. */
  readonly patience: Effect.Effect<void>
  /**
   * The plays within reach, as sent, newest first: at most the last 50, more does not exist. One request, always the
   * whole window, since plays made offline surface late with an old `played_at`.
   */
  readonly recentlyPlayed: (connection: ConnectionId) => Effect.Effect<ReadonlyArray<unknown>, ProviderError>
  /** What a search finds, in Spotify's order: at most ten, which is all that it gives at once. */
  readonly searchTracks: (
    connection: ConnectionId,
    query: string
  ) => Effect.Effect<ReadonlyArray<Candidate>, ProviderError>
  /** The person's playlists, and those of others that they follow. */
  readonly playlists: (connection: ConnectionId) => Effect.Effect<ReadonlyArray<PlaylistName>, ProviderError>
  /** The uris of all that is in a playlist, in its order; one may be there more than once. */
  readonly playlistTracks: (
    connection: ConnectionId,
    playlist: string
  ) => Effect.Effect<ReadonlyArray<string>, ProviderError>
  /** The songs of a playlist in its order, without what is no song or was withdrawn. */
  readonly playlistSongs: (
    connection: ConnectionId,
    playlist: string
  ) => Effect.Effect<ReadonlyArray<Candidate>, ProviderError>
  /**
   * Adds a track at the end, unless it is in the playlist; gives whether this call has put it there. Spotify adds again what is there,
   * and an attempt that failed may have been carried out: so the playlist is read before each. `claim` is done when the track was
   * not there and is about to be added; its failure is that of the call. Two of these at the same time for one playlist may both
   * add: whoever calls lets one be over before the next.
   */
  readonly addToPlaylist: <E = never>(
    connection: ConnectionId,
    playlist: string,
    uri: string,
    claim?: Effect.Effect<void, E>
  ) => Effect.Effect<boolean, ProviderError | E>
  /** The same, with what Spotify said of it. */
  readonly addition: <E = never>(
    connection: ConnectionId,
    playlist: string,
    uri: string,
    claim?: Effect.Effect<void, E>
  ) => Effect.Effect<Addition, ProviderError | E>
  /** Takes every occurrence of a track out; one that is not there is taken out, too. */
  readonly removeFromPlaylist: (
    connection: ConnectionId,
    playlist: string,
    uri: string
  ) => Effect.Effect<void, ProviderError>
}>()("glider/services/Spotify") {
  static readonly layer: Layer.Layer<
    Spotify,
    never,
    HttpClient.HttpClient | AccessTokens | ProviderGate | CircuitBreakers | CurrentConfig
  > = Layer.effect(
    Spotify,
    Effect.gen(function*() {
      const { apiUrl } = (yield* CurrentConfig).providers.spotify
      const gate = yield* ProviderGate
      const http = yield* ProviderHttp.make("spotify")

      const patience: Effect.Effect<void> = Effect.gen(function*() {
        const until = yield* gate.shutUntil("spotify")
        if (Option.isNone(until)) return
        const wait = DateTime.distance(yield* DateTime.now, until.value)
        if (Duration.isGreaterThan(wait, yield* LongestWait)) return
        yield* Effect.sleep(wait)
        yield* patience // it may have been asked for more meanwhile
      })

      const pages = SpotifyPages.make(http, apiUrl)

      const itemsOf = (playlist: string): string => `/playlists/${encodeURIComponent(playlist)}/items`

      const contents = (connection: ConnectionId, operation: string, playlist: string) =>
        Effect.map(pages(connection, operation, itemsOf(playlist), Contents), (read) => read.flatMap(urisOf))

      const recentlyPlayed = Effect.fn("Spotify.recentlyPlayed")(function*(connection: ConnectionId) {
        const request = HttpClientRequest.get(`${apiUrl}/me/player/recently-played`, { urlParams: { limit: 50 } })
        const feed = yield* http.call(
          connection,
          "recently-played",
          (exchange) => Effect.flatMap(exchange(request), http.decode("recently-played", RecentlyPlayed))
        )
        return feed?.items ?? [] // a private session answers 204
      })

      const searchTracks = Effect.fn("Spotify.searchTracks")(function*(connection: ConnectionId, query: string) {
        const request = HttpClientRequest.get(`${apiUrl}/search`, { urlParams: { q: query, type: "track", limit: 10 } })
        const found = yield* http.call(
          connection,
          "search",
          (exchange) => Effect.flatMap(exchange(request), http.decode("search", Found))
        )
        return candidates(found)
      })

      const playlists = Effect.fn("Spotify.playlists")(function*(connection: ConnectionId) {
        const read = yield* pages(connection, "playlists", "/me/playlists", Lists)
        return read.flatMap(({ items }) => items.flatMap((list) => list === null ? [] : [list]))
      })

      const playlistTracks = Effect.fn("Spotify.playlistTracks")((connection: ConnectionId, playlist: string) =>
        contents(connection, "playlist-items", playlist)
      )

      const playlistSongs = Effect.fn("Spotify.playlistSongs")((connection: ConnectionId, playlist: string) =>
        Effect.map(pages(connection, "playlist-items", itemsOf(playlist), Songs), (read) => read.flatMap(songsOf))
      )

      const addition = Effect.fn("Spotify.addToPlaylist")(
        function*<E>(
          connection: ConnectionId,
          playlist: string,
          uri: string,
          claim: Effect.Effect<void, E> = Effect.void
        ) {
          const request = HttpClientRequest.post(`${apiUrl}${itemsOf(playlist)}`).pipe(
            HttpClientRequest.bodyJsonUnsafe({ uris: [uri] })
          )
          const add = http.once(
            connection,
            "playlist-add",
            (exchange) => Effect.flatMap(exchange(request), http.decode("playlist-add", Changed))
          )
          let hasTried = false
          // what fails before it is asked for is not tried again here; a lost answer is
          const settled = Effect.gen(
            function*(): Effect.fn.Return<Exit.Exit<Addition, ProviderError | E>, ProviderError> {
              const there = yield* Effect.exit(contents(connection, "playlist-add", playlist))
              if (Exit.isFailure(there)) return Exit.failCause(there.cause)
              if (there.value.includes(uri)) return Exit.succeed({ isAdded: hasTried, snapshotId: Option.none() })
              const claimed = yield* Effect.exit(claim)
              if (Exit.isFailure(claimed)) return Exit.failCause(claimed.cause)
              if (hasTried) yield* callRepeated
              hasTried = true
              const { snapshot_id } = yield* add
              return Exit.succeed({ isAdded: true, snapshotId: Option.some(snapshot_id) })
            }
          )
          return yield* Effect.flatten(Effect.retry(settled, providerCall))
        }
      )

      const addToPlaylist = <E = never>(
        connection: ConnectionId,
        playlist: string,
        uri: string,
        claim?: Effect.Effect<void, E>
      ) => Effect.map(addition(connection, playlist, uri, claim), ({ isAdded }) => isAdded)

      const removeFromPlaylist = Effect.fn("Spotify.removeFromPlaylist")(
        function*(connection: ConnectionId, playlist: string, uri: string) {
          const request = HttpClientRequest.delete(`${apiUrl}${itemsOf(playlist)}`).pipe(
            HttpClientRequest.bodyJsonUnsafe({ items: [{ uri }] })
          )
          yield* http.call(
            connection,
            "playlist-remove",
            (exchange) => Effect.flatMap(exchange(request), http.decode("playlist-remove", Changed))
          )
        }
      )

      return Spotify.of({
        patience,
        recentlyPlayed,
        searchTracks,
        playlists,
        playlistTracks,
        playlistSongs,
        addToPlaylist,
        addition,
        removeFromPlaylist
      })
    })
  )
}

const RecentlyPlayed = Schema.UndefinedOr(Schema.Struct({ items: Schema.Array(Schema.Unknown) }))

import { Clock, Context, Data, DateTime, Duration, Effect, Option } from "effect"
import { HttpEffect, HttpServerResponse } from "effect/http"
import { HttpApiBuilder } from "effect/http-api"
import type { ConnectionId } from "../domain/Connection.ts"
import type { ProviderError } from "../domain/ProviderError.ts"
import { isrcOf } from "../music/Track.ts"
import { ProviderGate } from "../services/ProviderGate.ts"
import { RequestTimeouts } from "../services/ProviderHttp.ts"
import { Spotify } from "../services/Spotify.ts"
import { Connections } from "../store/Connections.ts"
import { PlaylistAdditions } from "../store/PlaylistAdditions.ts"
import { PlaylistTurns } from "../workflows/PlaylistTurns.ts"
import { Api } from "./Api.ts"
import {
  InvalidRequest,
  NotFound,
  ProviderBusy,
  ProviderFailed,
  ProviderRefused,
  SignInNeeded,
  type StoreFailed
} from "./Problems.ts"
import { Holds, Playlists, TrackAdded, TracksFound } from "./SpotifyGroup.ts"
import { storeFailed } from "./Translate.ts"

/** How long Spotify may take: less than for a run, since somebody waits for the answer. */
export const SpotifyPatience = Context.Reference<typeof RequestTimeouts.Service>(
  "glider/api/SpotifyHandlers/SpotifyPatience",
  {
    defaultValue: () => ({ request: Duration.seconds(10), total: Duration.seconds(20) })
  }
)

/** The run under whose name tracks are put into playlists that no run asks for. */
const byHand = "by hand"

const toSignIn = (detail: string) => new SignInNeeded({ detail, fix: "glider auth spotify" })

export const spotifyHandlers = HttpApiBuilder.group(
  Api,
  "spotify",
  Effect.fn(function*(handlers) {
    const additions = yield* PlaylistAdditions
    const connections = yield* Connections
    const gate = yield* ProviderGate
    const spotify = yield* Spotify
    const turns = yield* PlaylistTurns
    const patience = yield* SpotifyPatience

    const account = Effect.gen(function*() {
      const found = yield* Effect.mapError(connections.main("spotify"), storeFailed)
      return Option.isNone(found) ? yield* toSignIn("No Spotify account is connected.") : found.value.connection.id
    })

    const busy = Effect.fnUntraced(function*(detail: string, until: DateTime.Utc) {
      const millis = DateTime.toEpochMillis(until) - (yield* Clock.currentTimeMillis)
      const seconds = Math.max(1, Math.ceil(millis / 1000))
      yield* HttpEffect.appendPreResponseHandler((_, response) =>
        Effect.succeed(HttpServerResponse.setHeader(response, "retry-after", String(seconds)))
      )
      return yield* new ProviderBusy({ detail, retry_after_seconds: seconds, fix: `ask again in ${seconds} s` })
    })

    const refused = Effect.fnUntraced(function*(error: ProviderError) {
      // what waited for its turn until nobody would wait any more is told until when that is
      const shut = error.retryable ? yield* gate.shutUntil("spotify") : Option.none<DateTime.Utc>()
      const until = Option.orElse(error.retryAt, () => shut)
      if (Option.isSome(until)) return yield* busy(error.message, until.value)
      switch (error.reason._tag) {
        case "NeedsAuth":
        case "Unauthorized":
          return yield* toSignIn(error.message)
        case "Forbidden":
          return yield* new ProviderRefused({
            detail: error.message,
            fix: "is the playlist your own, is music.enabled set, and was glider auth spotify run after that?"
          })
        default:
          return yield* new ProviderFailed({
            detail: error.message,
            ...error.retryable ? { fix: "ask again later; what was asked for may be done all the same" } : {}
          })
      }
    })

    const attempt = <A, E>(ask: (connection: ConnectionId) => Effect.Effect<A, ProviderError | E>) =>
      Effect.flatMap(account, (connection) => Effect.provideService(ask(connection), RequestTimeouts, patience))

    const asked = <A>(ask: (connection: ConnectionId) => Effect.Effect<A, ProviderError>) =>
      Effect.catchTag(attempt(ask), "ProviderError", refused)

    const ofPlaylist = <A>(
      playlist: string,
      ask: (connection: ConnectionId) => Effect.Effect<A, ProviderError | StoreFailed>
    ) =>
      attempt(ask).pipe(
        Effect.catchReason(
          "ProviderError",
          "NotFound",
          () => Effect.fail(new NotFound({ detail: `There is no playlist ${playlist}.` }))
        ),
        Effect.catchTag("ProviderError", refused)
      )

    return handlers.handleAll({
      tracks: Effect.fnUntraced(function*({ query: { isrc, query } }) {
        const text = isrc === undefined ? query : `isrc:${isrcOf(isrc)}`
        if (text === undefined || (isrc !== undefined && query !== undefined)) {
          return yield* new InvalidRequest({ detail: "Give either query or isrc." })
        }
        return new TracksFound({ tracks: yield* asked((connection) => spotify.searchTracks(connection, text)) })
      }),
      playlists: () => Effect.map(asked(spotify.playlists), (playlists) => new Playlists({ playlists })),
      holds: Effect.fnUntraced(function*({ params: { id }, query: { uri } }) {
        const there = yield* ofPlaylist(id, (connection) => spotify.playlistTracks(connection, id))
        const times = there.filter((one) => one === uri).length
        return new Holds({ verified: times > 0, times, total: there.length })
      }),
      add: Effect.fnUntraced(function*({ params: { id }, payload: { uri } }) {
        // no run takes for its own what was put there by hand
        const claim = Effect.flatMap(
          Effect.mapError(additions.claim({ playlist: id, uri }, byHand), storeFailed),
          Option.match({ onNone: () => Effect.void, onSome: (wait) => Effect.fail(new Lagging({ wait })) })
        )
        const { isAdded, snapshotId } = yield* ofPlaylist(id, (connection) => {
          const add = spotify.addition(connection, id, uri, claim)
          return turns.turn(id).withLimit(add.pipe(
            Effect.catchTag("Lagging", ({ wait }) => Effect.andThen(Effect.sleep(wait), add)),
            Effect.catchTag("Lagging", () => Effect.die("a claim while another has the playlist's turn"))
          ))
        })
        return new TrackAdded({ status: isAdded ? "added" : "already_exists", snapshot_id: snapshotId })
      })
    })
  })
)

/** The track may have been added a moment ago, and not be seen yet. */
class Lagging extends Data.TaggedError("Lagging")<{ readonly wait: Duration.Duration }> {}

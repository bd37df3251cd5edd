import { Context, Effect, Layer, Schema } from "effect"
import { type HttpClient, HttpClientRequest } from "effect/http"
import { CurrentConfig } from "../Config.ts"
import type { ConnectionId } from "../domain/Connection.ts"
import type { ProviderError } from "../domain/ProviderError.ts"
import type { AccessTokens } from "./AccessTokens.ts"
import type { ProviderGate } from "./ProviderGate.ts"
import * as ProviderHttp from "./ProviderHttp.ts"

/** Spotify's Web API, as far as a listening history needs it. */
export class Spotify extends Context.Service<Spotify, {
  /**
   * The plays within reach, as sent, newest first: at most the last 50, more does not exist. One request, always the
   * whole window, since plays made offline surface late with an old `played_at`.
   */
  readonly recentlyPlayed: (connection: ConnectionId) => Effect.Effect<ReadonlyArray<unknown>, ProviderError>
}>()("glider/services/Spotify") {
  static readonly layer: Layer.Layer<
    Spotify,
    never,
    HttpClient.HttpClient | AccessTokens | ProviderGate | CurrentConfig
  > = Layer.effect(
    Spotify,
    Effect.gen(function*() {
      const { apiUrl } = (yield* CurrentConfig).providers.spotify
      const http = yield* ProviderHttp.make("spotify")

      const recentlyPlayed = Effect.fn("Spotify.recentlyPlayed")(function*(connection: ConnectionId) {
        const request = HttpClientRequest.get(`${apiUrl}/me/player/recently-played`, { urlParams: { limit: 50 } })
        const feed = yield* http.call(
          connection,
          "recently-played",
          (exchange) => Effect.flatMap(exchange(request), http.decode("recently-played", RecentlyPlayed))
        )
        return feed?.items ?? [] // a private session answers 204
      })

      return Spotify.of({ recentlyPlayed })
    })
  )
}

const RecentlyPlayed = Schema.UndefinedOr(Schema.Struct({ items: Schema.Array(Schema.Unknown) }))

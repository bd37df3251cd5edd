/** The client of Spotify against the sandbox, as after a sign-in that lets songs into playlists. */
import { Effect, Layer, Redacted } from "effect"
import { Sandbox } from "../../src/sandbox/Sandbox.ts"
import { AccessTokens } from "../../src/services/AccessTokens.ts"
import { config, gates } from "./ProviderTest.ts"

/** What a sign-in grants where songs may be put into playlists. */
const scope = "playlist-read-private playlist-modify-private playlist-modify-public"

const tokens = Layer.effect(
  AccessTokens,
  Effect.gen(function*() {
    const sandbox = yield* Sandbox
    const issue = Effect.map(
      sandbox.tokens.issue("spotify", { scope }),
      ({ accessToken }) => Redacted.make(accessToken)
    )
    return AccessTokens.of({ get: () => issue, renew: () => issue })
  })
)

const addresses = Layer.unwrap(
  Effect.map(
    Sandbox,
    ({ providerAddresses: { google, oura, spotify } }) =>
      config({ spotify: spotify.api_url, google: google.api_url, oura: oura.api_url })
  )
)

/** What the client needs beside an HttpClient and the sandbox. */
export const playlistTokens = Layer.mergeAll(tokens, gates, addresses)

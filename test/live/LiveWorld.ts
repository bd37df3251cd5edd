import { NodeServices } from "@effect/platform-node"
import { DateTime, Duration, Effect, Layer, Option, type Redacted } from "effect"
import { FetchHttpClient } from "effect/http"
import { Profile } from "../../src/accounts/Profile.ts"
import { open, seal } from "../../src/accounts/SealedTokens.ts"
import { CurrentConfig, type Task } from "../../src/Config.ts"
import { configPath } from "../../src/config/Places.ts"
import { everyInterval } from "../../src/config/ScheduleSettings.ts"
import { connectionId } from "../../src/domain/Connection.ts"
import type { Provider } from "../../src/domain/Provider.ts"
import { OuraDataType } from "../../src/domain/Task.ts"
import * as Glider from "../../src/Glider.ts"
import { OAuth, syncScopes } from "../../src/services/OAuth.ts"
import { TokenCipher } from "../../src/services/TokenCipher.ts"
import { Connections } from "../../src/store/Connections.ts"
import { storeTest } from "../support/StoreTest.ts"
import { temporaryFolder } from "../support/TemporaryFolder.ts"
import { keep, TokensFileError } from "./TokensFile.ts"

/**
 * The whole product below the supervisor, over a store in a folder that is removed afterwards. Addresses, redirect
 * addresses and the time zone come from `GLIDER_CONFIG_TOML`, else `./config.toml`; its `[store]` is not used.
 */
export const liveWorld = Layer.unwrap(Effect.map(temporaryFolder, (folder) => Glider.layer(folder, { recovers: true })))
  .pipe(
    Layer.provideMerge(storeTest),
    Layer.provideMerge(Profile.layer),
    Layer.provideMerge(Layer.unwrap(Effect.map(configPath(Option.none()), CurrentConfig.layer))),
    Layer.provideMerge(FetchHttpClient.layer),
    Layer.provideMerge(NodeServices.layer)
  )

const common = { ...everyInterval(Duration.minutes(30)), timeout: Duration.minutes(15) }

/** A week of everything, which every kind of record is likely to be found in. */
export const tasks: { readonly [P in Provider]: Task } = {
  google: { ...common, name: "google_calendar", calendarIds: ["primary"], daysBack: 7 },
  spotify: { ...common, name: "spotify" },
  oura: { ...common, name: "oura", lookbackDays: 7, dataTypes: OuraDataType.literals }
}

/**
 * Makes the connection that the refresh token stands for. What the provider gives in its place is in the file before
 * anything else is done: a used one is worth nothing at Oura, and may be at Spotify.
 */
export const connect = Effect.fn("live.connect")(
  function*(file: string, provider: Provider, before: Redacted.Redacted<string>) {
    const oauth = yield* OAuth
    const profile = yield* Profile
    const cipher = yield* TokenCipher
    const connections = yield* Connections
    const tokens = yield* oauth.refresh(provider, before).pipe(
      Effect.tap(({ refreshToken }) =>
        Option.match(refreshToken, { onNone: () => Effect.void, onSome: (token) => keep(file, provider, token) })
      ),
      Effect.uninterruptible
    )
    const userId = yield* profile.userId(provider, tokens.accessToken)
    const id = connectionId(provider, userId)
    const sealed = yield* seal(cipher, { id, version: 1 }, {
      ...tokens,
      refreshToken: Option.getOrElse(tokens.refreshToken, () => before),
      scopes: Option.getOrElse(tokens.scopes, () => syncScopes[provider]),
      at: yield* DateTime.now
    })
    yield* connections.signIn({ id, provider, userId, version: 0 }, sealed)
  }
)

/** Puts the refresh token that the store holds into the file: a sign-in's, or one that was renewed on the way. */
export const save = Effect.fn("live.save")(function*(file: string, provider: Provider) {
  const cipher = yield* TokenCipher
  const connections = yield* Connections
  for (const row of yield* connections.ofProvider(provider)) {
    const token = yield* open(cipher, row, "refresh_token")
    if (Option.isSome(token)) return yield* keep(file, provider, token.value)
  }
  return yield* new TokensFileError({ message: `no refresh token of ${provider} is there to be kept` })
})

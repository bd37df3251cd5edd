import { Effect, Layer } from "effect"
import { Accounts } from "./accounts/Accounts.ts"
import * as TokenKeeper from "./accounts/TokenKeeper.ts"
import { CurrentConfig } from "./Config.ts"
import { Runner } from "./engine/Runner.ts"
import { Clock } from "./services/Clock.ts"
import { CrashPoint } from "./services/CrashPoint.ts"
import { Google } from "./services/Google.ts"
import { OAuth } from "./services/OAuth.ts"
import { Oura } from "./services/Oura.ts"
import { Secrets } from "./services/Secrets.ts"
import { Spotify } from "./services/Spotify.ts"
import { TokenCipher } from "./services/TokenCipher.ts"
import { Commit } from "./store/Commit.ts"
import { Connections } from "./store/Connections.ts"
import { GoogleEvents } from "./store/GoogleEvents.ts"
import * as ProviderGates from "./store/ProviderGates.ts"
import { Runs } from "./store/Runs.ts"
import { SyncStates } from "./store/SyncStates.ts"
import { Syncs } from "./syncs/Syncs.ts"

const tables = Layer.mergeAll(
  Connections.layer,
  Runs.layer,
  Commit.layer,
  SyncStates.layer,
  GoogleEvents.layer,
  ProviderGates.layer
)

const accounts = (dataFolder: string) =>
  Accounts.layer.pipe(
    Layer.provideMerge(TokenKeeper.layer),
    Layer.provideMerge(OAuth.layer),
    Layer.provideMerge(TokenCipher.layer(dataFolder)),
    Layer.provideMerge(Secrets.layer)
  )

const clients = Layer.mergeAll(Spotify.layer, Google.layer, Oura.layer)

const runner = Layer.unwrap(
  Effect.map(CurrentConfig, ({ scheduler }) => Runner.layer({ storeRunStatus: scheduler.storeRunStatus }))
)

/**
 * Everything behind the supervisor, the API and the command line, wired together over an opened and migrated store:
 * accounts, provider clients, syncs and the runner. The data folder holds the key of the tokens.
 */
export const layer = (dataFolder: string) =>
  Layer.mergeAll(runner, Syncs.layer).pipe(
    Layer.provideMerge(clients),
    Layer.provideMerge(accounts(dataFolder)),
    Layer.provideMerge(Layer.mergeAll(tables, Clock.layer)),
    Layer.provide(CrashPoint.layer)
  )

import { NodeHttpServer, NodeServices } from "@effect/platform-node"
import { Context, DateTime, Deferred, Duration, Effect, FileSystem, Layer, Option } from "effect"
import { createServer } from "node:net"
import { Accounts, AccountStatus, Revocation, SignIn } from "../../src/accounts/Accounts.ts"
import { AccountsError, WrongState } from "../../src/accounts/AccountsError.ts"
import { ConfigInForce } from "../../src/api/ConfigInForce.ts"
import { ApiToken } from "../../src/api/GuardLayers.ts"
import { About } from "../../src/api/Overview.ts"
import { listening, serving } from "../../src/api/Server.ts"
import { CurrentConfig, type GliderConfig } from "../../src/Config.ts"
import { DataFolder } from "../../src/config/Places.ts"
import { Connection, connectionId } from "../../src/domain/Connection.ts"
import { Progress } from "../../src/domain/Progress.ts"
import { Run, RunError, StreamCounts, SyncReport } from "../../src/domain/Run.ts"
import { Runner, RunOutcome } from "../../src/engine/Runner.ts"
import { Scheduler } from "../../src/Scheduler.ts"
import { ProviderGate } from "../../src/services/ProviderGate.ts"
import { Secrets } from "../../src/services/Secrets.ts"
import { Runs } from "../../src/store/Runs.ts"
import { Syncs } from "../../src/syncs/Syncs.ts"
import { scriptedSync } from "../support/ScriptedSync.ts"
import { storeTest } from "../support/StoreTest.ts"
import { tasks } from "../support/World.ts"

export const at = DateTime.makeUnsafe("2026-03-29T01:30:00.000Z")

export const counts = new StreamCounts({ ...StreamCounts.none, read: 50, created: 50 })

/** A run of Spotify that has ended as said. */
export const runOf = (id: string, status: Run["status"]): Run =>
  new Run({
    id,
    task: "spotify",
    trigger: "manual",
    status,
    startedAt: at,
    finishedAt: Option.some(DateTime.add(at, { seconds: 2 })),
    error: status === "completed"
      ? Option.none()
      : Option.some(new RunError({ tag: "NeedsAuth", message: "signed out", fix: Option.some("glider auth spotify") })),
    report: new SyncReport({ pages: 1, streams: { spotify_listening_history: counts }, errors: {} })
  })

export const connection = new Connection({
  id: connectionId("spotify", "me"),
  provider: "spotify",
  userId: "me",
  state: "connected",
  scopes: ["user-read-recently-played"],
  connectedAt: at,
  expiresAt: Option.none(),
  refreshedAt: Option.none(),
  problem: Option.none()
})

const accounts = Layer.mock(Accounts, {
  status: Effect.succeed([
    new AccountStatus({
      provider: "spotify",
      connection: Option.some(connection),
      signInEndsAt: Option.none(),
      missingScopes: [],
      fix: Option.none()
    }),
    new AccountStatus({
      provider: "google",
      connection: Option.none(),
      signInEndsAt: Option.none(),
      missingScopes: [],
      fix: Option.some("glider auth google")
    })
  ]),
  begin: () =>
    Effect.succeed(
      new SignIn({ authorizeUrl: "https://a.example/?state=s", redirectUri: "http://127.0.0.1:1/", state: "s" })
    ),
  complete: ({ provider, redirected }) =>
    redirected.includes("state=s")
      ? Effect.succeed(connection)
      : Effect.fail(new AccountsError({ provider, reason: new WrongState({ message: "another sign-in" }) })),
  revoke: () => Effect.succeed(new Revocation({ connection, atProvider: true }))
})

/** Done once the run that never ends by itself has been stopped. */
export class Stopped extends Context.Service<Stopped, Deferred.Deferred<void>>()("glider/test/api/Served/Stopped") {
  static readonly layer = Layer.effect(Stopped, Deferred.make<void>())
}

/** A runner that says one page and ends; a second run of the same task meets the first, the third goes on for ever. */
const runner = Layer.effect(
  Runner,
  Effect.map(Stopped, (stopped) => {
    let ran = 0
    return Runner.of({
      run: ({ onProgress, task }) =>
        Effect.gen(function*() {
          ran++
          if (ran === 2) return RunOutcome.Skipped({ task: task.name, runningId: "first" })
          yield* onProgress(
            new Progress({ stream: "spotify_listening_history", pages: 1, counts, fraction: Option.some(1) })
          )
          if (ran === 3) {
            return yield* Effect.onInterrupt(Effect.never, () => Deferred.succeed(stopped, undefined))
          }
          return RunOutcome.Ran({ run: runOf("manual-1", "completed") })
        })
    })
  })
)

const freePort = Effect.callback<number>((resume) => {
  const server = createServer().listen(0, "127.0.0.1", () => {
    const address = server.address()
    const port = address !== null && typeof address === "object" ? address.port : 0
    server.close(() => resume(Effect.succeed(port)))
  })
})

const provider = {
  apiUrl: "http://127.0.0.1:1",
  authorizeUrl: "http://127.0.0.1:1",
  tokenUrl: "http://127.0.0.1:1",
  revokeUrl: Option.none(),
  redirectUri: "http://127.0.0.1:1/callback"
}

/** A config that serves there. */
export const configOf = (server: GliderConfig["server"]): GliderConfig => ({
  path: "config.toml",
  project: { name: "glider" },
  scheduler: { storeRunStatus: true, timezone: DateTime.zoneMakeNamedUnsafe("UTC"), grace: Duration.seconds(30) },
  server,
  store: { url: Option.none(), namespace: "glider", database: "glider" },
  providers: { google: provider, spotify: provider, oura: provider },
  tasks: [tasks.spotify, { ...tasks.google_calendar, enabled: false }]
})

const config = Layer.effect(CurrentConfig, Effect.map(freePort, (port) => configOf({ host: "127.0.0.1", port })))

const folder = Layer.effect(
  DataFolder,
  Effect.gen(function*() {
    const fs = yield* FileSystem.FileSystem
    const path = yield* fs.makeTempDirectoryScoped({ prefix: "glider-data-" })
    return DataFolder.of({ path, storeUrl: `rocksdb://${path}/store` })
  })
)

/** The API on a real port over the real store, with scripted accounts and runs. */
export const served = serving.pipe(
  Layer.provideMerge(listening),
  Layer.provideMerge(Layer.mergeAll(
    accounts,
    runner,
    ConfigInForce.layer,
    ApiToken.layer,
    Runs.layer,
    Scheduler.layerIdle,
    Secrets.layer,
    Layer.succeed(About, { version: "1.2.3", supervises: true }),
    Layer.mock(ProviderGate, { shutUntil: () => Effect.succeedNone }),
    Layer.succeed(Syncs, { of: () => Effect.succeed(scriptedSync({})) })
  )),
  Layer.provideMerge(Layer.mergeAll(storeTest, config, folder, Stopped.layer)),
  Layer.provideMerge(NodeHttpServer.layerHttpServices),
  Layer.provideMerge(NodeServices.layer)
)

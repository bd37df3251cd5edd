import { NodeHttpServer, NodeServices } from "@effect/platform-node"
import { Context, DateTime, Deferred, Effect, FileSystem, Layer, Option, type Path, Schema } from "effect"
import { Digest, SecureRandom } from "effect/crypto"
import { createServer } from "node:net"
import { Accounts, Revocation, SignIn } from "../../src/accounts/Accounts.ts"
import { AccountsError, WrongState } from "../../src/accounts/AccountsError.ts"
import { AccountStatus } from "../../src/accounts/AccountStatus.ts"
import { ApiToken } from "../../src/api/Caller.ts"
import { ConfigInForce } from "../../src/api/ConfigInForce.ts"
import { About } from "../../src/api/Overview.ts"
import { guarded, listening, serving } from "../../src/api/Server.ts"
import { SignInLinks } from "../../src/api/SignInLinks.ts"
import { CurrentConfig, type GliderConfig, LatestConfig } from "../../src/Config.ts"
import { DataFolder } from "../../src/config/Places.ts"
import { dashboard } from "../../src/dashboard/Dashboard.ts"
import { Connection, connectionId } from "../../src/domain/Connection.ts"
import { Progress } from "../../src/domain/Progress.ts"
import { Run, RunError, StreamCounts, SyncReport } from "../../src/domain/Run.ts"
import * as DurableEngine from "../../src/engine/DurableEngine.ts"
import { CandidateReviews } from "../../src/imports/CandidateReviews.ts"
import { AtWork } from "../../src/jobs/AtWork.ts"
import { Jobs } from "../../src/jobs/Jobs.ts"
import { JobTypes } from "../../src/jobs/JobTypes.ts"
import { StandingJobs } from "../../src/jobs/Standing.ts"
import { mcp } from "../../src/mcp/HttpServer.ts"
import * as Kept from "../../src/retention/Kept.ts"
import { Scheduler } from "../../src/Scheduler.ts"
import * as Backfill from "../../src/schedules/Backfill.ts"
import * as BackfillTicks from "../../src/schedules/BackfillTicks.ts"
import { definitionsOf } from "../../src/schedules/Definitions.ts"
import { ScheduleBook } from "../../src/schedules/ScheduleBook.ts"
import { Ticks } from "../../src/schedules/Ticks.ts"
import { Ai } from "../../src/services/Ai.ts"
import { GuardedHttp } from "../../src/services/GuardedHttp.ts"
import { ProviderGate } from "../../src/services/ProviderGate.ts"
import { Secrets } from "../../src/services/Secrets.ts"
import { Spotify } from "../../src/services/Spotify.ts"
import { Surreal } from "../../src/services/Surreal.ts"
import { ApiTokens } from "../../src/store/ApiTokens.ts"
import { BackgroundJobs } from "../../src/store/BackgroundJobs.ts"
import { CandidateRows } from "../../src/store/CandidateRows.ts"
import * as CircuitBreakers from "../../src/store/CircuitBreakers.ts"
import { Commit } from "../../src/store/Commit.ts"
import { Connections } from "../../src/store/Connections.ts"
import { DeadLetters } from "../../src/store/DeadLetters.ts"
import { JobLeases } from "../../src/store/JobLeases.ts"
import { PlaylistAdditions } from "../../src/store/PlaylistAdditions.ts"
import { columnsOf } from "../../src/store/RunColumns.ts"
import { Runs } from "../../src/store/Runs.ts"
import { Schedules } from "../../src/store/Schedules.ts"
import { Sessions } from "../../src/store/Sessions.ts"
import { SourceRuns } from "../../src/store/SourceRuns.ts"
import { StandingTicks } from "../../src/store/StandingTicks.ts"
import { TickLedger } from "../../src/store/TickLedger.ts"
import { WebhookDeliveries } from "../../src/store/WebhookDeliveries.ts"
import { WebhookEndpoints } from "../../src/store/WebhookEndpoints.ts"
import { WebhookInbox } from "../../src/store/WebhookInbox.ts"
import { Endpoints } from "../../src/webhooks/Endpoints.ts"
import { Inbox } from "../../src/webhooks/Inbox.ts"
import { WebhookDesk } from "../../src/webhooks/WebhookDesk.ts"
import * as Diagnostics from "../../src/workflows/Diagnostics.ts"
import { PlaylistTurns } from "../../src/workflows/PlaylistTurns.ts"
import { RunNews } from "../../src/workflows/RunNews.ts"
import { RunOutcome, SyncRunner } from "../../src/workflows/SyncRunner.ts"
import { engineDefaults, schedulerDefaults } from "../support/EngineConfig.ts"
import {
  agentsDefaults,
  dashboardDefaults,
  mcpDefaults,
  musicDefaults,
  serverDefaults
} from "../support/ServerConfig.ts"
import { memoryStoreTest } from "../support/StoreTest.ts"
import { tasks } from "../support/World.ts"

export const at = DateTime.makeUnsafe("2026-03-29T01:30:00.000Z")

export const counts = new StreamCounts({ ...StreamCounts.none, read: 50, created: 50 })

/** A run of Spotify that has ended as said. */
export const runOf = (id: string, status: Run["status"]): Run =>
  new Run({
    id,
    workflow: "spotify",
    version: 1,
    status,
    state: status,
    trigger: "manual",
    schedule: Option.none(),
    tick: Option.none(),
    attempt: 1,
    original: Option.none(),
    parent: Option.none(),
    attributes: {},
    due: Option.none(),
    cancelRequested: false,
    progress: null,
    cursor: DateTime.toEpochMillis(at) * 1000,
    startedAt: at,
    finishedAt: Option.some(DateTime.add(at, { seconds: 2 })),
    error: status === "completed"
      ? Option.none()
      : Option.some(new RunError({ tag: "NeedsAuth", message: "signed out", fix: Option.some("glider auth spotify") })),
    report: Schema.encodeSync(SyncReport)(
      new SyncReport({ pages: 1, streams: { spotify_listening_history: counts }, errors: {} })
    )
  })

/** Puts a run into the store. */
export const store = Effect.fnUntraced(function*(run: Run) {
  const surreal = yield* Surreal
  const { error, report, startedAt, state, trigger, workflow } = run
  yield* surreal.execute("INSERT INTO run $row RETURN NONE", {
    row: columnsOf({
      id: run.id,
      workflow,
      version: 1,
      state,
      trigger,
      schedule: undefined,
      tick: undefined,
      attempt: 1,
      original: undefined,
      parent: undefined,
      attributes: {},
      recency: -run.cursor,
      startedAt: DateTime.toEpochMillis(startedAt),
      finishedAt: Option.getOrUndefined(Option.map(run.finishedAt, DateTime.toEpochMillis)),
      error: Option.getOrUndefined(Option.map(error, Schema.encodeSync(RunError))),
      due: undefined,
      cancel: undefined,
      progress: undefined,
      report
    })
  })
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
  SyncRunner,
  Effect.map(Stopped, (stopped) => {
    let ran = 0
    return SyncRunner.of({
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

/** Nobody is signed in to Spotify. */
const music = Layer.mergeAll(
  Layer.mock(Connections, {
    all: Effect.succeed([]),
    main: () => Effect.succeedNone,
    ofProvider: () => Effect.succeed([])
  }),
  Layer.mock(Spotify, {}),
  Layer.mock(PlaylistAdditions, {}),
  PlaylistTurns.layer
)

/** What goes out and comes in; nothing is sent by itself. */
const webhooks = Layer.mergeAll(WebhookDesk.layer, Inbox.layer).pipe(
  Layer.provideMerge(Endpoints.layer),
  Layer.provide(Layer.mergeAll(GuardedHttp.layer, WebhookEndpoints.layer, WebhookInbox.layer)),
  Layer.provideMerge(WebhookDeliveries.layer)
)

/** A config that serves there. */
export const configOf = (server: Partial<GliderConfig["server"]>): GliderConfig => ({
  path: "config.toml",
  project: { name: "glider" },
  scheduler: schedulerDefaults,
  engine: engineDefaults,
  dashboard: dashboardDefaults,
  music: musicDefaults,
  mcp: mcpDefaults,
  agents: agentsDefaults,
  server: { ...serverDefaults, ...server },
  store: { url: Option.none(), namespace: "glider", database: "glider" },
  providers: { google: provider, spotify: provider, oura: provider },
  tasks: [tasks.spotify, { ...tasks.google_calendar, enabled: false }],
  schedules: []
})

/** What the engine runs. */
const diagnostics = Diagnostics.layer.pipe(Layer.provideMerge(DurableEngine.layer()))

/** The queue of jobs, and who can do them; nobody does by itself. */
const jobs = Jobs.layer.pipe(
  Layer.provideMerge(Layer.mergeAll(JobTypes.layer, AtWork.layer, StandingJobs.layer)),
  Layer.provideMerge(Layer.mergeAll(BackgroundJobs.layer, JobLeases.layer, StandingTicks.layer, SourceRuns.layer))
)

/** The schedules of the config, which nobody attends to. */
const reconciled = Layer.effectDiscard(Effect.gen(function*() {
  const book = yield* ScheduleBook
  const definitions = yield* definitionsOf(yield* CurrentConfig)
  yield* book.reconcile(definitions, { reload: false })
}))

const schedulesOver = <A, E, R>(workflows: Layer.Layer<A, E, R>) =>
  reconciled.pipe(
    Layer.provideMerge(Layer.provide(Backfill.layer, BackfillTicks.layer)),
    Layer.provideMerge(Ticks.layer),
    Layer.provideMerge(ScheduleBook.layer),
    Layer.provideMerge(workflows),
    Layer.provideMerge(Layer.mergeAll(
      Runs.layer,
      Schedules.layer,
      TickLedger.layer,
      RunNews.layer,
      Layer.mock(ProviderGate, { shutUntil: () => Effect.succeedNone })
    ))
  )

const folder = Layer.effect(
  DataFolder,
  Effect.gen(function*() {
    const fs = yield* FileSystem.FileSystem
    const path = yield* fs.makeTempDirectoryScoped({ prefix: "glider-data-" })
    return DataFolder.of({ path, storeUrl: `rocksdb://${path}/store` })
  })
)

/** A config on a port that is free. */
export const onFreePort = (config: (port: number) => GliderConfig) =>
  Layer.effect(CurrentConfig, Effect.map(freePort, config))

const configured = (server: Partial<GliderConfig["server"]>, mcp: GliderConfig["mcp"] = mcpDefaults) =>
  onFreePort((port) => ({ ...configOf({ port, ...server }), mcp }))

/** Everything behind the API, over the real store, with scripted accounts and runs. */
export const behind = (server: Partial<GliderConfig["server"]> = {}) => behindConfig(configured(server))

type Configured<E> = Layer.Layer<CurrentConfig, E, FileSystem.FileSystem | Path.Path>

const behindConfig = <E>(config: Configured<E>) => behindWorkflows(config, diagnostics)

/** The same over an engine with its workflows. */
export const behindWorkflows = <E, A, E2, R>(
  config: Configured<E>,
  workflows: Layer.Layer<A, E2, R>,
  signedIn: Layer.Layer<Accounts> = accounts,
  ai: Layer.Layer<Ai> = Ai.layerNone
) =>
  Layer.provideMerge(
    Layer.merge(webhooks, jobs),
    Layer.mergeAll(
      signedIn,
      runner,
      ConfigInForce.layer,
      ApiToken.layer,
      Layer.mergeAll(ApiTokens.layer, Sessions.layer, SignInLinks.layer).pipe(
        Layer.provide([Digest.layerWebCrypto, SecureRandom.layerWebCrypto])
      ),
      Scheduler.layerIdle,
      music,
      Secrets.layer,
      ai,
      Layer.succeed(About, { version: "1.2.3", supervises: true }),
      DeadLetters.layer,
      Kept.layer,
      Commit.layer,
      CircuitBreakers.layer,
      CandidateReviews.layer.pipe(Layer.provide([CandidateRows.layer, Commit.layer])),
      schedulesOver(workflows)
    )
  ).pipe(
    Layer.provideMerge(LatestConfig.layer),
    Layer.provideMerge(Layer.mergeAll(
      memoryStoreTest,
      config,
      folder,
      Stopped.layer
    )),
    Layer.provideMerge(NodeHttpServer.layerHttpServices),
    Layer.provideMerge(NodeServices.layer)
  )

/** The API on the port that a config names. */
export const servedBy = <E>(config: Layer.Layer<CurrentConfig, E, FileSystem.FileSystem | Path.Path>) =>
  serving(Layer.merge(dashboard, mcp)).pipe(
    Layer.provideMerge(guarded),
    Layer.provideMerge(listening),
    Layer.provideMerge(behindConfig(config))
  )

/** The API on a real port. */
export const servedAs = (server: Partial<GliderConfig["server"]>, mcp: GliderConfig["mcp"] = mcpDefaults) =>
  servedBy(configured(server, mcp))

/** The same with the defaults, for which only the local token asks without end. */
export const served = servedAs({ requestsPerMinute: 0 })

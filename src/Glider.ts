import { Duration, Effect, Layer, Option, Record } from "effect"
import { Accounts } from "./accounts/Accounts.ts"
import * as TokenKeeper from "./accounts/TokenKeeper.ts"
import { CurrentConfig, LatestConfig } from "./Config.ts"
import * as DurableEngine from "./engine/DurableEngine.ts"
import { CandidateReviews } from "./imports/CandidateReviews.ts"
import { Candidates } from "./imports/Candidates.ts"
import { AtWork } from "./jobs/AtWork.ts"
import * as JobPruning from "./jobs/JobPruning.ts"
import { Jobs } from "./jobs/Jobs.ts"
import { JobTypes } from "./jobs/JobTypes.ts"
import { StandingJobs } from "./jobs/Standing.ts"
import * as StandingClock from "./jobs/StandingClock.ts"
import * as Worker from "./jobs/Worker.ts"
import * as Kept from "./retention/Kept.ts"
import * as Backfill from "./schedules/Backfill.ts"
import * as BackfillTicks from "./schedules/BackfillTicks.ts"
import { ScheduleBook } from "./schedules/ScheduleBook.ts"
import { Ticks } from "./schedules/Ticks.ts"
import { Ai } from "./services/Ai.ts"
import { Clock } from "./services/Clock.ts"
import { CrashPoint } from "./services/CrashPoint.ts"
import { DamagedStore } from "./services/DamagedStore.ts"
import { Google } from "./services/Google.ts"
import { GuardedHttp } from "./services/GuardedHttp.ts"
import { OAuth } from "./services/OAuth.ts"
import { Oura } from "./services/Oura.ts"
import { Secrets } from "./services/Secrets.ts"
import { Spotify } from "./services/Spotify.ts"
import { isRemote } from "./services/SurrealEngine.ts"
import { TokenCipher } from "./services/TokenCipher.ts"
import { ToolServers } from "./services/ToolServers.ts"
import * as StandingWork from "./standing/StandingWork.ts"
import { AskedTracks } from "./store/AskedTracks.ts"
import { BackgroundJobs } from "./store/BackgroundJobs.ts"
import { CandidateRows } from "./store/CandidateRows.ts"
import * as CircuitBreakers from "./store/CircuitBreakers.ts"
import { Commit } from "./store/Commit.ts"
import { Connections } from "./store/Connections.ts"
import { DeadLetters } from "./store/DeadLetters.ts"
import { GoogleEvents } from "./store/GoogleEvents.ts"
import { ImportCoverage } from "./store/ImportCoverage.ts"
import { JobLeases } from "./store/JobLeases.ts"
import { PlaylistAdditions } from "./store/PlaylistAdditions.ts"
import * as ProviderGates from "./store/ProviderGates.ts"
import { Runs } from "./store/Runs.ts"
import { Schedules } from "./store/Schedules.ts"
import { SourceRuns } from "./store/SourceRuns.ts"
import { StandingTicks } from "./store/StandingTicks.ts"
import { SyncRuns } from "./store/SyncRuns.ts"
import { SyncStates } from "./store/SyncStates.ts"
import { TickLedger } from "./store/TickLedger.ts"
import { WebhookDeliveries } from "./store/WebhookDeliveries.ts"
import { WebhookEndpoints } from "./store/WebhookEndpoints.ts"
import { WebhookInbox } from "./store/WebhookInbox.ts"
import { Syncs } from "./syncs/Syncs.ts"
import { Endpoints, outbox } from "./webhooks/Endpoints.ts"
import * as Flushing from "./webhooks/Flushing.ts"
import { Inbox } from "./webhooks/Inbox.ts"
import * as RunEvents from "./webhooks/RunEvents.ts"
import { WebhookDesk } from "./webhooks/WebhookDesk.ts"
import { Webhooks } from "./webhooks/Webhooks.ts"
import * as Limits from "./workflow/Limits.ts"
import * as AgentSync from "./workflows/AgentSync.ts"
import * as BackUp from "./workflows/BackUp.ts"
import { candidateKeeper } from "./workflows/CandidateKeeper.ts"
import * as ConnectorBackfill from "./workflows/ConnectorBackfill.ts"
import * as ConnectorSync from "./workflows/ConnectorSync.ts"
import * as Diagnostics from "./workflows/Diagnostics.ts"
import * as DiagnosticsJob from "./workflows/DiagnosticsJob.ts"
import * as Import from "./workflows/Import.ts"
import * as ImportCalendar from "./workflows/ImportCalendar.ts"
import * as MusicBatch from "./workflows/MusicBatch.ts"
import * as MusicSync from "./workflows/MusicSync.ts"
import * as PlaylistSync from "./workflows/PlaylistSync.ts"
import { PlaylistTurns } from "./workflows/PlaylistTurns.ts"
import { Quarantine } from "./workflows/Quarantine.ts"
import { RunNews } from "./workflows/RunNews.ts"
import * as RunRecords from "./workflows/RunRecords.ts"
import { StreamTurns } from "./workflows/StreamTurns.ts"
import * as SyncLedger from "./workflows/SyncLedger.ts"
import { SyncProgress } from "./workflows/SyncProgress.ts"
import { SyncRunner } from "./workflows/SyncRunner.ts"
import * as SyncWorkflow from "./workflows/SyncWorkflow.ts"
import * as UploadSweep from "./workflows/UploadSweep.ts"

const tables = Layer.mergeAll(
  Connections.layer,
  Runs.layer,
  SyncRuns.layer,
  Commit.layer,
  DeadLetters.layer,
  SourceRuns.layer,
  SyncStates.layer,
  GoogleEvents.layer,
  Schedules.layer,
  TickLedger.layer,
  PlaylistAdditions.layer,
  AskedTracks.layer,
  ProviderGates.layer,
  CircuitBreakers.layer,
  WebhookInbox.layer,
  CandidateRows.layer,
  ImportCoverage.layer,
  BackgroundJobs.layer,
  JobLeases.layer,
  StandingTicks.layer
).pipe(
  // whoever writes records or states of accounts tells of them in the same transaction
  Layer.provideMerge(outbox),
  Layer.provideMerge(Endpoints.layer),
  Layer.provideMerge(Layer.mergeAll(WebhookDeliveries.layer, WebhookEndpoints.layer))
)

const accounts = (dataFolder: string) =>
  Accounts.layer.pipe(
    Layer.provideMerge(TokenKeeper.layer),
    Layer.provideMerge(OAuth.layer),
    Layer.provideMerge(TokenCipher.layer(dataFolder)),
    Layer.provideMerge(Secrets.layer)
  )

/**
 * Nobody else has an embedded store, so what a killed process held of it is free at once. A remote store's leases run out
 * by themselves.
 */
const freed = Layer.effectDiscard(Effect.gen(function*() {
  const { store } = yield* CurrentConfig
  const { releaseAll } = yield* Connections
  const isOnlyRead = Option.isSome(yield* DamagedStore)
  if (!isOnlyRead && !Option.exists(store.url, isRemote)) yield* releaseAll
}))

const clients = Layer.mergeAll(Spotify.layer, Google.layer, Oura.layer, ToolServers.layer)

/** Tells at the start of a daemon that the model cannot be asked; all else goes on without it. */
const modelChecked = ({ recovers }: GliderOptions) =>
  Layer.effectDiscard(Effect.gen(function*() {
    const { model } = yield* Ai
    if (!recovers || Option.isNone(model)) return
    const problem = yield* model.value.keyProblem
    if (Option.isSome(problem)) yield* Effect.logError(`the model of [ai] cannot be asked: ${problem.value.message}`)
  }))

/** What the engine may do here. */
export interface GliderOptions {
  /** Whether runs that an earlier process left behind go on, and what is due by the clock is done: those of a daemon alone. */
  readonly recovers: boolean
  /** Whether jobs are done here; where runs go on, unless it is said. */
  readonly works?: boolean
}

const engine = ({ recovers }: GliderOptions) =>
  Layer.unwrap(
    Effect.map(CurrentConfig, ({ engine, scheduler: { grace, storeRunStatus } }) =>
      Limits.workflow({
        concurrency: engine.concurrentRuns,
        workflows: engine.concurrency,
        starts: Record.map(engine.startsPerMinute, (limit) => ({ limit, per: "1 minute" })),
        activities: {
          concurrency: engine.concurrentActivities,
          rate: { limit: engine.activitiesPerSecond, per: "1 second" }
        }
      }).pipe(
        Layer.provideMerge(DurableEngine.layer({ grace, recovers })),
        Layer.provide(
          Layer.mergeAll(RunRecords.layer({ storeRunStatus }), Layer.provide(SyncLedger.layer, RunEvents.layer))
        ),
        Layer.provideMerge(RunNews.layer)
      ))
  )

/** What runs by itself; its backfills are workflows, too. */
const schedules = Layer.provideMerge(Backfill.layer, BackfillTicks.layer).pipe(
  Layer.provideMerge(Ticks.layer),
  Layer.provideMerge(ScheduleBook.layer)
)

const workflows = (dataFolder: string, options: GliderOptions) =>
  schedules.pipe(
    Layer.provideMerge(SyncRunner.layer),
    Layer.provideMerge(
      Layer.mergeAll(
        SyncWorkflow.layer,
        ConnectorSync.workflow,
        ConnectorBackfill.layer,
        BackUp.layer(dataFolder),
        Import.layer(dataFolder),
        ImportCalendar.layer(dataFolder),
        Diagnostics.layer,
        MusicSync.layer,
        MusicBatch.layer,
        PlaylistSync.layer,
        AgentSync.layer
      )
    ),
    Layer.provideMerge(candidateKeeper(options)),
    Layer.provide(StreamTurns.layer),
    Layer.provideMerge(PlaylistTurns.layer),
    Layer.provideMerge(SyncProgress.layer),
    Layer.provideMerge(engine(options))
  )

/** What goes out, and what comes in; a daemon alone sends by itself. */
const webhooks = ({ recovers }: GliderOptions) =>
  (recovers ? flushing : Layer.empty).pipe(
    Layer.provideMerge(Layer.mergeAll(Webhooks.layer, WebhookDesk.layer, Inbox.layer)),
    Layer.provide(GuardedHttp.layer)
  )

const flushing = Layer.unwrap(
  Effect.map(CurrentConfig, ({ store }) => Flushing.layer({ exclusive: !Option.exists(store.url, isRemote) }))
)

/** Who gives jobs, and what is known of those that do them. */
const jobs = Jobs.layer.pipe(Layer.provideMerge(Layer.mergeAll(JobTypes.layer, AtWork.layer, StandingJobs.layer)))

/** Every type of jobs, with its handler. */
const jobTypes = (dataFolder: string) =>
  Layer.mergeAll(DiagnosticsJob.layer, ConnectorSync.job, StandingWork.layer(dataFolder)).pipe(
    Layer.provideMerge(Quarantine.layer)
  )

/** Places of a pool that the config does not name. */
const placesOf = (pool: string): number => pool === "default" || pool === "connectors" ? 4 : 1

const working = Layer.unwrap(Effect.map(CurrentConfig, ({ jobs, scheduler: { grace }, store }) =>
  Worker.layer({
    lease: jobs?.lease ?? Duration.minutes(10),
    poll: jobs?.poll ?? Duration.seconds(1),
    concurrency: (pool) => jobs?.concurrency[pool] ?? placesOf(pool),
    grace,
    isAlone: !Option.exists(store.url, isRemote)
  })))

/** Does jobs and gives those that are due by the clock, as the process may. */
const jobsAtWork = (dataFolder: string, { recovers, works = recovers }: GliderOptions) =>
  Layer.merge(works ? working : Layer.empty, recovers ? StandingClock.layer : Layer.empty).pipe(
    Layer.provideMerge(jobTypes(dataFolder))
  )

/** A daemon removes what nobody needs any more; other commands leave it. */
const pruning = (dataFolder: string, { recovers }: GliderOptions) =>
  recovers
    ? Layer.unwrap(Effect.map(CurrentConfig, ({ jobs }) =>
      Layer.merge(JobPruning.layer(jobs?.retention ?? Duration.days(30)), UploadSweep.layer(dataFolder))))
    : Layer.empty

/**
 * Everything behind the supervisor, the API and the command line, wired together over an opened and migrated store:
 * accounts, provider clients, syncs, the engine and its workflows. The data folder holds the key of the tokens.
 */
export const layer = (dataFolder: string, options: GliderOptions) =>
  Layer.mergeAll(webhooks(options), pruning(dataFolder, options), jobsAtWork(dataFolder, options)).pipe(
    Layer.provideMerge(workflows(dataFolder, options)),
    Layer.provideMerge(jobs),
    Layer.provideMerge(Kept.layer),
    Layer.provideMerge(Syncs.layer),
    Layer.provideMerge(clients),
    Layer.provideMerge(Layer.provideMerge(modelChecked(options), Ai.layer)),
    Layer.provideMerge(accounts(dataFolder)),
    Layer.provideMerge(freed),
    Layer.provideMerge(Layer.provideMerge(Layer.merge(Candidates.layer, CandidateReviews.layer), tables)),
    Layer.provideMerge(Layer.merge(Clock.layer, LatestConfig.layer)),
    Layer.provide(CrashPoint.layer)
  )

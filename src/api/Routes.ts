import { Effect, Layer } from "effect"
import { Digest } from "effect/crypto"
import { HttpApiBuilder } from "effect/http-api"
import { BrowserSignIn } from "../accounts/BrowserSignIn.ts"
import * as AffinityDesk from "../affinity/AffinityDesk.ts"
import * as Alerting from "../alerts/Alerting.ts"
import * as Records from "../records/Records.ts"
import * as ReportDesk from "../reports/ReportDesk.ts"
import { Backfills } from "../schedules/Backfills.ts"
import { Explain } from "../schedules/Explain.ts"
import { ScheduleChanges } from "../schedules/ScheduleChanges.ts"
import { ScheduleMoves } from "../schedules/ScheduleMoves.ts"
import { GuardedHttp } from "../services/GuardedHttp.ts"
import { ImportedCalendars } from "../store/ImportedCalendars.ts"
import { MusicRequests } from "../store/MusicRequests.ts"
import { BackfillIntake } from "../workflows/BackfillIntake.ts"
import { CalendarAddresses } from "../workflows/CalendarAddresses.ts"
import { LetterRetries } from "../workflows/LetterRetries.ts"
import { MusicIntake } from "../workflows/MusicIntake.ts"
import { Retries } from "../workflows/Retries.ts"
import { Reviews } from "../workflows/Reviews.ts"
import { affinityHandlers } from "./AffinityHandlers.ts"
import { agentSyncHandlers } from "./AgentSyncHandlers.ts"
import { alertsHandlers } from "./AlertsHandlers.ts"
import { Api } from "./Api.ts"
import { batchHandlers } from "./BatchHandlers.ts"
import { breakersHandlers } from "./BreakersHandlers.ts"
import { candidatesHandlers } from "./CandidatesHandlers.ts"
import { connectionsHandlers } from "./ConnectionsHandlers.ts"
import { connectorsHandlers } from "./ConnectorsHandlers.ts"
import { dataHandlers } from "./DataHandlers.ts"
import { deadLettersHandlers } from "./DeadLettersHandlers.ts"
import { DeepChecks } from "./DeepChecks.ts"
import { docs } from "./Docs.ts"
import { Doctor } from "./Doctor.ts"
import { door } from "./Door.ts"
import { eventsHandlers } from "./EventsHandlers.ts"
import { Feeds } from "./Feeds.ts"
import { authorization, readable } from "./GuardLayers.ts"
import { healthHandlers } from "./HealthHandlers.ts"
import { importsHandlers } from "./ImportsHandlers.ts"
import { jobsHandlers } from "./JobsHandlers.ts"
import { ManualRuns } from "./ManualRuns.ts"
import { metricsHandlers } from "./MetricsHandlers.ts"
import { musicHandlers } from "./MusicHandlers.ts"
import { musicLettersHandlers } from "./MusicLettersHandlers.ts"
import { Overview } from "./Overview.ts"
import { reportsHandlers } from "./ReportsHandlers.ts"
import { requestMetrics } from "./RequestMetrics.ts"
import { retentionHandlers } from "./RetentionHandlers.ts"
import { reviewsHandlers } from "./ReviewsHandlers.ts"
import { runsHandlers } from "./RunsHandlers.ts"
import { schedulesHandlers } from "./SchedulesHandlers.ts"
import { ScheduleViews } from "./ScheduleViews.ts"
import { unscoped } from "./Scopes.ts"
import { Scrape } from "./Scrape.ts"
import { sessionsHandlers } from "./SessionsHandlers.ts"
import { spotifyHandlers } from "./SpotifyHandlers.ts"
import { syncsHandlers } from "./SyncsHandlers.ts"
import { systemHandlers } from "./SystemHandlers.ts"
import { tokensHandlers } from "./TokensHandlers.ts"
import { Uploads } from "./Uploads.ts"
import { Vitals } from "./Vitals.ts"
import { inboxHandlers, webhooksHandlers } from "./WebhooksHandlers.ts"
import { workflowsHandlers } from "./WorkflowsHandlers.ts"

const musicIntake = MusicIntake.layer.pipe(Layer.provide([MusicRequests.layer, Digest.layerWebCrypto]))

const handlers = Layer.mergeAll(
  syncsHandlers,
  runsHandlers,
  workflowsHandlers,
  schedulesHandlers,
  eventsHandlers,
  deadLettersHandlers,
  reviewsHandlers,
  musicHandlers,
  musicLettersHandlers,
  agentSyncHandlers,
  dataHandlers,
  spotifyHandlers,
  connectionsHandlers,
  connectorsHandlers,
  tokensHandlers,
  sessionsHandlers,
  systemHandlers,
  batchHandlers,
  breakersHandlers,
  alertsHandlers,
  webhooksHandlers,
  inboxHandlers,
  jobsHandlers,
  importsHandlers,
  candidatesHandlers,
  reportsHandlers,
  retentionHandlers,
  affinityHandlers,
  healthHandlers,
  metricsHandlers
).pipe(
  Layer.provide([
    BrowserSignIn.layer,
    ManualRuns.layer,
    BackfillIntake.layer,
    LetterRetries.layer,
    DeepChecks.layer,
    Doctor.layer.pipe(Layer.provide(ImportedCalendars.layer)),
    Uploads.layer.pipe(Layer.provide(ImportedCalendars.layer)),
    CalendarAddresses.layer.pipe(Layer.provide([GuardedHttp.layer, ImportedCalendars.layer])),
    Vitals.layer,
    Scrape.layer
  ]),
  Layer.provide([Feeds.layer, ReportDesk.layer, AffinityDesk.layer]),
  Layer.provide([ScheduleViews.layer, Explain.layer, Backfills.layer, ScheduleMoves.layer, ScheduleChanges.layer]),
  Layer.provide([Overview.layer, Retries.layer, Reviews.layer, Records.layer, musicIntake, Alerting.desk])
)

/** An endpoint that asks for a token but for no scope is a bug that keeps the API from being served. */
const scoped = Layer.effectDiscard(Effect.suspend(() => {
  const forgotten = unscoped(Api)
  return forgotten.length === 0 ? Effect.void : Effect.die(`endpoints without a scope: ${forgotten.join(", ")}`)
}))

/** The whole API over the services behind it, for a server and for a command's own process alike. */
export const routes = Layer.mergeAll(
  HttpApiBuilder.layer(Api).pipe(
    Layer.provide(requestMetrics.layer),
    Layer.provide(handlers),
    Layer.provide([authorization, readable])
  ),
  docs,
  door,
  scoped
)

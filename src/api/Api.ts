/** The contract of the HTTP API: the command line and every other client speak to Glider through it alone. */
import { Schema } from "effect"
import { HttpApi, HttpApiEndpoint, HttpApiGroup, HttpApiSchema, OpenApi } from "effect/http-api"
import { DeadLetter } from "../domain/DeadLetter.ts"
import { Run } from "../domain/Run.ts"
import { SyncName } from "../domain/Task.ts"
import { AffinityGroup } from "./AffinityGroup.ts"
import { AgentSyncGroup } from "./AgentSyncGroup.ts"
import { AlertsGroup } from "./AlertsGroup.ts"
import { BatchGroup } from "./BatchGroup.ts"
import { BreakersGroup } from "./BreakersGroup.ts"
import { ConnectionsGroup } from "./ConnectionsGroup.ts"
import { ConnectorsGroup } from "./ConnectorsGroup.ts"
import { DataGroup } from "./DataGroup.ts"
import { EventsGroup } from "./EventsGroup.ts"
import { Authorization, Readable, Replayed, WhileDamaged } from "./Guards.ts"
import { CandidatesGroup, ImportsGroup } from "./ImportsGroup.ts"
import { JobsGroup } from "./JobsGroup.ts"
import { Check, Health, Migrated, Reloaded, RunEvent, Status, SyncOptions } from "./Messages.ts"
import { MetricsGroup } from "./MetricsGroup.ts"
import { MusicGroup, MusicLettersGroup } from "./MusicGroup.ts"
import { InvalidConfig, InvalidRequest, NotFound, RunConflict, StoreFailed, Unready } from "./Problems.ts"
import { ReportsGroup } from "./ReportsGroup.ts"
import { RetentionGroup } from "./RetentionGroup.ts"
import { ReviewsGroup } from "./ReviewsGroup.ts"
import {
  CancelOptions,
  LetterChoice,
  LetterPage,
  LetterQuery,
  LettersDone,
  RetryOptions,
  RunHistory,
  RunPage,
  SignalValue,
  StartedRun,
  StartOptions,
  WorkflowInfo
} from "./RunMessages.ts"
import { SchedulesGroup } from "./SchedulesGroup.ts"
import { RequiredScope } from "./Scopes.ts"
import { SessionsGroup } from "./SessionsGroup.ts"
import { SpotifyGroup } from "./SpotifyGroup.ts"
import { TokensGroup } from "./TokensGroup.ts"
import { InboxGroup, WebhooksGroup } from "./WebhooksGroup.ts"

/** Runs by hand. */
export class SyncsGroup extends HttpApiGroup.make("syncs")
  .add(
    HttpApiEndpoint.post("run", "/:name/runs", {
      params: { name: SyncName },
      payload: SyncOptions,
      success: HttpApiSchema.StreamNdjson({ schema: RunEvent }),
      error: InvalidRequest
    }).annotate(RequiredScope, "workflow.run:write").annotate(Replayed, false)
  )
  .middleware(Authorization)
  .middleware(Readable)
  .prefix("/api/v0/syncs")
{}

const Limit = Schema.NumberFromString.check(Schema.isInt(), Schema.isBetween({ minimum: 1, maximum: 500 }))

const RunParams = { id: Schema.NonEmptyString }

/** Runs of syncs and of all other workflows: their lists, their histories, and what people do with them. */
export class RunsGroup extends HttpApiGroup.make("runs")
  .add(
    HttpApiEndpoint.get("list", "/", {
      query: {
        /** In the search language: `status = failed and started > -7d`. */
        query: Schema.optionalKey(Schema.String),
        /** The `next` of the page before. */
        after: Schema.optionalKey(Schema.FiniteFromString),
        limit: Schema.optionalKey(Limit)
      },
      success: RunPage,
      error: [InvalidRequest, StoreFailed]
    }).annotate(RequiredScope, "workflow.run:read"),
    HttpApiEndpoint.get("get", "/:id", { params: RunParams, success: Run, error: [NotFound, StoreFailed] }).annotate(
      RequiredScope,
      "workflow.run:read"
    ),
    HttpApiEndpoint.get("history", "/:id/history", {
      params: RunParams,
      success: RunHistory,
      error: [NotFound, StoreFailed]
    }).annotate(RequiredScope, "workflow.run:read"),
    HttpApiEndpoint.get("watch", "/:id/watch", {
      params: RunParams,
      success: HttpApiSchema.StreamNdjson({ schema: Run }),
      error: [NotFound, RunConflict, StoreFailed]
    }).annotate(RequiredScope, "workflow.run:read"),
    HttpApiEndpoint.post("cancel", "/:id/cancel", {
      params: RunParams,
      payload: CancelOptions,
      success: Run,
      error: [NotFound, RunConflict, StoreFailed]
    }).annotate(RequiredScope, "workflow.run:write"),
    HttpApiEndpoint.post("retry", "/:id/retry", {
      params: RunParams,
      payload: RetryOptions,
      success: StartedRun,
      error: [NotFound, RunConflict, InvalidRequest, StoreFailed]
    }).annotate(RequiredScope, "workflow.run:write"),
    HttpApiEndpoint.post("signal", "/:id/signals/:signal", {
      params: { ...RunParams, signal: Schema.NonEmptyString },
      payload: SignalValue,
      success: Run,
      error: [NotFound, RunConflict, InvalidRequest, StoreFailed]
    }).annotate(RequiredScope, "workflow.run:write")
  )
  .middleware(Authorization)
  .middleware(Readable)
  .prefix("/api/v0/runs")
{}

/** What this process can run. */
export class WorkflowsGroup extends HttpApiGroup.make("workflows")
  .add(
    HttpApiEndpoint.get("list", "/", { success: Schema.Array(WorkflowInfo) }).annotate(
      RequiredScope,
      "workflow.run:read"
    ),
    HttpApiEndpoint.post("start", "/:name/runs", {
      params: { name: Schema.NonEmptyString },
      payload: StartOptions,
      success: StartedRun,
      error: [NotFound, InvalidRequest, StoreFailed]
    }).annotate(RequiredScope, "workflow.run:write")
  )
  .middleware(Authorization)
  .middleware(Readable)
  .prefix("/api/v0/workflows")
{}

/** What failed for good and waits for a person: runs, and records that syncs could not read. */
export class DeadLettersGroup extends HttpApiGroup.make("deadLetters")
  .add(
    HttpApiEndpoint.get("list", "/", {
      query: { ...LetterQuery.fields, after: Schema.optionalKey(Schema.String), limit: Schema.optionalKey(Limit) },
      success: LetterPage,
      error: [InvalidRequest, StoreFailed]
    }).annotate(RequiredScope, "workflow.run:read"),
    HttpApiEndpoint.get("get", "/:id", {
      params: { id: Schema.NonEmptyString },
      success: DeadLetter,
      error: [NotFound, StoreFailed]
    }).annotate(RequiredScope, "workflow.run:read"),
    HttpApiEndpoint.post("retry", "/retry", {
      payload: LetterChoice,
      success: LettersDone,
      error: [InvalidRequest, StoreFailed]
    }).annotate(RequiredScope, "workflow.run:write").annotate(WhileDamaged, "judged"),
    HttpApiEndpoint.post("drop", "/drop", {
      payload: LetterChoice,
      success: LettersDone,
      error: [InvalidRequest, StoreFailed]
    }).annotate(RequiredScope, "workflow.run:write").annotate(WhileDamaged, "judged")
  )
  .middleware(Authorization)
  .middleware(Readable)
  .prefix("/api/v0/dead-letters")
{}

/** The installation as a whole. */
export class SystemGroup extends HttpApiGroup.make("system")
  .add(
    HttpApiEndpoint.get("status", "/status", { success: Status, error: StoreFailed }).annotate(
      RequiredScope,
      "system:read"
    ),
    HttpApiEndpoint.get("doctor", "/doctor", { success: Schema.Array(Check), error: StoreFailed }).annotate(
      RequiredScope,
      "system:read"
    ),
    HttpApiEndpoint.get("doctorDeep", "/doctor/deep", { success: Schema.Array(Check), error: StoreFailed }).annotate(
      RequiredScope,
      "admin"
    ),
    HttpApiEndpoint.post("reload", "/reload", { success: Reloaded, error: [InvalidConfig, StoreFailed] }).annotate(
      RequiredScope,
      "admin"
    ),
    HttpApiEndpoint.get("schema", "/schema", { success: Migrated }).annotate(RequiredScope, "system:read"),
    /** The lines of a backup, as `backup/Format.ts` has them; whole only with the last one. */
    HttpApiEndpoint.get("backup", "/backup", {
      success: HttpApiSchema.StreamUint8Array({ contentType: "application/x-ndjson" }),
      error: StoreFailed
    }).annotate(RequiredScope, "admin")
  )
  .middleware(Authorization)
  .middleware(Readable)
  .prefix("/api/v0")
{}

/** For those who watch over the process. The first two ask for no token and say nothing but yes or no. */
export class HealthGroup extends HttpApiGroup.make("health", { topLevel: true })
  .add(
    HttpApiEndpoint.get("livez", "/livez", { success: Schema.Struct({ ok: Schema.Literal(true) }) }),
    HttpApiEndpoint.get("readyz", "/readyz", { success: Schema.Struct({ ok: Schema.Literal(true) }), error: Unready }),
    HttpApiEndpoint.get("health", "/health", { success: Health }).middleware(Authorization).annotate(
      RequiredScope,
      "system:read"
    ),
    HttpApiEndpoint.get("healthz", "/healthz", { success: Health }).middleware(Authorization).annotate(
      RequiredScope,
      "system:read"
    )
  )
{}

/** Everything. */
export class Api extends HttpApi.make("glider")
  .add(SyncsGroup)
  .add(RunsGroup)
  .add(SchedulesGroup)
  .add(EventsGroup)
  .add(WorkflowsGroup)
  .add(DeadLettersGroup)
  .add(ReviewsGroup)
  .add(MusicGroup)
  .add(MusicLettersGroup)
  .add(AgentSyncGroup)
  .add(DataGroup)
  .add(SpotifyGroup)
  .add(ConnectionsGroup)
  .add(ConnectorsGroup)
  .add(TokensGroup)
  .add(SessionsGroup)
  .add(SystemGroup)
  .add(BatchGroup)
  .add(BreakersGroup)
  .add(AlertsGroup)
  .add(WebhooksGroup)
  .add(InboxGroup)
  .add(JobsGroup)
  .add(ImportsGroup)
  .add(CandidatesGroup)
  .add(ReportsGroup)
  .add(RetentionGroup)
  .add(AffinityGroup)
  .add(HealthGroup)
  .add(MetricsGroup)
  .annotateMerge(OpenApi.annotations({ title: "Glider", version: "0" }))
{}

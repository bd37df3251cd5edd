import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema } from "effect/http-api"
import { Authorization, Readable } from "./Guards.ts"
import { InvalidConfig, InvalidRequest, NotFound, PreconditionFailed, RunConflict, StoreFailed } from "./Problems.ts"
import {
  BackfillOptions,
  BackfillStarted,
  MigrateOptions,
  PauseOptions,
  ScheduleInfo,
  SchedulePage,
  SchedulePlan,
  ScheduleQuery,
  SchedulesMigrated,
  ScheduleTicks,
  ScheduleUpdate,
  TickQuery,
  TriggerResult
} from "./ScheduleMessages.ts"
import { RequiredScope } from "./Scopes.ts"

const params = { id: Schema.NonEmptyString }

/** The change is made only while the schedule is at that revision (RFC 9110, 13.1.1). */
const headers = { "if-match": Schema.optionalKey(Schema.String) }

const Limit = Schema.NumberFromString.check(Schema.isInt(), Schema.isBetween({ minimum: 1, maximum: 500 }))

const changed = [NotFound, InvalidRequest, PreconditionFailed, InvalidConfig, StoreFailed] as const

/** When syncs and workflows run: looking at it needs no more than reading. */
export class SchedulesGroup extends HttpApiGroup.make("schedules")
  .add(
    HttpApiEndpoint.get("list", "/", {
      query: { ...ScheduleQuery.fields, limit: Schema.optionalKey(Limit) },
      success: SchedulePage,
      error: [InvalidRequest, InvalidConfig, StoreFailed]
    }).annotate(RequiredScope, "workflow.schedule:read"),
    HttpApiEndpoint.get("plan", "/plan", { success: SchedulePlan, error: [InvalidConfig, StoreFailed] }).annotate(
      RequiredScope,
      "workflow.schedule:read"
    ),
    HttpApiEndpoint.get("get", "/:id", {
      params,
      success: ScheduleInfo,
      error: [NotFound, InvalidConfig, StoreFailed]
    }).annotate(RequiredScope, "workflow.schedule:read"),
    HttpApiEndpoint.get("ticks", "/:id/ticks", {
      params,
      query: TickQuery.fields,
      success: ScheduleTicks,
      error: [NotFound, InvalidRequest, InvalidConfig, StoreFailed]
    }).annotate(RequiredScope, "workflow.schedule:read"),
    HttpApiEndpoint.put("replace", "/:id", {
      params,
      headers,
      payload: ScheduleUpdate,
      success: ScheduleInfo,
      error: [...changed]
    }).annotate(RequiredScope, "workflow.schedule:write"),
    HttpApiEndpoint.patch("update", "/:id", {
      params,
      headers,
      payload: ScheduleUpdate,
      success: ScheduleInfo,
      error: [...changed]
    }).annotate(RequiredScope, "workflow.schedule:write"),
    HttpApiEndpoint.delete("delete", "/:id", {
      params,
      headers,
      success: HttpApiSchema.NoContent,
      error: [...changed]
    }).annotate(RequiredScope, "workflow.schedule:write"),
    HttpApiEndpoint.post("pause", "/:id/pause", {
      params,
      headers,
      payload: PauseOptions,
      success: ScheduleInfo,
      error: [...changed]
    }).annotate(RequiredScope, "workflow.schedule:write"),
    HttpApiEndpoint.post("resume", "/:id/resume", {
      params,
      headers,
      success: ScheduleInfo,
      error: [...changed]
    }).annotate(RequiredScope, "workflow.schedule:write"),
    HttpApiEndpoint.post("trigger", "/:id/trigger", {
      params,
      success: TriggerResult,
      error: [NotFound, InvalidRequest, InvalidConfig, RunConflict, StoreFailed]
    }).annotate(RequiredScope, "workflow.schedule:write"),
    HttpApiEndpoint.post("backfill", "/:id/backfill", {
      params,
      payload: BackfillOptions,
      success: BackfillStarted,
      error: [NotFound, InvalidRequest, InvalidConfig, StoreFailed]
    }).annotate(RequiredScope, "workflow.schedule:write"),
    HttpApiEndpoint.post("migrate", "/migrate", {
      payload: MigrateOptions,
      success: SchedulesMigrated,
      error: [InvalidRequest, RunConflict, StoreFailed]
    }).annotate(RequiredScope, "admin")
  )
  .middleware(Authorization)
  .middleware(Readable)
  .prefix("/api/v0/schedules")
{}

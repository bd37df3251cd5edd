import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema } from "effect/http-api"
import { Run } from "../domain/Run.ts"
import { Authorization, Readable } from "./Guards.ts"
import { TooManyStreams } from "./Problems.ts"
import { ScheduleInfo, TickLine } from "./ScheduleMessages.ts"
import { RequiredScope } from "./Scopes.ts"

const event = <Name extends string, S extends Schema.Top>(name: Name, data: S) =>
  Schema.Struct({
    id: Schema.optionalKey(Schema.String),
    event: Schema.Literal(name),
    data: Schema.fromJsonString(data)
  })

/** Nothing new: says that the stream is alive, every 15 s. */
const ping = event("ping", Schema.Struct({ at: Schema.DateTimeUtcFromString }))

/** What was missed is no longer known: whoever shows something reads it again. */
const reset = event("reset", Schema.Struct({}))

export const RunFeed = Schema.Union([event("begun", Run), event("parked", Run), event("ended", Run), ping, reset])
export type RunFeed = typeof RunFeed.Type

export const ScheduleFeed = Schema.Union([
  event("tick", Schema.Struct({ schedule_id: Schema.String, ticks: Schema.Array(TickLine) })),
  event("changed", ScheduleInfo),
  event("deleted", Schema.Struct({ id: Schema.String })),
  ping,
  reset
])
export type ScheduleFeed = typeof ScheduleFeed.Type

/** Where the stream goes on, when it was cut. */
const headers = { "last-event-id": Schema.optionalKey(Schema.String) }

/** What happens, as it happens: server-sent events. */
export class EventsGroup extends HttpApiGroup.make("events")
  .add(
    HttpApiEndpoint.get("runs", "/runs", {
      headers,
      success: HttpApiSchema.StreamSse({ events: RunFeed }),
      error: TooManyStreams
    }).annotate(RequiredScope, "workflow.run:read"),
    HttpApiEndpoint.get("schedules", "/schedules", {
      headers,
      success: HttpApiSchema.StreamSse({ events: ScheduleFeed }),
      error: TooManyStreams
    }).annotate(RequiredScope, "workflow.schedule:read")
  )
  .middleware(Authorization)
  .middleware(Readable)
  .prefix("/api/v0/events")
{}

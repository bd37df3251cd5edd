import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup } from "effect/http-api"
import {
  BodyDays,
  CalendarDays,
  DayRange,
  HeartRateDays,
  ListeningDays,
  OwnerSettings,
  Recorded
} from "./DataMessages.ts"
import { ListeningSummary, SearchResult, TopKind, TopMeasure, Tops, Totals } from "./DataSumMessages.ts"
import { Authorization, Readable } from "./Guards.ts"
import { InvalidRequest, StoreFailed } from "./Problems.ts"
import { RequiredScope } from "./Scopes.ts"

const whole = (minimum: number, maximum: number) =>
  Schema.NumberFromString.check(Schema.isInt(), Schema.isBetween({ minimum, maximum }))

const error = [InvalidRequest, StoreFailed] as const

/** The person's own records, by days of the owner's time zone. */
export class DataGroup extends HttpApiGroup.make("data")
  .add(
    HttpApiEndpoint.get("owner", "/owner", { success: OwnerSettings }),
    /** At most 42 days. */
    HttpApiEndpoint.get("calendar", "/calendar", { query: DayRange, success: CalendarDays, error }),
    /** At most 42 days. */
    HttpApiEndpoint.get("listening", "/listening", {
      query: {
        ...DayRange,
        /** Minutes without music that end a session; 10 when absent. */
        gap_minutes: Schema.optionalKey(whole(0, 1440))
      },
      success: ListeningDays,
      error
    }),
    /** At most 42 days; at most 2 days of single samples. */
    HttpApiEndpoint.get("heartRate", "/heart-rate", {
      query: {
        ...DayRange,
        /** Seconds of one point: 0, or 60 to 86,400; 300 when absent. */
        resolution: Schema.optionalKey(whole(0, 86_400))
      },
      success: HeartRateDays,
      error
    }),
    /** At most 3,700 days. */
    HttpApiEndpoint.get("body", "/body", { query: DayRange, success: BodyDays, error }),
    /** Any range. */
    HttpApiEndpoint.get("recorded", "/recorded", { query: DayRange, success: Recorded, error }),
    /** At most 3,700 days. */
    HttpApiEndpoint.get("totals", "/totals", { query: DayRange, success: Totals, error }),
    /** Any range. */
    HttpApiEndpoint.get("tops", "/listening/tops", {
      query: {
        ...DayRange,
        of: TopKind,
        by: Schema.optionalKey(TopMeasure),
        limit: Schema.optionalKey(whole(1, 500))
      },
      success: Tops,
      error
    }),
    /** Any range. */
    HttpApiEndpoint.get("summary", "/listening/summary", { query: DayRange, success: ListeningSummary, error }),
    HttpApiEndpoint.get("search", "/search", {
      query: {
        /** Words, or their beginnings; all of them must be there. */
        text: Schema.NonEmptyString.check(Schema.isMaxLength(200)),
        limit: Schema.optionalKey(whole(1, 200))
      },
      success: SearchResult,
      error
    })
  )
  .middleware(Authorization)
  .middleware(Readable)
  .prefix("/api/v0/data")
  .annotate(RequiredScope, "data:read")
{}

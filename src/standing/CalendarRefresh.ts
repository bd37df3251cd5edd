/** Reads the calendars of `[calendar.*]` again, each once an interval and none at the same instant as all others. */
import { Clock, DateTime, Duration, Effect, Layer, Option, Schema } from "effect"
import { LatestConfig } from "../Config.ts"
import { type CalendarSource, calendarVariable } from "../config/CalendarKeys.ts"
import { CalendarName } from "../domain/CalendarName.ts"
import { fraction } from "../domain/StableHash.ts"
import * as Job from "../jobs/Job.ts"
import { Jobs } from "../jobs/Jobs.ts"
import { CurrentJob } from "../jobs/JobType.ts"
import * as Standing from "../jobs/Standing.ts"
import { Secrets } from "../services/Secrets.ts"
import { SurrealError } from "../services/SurrealError.ts"
import { ImportedCalendars } from "../store/ImportedCalendars.ts"
import { Runs } from "../store/Runs.ts"
import { CalendarAddresses, CalendarUnreachable, isBeingRead } from "../workflows/CalendarAddresses.ts"

/** Why a calendar was left as it is. */
const Skipped = Schema.Literals(["disabled", "being_read"])

/**
 * Asks the address of a calendar, and starts the import of what is new. What fails for good is a dead letter; while one of the calendar
 * waits, the next failures only say so in their results, for the next interval is what tries again.
 */
export const CalendarRefresh = Job.make("calendars.refresh", {
  payload: Schema.Struct({ calendar: CalendarName }),
  success: Schema.Struct({
    /** The run that reads it; none where nothing has changed. */
    run: Schema.OptionFromNullOr(Schema.String),
    skipped: Schema.OptionFromNullOr(Skipped),
    failed: Schema.OptionFromNullOr(Schema.String)
  }),
  error: Schema.Union([CalendarUnreachable, SurrealError]),
  isRetryable: (error) => error._tag === "SurrealError" || error.isPassing,
  resource: ({ calendar }) => `calendar:${calendar}`,
  pool: "calendars",
  // some four minutes in all
  maxAttempts: 7
})
type Result = typeof CalendarRefresh.success.Type

const nothing: Result = { run: Option.none(), skipped: Option.none(), failed: Option.none() }

/** So many dead letters are looked through. */
const mostLetters = 500

const isOf = Schema.is(CalendarRefresh.payload)

/** Whether a failure of the calendar waits for a person already. */
const isTold = Effect.fnUntraced(function*(calendar: string) {
  const filter = { type: Option.some(CalendarRefresh.name), status: Option.some("failed" as const) }
  const { jobs } = yield* (yield* Jobs).list(filter, Option.none(), mostLetters)
  return jobs.some(({ payload, retriedBy }) =>
    isOf(payload) && payload.calendar === calendar && Option.isNone(retriedBy)
  )
})

/** The address as it is given from outside, at each try: a corrected one needs no restart. */
const addressOf = Effect.fnUntraced(function*(name: string) {
  const secrets = yield* Secrets
  const variable = calendarVariable(name)
  const refused = (message: string) =>
    new CalendarUnreachable({ message, fix: `set ${variable}, or ${variable}_FILE, to its address`, isPassing: false })
  const found = yield* Effect.mapError(secrets.find(variable), ({ message }) => refused(message))
  return Option.isSome(found) ? found.value : yield* refused(`${variable} is not set`)
})

const refresh = Effect.fnUntraced(function*(calendar: string) {
  const { calendars = [] } = yield* (yield* LatestConfig).get
  if (!calendars.some(({ enabled, name }) => enabled && name === calendar)) {
    return { ...nothing, skipped: Option.some("disabled" as const) }
  }
  if (yield* isBeingRead(yield* Runs, calendar)) return { ...nothing, skipped: Option.some("being_read" as const) }
  const { fetch } = yield* CalendarAddresses
  const { run } = yield* fetch(yield* addressOf(calendar), calendar, { renews: true })
  return { ...nothing, run }
})

/** Who does such jobs. */
const job = Job.toLayer(
  CalendarRefresh,
  ({ calendar }) =>
    refresh(calendar).pipe(
      Effect.catchTag("CalendarUnreachable", (error) =>
        Effect.gen(function*() {
          const { attempt, maxAttempts } = yield* CurrentJob
          if (error.isPassing && attempt < maxAttempts || !(yield* isTold(calendar))) return yield* error
          return { ...nothing, failed: Option.some(error.message) }
        }))
    )
)

/** Time is cut into the intervals of a calendar, from an instant that its name decides; the number of the one that `at` is in. */
export const bucketOf = ({ every, name }: CalendarSource, at: number): number =>
  Math.floor(at / Duration.toMillis(every) + fraction(name))

const keyOf = (source: CalendarSource, bucket: number): string =>
  `calendars_refresh:${source.name}:${Duration.toSeconds(source.every)}:${bucket}`

/** Gives what was not read in its interval. */
const sweep = Effect.gen(function*() {
  const config = yield* LatestConfig
  const imported = yield* ImportedCalendars
  const jobs = yield* Jobs
  /** What was given last: what has failed for good frees its key, and is not due again before the next interval. */
  const given = new Map<string, string>()

  return Effect.fn("CalendarRefresh.sweep")(function*() {
    const sources = ((yield* config.get).calendars ?? []).filter(({ enabled }) => enabled)
    if (sources.length === 0) return 0
    const now = yield* Clock.currentTimeMillis
    const readAt = new Map((yield* imported.all).map(({ name, read_at }) => [name, read_at]))
    const due = sources.flatMap((source) => {
      const { name } = source
      const bucket = bucketOf(source, now)
      const read = Option.map(readAt.get(name) ?? Option.none(), DateTime.toEpochMillis)
      const isRead = Option.exists(read, (at) => bucketOf(source, at) >= bucket)
      const key = keyOf(source, bucket)
      return isRead || given.get(name) === key ? [] : [{ payload: { calendar: name }, key }]
    })
    const enqueued = yield* jobs.enqueueAll(CalendarRefresh, due)
    for (const { key, payload } of due) given.set(payload.calendar, key)
    return enqueued.filter(({ isNew }) => isNew).length
  })
})

/** The sweep of another process, for a test. */
export const makeSweep = sweep

export const layer = Layer.merge(
  job,
  Layer.unwrap(Effect.map(sweep, (tick) =>
    Standing.sweep({
      name: "calendars_refresh",
      type: CalendarRefresh.name,
      cron: "* * * * *",
      isEnabled: true,
      tick
    })))
)

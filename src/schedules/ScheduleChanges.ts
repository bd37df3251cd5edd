import { Clock, Context, DateTime, Duration, Effect, Layer, Option, Result, Schema } from "effect"
import { CurrentConfig } from "../Config.ts"
import { durationText } from "../domain/DurationText.ts"
import { isOverridden, noOverride, type Override, pausedAt } from "../domain/Schedule.ts"
import { definitionOf, type ScheduleDefinition } from "../domain/ScheduleDefinition.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import type { ScheduleRow } from "../store/Schedules.ts"
import * as Timing from "../timing/Timing.ts"
import type { Entry } from "./Entry.ts"
import { ScheduleBook } from "./ScheduleBook.ts"
import type { StaleRevision, UnknownSchedule } from "./ScheduleErrors.ts"
import * as ScheduleMetrics from "./ScheduleMetrics.ts"

/** The change says something that a schedule cannot be. */
export class InvalidChange extends Schema.TaggedError<InvalidChange>()("InvalidChange", {
  field: Schema.String,
  message: Schema.String
}) {}

/** What a person changes at run time. */
export interface Update {
  readonly enabled?: boolean | undefined
  readonly cron?: string | undefined
}

type Failure = UnknownSchedule | StaleRevision | SurrealError

/** Changes of schedules at run time. They survive restarts, and end when the config is reloaded. */
export class ScheduleChanges extends Context.Service<ScheduleChanges, {
  /** Lays a change over the config; `replace` drops what was changed before. What equals the config is no change. */
  readonly update: (
    id: string,
    update: Update,
    how: { readonly replace: boolean; readonly revision: Option.Option<number> }
  ) => Effect.Effect<Entry, InvalidChange | Failure>
  /** Ticks are recorded as paused, until somebody resumes it or the instant has come. */
  readonly pause: (
    id: string,
    how: {
      readonly note: Option.Option<string>
      readonly until: Option.Option<DateTime.Utc>
      readonly revision: Option.Option<number>
    }
  ) => Effect.Effect<Entry, InvalidChange | Failure>
  readonly resume: (id: string, revision: Option.Option<number>) => Effect.Effect<Entry, Failure>
  /** Takes it away until the config is reloaded; runs under way go on. */
  readonly remove: (id: string, revision: Option.Option<number>) => Effect.Effect<Entry, Failure>
}>()("glider/schedules/ScheduleChanges") {
  static readonly layer = Layer.effect(ScheduleChanges, Effect.suspend(() => make))
}

const make = Effect.gen(function*() {
  const book = yield* ScheduleBook
  const { scheduler: { leastInterval } } = yield* CurrentConfig
  const least = Duration.toMillis(leastInterval)

  const warn = (entry: Entry) =>
    Effect.logWarning("a schedule differs from the config").pipe(
      Effect.annotateLogs({ schedule: entry.scheduleId, will_revert_on_reload: true })
    )

  const change = (
    id: string,
    revision: Option.Option<number>,
    operation: "update" | "delete",
    edit: (row: ScheduleRow) => Partial<Pick<ScheduleRow, "override" | "deleted" | "since">>
  ) =>
    book.change(id, (row) => ({ ...row, ...edit(row) }), Option.getOrUndefined(revision)).pipe(
      ScheduleMetrics.counted(book.project, operation)
    )

  const definition = Effect.fnUntraced(function*(id: string) {
    const entry = yield* book.get(id)
    return definitionOf(entry.row.definition)
  })

  const checkCron = Effect.fnUntraced(
    function*(expression: string, { dst, jitter_seconds, timezone }: ScheduleDefinition) {
      const timing = Timing.parse(expression, timezone, dst)
      if (Result.isFailure(timing)) return yield* new InvalidChange({ field: "cron", message: timing.failure.message })
      const gap = Timing.leastGap(timing.success, yield* Clock.currentTimeMillis)
      if (gap < least) {
        const message = `fires every ${durationText(gap)}, more often than [scheduler] min_interval_seconds allows`
        return yield* new InvalidChange({ field: "cron", message })
      }
      if (jitter_seconds > 0 && jitter_seconds * 1000 >= gap) {
        const message = `its ticks are ${durationText(gap)} apart, and its jitter is longer: ${
          durationText(jitter_seconds * 1000)
        }`
        return yield* new InvalidChange({ field: "cron", message })
      }
    }
  )

  const update = Effect.fn("ScheduleChanges.update")(function*(
    id: string,
    { cron, enabled }: Update,
    { replace, revision }: { readonly replace: boolean; readonly revision: Option.Option<number> }
  ) {
    const config = yield* definition(id)
    if (cron !== undefined && Result.isSuccess(config)) yield* checkCron(cron, config.success)
    const now = yield* Clock.currentTimeMillis
    const differs = <A>(given: A | undefined, own: A | undefined): Option.Option<A> =>
      given === undefined || given === own ? Option.none() : Option.some(given)
    const own = Result.isSuccess(config) ? config.success : undefined
    const entry = yield* change(id, revision, "update", ({ override, since }) => {
      const before = replace ? { ...noOverride, pause: override.pause } : override
      const after: Override = {
        ...before,
        ...enabled === undefined ? {} : { enabled: differs(enabled, own?.enabled) },
        ...cron === undefined ? {} : { cron: differs(cron, own?.cron) }
      }
      const isRetimed = Option.getOrNull(override.cron) !== Option.getOrNull(after.cron)
      return { override: isOverridden(after) ? after : noOverride, since: isRetimed ? now : since }
    })
    if (isOverridden(entry.row.override)) yield* warn(entry)
    return entry
  })

  const pause = Effect.fn("ScheduleChanges.pause")(function*(
    id: string,
    { note, revision, until }: {
      readonly note: Option.Option<string>
      readonly until: Option.Option<DateTime.Utc>
      readonly revision: Option.Option<number>
    }
  ) {
    const now = yield* DateTime.now
    if (Option.exists(until, (end) => end.epochMilliseconds <= now.epochMilliseconds)) {
      return yield* new InvalidChange({ field: "until", message: "expected an instant that is still to come" })
    }
    const entry = yield* change(id, revision, "update", ({ override }) => {
      // a pause that is made longer or gets another note began when it did
      const since = pausedAt(override, now.epochMilliseconds)
        ? Option.getOrElse(Option.map(override.pause, (known) => known.since), () => now)
        : now
      return { override: { ...override, pause: Option.some({ by: "person" as const, note, since, until }) } }
    })
    yield* warn(entry)
    return entry
  })

  const resume = Effect.fn("ScheduleChanges.resume")((id: string, revision: Option.Option<number>) =>
    change(id, revision, "update", ({ override }) => {
      const rest = { ...override, pause: Option.none() }
      return { override: isOverridden(rest) ? rest : noOverride }
    })
  )

  const remove = Effect.fn("ScheduleChanges.remove")((id: string, revision: Option.Option<number>) =>
    Effect.tap(
      change(id, revision, "delete", () => ({ deleted: true })),
      ({ scheduleId }) =>
        Effect.logWarning("a schedule is deleted until the config is reloaded").pipe(
          Effect.annotateLogs({ schedule: scheduleId, will_revert_on_reload: true })
        )
    )
  )

  return ScheduleChanges.of({ update, pause, resume, remove })
})

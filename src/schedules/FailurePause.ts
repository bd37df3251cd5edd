/** A schedule whose run failed, or was parked, pauses if the config says so. */
import { DateTime, Effect, Option } from "effect"
import type { Pause } from "../domain/Schedule.ts"
import * as RetryPolicy from "../RetryPolicy.ts"
import type { RunRow } from "../store/RunColumns.ts"
import type { ScheduleBook } from "./ScheduleBook.ts"

/** Told of a run that is over or parked. */
export const make = (book: ScheduleBook["Service"]) =>
  Effect.fnUntraced(function*({ error, id, schedule, state }: RunRow) {
    if (schedule === undefined || (state !== "failed" && state !== "parked")) return
    const entry = yield* Effect.option(book.get(schedule))
    if (Option.isNone(entry)) return
    const settings = entry.value.settings
    if (Option.isNone(settings) || !settings.value.definition.pause_on_failure) return
    if (Option.isSome(entry.value.row.override.pause)) return
    // an older one is tried again at each start, and says nothing new
    if (state === "parked" && entry.value.state.lastRun !== id) return
    const since = yield* DateTime.now
    const pause: Pause = { by: "failure", note: Option.fromUndefinedOr(error?.message), since, until: Option.none() }
    yield* book.change(entry.value.id, (row) => ({ ...row, override: { ...row.override, pause: Option.some(pause) } }))
      .pipe(
        Effect.andThen(
          Effect.logWarning(`a schedule is paused, for its run ${state === "parked" ? "is parked" : "failed"}`)
        ),
        Effect.catchTags({ UnknownSchedule: () => Effect.void, StaleRevision: () => Effect.void }),
        Effect.retry(RetryPolicy.recovery),
        Effect.catch(({ message }) => Effect.logError(`a schedule could not be paused: ${message}`)),
        Effect.annotateLogs({ schedule })
      )
  })

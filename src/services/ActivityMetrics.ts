/** What activities tell the metrics: how long they take, and how often they or their calls are tried again or held back. */
import { Context, Effect } from "effect"
import * as Series from "../Series.ts"

/** The activity at work, as metrics name it; none outside of runs. */
export class CurrentActivity
  extends Context.Reference<string>("glider/services/ActivityMetrics/CurrentActivity", { defaultValue: () => "none" })
{}

/** How often the activity at work has repeated calls in this attempt; its engine counts with it. */
export class CallRepeats extends Context.Reference<{ count: number }>("glider/services/ActivityMetrics/CallRepeats", {
  defaultValue: () => ({ count: 0 })
}) {}

const plain = /^[a-z]+(?:[_-][a-z]+)*(?= |$)/i

/** The first word of an activity's name: what follows may be a number, a stream's calendar or another id. */
export const activityLabel = (name: string): string => plain.exec(name)?.[0] ?? "other"

const durations = Series.histogram("temporal_activity_duration_seconds", {
  description:
    "How long attempts of activities took, by the first word of their names, so that no number and no calendar is in it",
  labels: ["activity"],
  boundaries: [0.1, 1, 10],
  limit: 16
})

const retries = Series.counter("temporal_activity_retry_count", {
  description: "Attempts of activities after the first, and calls to providers that were repeated in one",
  labels: ["activity"],
  limit: 16
})

const rateLimits = Series.counter("temporal_rate_limit_hits", {
  description: "Answers of providers that asked for patience (429), by activity; none outside of runs",
  labels: ["activity"],
  limit: 16
})

/** Notes an attempt that came to its end. */
export const activityEnded = (activity: string, attempt: number, millis: number): Effect.Effect<void> => {
  const took = durations.update({ activity }, millis / 1000)
  return attempt > 1 ? Effect.andThen(retries.update({ activity }, 1), took) : took
}

/** Counts a call that is repeated in the activity at work. */
export const callRepeated: Effect.Effect<void> = Effect.gen(function*() {
  const repeats = yield* CallRepeats
  repeats.count++
  yield* retries.update({ activity: yield* CurrentActivity }, 1)
})

/** Counts an answer that asked for patience, in the activity at work. */
export const rateLimitMet: Effect.Effect<void> = Effect.flatMap(
  CurrentActivity,
  (activity) => rateLimits.update({ activity }, 1)
)

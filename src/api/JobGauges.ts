/** How many jobs wait and are done, and for how long the one that waits longest could have begun, as a scrape finds them. */
import { Clock, Effect } from "effect"
import * as Series from "../Series.ts"
import { BackgroundJobs } from "../store/BackgroundJobs.ts"

const depth = Series.gauge("glider_jobs", {
  description: "Jobs that are queued or running, by type",
  labels: ["type", "status"],
  limit: 128
})

const oldest = Series.gauge("glider_jobs_oldest_queued_seconds", {
  description: "For how long the job of the type that waits longest could have begun; 0 when none could",
  labels: ["type"],
  limit: 64
})

/** Reads them from the store. */
export const jobGauges = Effect.map(BackgroundJobs, ({ depths }) =>
  Effect.gen(function*() {
    const now = yield* Clock.currentTimeMillis
    for (const { count, oldest: since, status, type } of yield* depths(now)) {
      yield* depth.update({ type, status }, count)
      if (status === "queued") yield* oldest.update({ type }, (now - since) / 1000)
    }
  }))

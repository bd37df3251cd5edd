/** What the tries of jobs tell the metrics. */
import * as Series from "../Series.ts"

/** Seconds: a query, a request, a sync, a report of many years. */
const boundaries = [0.1, 1, 10, 60, 600]

/** Types of jobs, and a few to come. */
const limit = 64

export const attempts = Series.counter("glider_job_attempts_total", {
  description: "Tries of jobs, by what became of the job: succeeded, retry, failed, cancelled, lost or given_back",
  labels: ["type", "outcome"],
  limit
})

export const duration = Series.histogram("glider_job_duration_seconds", {
  description: "How long tries of jobs took",
  labels: ["type"],
  boundaries,
  limit: 16
})

export const waited = Series.histogram("glider_job_wait_seconds", {
  description: "How long jobs waited from when they could have begun until a try began",
  labels: ["type"],
  boundaries,
  limit: 16
})

/** What was imported is compared with what is there: at once by whoever imports, and each minute what nobody has come to an end with. */
import { DateTime, Effect, Layer, Schema } from "effect"
import { Candidates } from "../imports/Candidates.ts"
import * as Job from "../jobs/Job.ts"
import { Jobs } from "../jobs/Jobs.ts"
import * as Standing from "../jobs/Standing.ts"
import { SurrealError } from "../services/SurrealError.ts"
import { CandidateRows } from "../store/CandidateRows.ts"

export const Process = Job.make("candidates.process", {
  payload: Schema.Struct({ limit: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 10_000 })) }),
  success: Schema.Struct({
    merged: Schema.Natural,
    counted: Schema.Natural,
    skipped: Schema.Natural,
    review: Schema.Natural,
    failed: Schema.Natural,
    hasMore: Schema.Boolean
  }),
  error: SurrealError,
  maxAttempts: 3,
  resource: () => "candidates"
})

/** How many are looked at in one job. */
const limit = 200

/** Seconds of which there is one job at most. */
const interval = 60

export const layer = Layer.merge(
  Job.toLayer(
    Process,
    ({ limit }) => Effect.flatMap(Candidates, ({ process }) => process(limit))
  ),
  Layer.unwrap(Effect.gen(function*() {
    const jobs = yield* Jobs
    const rows = yield* CandidateRows
    return Standing.sweep({
      name: "candidates_process",
      type: Process.name,
      cron: "* * * * *",
      isEnabled: true,
      // a minute in which there is nothing to compare leaves no job behind
      tick: Effect.fnUntraced(function*(at: DateTime.Zoned) {
        const counts = yield* rows.counts
        if (counts.new + counts.processing === 0) return
        const key = `candidates_process:${Math.floor(DateTime.toEpochMillis(at) / 1000 / interval)}`
        yield* jobs.enqueue(Process, { limit }, { key })
      })
    })
  }))
)

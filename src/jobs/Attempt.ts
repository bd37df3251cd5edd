/** One try of a job: from when a worker has it until it is written down what has become of it. */
import { Clock, DateTime, Deferred, Duration, Effect, Fiber, Option } from "effect"
import { jobResult } from "../RetryPolicy.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { JobLeases } from "../store/JobLeases.ts"
import type { TakenJob } from "../store/JobRows.ts"
import type { Settlement } from "../store/JobSettlements.ts"
import { AtWork, type JobAtWork } from "./AtWork.ts"
import { backoff } from "./Backoff.ts"
import * as JobMetrics from "./JobMetrics.ts"
import { type Ended, JobTypes, type RegisteredType } from "./JobTypes.ts"
import { kept } from "./Lease.ts"

type Outcome = "succeeded" | "retry" | "failed" | "cancelled" | "lost" | "given_back"

const outcomes = { Succeeded: "succeeded", Again: "retry", Failed: "failed" } as const satisfies {
  readonly [T in Settlement["_tag"]]: Outcome
}

/** What is written of a try: a failure that another try may mend is tried again, while there are tries left. */
const settlementOf = Effect.fnUntraced(function*({ attempt, maxAttempts }: TakenJob, ended: Ended) {
  if (ended._tag === "Succeeded") return ended
  const { error, isRetryable } = ended
  if (!isRetryable || attempt >= maxAttempts) return { _tag: "Failed", error } satisfies Settlement
  const now = yield* Clock.currentTimeMillis
  return { _tag: "Again", error, runAt: now + Duration.toMillis(yield* backoff(attempt)) } satisfies Settlement
})

const failure = (settlement: Settlement) =>
  settlement._tag === "Succeeded"
    ? Effect.logDebug("a job has succeeded")
    : settlement._tag === "Again"
    ? Effect.logInfo(`a job has failed, and is tried again: ${settlement.error.message}`)
    : Effect.logError(`a job has failed for good: ${settlement.error.message}`)

/** Does the work. */
const tried = (job: TakenJob, type: RegisteredType, { stopped }: JobAtWork) =>
  type.attempt(job.payload, {
    id: job.job,
    type: job.type,
    attempt: job.attempt,
    maxAttempts: job.maxAttempts,
    createdAt: DateTime.makeUnsafe(job.createdAt),
    isCancelled: Effect.suspend(() =>
      Deferred.isDoneUnsafe(stopped)
        ? Effect.map(Deferred.await(stopped), (why) => why === "cancelled")
        : Effect.succeed(false)
    )
  })

/**
 * Writes down what it has come to, for as long as it takes the store to take it. From here on nothing ends it but the store's own word: who
 * looks meanwhile whose job it is finds it ended, and may take that for lost.
 */
const written = Effect.fnUntraced(function*(job: TakenJob, ended: Ended, { stopped }: JobAtWork) {
  const leases = yield* JobLeases
  const settlement = yield* settlementOf(job, ended)
  const now = yield* Clock.currentTimeMillis
  const isWritten = yield* Effect.retry(leases.settle(job, settlement, now), jobResult)
  if (!isWritten) {
    return Deferred.isDoneUnsafe(stopped) ? yield* Deferred.await(stopped) : "lost" satisfies Outcome
  }
  yield* failure(settlement)
  return outcomes[settlement._tag]
})

const told = (outcome: Outcome) =>
  outcome === "lost"
    ? Effect.logWarning("a job was another's before its result was there, which is refused")
    : outcome === "cancelled"
    ? Effect.logInfo("a job was cancelled at its work")
    : Effect.void

/** Makes a try. Interrupted, it gives the job back as if it had not begun. */
export const attempt = Effect.fnUntraced(
  function*(job: TakenJob, leaseMillis: number, until: number) {
    const atWork = yield* AtWork
    const leases = yield* JobLeases
    const types = yield* JobTypes
    const type = types.find(job.type)
    // what is taken has a handler: see Worker.ts
    if (Option.isNone(type)) return
    const begun = yield* Clock.currentTimeMillis
    yield* JobMetrics.waited.update({ type: job.type }, Math.max(0, begun - job.runAt) / 1000)

    const work = Effect.fnUntraced(function*(noted: JobAtWork) {
      const { stopped } = noted
      const keeping = yield* Effect.forkChild(
        kept({ holding: job, leaseMillis, until }, Deferred.succeed(stopped, "lost"))
      )
      const outcome: Effect.Effect<Outcome, SurrealError, JobLeases> = Effect.raceFirst(
        tried(job, type.value, noted),
        Deferred.await(stopped)
      ).pipe(
        Effect.flatMap((ended) => typeof ended === "string" ? Effect.succeed(ended) : written(job, ended, noted))
      )
      return yield* Effect.ensuring(outcome, Fiber.interrupt(keeping))
    })

    const givenBack = Effect.gen(function*() {
      yield* leases.giveBack(job, yield* Clock.currentTimeMillis)
      yield* JobMetrics.attempts.update({ type: job.type, outcome: "given_back" }, 1)
    }).pipe(
      Effect.catch(({ message }) => Effect.logWarning(`a job could not be given back, and is free later: ${message}`))
    )

    const outcome = yield* Effect.onInterrupt(atWork.during(job)(work), () => givenBack)
    yield* told(outcome)
    yield* JobMetrics.attempts.update({ type: job.type, outcome }, 1)
    yield* JobMetrics.duration.update({ type: job.type }, ((yield* Clock.currentTimeMillis) - begun) / 1000)
  },
  (attempted, job) =>
    attempted.pipe(
      Effect.annotateLogs({ job: job.job, type: job.type, attempt: job.attempt }),
      Effect.withSpan("job", {
        attributes: { "glider.job.id": job.job, "glider.job.type": job.type, "glider.job.attempt": job.attempt }
      })
    )
)

/** How runs that an earlier process left behind go on in this one. */
import { Effect, Exit } from "effect"
import { recovery } from "../RetryPolicy.ts"
import type { Journal, Unfinished } from "./Journal.ts"
import type { Parts } from "./Parts.ts"
import type { Registered } from "./Registry.ts"

/** Runs read and replayed at the same time. */
const together = 16

/** Which runs go on at once: those that were at it, and those that were parked because their code did not fit them. */
const isDue = ({ errorTag, state }: Unfinished): boolean =>
  state === "running" || state === "stopped" ||
  (state === "parked" && (errorTag === "NonDeterminismError" || errorTag === "UnknownVersion"))

export const make = ({ clocks, passes, residents, scope }: Parts, journal: Journal) => {
  const wake = Effect.fnUntraced(function*({ due, id, ...unfinished }: Unfinished) {
    if (residents.get(id)?.fiber !== undefined) return
    if (!isDue({ id, due, ...unfinished })) {
      if (due !== undefined) clocks.wakeAt(id, due)
      return
    }
    const found = yield* Effect.exit(residents.find(id))
    if (Exit.isFailure(found)) {
      return yield* Effect.logError("a run cannot be read, and stays as it is").pipe(
        Effect.annotateLogs({ run: id, cause: String(found.cause) })
      )
    }
    if (found.value === undefined || found.value.fiber !== undefined) return
    found.value.recovered = true
    yield* passes.resume(found.value, "explicit")
  })

  /** Finds the unfinished runs of a workflow and lets them go on, in the background. */
  const begin = Effect.fnUntraced(function*({ workflow }: Registered) {
    const recover = Effect.gen(function*() {
      const left = yield* Effect.retry(journal.unfinished(workflow._tag), recovery)
      if (left.length === 0) return
      yield* Effect.forEach(left, wake, { concurrency: together, discard: true })
      yield* Effect.logInfo("runs go on").pipe(Effect.annotateLogs({ workflow: workflow._tag, runs: left.length }))
    })
    yield* Effect.forkIn(
      Effect.catch(recover, ({ message }) => Effect.logError(`runs cannot be recovered: ${message}`)),
      scope
    )
  })

  return { begin }
}

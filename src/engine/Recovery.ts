/** How runs that an earlier process left behind go on in this one. */
import { Array as Arr, Deferred, Effect, Exit } from "effect"
import { recovery } from "../RetryPolicy.ts"
import type { Journal, Unfinished } from "./Journal.ts"
import { parks } from "./Misfit.ts"
import type { Parts } from "./Parts.ts"
import type { Registered } from "./Registry.ts"

/** Runs read and replayed at the same time. */
const together = 16

/** Which runs go on at once: those that were at it, and those that were parked because their code did not fit them. */
const isDue = ({ errorTag, state }: Unfinished): boolean =>
  state === "running" || state === "stopped" ||
  (state === "parked" && parks(errorTag))

export const make = ({ clocks, passes, residents, scope }: Parts, journal: Journal) => {
  /** Those whose unfinished runs have yet to go on. */
  const under = new Map<string, Deferred.Deferred<void>>()

  /** Whether the run goes on, or will at its time. */
  const wake = Effect.fnUntraced(function*({ due, id, ...unfinished }: Unfinished) {
    if (residents.get(id)?.fiber !== undefined) return true
    if (!isDue({ id, due, ...unfinished })) {
      if (due !== undefined) clocks.wakeAt(id, due)
      return true
    }
    const found = yield* Effect.exit(Effect.retry(residents.find(id), recovery))
    if (Exit.isFailure(found)) {
      yield* Effect.logError("a run cannot be read, and stays as it is").pipe(
        Effect.annotateLogs({ run: id, cause: String(found.cause) })
      )
      return false
    }
    if (found.value === undefined || found.value.fiber !== undefined) return true
    found.value.recovered = true
    yield* passes.resume(found.value, "explicit")
    return true
  })

  /** Finds the unfinished runs of a workflow and lets them go on, in the background. */
  const begin = Effect.fnUntraced(function*({ workflow }: Registered) {
    const recover = Effect.gen(function*() {
      const left = yield* Effect.retry(journal.unfinished(workflow._tag), recovery)
      if (left.length === 0) return
      const runs = Arr.countBy(yield* Effect.forEach(left, wake, { concurrency: together }), (goesOn) => goesOn)
      yield* Effect.logInfo("runs go on").pipe(Effect.annotateLogs({ workflow: workflow._tag, runs }))
    })
    const done = Deferred.makeUnsafe<void>()
    under.set(workflow._tag, done)
    yield* recover.pipe(
      Effect.catch(({ message, reason }) =>
        Effect.logError("runs cannot be recovered").pipe(
          Effect.annotateLogs({ workflow: workflow._tag, reason: reason._tag, error: message })
        )
      ),
      Effect.ensuring(Effect.sync(() => {
        if (under.get(workflow._tag) === done) under.delete(workflow._tag)
        Deferred.doneUnsafe(done, Exit.void)
      })),
      Effect.forkIn(scope)
    )
  })

  /** Waits until the runs of a workflow that an earlier process left behind are at work again. */
  const recovered = (workflow: string): Effect.Effect<void> =>
    Effect.suspend(() => {
      const done = under.get(workflow)
      return done === undefined ? Effect.void : Deferred.await(done)
    })

  return { begin, recovered }
}

/** Runs that are over for long are removed while Glider runs. */
import { DateTime, Duration, Effect, Layer, Schedule } from "effect"
import { Retention } from "../store/Retention.ts"

/** Not in the busy time after a start. */
const firstAfter = Duration.hours(1)

const every = Schedule.spaced("1 hour").pipe(Schedule.jittered)

/** Below this the store gives the space back well enough by itself, with later writes. */
const many = 10_000

/** Looks every hour, and gives the space back when much was removed. */
export const layer = (runsOlderThan: Duration.Duration): Layer.Layer<never, never, Retention> =>
  Layer.effectDiscard(Effect.gen(function*() {
    const retention = yield* Retention
    const prune = Effect.gen(function*() {
      const removed = yield* retention.prune({ runsOlderThan, now: yield* DateTime.now })
      if (removed === 0) return
      if (removed >= many) yield* retention.compact
      yield* Effect.logInfo("old runs were removed").pipe(Effect.annotateLogs({ runs: removed }))
    }).pipe(Effect.catch(({ message }) => Effect.logWarning(`old runs could not be removed: ${message}`)))
    yield* prune.pipe(Effect.repeat(every), Effect.delay(firstAfter), Effect.forkScoped)
  }))

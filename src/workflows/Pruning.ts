/** Runs that are over for long are removed while Glider runs. */
import { DateTime, Duration, Effect, Layer, Schedule } from "effect"
import { Retention } from "../store/Retention.ts"
import { TickLedger } from "../store/TickLedger.ts"

/** Not in the busy time after a start. */
const firstAfter = Duration.hours(1)

const every = Schedule.spaced("1 hour").pipe(Schedule.jittered)

/** Below this the store gives the space back well enough by itself, with later writes. */
const many = 10_000

/** How long things are kept. */
export interface Ages {
  readonly runs: Duration.Duration
  /** Outcomes of ticks. */
  readonly ticks: Duration.Duration
}

/** Looks every hour, and gives the space back when much was removed. */
export const layer = ({ runs: runsOlderThan, ticks }: Ages): Layer.Layer<never, never, Retention | TickLedger> =>
  Layer.effectDiscard(Effect.gen(function*() {
    const retention = yield* Retention
    const ledger = yield* TickLedger
    const prune = Effect.gen(function*() {
      const now = yield* DateTime.now
      const removed = yield* retention.prune({ runsOlderThan, now })
      const forgotten = yield* ledger.prune(DateTime.subtractDuration(now, ticks))
      if (removed + forgotten === 0) return
      if (removed + forgotten >= many) yield* retention.compact
      yield* Effect.logInfo("old runs were removed").pipe(Effect.annotateLogs({ runs: removed, ticks: forgotten }))
    }).pipe(Effect.catch(({ message }) => Effect.logWarning(`old runs could not be removed: ${message}`)))
    yield* prune.pipe(Effect.repeat(every), Effect.delay(firstAfter), Effect.forkScoped)
  }))

/** Runs that are over for long, and what became of ticks long ago, are removed while Glider runs. */
import { DateTime, Duration, Effect, Layer, Schedule } from "effect"
import { Retention } from "../store/Retention.ts"
import { TickLedger } from "../store/TickLedger.ts"

/** Not in the busy time after a start. */
const firstAfter = Duration.hours(1)

const every = Schedule.spaced("1 hour").pipe(Schedule.jittered)

/** Below this the store gives the space back well enough by itself, with later writes. */
const many = 10_000

/** For how long what is over is kept. */
export interface Kept {
  readonly runs: Duration.Duration
  readonly ticks: Duration.Duration
}

/** Looks every hour, and gives the space back when much was removed. */
export const layer = ({ runs, ticks }: Kept): Layer.Layer<never, never, Retention | TickLedger> =>
  Layer.effectDiscard(Effect.gen(function*() {
    const ledger = yield* TickLedger
    const retention = yield* Retention
    const prune = Effect.gen(function*() {
      const now = yield* DateTime.now
      const removed = {
        runs: yield* retention.prune({ runsOlderThan: runs, now }),
        ticks: yield* ledger.prune(DateTime.subtractDuration(now, ticks))
      }
      if (removed.runs + removed.ticks === 0) return
      if (removed.runs + removed.ticks >= many) yield* retention.compact
      yield* Effect.logInfo("old runs were removed").pipe(
        Effect.annotateLogs({ runs: removed.runs, ticks: removed.ticks })
      )
    }).pipe(Effect.catch(({ message }) => Effect.logWarning(`old runs could not be removed: ${message}`)))
    yield* prune.pipe(Effect.repeat(every), Effect.delay(firstAfter), Effect.forkScoped)
  }))

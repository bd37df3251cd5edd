/** Jobs that have succeeded or were cancelled long ago are removed while Glider runs. */
import { DateTime, Duration, Effect, Layer, Schedule } from "effect"
import { Jobs } from "./Jobs.ts"

const every = Schedule.spaced("1 hour").pipe(Schedule.jittered)

/** Looks every hour, not in the busy time after a start. What failed waits for a person, however old it is. */
export const layer = (olderThan: Duration.Duration): Layer.Layer<never, never, Jobs> =>
  Layer.effectDiscard(Effect.gen(function*() {
    const { purge } = yield* Jobs
    const prune = Effect.flatMap(DateTime.now, (now) =>
      purge({
        before: DateTime.subtractDuration(now, olderThan),
        statuses: ["succeeded", "cancelled"],
        isDry: false
      })).pipe(
        Effect.catch(({ message }) => Effect.logWarning(`old jobs could not be removed: ${message}`))
      )
    yield* prune.pipe(Effect.repeat(every), Effect.delay(Duration.hours(1)), Effect.forkScoped)
  }))

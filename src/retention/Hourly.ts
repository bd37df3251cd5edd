/** What is too old goes while Glider runs. */
import { Effect, Layer, Schedule } from "effect"
import { EvidenceRetention } from "./EvidenceRetention.ts"

const every = Schedule.spaced("1 hour").pipe(Schedule.jittered)

/** How much is removed between two looks at what is held. */
const limit = 500

/** Looks every hour, not in the busy time after a start. */
export const layer: Layer.Layer<never, never, EvidenceRetention> = Layer.effectDiscard(Effect.gen(function*() {
  const retention = yield* EvidenceRetention
  const look = retention.runAll(limit).pipe(
    Effect.catch(({ message }) => Effect.logWarning(`old evidence could not be removed: ${message}`))
  )
  yield* look.pipe(Effect.repeat(every), Effect.delay("1 hour"), Effect.forkScoped)
}))

/** Jobs that nobody here can do: their type is unknown, as one of another version. */
import { Clock, Effect, Option } from "effect"
import { RunError } from "../domain/Run.ts"
import { JobLeases } from "../store/JobLeases.ts"
import { JobTypes, UnknownJobType } from "./JobTypes.ts"

/** Jobs that are looked at in one go. */
const limit = 500

/** Ends them as failed, so that a person sees them. */
export const strangers = Effect.fn("Strangers.fail")(function*(worker: string) {
  const leases = yield* JobLeases
  const types = yield* JobTypes
  const known = types.all().map(({ name }) => name)
  const unknown = (yield* leases.lanes).filter((type) => !known.includes(type))
  for (const type of unknown) {
    const now = yield* Clock.currentTimeMillis
    const { _tag: tag, message } = new UnknownJobType({ type, known })
    const error = new RunError({ tag, message, fix: Option.none() })
    const taken = yield* leases.take({ worker, types: [type], limit, now, until: now + leaseMillis })
    yield* Effect.forEach(taken, (job) => leases.settle(job, { _tag: "Failed", error }, now))
    if (taken.length > 0) {
      yield* Effect.logError(`${taken.length} jobs have failed: ${message}`)
    }
  }
})

/** Longer than it takes to write that they have failed. */
const leaseMillis = 60_000

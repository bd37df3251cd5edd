import { Clock, Duration, Effect } from "effect"

/** How often one address may be wrong within the window. */
const allowed = 5

const window = Duration.toMillis(Duration.minutes(1))

/** Addresses that are remembered at once; with one more all begin anew, for they are held in memory. */
const capacity = 10_000

/** An attempt that may be made. */
export interface Attempt {
  /** It was right, so it does not count. */
  readonly succeeded: Effect.Effect<void>
}

/** Counts attempts by address that were wrong. Gives a wait in seconds when there were too many. */
export const makeAttempts = () => {
  const failures = new Map<string, ReadonlyArray<number>>()
  return (address: string): Effect.Effect<Attempt, number> =>
    Effect.flatMap(Clock.currentTimeMillis, (now) => {
      const lately = (failures.get(address) ?? []).filter((at) => at > now - window)
      const [oldest] = lately
      if (oldest !== undefined && lately.length >= allowed) {
        return Effect.fail(Math.max(1, Math.ceil((oldest + window - now) / 1000)))
      }
      if (failures.size >= capacity && !failures.has(address)) failures.clear()
      // wrong until it is right, lest many at once are all made before the first is found wrong
      failures.set(address, [...lately, now])
      return Effect.succeed({
        succeeded: Effect.sync(() => {
          const left = [...failures.get(address) ?? []]
          const index = left.indexOf(now)
          if (index >= 0) left.splice(index, 1)
          if (left.length === 0) failures.delete(address)
          else failures.set(address, left)
        })
      })
    })
}

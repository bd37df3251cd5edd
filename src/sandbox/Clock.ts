/**
 * The sandbox's own time. Everything a provider does by time (what is visible, which token has expired) reads it, so a
 * test moves months in no time and a demonstration plays its weeks in seconds.
 */
import { Clock, DateTime, Duration, Effect } from "effect"
import type { SandboxClock } from "./Contract.ts"
import { toInstant } from "./Instants.ts"
import { SandboxMisuse } from "./SandboxMisuse.ts"

/** The clock with a reading for the provider code, which does not wait for anything. */
export interface ClockHandle extends SandboxClock {
  readonly read: () => number
}

/** A clock at `start`; with `follow` it also goes as the surrounding Effect clock goes. */
export const makeClock = Effect.fnUntraced(function*(start: number, follow: boolean) {
  const outer = yield* Clock.Clock
  let base = start
  let since = outer.currentTimeMillisUnsafe()
  const read = (): number => (follow ? base + outer.currentTimeMillisUnsafe() - since : base)
  const moveTo = (instant: number): void => {
    base = instant
    since = outer.currentTimeMillisUnsafe()
  }
  const handle: ClockHandle = {
    read,
    now: Effect.sync(() => DateTime.makeUnsafe(read())),
    set: (input) => {
      const instant = toInstant(input)
      return instant === undefined
        ? Effect.fail(new SandboxMisuse({ message: `Not an instant: ${String(input)}. Give RFC 3339 with an offset.` }))
        : Effect.sync(() => moveTo(instant))
    },
    advance: (duration) => Effect.sync(() => moveTo(read() + Duration.toMillis(Duration.fromInputUnsafe(duration))))
  }
  return handle
})

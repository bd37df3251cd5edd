/** Signs of life for systemd, which kills a service that gives none and begins it again. */
import { Duration, Effect, Option, Schema } from "effect"
import { CurrentConfig } from "../Config.ts"
import { Scheduler } from "../Scheduler.ts"
import { Surreal } from "../services/Surreal.ts"
import { isRemote } from "../services/SurrealEngine.ts"
import { SystemdNotify } from "../services/SystemdNotify.ts"

/**
 * Gives a sign of life each half of the time that systemd waits, for as long as the process does what only another start
 * would bring back: timers fire, the supervisor's loop goes round, the embedded store answers. An error is an answer, too,
 * and told by `/readyz`: what is caught here is silence. A store elsewhere and the providers are none of it, since another
 * start would not mend them. Nothing is given up: what answers too late has been killed by then.
 */
export const watching = Effect.gen(function*() {
  const { tell, watchdog } = yield* SystemdNotify
  if (Option.isNone(watchdog)) return
  const half = Duration.divideUnsafe(watchdog.value, 2)
  const scheduler = yield* Scheduler
  const surreal = yield* Surreal
  const { store } = yield* CurrentConfig
  const answered = Effect.exit(surreal.query(Schema.Literal(1), "RETURN 1"))
  const parts = [
    { what: "the supervisor", sign: scheduler.round },
    ...Option.exists(store.url, isRemote) ? [] : [{ what: "the store", sign: answered }]
  ]
  const alive = Effect.forEach(parts, ({ sign, what }) => {
    const silent = Effect.logError(`${what} gives no sign of life; systemd will begin this service again`)
    return Effect.raceFirst(sign, Effect.andThen(Effect.delay(silent, Duration.divideUnsafe(half, 2)), Effect.never))
  }, { concurrency: "unbounded", discard: true })
  return yield* Effect.forever(Effect.delay(Effect.andThen(alive, tell("WATCHDOG=1")), half))
})

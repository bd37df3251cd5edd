/** Alerts, put together: what a command may do with them, and what a daemon does by itself. */
import { Cause, DateTime, Effect, FiberMap, Layer, Option, Schedule } from "effect"
import { CurrentConfig, LatestConfig } from "../Config.ts"
import { alertDefaults, alertVariable } from "../config/AlertKeys.ts"
import { GuardedHttp } from "../services/GuardedHttp.ts"
import { Mail } from "../services/Mail.ts"
import { Secrets } from "../services/Secrets.ts"
import { Alerts } from "../store/Alerts.ts"
import { ImportedCalendars } from "../store/ImportedCalendars.ts"
import { SyncGaps } from "../store/SyncGaps.ts"
import { AlertDesk } from "./AlertDesk.ts"
import { AlertTellers } from "./AlertTellers.ts"
import { AlertWatch } from "./AlertWatch.ts"
import { Rules } from "./Rules.ts"
import { Sinks } from "./Sinks.ts"

/** What is new is seen after so much. */
const lookEvery = Schedule.spaced("1 minute")

/** What is due to be tried again is found after so much. */
const longestRest = "15 seconds"

const pruneEvery = Schedule.spaced("1 hour").pipe(Schedule.jittered)

const quietly = <E, R>(what: string, work: Effect.Effect<void, E, R>) =>
  Effect.catchCause(work, (cause) => Cause.hasInterruptsOnly(cause) ? Effect.interrupt : Effect.logError(what, cause))

/** A password that is missing is told once, at the start; alerts wait for it. */
const checked = Effect.gen(function*() {
  const { alerts = alertDefaults } = yield* CurrentConfig
  const secrets = yield* Secrets
  yield* Effect.forEach(alerts.sinks, (sink) =>
    secrets.find(alertVariable(sink)).pipe(
      Effect.matchEffect({
        onFailure: ({ message }) => Effect.logError(`${sink.name} cannot be told any alert: ${message}`),
        onSuccess: (found) =>
          sink.kind === "email" && Option.isSome(sink.user) && Option.isNone(found)
            ? Effect.logError(`${sink.name} cannot be told any alert: ${alertVariable(sink)} is not set`)
            : Effect.void
      })
    ), { discard: true })
})

/** Looks every minute, and tells each sink by itself, so that one that is down delays no other. */
export const watching = Layer.effectDiscard(Effect.gen(function*() {
  const alerts = yield* Alerts
  const config = yield* LatestConfig
  const { engine } = yield* CurrentConfig
  const tellers = yield* AlertTellers
  const { bell, look } = yield* AlertWatch
  const fibers = yield* FiberMap.make<string>()
  yield* checked

  const tell = Effect.gen(function*() {
    yield* Effect.sync(() => bell.closeUnsafe())
    const { alerts: { sinks } = alertDefaults } = yield* config.get
    yield* Effect.forEach(sinks.filter(({ enabled }) => enabled), (sink) =>
      FiberMap.run(
        fibers,
        sink.name,
        quietly(`alerts could not be sent to ${sink.name}, and will be later`, Effect.asVoid(tellers.flush(sink))),
        { onlyIfMissing: true }
      ), { discard: true })
    yield* Effect.raceFirst(bell.await, Effect.sleep(longestRest))
  })
  const prune = Effect.gen(function*() {
    const before = DateTime.subtractDuration(yield* DateTime.now, engine.retention)
    yield* Effect.repeat(alerts.prune(before), { until: (removed) => removed === 0 })
  })

  yield* quietly("alerts could not be sent, and will be later", tell).pipe(Effect.forever, Effect.forkScoped)
  // after a start syncs have first to come round to what has happened meanwhile
  yield* quietly("alerts could not be looked for, and will be later", look).pipe(
    Effect.repeat(lookEvery),
    Effect.delay("1 minute"),
    Effect.forkScoped
  )
  yield* quietly("old alerts could not be removed", prune).pipe(
    Effect.repeat(pruneEvery),
    Effect.delay("1 hour"),
    Effect.forkScoped
  )
}))

const ways = Layer.merge(Sinks.layer, Alerts.layer).pipe(Layer.provide([GuardedHttp.layer, Mail.layer]))

/** What a daemon does. */
export const watch = watching.pipe(
  Layer.provide([AlertTellers.layer, AlertWatch.layer]),
  Layer.provide(Rules.layer),
  Layer.provide([ways, SyncGaps.layer, ImportedCalendars.layer])
)

/** What any process may do. */
export const desk = AlertDesk.layer.pipe(Layer.provide(ways))

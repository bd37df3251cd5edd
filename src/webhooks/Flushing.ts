/** Sends what is due, while Glider runs: at once when something was committed, and when the time of the next try has come. */
import { Cause, Clock, Duration, Effect, Layer, Option, Schedule } from "effect"
import { CurrentConfig, LatestConfig } from "../Config.ts"
import { Secrets } from "../services/Secrets.ts"
import { WebhookEndpoints } from "../store/WebhookEndpoints.ts"
import { Endpoints } from "./Endpoints.ts"
import { sourceChecked } from "./InboxSignature.ts"
import { endpointKeys } from "./WebhookKeys.ts"
import { Webhooks } from "./Webhooks.ts"

/** Tries of each endpoint in one flush. */
const limit = 100

/** What another process has committed is found after so much at the latest. */
const longestRest = Duration.minutes(1)

/** What was given up on is looked at again. */
const afterFailure = Duration.seconds(10)

/** The secrets of all who are told something, or tell, are there before anything is: a daemon without one does not start. */
const checked = Effect.gen(function*() {
  const { enabled } = yield* Endpoints
  const secrets = yield* Secrets
  yield* Effect.forEach(enabled(), ({ name }) => endpointKeys(secrets, name), { discard: true })
  const { inbox = [] } = yield* CurrentConfig
  yield* Effect.forEach(inbox.filter((one) => one.enabled), (one) => sourceChecked(secrets, one), { discard: true })
})

/** Whether anything waits for those who are not told any more is looked for at the start, and after a reload. */
const settled = Effect.gen(function*() {
  const { settle } = yield* Webhooks
  const count = yield* settle
  if (count > 0) {
    yield* Effect.logWarning(
      `${count} events were for webhooks that are told nothing any more; they are kept as failed`
    )
  }
})

const turn = Effect.gen(function*() {
  const { bell, enabled } = yield* Endpoints
  const { changed } = yield* LatestConfig
  const { flush } = yield* Webhooks
  yield* Effect.sync(() => bell.closeUnsafe())
  const { next } = yield* flush(limit)
  const now = yield* Clock.currentTimeMillis
  const rest = Option.match(next, { onNone: () => Infinity, onSome: (due) => due - now })
  if (rest <= 0) return yield* Effect.yieldNow
  const rung = Effect.raceFirst(bell.await, changed)
  // where nobody is told anything there is nothing to look for
  if (enabled().length === 0) return yield* rung
  yield* Effect.raceFirst(rung, Effect.sleep(Duration.min(longestRest, Duration.millis(rest))))
})

/** A daemon sends; what other commands commit waits for it. `exclusive`: no other process has the store. */
export const layer = (options: { readonly exclusive: boolean }) =>
  Layer.effectDiscard(Effect.gen(function*() {
    const config = yield* LatestConfig
    yield* checked
    if (options.exclusive) yield* (yield* WebhookEndpoints).releaseAll
    const quietly = <E, R>(what: string, work: Effect.Effect<void, E, R>) =>
      Effect.catchCause(work, (cause) =>
        Cause.hasInterruptsOnly(cause)
          ? Effect.interrupt
          : Effect.andThen(Effect.logError(what, cause), Effect.sleep(afterFailure)))
    let settledFor: unknown
    const settledAnew = Effect.suspend(() => {
      const { webhooks } = config.now()
      if (webhooks === settledFor) return Effect.void
      return Effect.andThen(settled, Effect.sync(() => void (settledFor = webhooks)))
    })
    const looked = quietly("webhooks that are told nothing any more could not be looked through", settledAnew)
    yield* Effect.andThen(looked, quietly("webhooks could not be told, and will be later", turn)).pipe(
      Effect.repeat(Schedule.forever),
      Effect.forkScoped
    )
  }))

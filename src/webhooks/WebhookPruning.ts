/** Events that were told and messages that were taken long ago are removed while Glider runs. */
import { DateTime, type Duration, Effect, Layer, Schedule } from "effect"
import { WebhookDeliveries } from "../store/WebhookDeliveries.ts"
import { WebhookInbox } from "../store/WebhookInbox.ts"

const every = Schedule.spaced("1 hour").pipe(Schedule.jittered)

/** Looks every hour, not in the busy time after a start. What failed for good waits for a person for as long. */
export const layer = (kept: Duration.Duration): Layer.Layer<never, never, WebhookDeliveries | WebhookInbox> =>
  Layer.effectDiscard(Effect.gen(function*() {
    const deliveries = yield* WebhookDeliveries
    const inbox = yield* WebhookInbox
    const prune = Effect.gen(function*() {
      const before = DateTime.subtractDuration(yield* DateTime.now, kept)
      yield* Effect.repeat(deliveries.prune(before), { until: (removed) => removed === 0 })
      yield* Effect.repeat(inbox.prune(before), { until: (removed) => removed === 0 })
    }).pipe(Effect.catch(({ message }) => Effect.logWarning(`old webhooks could not be removed: ${message}`)))
    yield* prune.pipe(Effect.repeat(every), Effect.delay("1 hour"), Effect.forkScoped)
  }))

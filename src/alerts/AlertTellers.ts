import { Clock, Context, DateTime, Effect, Layer, Option } from "effect"
import { type GliderConfig, LatestConfig } from "../Config.ts"
import { alertDefaults, type AlertSink } from "../config/AlertKeys.ts"
import * as Series from "../Series.ts"
import { CrashPoint } from "../services/CrashPoint.ts"
import { alertPolicy, waitAfter } from "../services/Resending.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { Alerts, type NextTelling, type Told } from "../store/Alerts.ts"
import { messageOf, type Wording } from "./Message.ts"
import { type SinkFailed, Sinks } from "./Sinks.ts"

const deliveries = Series.counter("glider_alert_deliveries_total", {
  description: "Tries to send an alert to a sink: sent, retry, or failed for good",
  labels: ["sink", "outcome"],
  limit: 48
})

/** Longer than any try takes, in milliseconds: nobody else makes the same meanwhile. */
const claimMillis = 60_000

/** How messages are written in an installation. */
export const wordingOf = ({ alerts = alertDefaults, dashboard, scheduler }: GliderConfig): Wording => ({
  locale: dashboard.locale,
  zone: scheduler.timezone,
  page: alerts.page
})

/**
 * Sends each sink what it is to be told, in order and at least once: a process that ends between a try and its note tries again,
 * with the same id.
 */
export class AlertTellers extends Context.Service<AlertTellers, {
  /** Makes the tries to a sink that are due; says when the next one is, epoch milliseconds. */
  readonly flush: (sink: AlertSink) => Effect.Effect<Option.Option<number>, SurrealError>
}>()("glider/alerts/AlertTellers") {
  static readonly layer = Layer.effect(
    AlertTellers,
    Effect.gen(function*() {
      const alerts = yield* Alerts
      const config = yield* LatestConfig
      const crashPoint = yield* CrashPoint
      const sinks = yield* Sinks

      const verdict = Effect.fnUntraced(function*(
        { attempts, key: { number } }: NextTelling,
        { isFinal, message: error, wait: asked }: SinkFailed
      ): Effect.fn.Return<Told> {
        const now = yield* Clock.currentTimeMillis
        const wait = isFinal
          ? Option.none()
          : yield* waitAfter(alertPolicy, { tries: attempts + 1, age: now - number, asked })
        return Option.match(wait, {
          onNone: (): Told => ({ status: "failed", error }),
          onSome: (wait): Told => ({ status: "pending", due: now + wait, error })
        })
      })

      const tried = Effect.fnUntraced(function*(sink: AlertSink, telling: NextTelling) {
        const { alert, key } = telling
        const said = messageOf(alert, key.saying, DateTime.makeUnsafe(key.number), wordingOf(yield* config.get))
        const result = yield* sinks.send(sink, said).pipe(
          Effect.matchEffect({
            onSuccess: () => Effect.map(Clock.currentTimeMillis, (at): Told => ({ status: "sent", at })),
            onFailure: (failure) => verdict(telling, failure)
          })
        )
        yield* crashPoint("alert.sent")
        yield* Effect.uninterruptible(alerts.told(telling, result))
        yield* deliveries.update({ sink: sink.name, outcome: result.status === "pending" ? "retry" : result.status }, 1)
        if (result.status === "failed") {
          yield* Effect.logWarning(`${sink.name} was not told "${said.title}", and will not be: ${result.error}`)
        } else if (result.status === "pending" && telling.attempts === 0) {
          yield* Effect.logWarning(`${sink.name} could not be told "${said.title}" yet: ${result.error}`)
        }
      })

      const flush = Effect.fn("AlertTellers.flush")(function*(sink: AlertSink) {
        for (;;) {
          const telling = yield* alerts.next(sink.name)
          if (Option.isNone(telling)) return Option.none()
          const now = yield* Clock.currentTimeMillis
          if (telling.value.due > now) return Option.some(telling.value.due)
          if (yield* alerts.claim(telling.value, now + claimMillis)) yield* tried(sink, telling.value)
        }
      })

      return AlertTellers.of({ flush })
    })
  )
}

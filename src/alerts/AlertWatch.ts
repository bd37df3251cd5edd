import { Context, DateTime, Duration, Effect, Latch, Layer, Option, Semaphore } from "effect"
import { LatestConfig } from "../Config.ts"
import { alertDefaults } from "../config/AlertKeys.ts"
import { type Alert, AlertRule, type Saying } from "../domain/Alert.ts"
import type { WebhookEvent } from "../domain/WebhookEvent.ts"
import * as Series from "../Series.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { type AlertChanges, alertId } from "../store/AlertRows.ts"
import { Alerts } from "../store/Alerts.ts"
import { eventId, Outbox, tell } from "../store/Outbox.ts"
import { changesOf } from "./Changes.ts"
import { Rules } from "./Rules.ts"

const active = Series.gauge("glider_alerts_active", {
  description: "Alerts that last, by what was looked for",
  labels: ["rule"],
  seeds: AlertRule.literals.map((rule) => ({ rule }))
})

/** What comes and goes has to be gone for so long before it is over. */
const quiet: { readonly [R in AlertRule]?: Duration.Duration } = { breaker_open: Duration.minutes(5) }

/** Looks whether there is something that somebody should look at, and writes that down with what is to be said of it. */
export class AlertWatch extends Context.Service<AlertWatch, {
  /** One look. */
  readonly look: Effect.Effect<void, SurrealError>
  /** Open when there is something to be said. */
  readonly bell: Latch.Latch
}>()("glider/alerts/AlertWatch") {
  static readonly layer = Layer.effect(
    AlertWatch,
    Effect.gen(function*() {
      const alerts = yield* Alerts
      const config = yield* LatestConfig
      const outbox = yield* Outbox
      const rules = yield* Rules
      const alone = yield* Semaphore.make(1)
      const bell = Latch.makeUnsafe(true)
      /** Since when a cause has not been seen, of alerts that last; epoch milliseconds. */
      const gone = new Map<string, number>()

      const note = (open: ReadonlyArray<Alert>, seen: ReadonlySet<string>, now: number) => {
        for (const key of gone.keys()) if (seen.has(key) || !open.some((alert) => alert.key === key)) gone.delete(key)
        for (const { key } of open) if (!seen.has(key) && !gone.has(key)) gone.set(key, now)
      }

      /** What the owner's other programs are told of it. */
      const events = ({ lasting, raised, resolved }: AlertChanges, now: DateTime.Utc) => {
        const event = (
          type: "alert.raised" | "alert.resolved",
          saying: Saying,
          id: string,
          of: EventOf
        ): WebhookEvent => ({
          id: eventId(now, type, id, saying),
          type,
          subject: id,
          at: now,
          data: JSON.stringify({ alert: id, saying, ...of })
        })
        return [
          ...raised.map(({ cause }) => event("alert.raised", "raised", alertId(cause.key, now), eventOf(cause))),
          ...lasting.flatMap(({ alert, cause, said }) =>
            Option.toArray(said).map(({ saying }) => event("alert.raised", saying, alert.id, eventOf(cause)))
          ),
          ...resolved.filter(({ isNews }) => isNews).map(({ alert }) =>
            event("alert.resolved", "resolved", alert.id, eventOf(alert))
          )
        ].map((one) => ({ event: one, receivers: outbox.receivers(one.type).map(({ name }) => name) }))
      }

      const look = Effect.gen(function*() {
        const { alerts: settings = alertDefaults } = yield* config.get
        const open = yield* alerts.open
        const seen = yield* rules.look(open)
        const now = yield* DateTime.now
        const ruleOf = new Map(open.map(({ key, rule }) => [key, rule]))
        note(open, new Set(seen.causes.map(({ key }) => key)), now.epochMilliseconds)
        const changes = changesOf(open, seen, now, {
          ...settings,
          isOver: (key) => {
            const rule = ruleOf.get(key)
            const wait = rule === undefined ? undefined : quiet[rule]
            const since = gone.get(key) ?? now.epochMilliseconds
            return wait === undefined || now.epochMilliseconds - since >= Duration.toMillis(wait)
          }
        })
        const told = tell(events(changes, now))
        yield* alerts.change(changes, now, told)
        if (told.length > 0) yield* outbox.wake
        yield* Effect.forEach(changes.raised, ({ cause }) => Effect.logWarning(`${cause.title}: ${cause.message}`))
        yield* Effect.forEach(changes.resolved, ({ alert }) => Effect.logInfo(`over: ${alert.title}`))
        yield* counted([
          ...open.filter((alert) => !changes.resolved.some((over) => over.alert.key === alert.key)),
          ...changes.raised.map(({ cause }) => cause)
        ])
        yield* Effect.sync(() => bell.openUnsafe())
      }).pipe(alone.withPermits(1), Effect.withSpan("AlertWatch.look"))

      return AlertWatch.of({ look, bell })
    })
  )
}

const counted = (lasting: ReadonlyArray<{ readonly rule: AlertRule }>) =>
  Effect.forEach(
    AlertRule.literals,
    (rule) => active.update({ rule }, lasting.filter((one) => one.rule === rule).length),
    { discard: true }
  )

interface EventOf {
  readonly [key: string]: string
}

const eventOf = (
  { fix, key, message, rule, severity, title }: Pick<Alert, "rule" | "key" | "severity" | "title" | "message" | "fix">
): EventOf => ({
  rule,
  key,
  severity,
  title,
  message,
  fix
})

import { Clock, Context, Effect, Layer, Option, Random } from "effect"
import { CurrentConfig } from "../Config.ts"
import type { WebhookEndpoint } from "../config/WebhookKeys.ts"
import type { DeliveryStatus } from "../domain/WebhookDelivery.ts"
import * as Series from "../Series.ts"
import { CrashPoint } from "../services/CrashPoint.ts"
import { GuardedHttp } from "../services/GuardedHttp.ts"
import { waitAfter, webhookPolicy } from "../services/Resending.ts"
import { Secrets } from "../services/Secrets.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { type DueDelivery, WebhookDeliveries } from "../store/WebhookDeliveries.ts"
import { WebhookEndpoints } from "../store/WebhookEndpoints.ts"
import { type Answer, attempt } from "./Delivery.ts"
import { Endpoints } from "./Endpoints.ts"
import type { SigningKey } from "./Signature.ts"
import { endpointKeys, type WebhookSecretError } from "./WebhookKeys.ts"

/** What a flush has done. */
export interface Flushed {
  /** Tries that were made. */
  readonly tried: number
  /** When the next delivery is due, epoch milliseconds; none when nothing waits. */
  readonly next: Option.Option<number>
}

const deliveries = Series.counter("glider_webhook_deliveries_total", {
  description: "Tries to tell an endpoint of an event: published, retry, failed for good, or gone for good (410)",
  labels: ["endpoint", "outcome"],
  limit: 64
})

/** Longer than any try takes, in milliseconds: nobody else sends to an endpoint meanwhile. */
const leaseMillis = 60_000

/** Endpoints that are told at the same time; each of them is told of one event after the other. */
const mostAtOnce = 8

/** Deliveries that are read at once. */
const batch = 20

/** An endpoint that takes its time is left after so much of it, in milliseconds, so that what the others are to be told does not wait. */
const turnMillis = 5000

/**
 * Tells the endpoints what was committed for them, at least once: a process that ends between a try and its note tries again, with
 * the same id. One process at a time sends to an endpoint, the longest due first.
 */
export class Webhooks extends Context.Service<Webhooks, {
  /** Makes the tries that are due, at most so many of each endpoint. */
  readonly flush: (limit: number) => Effect.Effect<Flushed, SurrealError>
  /** Gives up what waits for endpoints that are not in the config any more, or are gone; says how many there were. */
  readonly settle: Effect.Effect<number, SurrealError>
}>()("glider/webhooks/Webhooks") {
  static readonly layer = Layer.effect(
    Webhooks,
    Effect.gen(function*() {
      const { project } = yield* CurrentConfig
      const crashPoint = yield* CrashPoint
      const endpoints = yield* Endpoints
      const http = yield* GuardedHttp
      const outbox = yield* WebhookDeliveries
      const secrets = yield* Secrets
      const states = yield* WebhookEndpoints
      const process = yield* Effect.map(Random.nextIntBetween(0, 0x100000000), (random) => random.toString(16))

      const giveUp = Effect.fnUntraced(function*(endpoint: string, why: string) {
        let count = 0
        for (;;) {
          const given = yield* outbox.giveUp(endpoint, why, yield* Clock.currentTimeMillis)
          if (given === 0) return count
          count += given
        }
      })

      /** What follows from a try: published, tried again, or given up. */
      const verdict = Effect.fnUntraced(
        function*({ error, hold, outcome }: Answer, { attempts, event }: DueDelivery, at: number) {
          if (outcome === "published") return { status: "published" as DeliveryStatus, due: at, error: undefined }
          if (outcome === "gone") return { status: "failed" as DeliveryStatus, due: at, error }
          const untaken = { tries: attempts + 1, age: at - event.at.epochMilliseconds, asked: hold }
          const wait = yield* waitAfter(webhookPolicy, untaken)
          return Option.match(wait, {
            onNone: () => ({ status: "failed" as DeliveryStatus, due: at, error }),
            onSome: (wait) => ({ status: "pending" as DeliveryStatus, due: at + wait, error })
          })
        }
      )

      const told = (name: string, { id, type }: DueDelivery["event"], answer: Answer, status: DeliveryStatus) => {
        const outcome = answer.outcome === "gone" ? "gone" : status === "pending" ? "retry" : status
        const why = answer.error ?? ""
        const note = outcome === "gone"
          ? Effect.logWarning(`the webhook ${name} is told nothing any more, for it says that it is gone (410)`)
          : outcome === "failed"
          ? Effect.logWarning(`the webhook ${name} was not told of ${type}, and will not be: ${why}`)
          : outcome === "retry"
          ? Effect.logDebug(`the webhook ${name} was not told of ${type} yet: ${why}`)
          : Effect.void
        return Effect.andThen(
          deliveries.update({ endpoint: name, outcome }, 1),
          Effect.annotateLogs(note, { event: id })
        )
      }

      /** One try, and its note. Gives until when the endpoint is to be left alone, and whether it is gone. */
      const one = (endpoint: WebhookEndpoint, keys: ReadonlyArray<SigningKey>, delivery: DueDelivery) =>
        Effect.uninterruptibleMask((restore) => tried(endpoint, delivery, restore(sent(endpoint, keys, delivery))))

      const sent = (endpoint: WebhookEndpoint, keys: ReadonlyArray<SigningKey>, { event }: DueDelivery) =>
        Effect.andThen(crashPoint("webhook.before"), attempt(http, endpoint, keys, event, project.name))

      /** Once there is an answer it is noted, whoever wants to end meanwhile. */
      const tried = Effect.fnUntraced(function*(
        { name }: WebhookEndpoint,
        delivery: DueDelivery,
        answered: Effect.Effect<Answer>
      ) {
        const { attempts, event } = delivery
        const answer = yield* answered
        yield* crashPoint("webhook.sent")
        const at = yield* Clock.currentTimeMillis
        const { due, error, status } = yield* verdict(answer, delivery, at)
        const isGone = answer.outcome === "gone"
        yield* outbox.attempted(
          { endpoint: name, event: event.id, attempts, at, status, due, answer: answer.status, error },
          {
            by: process,
            leaseUntil: at + leaseMillis,
            heldUntil: answer.hold > 0 ? at + answer.hold : undefined,
            disabled: isGone ? "it answered 410 Gone" : undefined
          }
        )
        yield* crashPoint("webhook.noted")
        yield* told(name, event, answer, status)
        if (isGone) {
          endpoints.note(name, true)
          yield* giveUp(name, "the endpoint is gone (410)")
        }
        return isGone || answer.hold > 0
      })

      /** The tries of an endpoint, while this process has the right to make them. */
      const tries = Effect.fnUntraced(function*(
        endpoint: WebhookEndpoint,
        keys: ReadonlyArray<SigningKey>,
        limit: number
      ) {
        let tried = 0
        const until = (yield* Clock.currentTimeMillis) + turnMillis
        while (tried < limit) {
          const due = yield* outbox.due(endpoint.name, yield* Clock.currentTimeMillis, Math.min(batch, limit - tried))
          if (due.length === 0) return tried
          for (const delivery of due) {
            tried++
            if (yield* one(endpoint, keys, delivery)) return tried
            if ((yield* Clock.currentTimeMillis) >= until) return tried
          }
        }
        return tried
      })

      /** Nothing is sent while the secret cannot be had; it is looked for again at each flush. */
      const unsigned = (name: string, { fix, message }: WebhookSecretError) =>
        Effect.as(Effect.logError(`the webhook ${name} cannot be told anything: ${message}; ${fix}`), Option.none())

      const flushed = Effect.fnUntraced(function*(endpoint: WebhookEndpoint, limit: number) {
        const { name } = endpoint
        const none = { tried: 0, next: Option.none<number>() }
        const now = yield* Clock.currentTimeMillis
        const next = yield* outbox.nextDue(name)
        if (Option.isNone(next)) return none
        if (next.value > now) return { tried: 0, next }
        const state = yield* states.lease(name, { by: process, now, until: now + leaseMillis })
        if (Option.isNone(state)) return { tried: 0, next: Option.some(now + leaseMillis) }
        return yield* Effect.gen(function*() {
          endpoints.note(name, Option.isSome(state.value.disabled))
          if (endpoints.isGone(name)) {
            yield* giveUp(name, "the endpoint is gone (410)")
            return none
          }
          const held = Option.filter(state.value.heldUntil, (until) => until > now)
          if (Option.isSome(held)) return { tried: 0, next: held }
          const keys = yield* Effect.catch(
            Effect.asSome(endpointKeys(secrets, name)),
            (error) => unsigned(name, error)
          )
          if (Option.isNone(keys)) return { tried: 0, next: Option.some(now + leaseMillis) }
          const tried = yield* tries(endpoint, keys.value, limit)
          return { tried, next: yield* outbox.nextDue(name) }
        }).pipe(Effect.ensuring(Effect.ignore(states.release(name, process))))
      })

      const flush = Effect.fn("Webhooks.flush")(function*(limit: number) {
        const all = yield* Effect.forEach(endpoints.enabled(), (endpoint) => flushed(endpoint, limit), {
          concurrency: mostAtOnce
        })
        return {
          tried: all.reduce((sum, { tried }) => sum + tried, 0),
          next: all.reduce(
            (earliest, { next }) =>
              Option.isNone(earliest) || Option.exists(next, (at) => at < earliest.value)
                ? Option.orElse(next, () => earliest)
                : earliest,
            Option.none<number>()
          )
        }
      })

      const settle = Effect.gen(function*() {
        const known = new Set(endpoints.enabled().map(({ name }) => name).filter((name) => !endpoints.isGone(name)))
        const lost = (yield* outbox.waitingFor).filter((name) => !known.has(name))
        const counts = yield* Effect.forEach(lost, (name) => giveUp(name, "the endpoint is told nothing any more"))
        return counts.reduce((sum, count) => sum + count, 0)
      }).pipe(Effect.withSpan("Webhooks.settle"))

      return Webhooks.of({ flush, settle })
    })
  )
}

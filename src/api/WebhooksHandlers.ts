import { DateTime, Effect, Option } from "effect"
import { HttpServerRequest } from "effect/http"
import { HttpApiBuilder } from "effect/http-api"
import { DamagedStore } from "../services/DamagedStore.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { Inbox } from "../webhooks/Inbox.ts"
import { type EndpointView, type UnknownWebhook, WebhookDesk } from "../webhooks/WebhookDesk.ts"
import type { WebhookSecretError } from "../webhooks/WebhookKeys.ts"
import { Api } from "./Api.ts"
import { ConfigInForce } from "./ConfigInForce.ts"
import { InvalidConfig, InvalidRequest, NotFound, SignatureRefused, type StoreFailed, Unready } from "./Problems.ts"
import { storeFailed } from "./Translate.ts"
import { DeliveriesPage, MessageAccepted, Replayed, WebhookTested, WebhookView } from "./WebhookMessages.ts"

const unknown = ({ message }: UnknownWebhook): NotFound =>
  new NotFound({ detail: `${message}.`, fix: "glider webhooks list" })

const failed = (error: UnknownWebhook | SurrealError): NotFound | StoreFailed =>
  error._tag === "UnknownWebhook" ? unknown(error) : storeFailed(error)

const untested = (error: UnknownWebhook | WebhookSecretError): NotFound | InvalidConfig =>
  error._tag === "UnknownWebhook" ? unknown(error) : new InvalidConfig({ detail: `${error.message}.`, fix: error.fix })

const instant = (millis: number) => DateTime.makeUnsafe(millis)

const viewed = ({ endpoint, failed: givenUp, pending, state }: EndpointView): WebhookView =>
  new WebhookView({
    name: endpoint.name,
    url: endpoint.url,
    enabled: endpoint.enabled,
    events: endpoint.events,
    streams: endpoint.streams,
    format: endpoint.format,
    per: endpoint.per,
    disabled_at: Option.map(state.disabled, ({ at }) => instant(at)),
    disabled_why: Option.map(state.disabled, ({ why }) => why),
    held_until: Option.map(state.heldUntil, instant),
    pending,
    failed: givenUp
  })

/** How many are listed when nobody says. */
const defaultLimit = 50

export const webhooksHandlers = HttpApiBuilder.group(
  Api,
  "webhooks",
  Effect.fn(function*(handlers) {
    const desk = yield* WebhookDesk
    return handlers.handleAll({
      list: () => Effect.mapBoth(desk.list, { onFailure: storeFailed, onSuccess: (all) => all.map(viewed) }),
      get: ({ params }) => Effect.mapBoth(desk.get(params.name), { onFailure: failed, onSuccess: viewed }),
      deliveries: ({ params: { name }, query: { after, limit, status } }) =>
        desk.deliveries({
          endpoint: name,
          status: Option.fromUndefinedOr(status),
          after: Option.fromUndefinedOr(after),
          limit: limit ?? defaultLimit
        }).pipe(
          Effect.mapError(failed),
          Effect.map((page) => new DeliveriesPage(page))
        ),
      test: Effect.fnUntraced(function*({ params }) {
        const { error, outcome, status } = yield* Effect.mapError(desk.test(params.name), untested)
        return new WebhookTested({
          delivered: outcome === "published",
          status: Option.fromUndefinedOr(status),
          error: Option.fromUndefinedOr(error)
        })
      }),
      replay: Effect.fnUntraced(function*({ params, payload }) {
        if ((payload.events === undefined) === (payload.failed !== true)) {
          const message = "Say either events, or failed: true, one of the two."
          return yield* new InvalidRequest({ detail: message, details: [{ pointer: "/payload", message }] })
        }
        const done = yield* Effect.mapError(desk.replay(params.name, payload.events ?? "failed"), failed)
        return new Replayed({ events: done })
      }),
      enable: ({ params }) => Effect.mapBoth(desk.enable(params.name), { onFailure: failed, onSuccess: viewed })
    })
  })
)

/** The owner's mistake, of which a stranger is told no more than that it is one. */
const notReady = ({ message }: WebhookSecretError) =>
  Effect.andThen(
    Effect.logError(`a message could not be checked: ${message}`),
    Effect.fail(new Unready({ detail: "The secret of this inbox is not there." }))
  )

export const inboxHandlers = HttpApiBuilder.group(
  Api,
  "inbox",
  Effect.fn(function*(handlers) {
    const config = yield* ConfigInForce
    const damaged = yield* DamagedStore
    const inbox = yield* Inbox
    return handlers.handleAll({
      receive: Effect.fnUntraced(function*({ params }) {
        // no scope is asked for here, which is where changes of a damaged store are refused
        if (Option.isSome(damaged)) return yield* new Unready({ detail: "Nothing is taken now; send it again later." })
        const request = yield* HttpServerRequest.HttpServerRequest
        const body = new Uint8Array(yield* Effect.orDie(request.arrayBuffer))
        const { tasks } = yield* config.current
        return yield* inbox.receive(params.source, { headers: request.headers, body }, tasks).pipe(
          Effect.catchTags({
            UnknownSource: ({ message }) => Effect.fail(new NotFound({ detail: message })),
            MessageRefused: ({ message }) => Effect.fail(new SignatureRefused({ detail: message })),
            WebhookSecretError: notReady,
            SurrealError: (error) => Effect.fail(storeFailed(error))
          }),
          Effect.map(({ id, isDuplicate, run }) =>
            new MessageAccepted({ id, status: isDuplicate ? "duplicate" : "accepted", run })
          )
        )
      }),
      challenge: Effect.fnUntraced(function*({ params, query: { challenge, verification_token } }) {
        const answer = yield* inbox.challenge(params.source, verification_token, challenge).pipe(
          Effect.catchTags({
            UnknownSource: ({ message }) => Effect.fail(new NotFound({ detail: message })),
            WebhookSecretError: notReady
          })
        )
        if (Option.isSome(answer)) return { challenge: answer.value }
        return yield* new SignatureRefused({ detail: "The verification token is another." })
      })
    })
  })
)

/** `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header): a request that is sent again is not done again. */
import { Context, Effect, Layer, Option, Schedule } from "effect"
import { Digest } from "effect/crypto"
import { Base64Url } from "effect/encoding"
import { HttpServerRequest, HttpServerRespondable, HttpServerResponse } from "effect/http"
import type { SurrealError } from "../services/SurrealError.ts"
import { type Answer, IdempotencyKeys, type KeyOf } from "../store/IdempotencyKeys.ts"
import { type Caller, CurrentCaller } from "./Caller.ts"
import { Replayed } from "./Guards.ts"
import { InvalidRequest, KeyInFlight, KeyReused } from "./Problems.ts"
import { annotationsOf } from "./RouteTable.ts"
import { storeFailed } from "./Translate.ts"

/** The id for a run that this request starts and gives no id: the same whenever it is sent with the same key. */
export const DerivedRunId = Context.Reference<Option.Option<string>>("glider/api/Idempotency/DerivedRunId", {
  defaultValue: Option.none
})

/** The key, as a structured string or as it is; none when it is neither. */
export const parseKey = (header: string): Option.Option<string> => {
  const text = header.trim()
  const quoted = /^"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"$/.exec(text)?.[1]?.replaceAll(/\\(["\\])/g, "$1")
  const key = quoted ?? (/^[\x21\x23-\x7e]+$/.test(text) ? text : "")
  return key.length >= 1 && key.length <= 255 ? Option.some(key) : Option.none()
}

/** Refusals of who asks and how, which another try may well not meet. */
const passing: ReadonlySet<number> = new Set([401, 403, 405, 408, 429])

const utf8 = new TextDecoder()

/** What is to be answered again; none for streams, for bugs, and for refusals that have nothing to do with the request. */
const answerOf = ({ body, headers, status }: HttpServerResponse.HttpServerResponse): Option.Option<Answer> => {
  if (status >= 500 || passing.has(status)) return Option.none()
  const type = headers["content-type"] ?? ""
  if (body._tag === "Empty") return Option.some({ status, type, body: "" })
  return body._tag === "Uint8Array" ? Option.some({ status, type, body: utf8.decode(body.body) }) : Option.none()
}

const replay = ({ body, status, type }: Answer): HttpServerResponse.HttpServerResponse =>
  HttpServerResponse.setHeader(
    body === ""
      ? HttpServerResponse.empty({ status })
      : HttpServerResponse.text(body, { status, contentType: type }),
    "idempotency-replayed",
    "true"
  )

const reused = () =>
  HttpServerRespondable.toResponse(
    new KeyReused({
      detail: "This Idempotency-Key came with another request before.",
      fix: "use a new key for a new request, such as a random UUID"
    })
  )

const badKey = () => {
  const message = "expected 1 to 255 visible ASCII characters, in quotes or without"
  return HttpServerRespondable.toResponse(
    new InvalidRequest({
      detail: `Idempotency-Key: ${message}`,
      details: [{ pointer: "/headers/idempotency-key", message }]
    })
  )
}

/** Answers POSTs that bear a key, once and then again. */
export const idempotency = Effect.gen(function*() {
  const digest = yield* Digest.Digest
  const keys = yield* IdempotencyKeys
  /** Requests of this process that have no answer yet. Nobody else has an embedded store. */
  const inFlight = new Map<string, string>()

  const hash = (parts: ReadonlyArray<string>) =>
    Effect.map(digest.digest(Digest.sha256, new TextEncoder().encode(JSON.stringify(parts))), Base64Url.encode)

  /** Keeps what was answered, or nothing of it; the answer itself does not wait for a store that fails. */
  const settle = (of: KeyOf, response: HttpServerResponse.HttpServerResponse) =>
    Option.match(answerOf(response), {
      onNone: () => keys.forget(of),
      onSome: (answer) => keys.remember(of, answer)
    }).pipe(
      Effect.catch(({ message }) =>
        Effect.logWarning(`an answer could not be kept for its Idempotency-Key: ${message}`)
      )
    )

  const once = Effect.fnUntraced(
    function*<E, R>(
      app: Effect.Effect<HttpServerResponse.HttpServerResponse, E, R>,
      of: KeyOf,
      request: HttpServerRequest.HttpServerRequest
    ) {
      const body = yield* Effect.orDie(request.text)
      const fingerprint = yield* hash([request.method, request.url, body])
      const flight = `${of.client} ${of.key}` // an id has no space
      const other = inFlight.get(flight)
      if (other !== undefined) {
        return yield* other === fingerprint
          ? HttpServerRespondable.toResponse(
            new KeyInFlight({
              detail: "The first request with this Idempotency-Key has no answer yet.",
              fix: "ask later"
            })
          )
          : reused()
      }
      inFlight.set(flight, fingerprint)
      return yield* Effect.gen(function*() {
        const known = yield* Effect.result(keys.begin(of, fingerprint))
        if (known._tag === "Failure") return yield* unavailable(known.failure)
        if (Option.isSome(known.success)) {
          if (known.success.value.fingerprint !== fingerprint) return yield* reused()
          if (Option.isSome(known.success.value.answer)) return replay(known.success.value.answer.value)
        }
        const id = `key-${yield* hash([of.client, request.url, of.key])}`
        const response = yield* Effect.provideService(app, DerivedRunId, Option.some(id))
        yield* settle(of, response)
        return response
      }).pipe(Effect.ensuring(Effect.sync(() => inFlight.delete(flight))))
    }
  )

  return <E, R>(app: Effect.Effect<HttpServerResponse.HttpServerResponse, E, R>) =>
    Effect.gen(function*() {
      const request = yield* HttpServerRequest.HttpServerRequest
      const header = request.headers["idempotency-key"]
      if (header === undefined || request.method !== "POST") return yield* app
      const key = parseKey(header)
      if (Option.isNone(key)) return yield* badKey()
      const caller = yield* CurrentCaller
      const replayed = Option.exists(annotationsOf(request), (annotations) => Context.get(annotations, Replayed))
      if (!replayed || caller._tag === "Nobody") return yield* app
      return yield* once(app, { client: clientOf(caller), key: key.value }, request)
    })
})

/** Whose a key is. An id of a token has only hexadecimal digits. */
const clientOf = (caller: Exclude<Caller, { readonly _tag: "Nobody" }>): string => {
  if (caller._tag === "Local") return "local"
  return caller._tag === "Session" ? `session-${caller.session.id}` : caller.token.id
}

const unavailable = (error: SurrealError) => HttpServerRespondable.toResponse(storeFailed(error))

/** Removes old keys every hour. */
export const pruning = Layer.effectDiscard(Effect.gen(function*() {
  const { prune } = yield* IdempotencyKeys
  yield* prune.pipe(
    Effect.catch(({ message }) => Effect.logWarning(`old idempotency keys could not be removed: ${message}`)),
    Effect.repeat(Schedule.spaced("1 hour")),
    Effect.delay("1 hour"),
    Effect.forkScoped
  )
}))

/** Every answer that is no success is a problem document, whoever gave it: the contract, the router, or a bug. */
import { Effect } from "effect"
import { HttpServerError, HttpServerRequest, HttpServerRespondable, HttpServerResponse } from "effect/http"
import {
  Internal,
  InvalidRequest,
  MethodNotAllowed,
  NotFound,
  PayloadTooLarge,
  UnsupportedMediaType
} from "./Problems.ts"
import { allowedAt } from "./RouteTable.ts"

const pathOf = (url: string): string => url.replace(/[?#].*$/s, "")

/** No endpoint took the request. */
const unrouted = ({ method, url }: HttpServerRequest.HttpServerRequest) => {
  const allowed = allowedAt(url)
  return allowed.length === 0
    ? HttpServerRespondable.toResponse(
      new NotFound({ detail: `${method} ${pathOf(url).slice(0, 200)} is no address of this server.` })
    )
    : HttpServerRespondable.toResponse(
      new MethodNotAllowed({ detail: `This address takes ${allowed.join(", ")}, not ${method}.` })
    ).pipe(Effect.map(HttpServerResponse.setHeader("allow", allowed.join(", "))))
}

/** A body that is not what its header fields say. */
const unread = ({ reason }: HttpServerError.RequestParseError) =>
  HttpServerRespondable.toResponse(
    reason === "BodyTooLarge"
      ? new PayloadTooLarge({ detail: "The body is larger than this server takes.", fix: "[server] max_body_bytes" })
      : new InvalidRequest({ detail: "The body could not be read to its end." })
  )

const bug = (defect: unknown) =>
  Effect.andThen(
    Effect.logError("a request met a bug", defect),
    HttpServerRespondable.toResponse(new Internal({ detail: "The request met a bug; see the log." }))
  )

/** A refusal that needs no other words: a problem, a page for a person, or what another protocol says in its own words. */
const isTold = ({ headers }: HttpServerResponse.HttpServerResponse): boolean =>
  /^(application\/(problem\+)?json|text\/html)\b/.test(headers["content-type"] ?? "")

/** A refusal of the library as one of ours. */
const translated = (response: HttpServerResponse.HttpServerResponse) => {
  const { status } = response
  if (status < 400 || isTold(response)) return Effect.succeed(response)
  if (status === 415) {
    return HttpServerRespondable.toResponse(
      new UnsupportedMediaType({
        detail: "The body has a Content-Type that is not read here.",
        fix: "application/json"
      })
    )
  }
  return status < 500
    ? HttpServerRespondable.toResponse(new InvalidRequest({ detail: `The request is not understood (${status}).` }))
    : bug(`an answer with status ${status} and no problem`)
}

/** Header fields of every answer: nothing here is for a cache, of another type than it says, or for pages from elsewhere. */
const plain = (response: HttpServerResponse.HttpServerResponse): HttpServerResponse.HttpServerResponse =>
  HttpServerResponse.setHeaders(response, {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-resource-policy": "same-origin",
    ...response.headers["cache-control"] === undefined ? { "cache-control": "no-store" } : {}
  })

/** Turns whatever comes out of the router into an answer of ours. */
export const answers = <E, R>(
  app: Effect.Effect<HttpServerResponse.HttpServerResponse, E, R>
): Effect.Effect<HttpServerResponse.HttpServerResponse, E, R | HttpServerRequest.HttpServerRequest> =>
  Effect.flatMap(HttpServerRequest.HttpServerRequest, (request) =>
    app.pipe(
      Effect.flatMap(translated),
      Effect.catch((error) =>
        HttpServerError.isHttpServerError(error) && error.reason._tag === "RouteNotFound"
          ? unrouted(request)
          : bug(error)
      ),
      Effect.catchDefect((defect) =>
        HttpServerError.isHttpServerError(defect) && defect.reason._tag === "RequestParseError"
          ? unread(defect.reason)
          : bug(defect)
      ),
      Effect.map(plain)
    ))

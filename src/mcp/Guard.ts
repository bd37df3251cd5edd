/** Who may come to the server's addresses, and how those are refused who may not. */
import { Effect } from "effect"
import { HttpRouter, HttpServerRequest, HttpServerRespondable, HttpServerResponse } from "effect/http"
import { type Caller, CurrentCaller, scopesOf } from "../api/Caller.ts"
import { isOfToken, refusalOf } from "../api/GuardLayers.ts"
import {
  InsufficientScope,
  MethodNotAllowed,
  NotAcceptable,
  OriginNotAllowed,
  UnsupportedMediaType
} from "../api/Problems.ts"
import { grants } from "../api/Scopes.ts"
import type { ApiScope } from "../domain/IssuedToken.ts"

/** Where the server is. */
export const path = "/mcp"

/** Where is told how one gets in (RFC 9728, 3.1). */
export const metadataPath = `/.well-known/oauth-protected-resource${path}` as const

const originOf = ({ headers }: HttpServerRequest.HttpServerRequest): string =>
  `http://${headers["host"] ?? "127.0.0.1"}`

/** The address of this server, by the name under which it was asked. */
export const resourceOf = (request: HttpServerRequest.HttpServerRequest): string => `${originOf(request)}${path}`

type Nobody = Extract<Caller, { readonly _tag: "Nobody" }>

/** Browsers that have signed in to the page are no programs with a token: nothing here is for them. */
const nobodyOf = (caller: Caller): Nobody | undefined =>
  caller._tag === "Session"
    ? { _tag: "Nobody", why: "no token" }
    : caller._tag === "Nobody"
    ? caller
    : undefined

/** Refusals of the protocol without words, as problems. */
const inWords = Effect.fnUntraced(function*(response: HttpServerResponse.HttpServerResponse) {
  if (response.status < 400 || response.body._tag !== "Empty") return response
  switch (response.status) {
    case 403:
      return yield* HttpServerRespondable.toResponse(
        new OriginNotAllowed({
          detail: "A web page from elsewhere asked.",
          fix: "name its origin in [server] cors_origins, when it is to be trusted"
        })
      )
    case 405:
      return HttpServerResponse.setHeaders(
        yield* HttpServerRespondable.toResponse(
          new MethodNotAllowed({ detail: "This address takes POST, and DELETE to end a session." })
        ),
        { allow: response.headers["allow"] ?? "POST" }
      )
    case 406:
      return yield* HttpServerRespondable.toResponse(
        new NotAcceptable({
          detail: "An answer is JSON, or a stream of events.",
          fix: "Accept: application/json, text/event-stream"
        })
      )
    case 415:
      return yield* HttpServerRespondable.toResponse(
        new UnsupportedMediaType({ detail: "A message is JSON.", fix: "Content-Type: application/json" })
      )
    default:
      return response
  }
})

/** With a token alone, whatever its scopes: they decide what it sees. */
export const tokenOnly = HttpRouter.middleware((app) =>
  Effect.gen(function*() {
    const request = yield* HttpServerRequest.HttpServerRequest
    const caller = yield* CurrentCaller
    const nobody = nobodyOf(caller)
    if (nobody === undefined) return yield* Effect.flatMap(app, inWords)
    const error = isOfToken(nobody) ? ", error=\"invalid_token\"" : ""
    return HttpServerResponse.setHeader(
      yield* HttpServerRespondable.toResponse(refusalOf(nobody)),
      "www-authenticate",
      `Bearer resource_metadata="${originOf(request)}${metadataPath}"${error}`
    )
  })
)

/** With a token that has the scope. */
export const withScope = <E, R>(needed: ApiScope, app: Effect.Effect<HttpServerResponse.HttpServerResponse, E, R>) =>
  Effect.gen(function*() {
    const scopes = scopesOf(yield* CurrentCaller)
    if (grants(scopes, needed)) return yield* app
    return yield* HttpServerRespondable.toResponse(
      new InsufficientScope({
        detail: `This needs the scope ${needed}, and the token has ${scopes.join(", ")}.`,
        scope: needed,
        fix: `glider token create --name … --scope ${needed}`
      })
    )
  })

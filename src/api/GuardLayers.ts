import { Context, Effect, Layer, SchemaIssue } from "effect"
import {
  HttpEffect,
  HttpRouter,
  HttpServerError,
  HttpServerRequest,
  HttpServerRespondable,
  HttpServerResponse
} from "effect/http"
import { HttpApiMiddleware } from "effect/http-api"
import { type Caller, Callers, CurrentCaller, scopesOf } from "./Caller.ts"
import { Authorization, Readable } from "./Guards.ts"
import { InsufficientScope, Internal, InvalidRequest, Misdirected, NotFound, Unauthorized } from "./Problems.ts"
import { grants, RequiredScope } from "./Scopes.ts"
import { storeFailed } from "./Translate.ts"

/** Asks for a token with the scope of the endpoint. Who the caller is has been found out before. */
export const authorization = Layer.succeed(
  Authorization,
  Authorization.of({
    bearer: Effect.fnUntraced(function*(httpEffect, { endpoint, group }) {
      const caller = yield* CurrentCaller
      if (caller._tag === "Nobody") {
        yield* challenge(caller.why === "no token" ? "Bearer" : "Bearer error=\"invalid_token\"")
        return yield* new Unauthorized({ detail: refusals[caller.why], fix: "glider token create --name … --scope …" })
      }
      // one without a scope keeps the API from being built: see Routes.ts
      const needed = Context.get(Context.merge(group.annotations, endpoint.annotations), RequiredScope)
      if (!grants(scopesOf(caller), needed)) {
        yield* challenge(`Bearer error="insufficient_scope", scope="${needed}"`)
        return yield* new InsufficientScope({
          detail: `This needs the scope ${needed}, and the token has ${scopesOf(caller).join(", ")}.`,
          scope: needed,
          fix: `glider token create --name … --scope ${needed}`
        })
      }
      return yield* httpEffect
    })
  })
)

const refusals: { readonly [W in Extract<Caller, { readonly _tag: "Nobody" }>["why"]]: string } = {
  "no token": "This address asks for a token, as Authorization: Bearer <token>.",
  "unknown token": "The token is not known here: it is mistyped, was revoked, or belongs to another installation.",
  "expired token": "The token has expired."
}

/** Tells which token is missing (RFC 6750, 3). */
const challenge = (value: string) =>
  HttpEffect.appendPreResponseHandler((_, response) =>
    Effect.succeed(HttpServerResponse.setHeader(response, "www-authenticate", value))
  )

const issues = SchemaIssue.makeFormatterStandardSchemaV1()

const escaped = (part: string): string => part.replaceAll("~", "~0").replaceAll("/", "~1")

/** What does not decode, part by part; an answer of ours that does not encode is a bug. */
export const readable = HttpApiMiddleware.layerSchemaErrorTransform(Readable, (error) => {
  if (error.kind === "Body" || error.kind === "ResponseHeaders") {
    return Effect.andThen(
      Effect.logError("an answer does not fit the contract", error.cause),
      HttpServerRespondable.toResponse(new Internal({ detail: "The answer does not fit the contract; see the log." }))
    )
  }
  const details = issues(error.cause.issue).issues.map(({ message, path = [] }) => ({
    pointer: [
      "",
      error.kind.toLowerCase(),
      ...path.map((segment) => escaped(String(typeof segment === "object" ? segment.key : segment)))
    ].join("/"),
    message
  }))
  return Effect.fail(
    new InvalidRequest({ detail: details.map(({ message, pointer }) => `${pointer}: ${message}`).join("; "), details })
  )
})

/** Addresses that are no part of the contract. */
export const notFound = HttpRouter.add("*", "/*", (request) =>
  HttpServerRespondable.toResponse(
    new NotFound({ detail: `${request.method} ${request.url.replace(/\?.*$/, "")} is no address of this server.` })
  ))

/** Defects are told in the log and answered with a problem. */
export const noDefects = HttpRouter.middleware(
  (app) =>
    Effect.catchDefect(app, (defect) =>
      HttpServerError.isHttpServerError(defect)
        ? Effect.die(defect)
        : Effect.andThen(
          Effect.logError("a request met a bug", defect),
          HttpServerRespondable.toResponse(new Internal({ detail: "The request met a bug; see the log." }))
        )),
  { global: true }
)

/** Finds out who asks. */
export const callers = HttpRouter.middleware(
  Effect.map(Callers, ({ of }) => (app) =>
    HttpServerRequest.HttpServerRequest.pipe(
      Effect.flatMap((request) => of(request, Effect.void)),
      Effect.matchEffect({
        onFailure: (error) => HttpServerRespondable.toResponse(storeFailed(error)),
        onSuccess: (caller) => Effect.provideService(app, CurrentCaller, caller)
      })
    )),
  { global: true }
).pipe(Layer.provide(Callers.layer))

/** Requests under any other name than loopback's are refused: a page whose name was rebound to this machine has its own. */
export const onlyLoopbackHost = (port: number) => {
  const hosts = new Set(["127.0.0.1", "localhost", "[::1]"].map((name) => `${name}:${port}`))
  return HttpRouter.middleware(
    (app) =>
      Effect.flatMap(HttpServerRequest.HttpServerRequest, (request) => {
        const host = request.headers["host"]?.toLowerCase() ?? ""
        // a request line may name a host of its own (RFC 9112, 3.2.2)
        return hosts.has(host) && request.originalUrl.toLowerCase().startsWith(`http://${host}/`)
          ? app
          : HttpServerRespondable.toResponse(
            new Misdirected({ detail: `This server answers to 127.0.0.1:${port} and localhost:${port} only.` })
          )
      }),
    { global: true }
  )
}

import { Context, Effect, Layer, Redacted, SchemaIssue } from "effect"
import { Digest, Mac, SecureRandom } from "effect/crypto"
import { Base64Url } from "effect/encoding"
import { HttpRouter, HttpServerError, HttpServerRequest, HttpServerRespondable } from "effect/http"
import { HttpApiMiddleware } from "effect/http-api"
import { Authorization, Readable } from "./Guards.ts"
import { Internal, InvalidRequest, Misdirected, NotFound, Unauthorized } from "./Problems.ts"

/** The token that the API asks for, made anew at each start. */
export class ApiToken
  extends Context.Service<ApiToken, Redacted.Redacted<string>>()("glider/api/GuardLayers/ApiToken")
{
  static readonly layer = Layer.effect(
    ApiToken,
    Effect.gen(function*() {
      const random = yield* SecureRandom.SecureRandom
      return Redacted.make(Base64Url.encode(yield* random.randomBytes(32)), { label: "api token" })
    })
  ).pipe(Layer.provide(SecureRandom.layerWebCrypto))
}

const utf8 = new TextEncoder()

/** Compares by digest, so that neither content nor length can be learnt from the time it takes. */
export const authorization = Layer.effect(
  Authorization,
  Effect.gen(function*() {
    const digest = yield* Digest.Digest
    // the length of SHA-256 needs no check, so a failure here is a bug
    const hash = (text: Redacted.Redacted<string>) =>
      Effect.orDie(digest.digest(Digest.sha256, utf8.encode(Redacted.value(text))))
    const expected = yield* hash(yield* ApiToken)
    return Authorization.of({
      bearer: Effect.fnUntraced(function*(httpEffect, { credential }) {
        if (!Mac.timingSafeEqual(yield* hash(credential), expected)) {
          return yield* new Unauthorized({
            detail:
              "This address asks for the token in daemon.json of the data folder, as Authorization: Bearer <token>."
          })
        }
        return yield* httpEffect
      })
    })
  })
).pipe(Layer.provide(Digest.layerWebCrypto))

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

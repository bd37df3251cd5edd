/** Which web pages may use the server: those that it serves itself, and those of `[server] cors_origins`. */
import { Effect } from "effect"
import { HttpMiddleware, HttpServerRequest, HttpServerRespondable, type HttpServerResponse } from "effect/http"
import { isOwnOrigin, safeMethods } from "./Fetched.ts"
import { OriginNotAllowed } from "./Problems.ts"

/** Whether the browser says that a page from elsewhere asks. Other programs say nothing of the kind. */
const isForeign = (request: HttpServerRequest.HttpServerRequest, allowed: ReadonlySet<string>): boolean => {
  const { origin } = request.headers
  if (origin !== undefined) return !allowed.has(origin) && !isOwnOrigin(origin, request)
  const site = request.headers["sec-fetch-site"]
  return site !== undefined && site !== "same-origin" && site !== "none"
}

/**
 * Refuses changes that pages from elsewhere ask for, and tells browsers which pages may read the answers. Without an
 * allowed page no answer says anything of the kind: `HttpMiddleware.cors` takes an empty list for "all".
 */
export const origins = (allowed: ReadonlyArray<string>) => {
  const known = new Set(allowed)
  const cors = HttpMiddleware.cors({
    allowedOrigins: (origin) => known.has(origin),
    allowedMethods: ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
    allowedHeaders: ["authorization", "content-type", "idempotency-key", "if-match"],
    exposedHeaders: [
      "etag",
      "idempotency-replayed",
      "location",
      "retry-after",
      "www-authenticate",
      "x-ratelimit-limit",
      "x-ratelimit-remaining",
      "x-ratelimit-reset"
    ],
    maxAge: 600
  })
  return <E, R>(app: Effect.Effect<HttpServerResponse.HttpServerResponse, E, R>) => {
    const guarded = Effect.flatMap(
      HttpServerRequest.HttpServerRequest,
      (request) =>
        safeMethods.has(request.method) || !isForeign(request, known)
          ? app
          : HttpServerRespondable.toResponse(
            new OriginNotAllowed({
              detail: "A web page from elsewhere asked for a change.",
              fix: "name its origin in [server] cors_origins, when it is to be trusted"
            })
          )
    )
    return known.size === 0 ? guarded : cors(guarded)
  }
}

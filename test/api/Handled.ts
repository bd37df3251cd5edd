/** The API without a socket: requests and answers of the Fetch API, under whatever clock the test has. */
import { Effect, Layer, Redacted, Schema, type Scope } from "effect"
import { HttpEffect, HttpRouter, type HttpServerRequest, type HttpServerResponse } from "effect/http"
import { ApiToken } from "../../src/api/Caller.ts"
import { routes } from "../../src/api/Routes.ts"
import { beside, routing } from "../../src/api/RouteTable.ts"
import { dashboard } from "../../src/dashboard/Dashboard.ts"

/** An answer that was read to its end. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: string
}

/** Asks whatever has been routed. */
const asking = Effect.fnUntraced(function*<E>(
  app: Effect.Effect<HttpServerResponse.HttpServerResponse, E, Scope.Scope | HttpServerRequest.HttpServerRequest>
) {
  const services = yield* Effect.context<never>()
  const handle = HttpEffect.toWebHandlerWith<never, Scope.Scope | HttpServerRequest.HttpServerRequest>(services)(app)
  return Effect.fnUntraced(function*(path: string, init: RequestInit = {}): Effect.fn.Return<Answer> {
    const { headers, response, status } = yield* Effect.promise(() =>
      handle(new Request(`http://glider.invalid${path}`, init)).then((response) => ({
        response,
        status: response.status,
        headers: response.headers
      }))
    )
    // a stream of events has no end
    if (headers.get("content-type")?.startsWith("text/event-stream") === true) {
      yield* Effect.promise(() => response.body?.cancel() ?? Promise.resolve())
      return { status, headers, body: "" }
    }
    return { status, headers, body: yield* Effect.promise(() => response.text()) }
  })
})

/** Asks the API over the services of the surroundings. */
export const handler = Effect.flatMap(
  Effect.provideService(HttpRouter.toHttpEffect(routes), HttpRouter.RouterConfig, routing),
  asking
)

/** Asks the API with pages beside it. */
export const handlerOf = (pages: typeof dashboard) =>
  Effect.flatMap(
    Effect.provideService(
      HttpRouter.toHttpEffect(Layer.merge(routes, beside(pages))),
      HttpRouter.RouterConfig,
      routing
    ),
    asking
  )

/** Asks the API and the page beside it. */
export const handlerWithPages = handlerOf(dashboard)

/** The header of the local token. */
export const local = Effect.map(ApiToken, (token) => ({ authorization: `Bearer ${Redacted.value(token)}` }))

/** A problem document, as every refusal is one. */
export const Problem = Schema.Struct({
  type: Schema.String,
  title: Schema.String,
  status: Schema.Int,
  detail: Schema.NonEmptyString,
  code: Schema.NonEmptyString,
  fix: Schema.optionalKey(Schema.String),
  details: Schema.optionalKey(Schema.Array(Schema.Struct({ pointer: Schema.String, message: Schema.String })))
})

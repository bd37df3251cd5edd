/** How the page asks the API: as any other client does, as the person whose request it answers, but not over the network. */
import { Context, Effect, Layer, Option } from "effect"
import { HttpClient, HttpClientRequest, type HttpServerRequest } from "effect/http"
import { HttpApiClient, HttpApiMiddleware } from "effect/http-api"
import { Api } from "../api/Api.ts"
import { CurrentCaller } from "../api/Caller.ts"
import { csrfToken } from "../api/Csrf.ts"
import { Authorization } from "../api/Guards.ts"
import { withinProcess } from "../api/WithinProcess.ts"

/** The request that is being answered with a page. */
const Answered = Context.Reference<Option.Option<HttpServerRequest.HttpServerRequest>>(
  "glider/dashboard/ApiCalls/Answered",
  { defaultValue: Option.none }
)

const passedOn = ["authorization", "cookie", "x-forwarded-proto"] as const

/** The header fields by which a request is known to be the person's, and to come from a page of this server. */
const asThePerson = Effect.fnUntraced(function*(request: HttpClientRequest.HttpClientRequest) {
  const answered = yield* Answered
  if (Option.isNone(answered)) return request
  const { headers } = answered.value
  const caller = yield* CurrentCaller
  const host = headers["host"] ?? "127.0.0.1"
  return HttpClientRequest.setHeaders(HttpClientRequest.prependUrl(request, `http://${host}`), {
    host,
    origin: `http://${host}`,
    ...caller._tag === "Session" ? { "x-csrf-token": csrfToken(caller.secret) } : {},
    ...Object.fromEntries(passedOn.flatMap((name) => {
      const value = headers[name]
      return value === undefined ? [] : [[name, value]]
    }))
  })
})

/** The typed client of the API. */
export class ApiCalls
  extends Context.Service<ApiCalls, HttpApiClient.ForApi<typeof Api>>()("glider/dashboard/ApiCalls")
{
  static readonly layer = Layer.effect(
    ApiCalls,
    Effect.gen(function*() {
      const nothingMore = HttpApiMiddleware.layerClient(Authorization, ({ next, request }) => next(request))
      const services = yield* Layer.build(Layer.merge(withinProcess, nothingMore))
      return yield* HttpApiClient.make(Api, { transformClient: HttpClient.mapRequestEffect(asThePerson) }).pipe(
        Effect.provideContext(services)
      )
    })
  )
}

/** What the page asks of the API. */
export type Calls = ApiCalls["Service"]

type FailureOf<F> = F extends (...parts: infer _) => Effect.Effect<infer _A, infer E, infer _R> ? E
  : { readonly [K in keyof F]: FailureOf<F[K]> }[keyof F]

/** How the API may fail. */
export type CallFailure = FailureOf<Calls>

/** Lets the API be asked as the person who sent this request. */
export const asking = <A, E, R>(
  request: HttpServerRequest.HttpServerRequest,
  page: Effect.Effect<A, E, R>
): Effect.Effect<A, E, R> => Effect.provideService(page, Answered, Option.some(request))

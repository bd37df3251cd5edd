/** How tools ask Glider: through its API alone, as the one who calls the tool. */
import { Context, Duration, Effect, Layer, Option, type Scope } from "effect"
import { HttpClient, HttpClientRequest, HttpServerRequest } from "effect/http"
import { HttpApiClient, HttpApiMiddleware } from "effect/http-api"
import { Api } from "../api/Api.ts"
import { Authorization } from "../api/Guards.ts"
import { withinProcess } from "../api/WithinProcess.ts"
import { failureOf, ToolFailure } from "./ToolFailure.ts"

/** The typed client of the API. */
export type Client = HttpApiClient.ForApi<typeof Api>

/** How long a tool may take: less than the programs wait that call tools. */
export const ToolPatience = Context.Reference<Duration.Duration>("glider/mcp/GliderCalls/ToolPatience", {
  defaultValue: () => Duration.seconds(45)
})

/** The way to the API. */
export class GliderCalls extends Context.Service<GliderCalls, {
  /** Asks the API; whatever it refuses is a failure of the tool, with a code. */
  readonly ask: <A, E>(call: (client: Client) => Effect.Effect<A, E>) => Effect.Effect<A, ToolFailure>
}>()("glider/mcp/GliderCalls") {
  /** The daemon's own: the API in the same process, asked with the token of the request at hand. */
  static readonly layerWithin = Layer.effect(
    GliderCalls,
    Effect.gen(function*() {
      const nothingMore = HttpApiMiddleware.layerClient(Authorization, ({ next, request }) => next(request))
      const services = yield* Layer.build(Layer.merge(withinProcess, nothingMore))
      const client = yield* HttpApiClient.make(Api, { transformClient: HttpClient.mapRequestEffect(asTheCaller) }).pipe(
        Effect.provideContext(services)
      )
      return GliderCalls.of({ ask: (call) => asked(call(client)) })
    })
  )

  /** A process of its own: whichever Glider is at work when a tool is called, or why there is none. */
  static readonly layerRemote = (connect: Effect.Effect<Client, ToolFailure, Scope.Scope>) =>
    Layer.succeed(
      GliderCalls,
      GliderCalls.of({ ask: (call) => Effect.scoped(Effect.flatMap(connect, (client) => asked(call(client)))) })
    )
}

const asked = <A, E>(call: Effect.Effect<A, E>): Effect.Effect<A, ToolFailure> =>
  Effect.flatMap(ToolPatience, (patience) =>
    call.pipe(
      Effect.catch((error) => Effect.flatMap(failureOf(error), Effect.fail)),
      Effect.timeoutOrElse({
        duration: patience,
        orElse: () =>
          Effect.fail(
            new ToolFailure({
              code: "timed_out",
              message: `There was no answer within ${Duration.format(patience)}. It may be done all the same.`,
              fix: "look whether it is done before you ask again",
              retryable: true
            })
          )
      })
    ))

/** The request within the process is from whoever asked the tool, and to the name under which they came. */
const asTheCaller = Effect.fnUntraced(function*(request: HttpClientRequest.HttpClientRequest) {
  const answered = yield* Effect.serviceOption(HttpServerRequest.HttpServerRequest)
  if (Option.isNone(answered)) return request
  const { authorization, host = "127.0.0.1" } = answered.value.headers
  return HttpClientRequest.setHeaders(HttpClientRequest.prependUrl(request, `http://${host}`), {
    host,
    ...authorization === undefined ? {} : { authorization }
  })
})

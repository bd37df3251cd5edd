/** Asks the routes of this process as over the network, but without one. */
import { Effect, Layer, type Scope } from "effect"
import { FetchHttpClient, type HttpClient, HttpEffect, HttpRouter, type HttpServerRequest } from "effect/http"

export const withinProcess: Layer.Layer<HttpClient.HttpClient, never, HttpRouter.HttpRouter> = Layer.unwrap(
  Effect.gen(function*() {
    const router = yield* HttpRouter.HttpRouter
    const around = yield* Effect.context<never>()
    const make = () =>
      HttpEffect.toWebHandlerWith<never, Scope.Scope | HttpServerRequest.HttpServerRequest>(around)(
        router.asHttpEffect()
      )
    let handle: ReturnType<typeof make> | undefined // made at the first call, when all routes are there
    return Layer.fresh(FetchHttpClient.layer).pipe( // apart from that of the network
      Layer.provide(Layer.succeed(FetchHttpClient.Fetch, (input, init) => {
        handle ??= make()
        return handle(new Request(input, init))
      }))
    )
  })
)

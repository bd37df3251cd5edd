import { NodeHttpServer } from "@effect/platform-node"
import { Context, Effect, Layer, Option, type Scope } from "effect"
import { HttpEffect, HttpRouter, type HttpServerRequest } from "effect/http"
import { ApiToken } from "../api/Caller.ts"
import { routes } from "../api/Routes.ts"
import { routing } from "../api/RouteTable.ts"
import { make } from "./Client.ts"
import { forCommand, places, type Where } from "./Layers.ts"

/** Serves the API within this process, over the opened store, and gives its client. */
export const inProcess = Effect.fnUntraced(function*(where: Where, timeout: Option.Option<number> = Option.none()) {
  const services = yield* Layer.build(
    forCommand.pipe(Layer.provideMerge(places(where)), Layer.provideMerge(NodeHttpServer.layerHttpServices))
  )
  const app = yield* HttpRouter.toHttpEffect(routes).pipe(
    Effect.provideContext(services),
    Effect.provideService(HttpRouter.RouterConfig, routing)
  )
  const around = yield* Effect.context<never>()
  const handle = HttpEffect.toWebHandlerWith<never, Scope.Scope | HttpServerRequest.HttpServerRequest>(around)(
    Effect.provideContext(app, services)
  )
  return yield* make(
    "http://glider.invalid",
    Context.get(services, ApiToken),
    { fetch: (input, init) => handle(new Request(input, init)), timeout }
  )
})

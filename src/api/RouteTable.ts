/** Which methods an address takes, and what the contract says of them, before a request is routed. */
import { Context, Effect, Layer, Option } from "effect"
import { FindMyWay, HttpRouter, type HttpServerRequest } from "effect/http"
import { HttpApi } from "effect/http-api"
import { Api } from "./Api.ts"
import { Replayed } from "./Guards.ts"

/** Ids have up to 256 characters, each of up to 12 when it is encoded; the router's own bound is 100. */
export const routing: Context.Service.Shape<typeof HttpRouter.RouterConfig> = { maxParamLength: 4096 }

type Annotations = Context.Context<never>

const table = FindMyWay.make<Annotations>(routing)

const isPath = (path: string): path is `/${string}` => path.startsWith("/")

HttpApi.reflect(Api, {
  onGroup: () => {},
  onEndpoint: ({ endpoint: { method, path }, mergedAnnotations }) => {
    if (isPath(path)) table.on(method, path, mergedAnnotations)
  }
})

const methods = ["GET", "POST", "PUT", "PATCH", "DELETE"]

const entered = new Set<string>()

/** What answers wherever nothing else does is no address. */
const isAnywhere = (path: HttpRouter.PathInput): path is "*" => path === "*" || path === "/*"

/** An address beside the contract; entered twice it is there once. Its answers may be pages or set cookies: none is kept. */
const enter = (given: string, path: HttpRouter.PathInput): void => {
  for (const method of given === "*" ? methods : [given]) {
    if (isAnywhere(path) || entered.has(`${method} ${path}`)) continue
    entered.add(`${method} ${path}`)
    table.on(method, path, Context.make(Replayed, false))
  }
}

for (const path of ["/openapi.json", "/docs"] as const) enter("GET", path)

/** Routes beside the contract, each of which has its place in the table too. */
export const beside = <A, E, R>(routes: Layer.Layer<A, E, R>) =>
  Layer.provide(
    routes,
    Layer.effect(
      HttpRouter.HttpRouter,
      Effect.map(HttpRouter.HttpRouter, (router) =>
        HttpRouter.HttpRouter.of({
          ...router,
          add: (method, path, handler, options) => {
            enter(method, path)
            return router.add(method, path, handler, options)
          },
          addAll: (routes) => {
            for (const { method, path } of routes) enter(method, path)
            return router.addAll(routes)
          }
        }))
    )
  )

/** The methods that the address takes; none when there is no such address. */
export const allowedAt = (url: string): ReadonlyArray<string> => {
  const allowed = methods.filter((method) => table.find(method, url) !== undefined)
  return allowed.includes("GET") ? [...allowed, "HEAD"] : allowed
}

/** What the endpoint is annotated with; none when no endpoint takes the request. */
export const annotationsOf = (
  { method, url }: Pick<HttpServerRequest.HttpServerRequest, "method" | "url">
): Option.Option<Annotations> => Option.map(Option.fromUndefinedOr(table.find(method, url)), ({ handler }) => handler)

/** Which methods an address takes, and what the contract says of them, before a request is routed. */
import { Context, Option } from "effect"
import { FindMyWay, type HttpRouter, type HttpServerRequest } from "effect/http"
import { HttpApi } from "effect/http-api"
import { Api } from "./Api.ts"

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

/** Addresses beside the contract. */
for (const path of ["/openapi.json", "/docs"] as const) table.on("GET", path, Context.empty())

const methods = ["GET", "POST", "PUT", "PATCH", "DELETE"]

/** The methods that the address takes; none when there is no such address. */
export const allowedAt = (url: string): ReadonlyArray<string> => {
  const allowed = methods.filter((method) => table.find(method, url) !== undefined)
  return allowed.includes("GET") ? [...allowed, "HEAD"] : allowed
}

/** What the endpoint is annotated with; none when no endpoint takes the request. */
export const annotationsOf = (
  { method, url }: Pick<HttpServerRequest.HttpServerRequest, "method" | "url">
): Option.Option<Annotations> => Option.map(Option.fromUndefinedOr(table.find(method, url)), ({ handler }) => handler)

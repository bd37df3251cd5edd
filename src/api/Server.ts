import { NodeHttpServer } from "@effect/platform-node"
import { Effect, Layer, Schema } from "effect"
import { HttpRouter, HttpServer } from "effect/http"
import { createServer } from "node:http"
import { DataFolder } from "../config/Places.ts"
import { CurrentConfig } from "../Config.ts"
import { publish } from "./DaemonFile.ts"
import { ApiToken, onlyLoopbackHost } from "./GuardLayers.ts"
import { routes } from "./Routes.ts"

/** The server cannot be started as the config has it. */
export class ServerError extends Schema.TaggedError<ServerError>()("ServerError", {
  message: Schema.String,
  fix: Schema.String
}) {}

const loopback: ReadonlySet<string> = new Set(["127.0.0.1", "::1", "localhost"])

/** Serves the API on loopback, and leaves address and token in the data folder for the commands of the same user. */
export const layer = Layer.unwrap(Effect.gen(function*() {
  const { server: { host, port } } = yield* CurrentConfig
  if (!loopback.has(host)) {
    return yield* new ServerError({
      message: `[server] host = "${host}" is not this machine alone, and Glider serves on loopback only for now`,
      fix: "set [server] host = \"127.0.0.1\", and reach it from elsewhere through an SSH tunnel or a proxy"
    })
  }
  const server = NodeHttpServer.layer(() => createServer(), {
    host,
    port,
    disablePreemptiveShutdown: true
  }).pipe(
    Layer.catchTag("ServeError", ({ cause }) =>
      Layer.unwrap(Effect.fail(
        new ServerError({
          message: `cannot listen on port ${port} of ${host}: ${cause instanceof Error ? cause.message : String(cause)}`,
          fix: "end the program that uses it, or set another [server] port"
        })
      )))
  )
  const published = Layer.effectDiscard(Effect.gen(function*() {
    const { path } = yield* DataFolder
    const token = yield* ApiToken
    const name = host.includes(":") ? `[${host}]` : host
    yield* publish(path, { address: `http://${name}:${port}`, token })
    yield* Effect.logInfo(`serving on http://${name}:${port}`)
  }))
  return published.pipe(
    Layer.provideMerge(HttpRouter.serve(Layer.mergeAll(routes, onlyLoopbackHost(port)), {
      disableListenLog: true,
      disableLogger: true
    })),
    Layer.provide(server)
  )
})).pipe(Layer.provide(HttpServer.layerServices))

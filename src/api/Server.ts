import { NodeHttpServer } from "@effect/platform-node"
import { Effect, Layer, Schema } from "effect"
import { HttpRouter, HttpServer } from "effect/http"
import { createServer } from "node:http"
import { CurrentConfig } from "../Config.ts"
import { DataFolder } from "../config/Places.ts"
import { ApiToken } from "./Caller.ts"
import { publish } from "./DaemonFile.ts"
import { onlyLoopbackHost } from "./GuardLayers.ts"
import { routes } from "./Routes.ts"

/** The server cannot be started as the config has it. */
export class ServerError extends Schema.TaggedError<ServerError>()("ServerError", {
  message: Schema.String,
  fix: Schema.String
}) {}

const loopback: ReadonlySet<string> = new Set(["127.0.0.1", "::1", "localhost"])

/** Listens on the address of `[server]`; fails when it is taken, before anything is scheduled. */
export const listening = Layer.effect(
  HttpServer.HttpServer,
  Effect.gen(function*() {
    const { server: { host, port } } = yield* CurrentConfig
    if (!loopback.has(host)) {
      return yield* new ServerError({
        message: `[server] host = "${host}" is not this machine alone, and Glider serves on loopback only for now`,
        fix: "set [server] host = \"127.0.0.1\", and reach it from elsewhere through an SSH tunnel"
      })
    }
    const http = createServer()
    const server = yield* NodeHttpServer.make(() => http, { host, port, disablePreemptiveShutdown: true }).pipe(
      Effect.mapError(({ cause }) =>
        new ServerError({
          message: `cannot listen on port ${port} of ${host}: ${
            cause instanceof Error ? cause.message : String(cause)
          }`,
          fix: "end the program that uses it, or set another [server] port"
        })
      )
    )
    // open connections would hold the end up; what they wait for has been stopped by then
    yield* Effect.addFinalizer(() => Effect.sync(() => http.closeAllConnections()))
    return server
  })
)

/** Serves the API there, and leaves address and token in the data folder for the commands of the same user. */
export const serving = Layer.unwrap(Effect.gen(function*() {
  const { server: { host, port } } = yield* CurrentConfig
  const address = `http://${host.includes(":") ? `[${host}]` : host}:${port}`
  const published = Layer.effectDiscard(Effect.gen(function*() {
    const { path } = yield* DataFolder
    yield* publish(path, { address, token: yield* ApiToken })
    yield* Effect.logInfo(`serving on ${address}`)
  }))
  const served = HttpRouter.serve(Layer.mergeAll(routes, onlyLoopbackHost(port)), {
    disableListenLog: true,
    disableLogger: true
  })
  return Layer.provideMerge(published, served)
}))

import { NodeHttpServer } from "@effect/platform-node"
import { DateTime, Effect, Layer, Option, Result, Schema } from "effect"
import { HttpMiddleware, HttpRouter, HttpServer, type HttpServerRequest } from "effect/http"
import { NetAddress } from "effect/net"
import { CurrentConfig } from "../Config.ts"
import { DataFolder } from "../config/Places.ts"
import { ApiTokens } from "../store/ApiTokens.ts"
import { ApiToken } from "./Caller.ts"
import { publish } from "./DaemonFile.ts"
import { isWildcard, ownHostsOnly } from "./Hosts.ts"
import { nodeServer } from "./NodeServer.ts"
import { ownAddress } from "./OwnAddress.ts"
import { routes } from "./Routes.ts"
import { beside, routing } from "./RouteTable.ts"

/** The server cannot be started as the config has it. */
export class ServerError extends Schema.TaggedError<ServerError>()("ServerError", {
  message: Schema.String,
  fix: Schema.String
}) {}

/** Whether nobody but this machine reaches the address. */
const isLoopback = (host: string): boolean =>
  host === "localhost" || Option.exists(Result.getSuccess(NetAddress.ipFromString(host)), NetAddress.isLoopback)

/** Listens on the address of `[server]`; fails when it is taken, before anything is scheduled. */
export const listening = Layer.effect(
  HttpServer.HttpServer,
  Effect.gen(function*() {
    const { server: { allowedHosts, host, port, requestTimeout } } = yield* CurrentConfig
    if (isWildcard(host) && allowedHosts.length === 0) {
      return yield* new ServerError({
        message:
          `[server] host = "${host}" is every address of this machine, and no name is allowed under which to come`,
        fix: "name them, such as [server] allowed_hosts = [\"glider.lan\"], or set host = \"127.0.0.1\""
      })
    }
    const http = nodeServer(requestTimeout)
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

/** Refuses to go on where other machines reach the server and nobody has a token for it. Nothing is answered before. */
export const guarded = Layer.effectDiscard(Effect.gen(function*() {
  const { server: { host } } = yield* CurrentConfig
  if (isLoopback(host)) return
  const tokens = yield* ApiTokens
  const now = yield* DateTime.now
  const all = yield* tokens.all
  if (all.some((token) => !token.isExpired(now))) return
  return yield* new ServerError({
    message:
      `[server] host = "${host}" is not this machine alone, and there is no token with which to come from elsewhere`,
    fix: "make one: glider token create --name … --scope …, or set [server] host = \"127.0.0.1\""
  })
}))

/** Addresses that hold a code with which one is let in, which no trace may have. */
const holdsCode = ({ url }: HttpServerRequest.HttpServerRequest): boolean =>
  /sign-in|[?&](code|verification_token)=/i.test(url)

/**
 * Serves the API there with the pages beside it, and leaves address and token in the data folder for the commands of the same
 * user.
 */
export const serving = <E, R>(pages: Layer.Layer<never, E, R>) =>
  Layer.unwrap(Effect.gen(function*() {
    const { server } = yield* CurrentConfig
    const { host, port } = server
    const address = ownAddress(server)
    const published = Layer.effectDiscard(Effect.gen(function*() {
      const { path } = yield* DataFolder
      yield* publish(path, { address, token: yield* ApiToken })
      yield* Effect.logInfo(`serving on ${address}`)
    }))
    if (!isLoopback(host)) yield* Effect.logWarning(`other machines reach this server, on ${host}:${port}, without TLS`)
    const served = HttpRouter.serve(Layer.provideMerge(Layer.merge(routes, beside(pages)), ownHostsOnly), {
      disableListenLog: true,
      disableLogger: true
    }).pipe(
      Layer.provide(Layer.succeed(HttpRouter.RouterConfig, routing)),
      Layer.provide(Layer.succeed(HttpMiddleware.TracerDisabledWhen, holdsCode))
    )
    return Layer.provideMerge(published, served)
  }))

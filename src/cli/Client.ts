/** The way of every command to Glider: through the API of a running `glider run`, or through the same API in this process. */
import { Context, Effect, Layer, Option, Redacted } from "effect"
import { FetchHttpClient, HttpClient, HttpClientError, HttpClientRequest } from "effect/http"
import { type HttpApiClient, HttpApiMiddleware } from "effect/http-api"
import type { Api } from "../api/Api.ts"
import { type Daemon, find } from "../api/DaemonFile.ts"
import { Authorization } from "../api/Guards.ts"
import { DataFolder } from "../config/Places.ts"
import { serverToken } from "../config/Settings.ts"
import { durationText } from "../domain/DurationText.ts"
import { clientOf } from "./ClientGroups.ts"
import { CommandFailed, exitCodes } from "./Failure.ts"
import { ConfigFlag, DataDirFlag, ServerUrlFlag, TimeoutFlag } from "./Flags.ts"

/** The typed client of the API. */
export type Client = HttpApiClient.ForApi<typeof Api>

/** How long a daemon may take to say that it lives; it is on this machine. */
const patience = "2 seconds"

/** An answer that does not begin in time is none. */
const within = (length: Option.Option<number>) => (client: HttpClient.HttpClient): HttpClient.HttpClient =>
  Option.match(length, {
    onNone: () => client,
    onSome: (millis) =>
      HttpClient.transform(client, (answer, request) =>
        Effect.timeoutOrElse(answer, {
          duration: millis,
          orElse: () => {
            const description = `there was no answer within ${durationText(millis)}`
            return Effect.fail(
              new HttpClientError.HttpClientError({
                reason: new HttpClientError.TransportError({ request, description })
              })
            )
          }
        }))
  })

/** How a client differs from the usual. */
export interface Choices {
  /** In place of the network. */
  readonly fetch?: typeof globalThis.fetch
  /** How long an answer may take to begin, in milliseconds. */
  readonly timeout?: Option.Option<number>
}

/** A client that bears the token, over whatever carries its requests. */
export const make = (
  baseUrl: string,
  token: Redacted.Redacted<string>,
  { fetch, timeout = Option.none() }: Choices = {}
) => {
  const carrier = fetch === undefined
    ? FetchHttpClient.layer
    : Layer.fresh(FetchHttpClient.layer).pipe(Layer.provide(Layer.succeed(FetchHttpClient.Fetch, fetch)))
  const bearer = HttpApiMiddleware.layerClient(
    Authorization,
    ({ next, request }) => next(HttpClientRequest.bearerToken(request, Redacted.value(token)))
  )
  return Effect.flatMap(
    Layer.build(Layer.merge(carrier, bearer)),
    (context) => {
      const httpClient = within(timeout)(Context.get(context, HttpClient.HttpClient))
      return Effect.provideContext(clientOf(baseUrl, httpClient), context)
    }
  )
}

/** The Glider at an address that somebody names; its token stands in the environment, and never in the invocation. */
const elsewhere = Effect.fnUntraced(function*(address: string) {
  const token = yield* serverToken
  if (Option.isSome(token)) return yield* make(address, token.value, { timeout: yield* TimeoutFlag })
  return yield* new CommandFailed({
    message: `there is no token for ${address}: set GLIDER_TOKEN or GLIDER_TOKEN_FILE to one that was made there`,
    fix: "glider token create",
    exitCode: exitCodes.usage
  })
})

/** The running daemon of the data folder, when it answers. */
export const running = Effect.fnUntraced(function*(folder: string) {
  const daemon = yield* find(folder)
  if (Option.isNone(daemon)) return Option.none<{ readonly daemon: Daemon; readonly client: Client }>()
  const client = yield* make(daemon.value.address, daemon.value.token, { timeout: yield* TimeoutFlag })
  const answers = yield* client.livez().pipe(Effect.timeout(patience), Effect.isSuccess)
  return answers ? Option.some({ daemon: daemon.value, client }) : Option.none()
})

/** The data folder that the flags and the environment name. */
export const dataFolder = Effect.gen(function*() {
  const context = yield* Layer.build(DataFolder.layer(yield* DataDirFlag))
  return Context.get(context, DataFolder)
})

/** The client of a Glider that is at work, and its address where that was named: no store is opened here. */
export const connectRunning = Effect.gen(function*() {
  const server = yield* ServerUrlFlag
  if (Option.isSome(server)) return { client: yield* elsewhere(server.value), server }
  const daemon = yield* running((yield* dataFolder).path)
  if (Option.isSome(daemon)) return { client: daemon.value.client, server }
  return yield* new CommandFailed({
    message: "glider run is not at work",
    fix: "glider run",
    exitCode: exitCodes.failed
  })
})

/** The client for a command; in its scope the store is open, when there is no daemon. */
export const connect = Effect.gen(function*() {
  const server = yield* ServerUrlFlag
  if (Option.isSome(server)) return yield* elsewhere(server.value)
  const { path } = yield* dataFolder
  const daemon = yield* running(path)
  if (Option.isSome(daemon)) return daemon.value.client
  const where = { config: yield* ConfigFlag, dataDir: yield* DataDirFlag }
  const { inProcess } = yield* Effect.promise(() => import("./InProcess.ts"))
  return yield* inProcess(where, yield* TimeoutFlag)
})

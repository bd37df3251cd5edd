/** The whole product with the records of three accounts, and a model's side of its tools. */
import { NodeHttpServer } from "@effect/platform-node"
import { Context, Duration, Effect, Layer, Schema } from "effect"
import { McpTest } from "effect/ai"
import { Digest, SecureRandom } from "effect/crypto"
import { HttpEffect, HttpRouter, type HttpServerRequest } from "effect/http"
import type { Scope } from "effect/Scope"
import { ApiToken } from "../../src/api/Caller.ts"
import { ConfigInForce } from "../../src/api/ConfigInForce.ts"
import { About } from "../../src/api/Overview.ts"
import { routes } from "../../src/api/Routes.ts"
import { routing } from "../../src/api/RouteTable.ts"
import { SignInLinks } from "../../src/api/SignInLinks.ts"
import { SpotifyPatience } from "../../src/api/SpotifyHandlers.ts"
import { make } from "../../src/cli/Client.ts"
import { CurrentConfig } from "../../src/Config.ts"
import { Access } from "../../src/mcp/Access.ts"
import { type Client, GliderCalls, ToolPatience } from "../../src/mcp/GliderCalls.ts"
import { identity, registrations } from "../../src/mcp/Registrations.ts"
import type { ToolFailure } from "../../src/mcp/ToolFailure.ts"
import { Scheduler } from "../../src/Scheduler.ts"
import { definitionsOf } from "../../src/schedules/Definitions.ts"
import { ScheduleBook } from "../../src/schedules/ScheduleBook.ts"
import { ApiTokens } from "../../src/store/ApiTokens.ts"
import { Sessions } from "../../src/store/Sessions.ts"
import { musicDefaults } from "../support/ServerConfig.ts"
import { signInEverywhere, sync, tasks, world } from "../support/World.ts"

/** Two hours: beyond what the fast clock lets pass. */
const patient = { request: Duration.hours(2), total: Duration.hours(2) }

const product = Layer.mergeAll(
  ConfigInForce.layer,
  ApiToken.layer,
  ApiTokens.layer,
  Sessions.layer,
  SignInLinks.layer,
  Scheduler.layerIdle,
  Layer.succeed(About, { version: "1.2.3", supervises: false })
).pipe(
  Layer.provideMerge(
    world({ start: "2026-09-15T12:00:00Z", seed: "tools", music: { ...musicDefaults, enabled: true } })
  ),
  Layer.provideMerge(NodeHttpServer.layerHttpServices),
  Layer.provide([Digest.layerWebCrypto, SecureRandom.layerWebCrypto]),
  Layer.provideMerge(Layer.succeed(SpotifyPatience, patient)),
  Layer.provideMerge(Layer.succeed(ToolPatience, patient.total))
)

/** Records of a few days, and the schedules of the config. */
const filled = Layer.effectDiscard(Effect.gen(function*() {
  const book = yield* ScheduleBook
  yield* book.reconcile(yield* definitionsOf(yield* CurrentConfig), { reload: false })
  yield* signInEverywhere
  for (const task of Object.values(tasks)) yield* sync(task)
}))

export const mcpWorld = Layer.provideMerge(filled, product)

/** A client of the API without a socket, in the scope. */
const client = Effect.gen(function*() {
  const services = yield* Effect.context<Layer.Success<typeof product>>()
  const app = yield* Effect.provideService(HttpRouter.toHttpEffect(routes), HttpRouter.RouterConfig, routing)
  const handle = HttpEffect.toWebHandlerWith<never, Scope | HttpServerRequest.HttpServerRequest>(
    yield* Effect.context<never>()
  )(Effect.provideContext(app, services))
  return yield* make("http://glider.invalid", Context.get(services, ApiToken), {
    fetch: (input, init) => handle(new Request(input, init))
  })
})

const Failed = Schema.fromJsonString(Schema.Struct({
  code: Schema.String,
  message: Schema.NonEmptyString,
  fix: Schema.optionalKey(Schema.String),
  retryable: Schema.Boolean,
  retryAfter: Schema.optionalKey(Schema.Natural)
}))

/** A model that speaks the newest revision of the protocol. */
export const modelOver = Effect.fnUntraced(function*(
  connect: Effect.Effect<Client, ToolFailure>,
  writes: boolean
) {
  const mcp = yield* McpTest.makeClient(
    Layer.provide(registrations, [GliderCalls.layerRemote(connect), Access.layerOwn(writes)]),
    identity("1.2.3")
  )
  const call = (name: string, args: { readonly [name: string]: unknown } = {}) =>
    mcp.callTool({ name, arguments: args })
  /** What the tool gives; a failure fails the test. */
  const given = Effect.fnUntraced(function*<S extends Schema.Codec<unknown, unknown>>(
    shape: S,
    name: string,
    args: { readonly [name: string]: unknown } = {}
  ) {
    const { content, isError, structuredContent } = yield* call(name, args)
    if (isError === true) return yield* Effect.die(`${name} failed: ${JSON.stringify(content)}`)
    return yield* Effect.orDie(Schema.decodeUnknownEffect(shape)(structuredContent))
  })
  /** What a tool says that does not do it. */
  const refused = Effect.fnUntraced(function*(name: string, args: { readonly [name: string]: unknown } = {}) {
    const { content: [block], isError } = yield* call(name, args)
    if (isError !== true || block?.type !== "text") return yield* Effect.die(`${name} did not fail`)
    return yield* Effect.orDie(Schema.decodeEffect(Failed)(block.text))
  })
  return { mcp, call, given, refused }
})

/** A model over the product, which may change something or not. */
export const model = Effect.fnUntraced(function*(writes = true) {
  return yield* modelOver(Effect.succeed(yield* client), writes)
})

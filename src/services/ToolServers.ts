/** Servers of tools elsewhere, as `[mcp.server.*]` names them: kept alive, begun again, and asked for no more than they may. */
import { Clock, Context, Effect, Layer, Schema, Semaphore } from "effect"
import type { McpClientError, McpSchema } from "effect/ai"
import { FetchHttpClient } from "effect/http"
import type { ChildProcessSpawner } from "effect/process"
import { CurrentConfig, type ToolServer } from "../Config.ts"
import * as ToolConnection from "./ToolConnection.ts"

/** The server does not answer: it ended, it is too slow, or it does not speak the protocol. */
export class McpServerError extends Schema.TaggedError<McpServerError>()("McpServerError", {
  server: Schema.String,
  message: Schema.String,
  /** Whether the call may have been carried out: then it may be repeated only where twice is as good as once. */
  maybeDone: Schema.Boolean
}) {
  /** A server that ended may be there again a moment later. */
  readonly retryable = true
}

/** The tool says that it could not do it. */
export class McpToolError extends Schema.TaggedError<McpToolError>()("McpToolError", {
  tool: Schema.String,
  message: Schema.String
}) {}

/** No tool that may be called bears that name. */
export class McpToolRefused extends Schema.TaggedError<McpToolRefused>()("McpToolRefused", { tool: Schema.String }) {
  override get message(): string {
    return `${this.tool} is no tool that may be called: name it in the tools of its [mcp.server] table`
  }
}

/** A tool that may be called. */
export interface ServedTool {
  /** `{server}__{tool}`, the same at every start. */
  readonly name: string
  readonly description: string
  /** JSON schema. */
  readonly parameters: McpSchema.Tool["inputSchema"]
  /** Whether the tool says that the same call twice is as good as once. */
  readonly isRepeatable: boolean
  /** Whether the tool says that it changes nothing. */
  readonly isReadOnly: boolean
}

/** How a server stands. */
export interface ServerHealth {
  readonly server: string
  readonly ok: boolean
  readonly latencyMillis: number
  readonly message: string
}

export class ToolServers extends Context.Service<ToolServers, {
  /** The tools that may be called, of those servers that answer, by name. */
  readonly tools: Effect.Effect<ReadonlyArray<ServedTool>>
  /**
   * Calls a tool by its whole name. When the server ends in the middle, it is begun again, and a call that is repeatable is made
   * once more; any other fails and says that it may be done. With `readOnly` a tool is refused that does not say that it changes nothing.
   */
  readonly call: (
    name: string,
    args: { readonly [name: string]: unknown },
    options?: { readonly readOnly: boolean }
  ) => Effect.Effect<McpSchema.CallToolResult, McpServerError | McpToolError | McpToolRefused>
  /** How long each server takes to list its tools. */
  readonly health: Effect.Effect<ReadonlyArray<ServerHealth>>
}>()("glider/services/ToolServers") {
  static readonly layer: Layer.Layer<ToolServers, never, CurrentConfig | ChildProcessSpawner.ChildProcessSpawner> =
    Layer
      .effect(
        ToolServers,
        Effect.gen(function*() {
          const { mcp: { servers } } = yield* CurrentConfig
          const all = new Map<string, Server>()
          for (const server of servers) all.set(server.name, yield* serve(server))

          const tools = Effect.map(
            Effect.forEach([...all.values()], ({ tools }) => Effect.orElseSucceed(tools, () => []), {
              concurrency: "unbounded"
            }),
            (lists) => lists.flat().map(({ served }) => served).toSorted((a, b) => a.name < b.name ? -1 : 1)
          )

          const call = Effect.fn("ToolServers.call")(
            function*(
              name: string,
              args: { readonly [name: string]: unknown },
              options?: { readonly readOnly: boolean }
            ) {
              const end = name.indexOf("__")
              const server = all.get(name.slice(0, end))
              if (server === undefined) return yield* new McpToolRefused({ tool: name })
              return yield* server.call(name, args, options)
            }
          )

          const health = Effect.forEach([...all], ([name, { ping }]) =>
            Effect.gen(function*() {
              const start = yield* Clock.currentTimeMillis
              const answer = yield* Effect.match(ping, {
                onFailure: ({ message }) => ({ ok: false, message }),
                onSuccess: (count) => ({ ok: true, message: `has ${count} tools that may be called` })
              })
              return { server: name, ...answer, latencyMillis: (yield* Clock.currentTimeMillis) - start }
            }), { concurrency: "unbounded" })

          return ToolServers.of({ tools, call, health })
        })
      ).pipe(Layer.provide(FetchHttpClient.layer))
}

/** A tool as the server has it, and as it is called here. */
interface Known {
  readonly served: ServedTool
  readonly tool: McpSchema.Tool
}

interface Server {
  readonly tools: Effect.Effect<ReadonlyArray<Known>, McpServerError>
  readonly call: ToolServers["Service"]["call"]
  readonly ping: Effect.Effect<number, McpServerError>
}

/** Failures after which nothing more can be said over the connection. */
const isLost = ({ reason }: McpClientError.McpClientError): boolean =>
  reason._tag === "TransportError" || reason._tag === "ClosedError" || reason._tag === "TimeoutError" ||
  (reason._tag === "HttpError" && reason.status >= 500)

const serve = Effect.fnUntraced(function*(server: ToolServer) {
  const { concurrency, mode, name, timeout } = server
  const turns = yield* Semaphore.make(concurrency)
  const connections = yield* ToolConnection.make(server)
  const allowed = new Set(server.tools)

  const failed = (error: { readonly message: string }, maybeDone: boolean) =>
    new McpServerError({ server: name, message: `${name}: ${error.message}`, maybeDone })

  const listed = ({ client }: ToolConnection.Open) =>
    Effect.map(
      client.listTools({ timeout }),
      (tools) =>
        tools.filter((tool) => allowed.has(tool.name)).map((tool): Known => ({
          tool,
          served: {
            name: `${name}__${tool.name}`,
            description: tool.description ?? "",
            parameters: tool.inputSchema,
            isRepeatable: tool.annotations?.readOnlyHint === true || tool.annotations?.idempotentHint === true,
            isReadOnly: tool.annotations?.readOnlyHint === true
          }
        }))
    )

  /** Asks within a connection, which is given up when it is lost. */
  const within = <A>(
    ask: (open: ToolConnection.Open) => Effect.Effect<A, McpClientError.McpClientError>
  ): Effect.Effect<A, McpClientError.McpClientError> =>
    mode === "stateless"
      ? Effect.scoped(Effect.flatMap(connections.fresh, ask))
      : Effect.flatMap(connections.kept, (open) =>
        ask(open).pipe(
          Effect.tap(() => connections.answered),
          Effect.tapError((error) => isLost(error) ? connections.lose(open) : Effect.void)
        ))

  const tools = Effect.mapError(within(listed), (error) => failed(error, false))

  const call = Effect.fnUntraced(
    function*(whole: string, args: { readonly [name: string]: unknown }, readOnly: boolean) {
      const known = yield* tools
      const found = known.find(({ served }) => served.name === whole)
      if (found === undefined || (readOnly && !found.served.isReadOnly)) {
        return yield* new McpToolRefused({ tool: whole })
      }
      const once = within(({ client }) => client.callTool({ tool: found.tool, arguments: args }, { timeout }))
      const result = yield* once.pipe(
        Effect.catchIf(
          (error) => isLost(error) && found.served.isRepeatable,
          () => once
        ),
        Effect.mapError((error) => failed(error, isLost(error)))
      )
      if (result.isError !== true) return result
      const [block] = result.content
      return yield* new McpToolError({ tool: whole, message: block?.type === "text" ? block.text : "the tool failed" })
    }
  )

  return {
    tools,
    ping: Effect.map(tools, ({ length }) => length),
    call: (whole, args, options) =>
      allowed.has(whole.slice(name.length + 2))
        ? turns.withPermits(1)(call(whole, args, options?.readOnly === true))
        : Effect.fail(new McpToolRefused({ tool: whole }))
  } satisfies Server
})

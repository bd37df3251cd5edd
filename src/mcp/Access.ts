/** Which tools and resources the one who asks may see and use. */
import { Context, Effect, Layer } from "effect"
import { McpServer, Tool, type Toolkit } from "effect/ai"
import { CurrentCaller, scopesOf } from "../api/Caller.ts"
import { grants } from "../api/Scopes.ts"
import { CurrentConfig } from "../Config.ts"
import type { ApiScope } from "../domain/IssuedToken.ts"
import { NeededScope } from "./ToolMaking.ts"

export class Access extends Context.Service<Access, {
  /** The scopes of the one who asks, at each request. */
  readonly scopes: Effect.Effect<ReadonlyArray<ApiScope>>
  /** Whether tools that change something are there at all. */
  readonly writes: boolean
}>()("glider/mcp/Access") {
  /** By the token of the request, and `[mcp] writes`. */
  static readonly layerToken = Layer.effect(
    Access,
    Effect.map(
      CurrentConfig,
      ({ mcp: { writes } }) => Access.of({ scopes: Effect.map(CurrentCaller, scopesOf), writes })
    )
  )

  /** A process of the user, who may everything. */
  static readonly layerOwn = (writes: boolean) =>
    Layer.succeed(Access, Access.of({ scopes: Effect.succeed(["admin"]), writes }))
}

/** Resources tell of the person's records. */
const resourceScope: ApiScope = "data:read"

/** Whatever is not allowed is neither listed nor answered, as if it were not there. */
export const allowedOnly = ({ tools }: Toolkit.Any) =>
  McpServer.visibility(Effect.map(Access, ({ scopes, writes }) => {
    const needs = new Map(
      Object.values(tools).map(({ annotations, name }) => [
        name,
        { scope: Context.get(annotations, NeededScope), changes: !Context.get(annotations, Tool.Readonly) }
      ])
    )
    return ({ method, target }: McpServer.MiddlewareOptions) =>
      Effect.map(scopes, (held) => {
        if (!method.startsWith("tools/")) return grants(held, resourceScope)
        const needed = needs.get(target)
        return needed !== undefined && grants(held, needed.scope) && (writes || !needed.changes)
      })
  }))

/** The server as an address of the daemon: behind its door, and for tokens alone. */
import { Effect, Layer } from "effect"
import { McpServer } from "effect/ai"
import { HttpRouter, HttpServerRequest, HttpServerResponse } from "effect/http"
import { inUrl, isWildcard } from "../api/Hosts.ts"
import { About } from "../api/Overview.ts"
import { CurrentConfig, type GliderConfig } from "../Config.ts"
import { ApiScope } from "../domain/IssuedToken.ts"
import { ToolServers } from "../services/ToolServers.ts"
import { Access } from "./Access.ts"
import { GliderCalls } from "./GliderCalls.ts"
import { metadataPath, path, resourceOf, tokenOnly } from "./Guard.ts"
import { identity, registrations } from "./Registrations.ts"
import { selfCheck } from "./SelfCheck.ts"

/** The origins of this server's own pages, and of those that may use it besides. */
const allowedOrigins = ({ allowedHosts, corsOrigins, host, port }: GliderConfig["server"]): ReadonlyArray<string> => {
  const own = new Set(["127.0.0.1", "localhost", "[::1]", ...isWildcard(host) ? [] : [inUrl(host.toLowerCase())]])
  return [
    ...[...own].map((name) => `http://${name}:${port}`),
    ...allowedHosts.flatMap((name) => {
      const named = /:\d+$/.test(name) ? name : `${name}:${port}`
      return [`http://${named}`, `https://${name}`]
    }),
    ...corsOrigins
  ]
}

/** Which token the server takes, and from whom: whoever runs it makes it (RFC 9728, 2). */
const metadata = HttpRouter.add(
  "GET",
  metadataPath,
  Effect.map(HttpServerRequest.HttpServerRequest, (request) =>
    HttpServerResponse.jsonUnsafe({
      resource: resourceOf(request),
      resource_name: "Glider",
      bearer_methods_supported: ["header"],
      scopes_supported: ApiScope.literals
    }))
)

/** Everything at `/mcp` and about it; nothing where `[mcp] enabled` is false. */
export const mcp = Layer.unwrap(
  Effect.gen(function*() {
    const { mcp: { enabled }, server } = yield* CurrentConfig
    const { version } = yield* About
    if (!enabled) return Layer.empty
    const endpoint = McpServer.layerHttp({
      ...identity(version),
      path,
      allowedOrigins: allowedOrigins(server),
      allowSessionTermination: true,
      // an answer has an end: nobody holds a connection for ever
      allowSubscriptions: false,
      registrations: Layer.provide(registrations, [GliderCalls.layerWithin, Access.layerToken])
    }).pipe(Layer.provide(tokenOnly.layer), Layer.orDie)
    return Layer.mergeAll(endpoint, metadata, Layer.provide(selfCheck(version), ToolServers.layer))
  })
)

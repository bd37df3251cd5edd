/** The server for a program that starts it as its own process, and speaks to it over standard input and output. */
import { type Effect, Layer, type Scope, type Stdio } from "effect"
import { McpServer } from "effect/ai"
import { Access } from "./Access.ts"
import { type Client, GliderCalls } from "./GliderCalls.ts"
import { identity, registrations } from "./Registrations.ts"
import type { ToolFailure } from "./ToolFailure.ts"

/** Serves. Whichever Glider `connect` finds is asked anew at each call, since it may come and go. */
export const stdioServer = (
  { connect, version, writes }: {
    readonly connect: Effect.Effect<Client, ToolFailure, Scope.Scope>
    readonly version: string
    readonly writes: boolean
  }
): Layer.Layer<never, never, Stdio.Stdio> =>
  McpServer.layerStdio({
    ...identity(version),
    registrations: Layer.provide(registrations, [GliderCalls.layerRemote(connect), Access.layerOwn(writes)])
  }).pipe(Layer.orDie)

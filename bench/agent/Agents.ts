/** How agents that put songs into playlists compare with the rules that do the same. */
import { Effect, FileSystem, Schema } from "effect"
import { fileURLToPath } from "node:url"
import { output } from "../Processes.ts"
import { promise, type Sizes } from "../Report.ts"
import { AgentFigures, AgentSetup } from "./AgentFigures.ts"

const program = fileURLToPath(new URL("AgentProcess.ts", import.meta.url))

const decode = Schema.decodeEffect(Schema.fromJsonString(AgentFigures))

export const agent = Effect.fn("bench.agent")(function*({ agents: { modelMillis, requests } }: Sizes) {
  const fs = yield* FileSystem.FileSystem
  const folder = yield* fs.makeTempDirectoryScoped({ prefix: "glider-bench-" })
  const setup = yield* Schema.encodeEffect(Schema.fromJsonString(AgentSetup))({ folder, requests, modelMillis })
  const { agents, kinds, rules } = yield* Effect.flatMap(output([program, setup]), decode)
  return {
    promises: [
      promise({
        what: "tracks that agents added wrongly",
        unit: "tracks",
        bound: "most",
        promised: 0,
        measured: agents.wrong
      }),
      promise({
        what: "of the songs that can be found, the share that agents added",
        unit: "of 1",
        bound: "least",
        promised: rules.success,
        measured: agents.success
      }),
      promise({
        what: "a song by agents, p95",
        unit: "ms",
        bound: "most",
        promised: 40_000,
        measured: agents.p95Millis
      })
    ],
    figures: { modelMillis, rules, agents, kinds }
  }
}, Effect.scoped)

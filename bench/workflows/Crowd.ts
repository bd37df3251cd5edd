/** Whether any of many workflows gets lost that begin at the same time. */
import { Effect, FileSystem, Schema } from "effect"
import { fileURLToPath } from "node:url"
import { output } from "../Processes.ts"
import { promise, type Sizes } from "../Report.ts"
import { CrowdFigures, CrowdSetup } from "./CrowdFigures.ts"

const program = fileURLToPath(new URL("CrowdProcess.ts", import.meta.url))

export const crowd = Effect.fn("bench.crowd")(function*({ workflows: { crowd: runs } }: Sizes) {
  const fs = yield* FileSystem.FileSystem
  const folder = yield* fs.makeTempDirectoryScoped({ prefix: "glider-bench-" })
  const setup = yield* Schema.encodeEffect(Schema.fromJsonString(CrowdSetup))({ folder: `${folder}/store`, runs })
  const figures = yield* Effect.flatMap(
    output([program, setup]),
    Schema.decodeEffect(Schema.fromJsonString(CrowdFigures))
  )
  return {
    promises: [
      promise({
        what: `${runs} workflows that begin at the same time, none lost`,
        unit: "workflows",
        bound: "least",
        promised: runs,
        measured: Math.min(figures.right, figures.completed)
      })
    ],
    figures
  }
}, Effect.scoped)

/** How fast jobs are given, taken and done. */
import { Effect, FileSystem, Record, Schema } from "effect"
import { fileURLToPath } from "node:url"
import { output } from "../Processes.ts"
import { type Outcome, round, type Sizes } from "../Report.ts"
import { JobRates, JobSetup } from "./JobFigures.ts"

const program = fileURLToPath(new URL("JobProcess.ts", import.meta.url))

export const jobs = Effect.fn("bench.jobs")(function*({ jobs: { done, given } }: Sizes) {
  const fs = yield* FileSystem.FileSystem
  const folder = yield* fs.makeTempDirectoryScoped({ prefix: "glider-bench-" })
  const setup = yield* Schema.encodeEffect(Schema.fromJsonString(JobSetup))({ folder: `${folder}/store`, given, done })
  const rates = yield* Effect.flatMap(output([program, setup]), Schema.decodeEffect(Schema.fromJsonString(JobRates)))
  const outcome: Outcome = { promises: [], figures: { jobs: done, ...Record.map(rates, (rate) => round(rate)) } }
  return outcome
}, Effect.scoped)

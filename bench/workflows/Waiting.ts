/** What workflows cost that wait for days, and whether all of them wake. */
import { Effect, FileSystem, Schema } from "effect"
import { baselines } from "../Baselines.ts"
import { going } from "../Processes.ts"
import { promise, type Sizes } from "../Report.ts"
import { bundled } from "./Bundle.ts"
import { BegunFigures, FoundFigures, WaitingSetup } from "./WaitingFigures.ts"

const encodeSetup = Schema.encodeEffect(Schema.fromJsonString(WaitingSetup))

/** Runs one of the two processes until it has said what it found out, and kills it. */
const live = Effect.fnUntraced(function*<A, I>(
  program: string,
  environment: { readonly [name: string]: string },
  figures: Schema.Codec<A, I>,
  setup: WaitingSetup
) {
  const { handle, match } = yield* going([program, yield* encodeSetup(setup)], /^\{.*\}$/m, environment)
  yield* handle.kill({ killSignal: "SIGKILL" })
  return yield* Schema.decodeEffect(Schema.fromJsonString(figures))(match)
}, Effect.scoped)

export const waiting = Effect.fn("bench.waiting")(function*({ workflows: { restSeconds, waiting: runs } }: Sizes) {
  const fs = yield* FileSystem.FileSystem
  const folder = yield* fs.makeTempDirectoryScoped({ prefix: "glider-bench-" })
  const { environment, program } = yield* bundled(new URL("WaitingProcess.ts", import.meta.url), folder)
  const setup = { folder: `${folder}/store`, runs, restSeconds }
  const empty = yield* baselines(folder)
  const begun = yield* live(program, environment, BegunFigures, { ...setup, life: "first" })
  const found = yield* live(program, environment, FoundFigures, { ...setup, life: "second" })
  return {
    promises: [
      promise({
        what: `resident memory with ${runs} workflows that wait for days, in the process that began them`,
        unit: "MB",
        bound: "below",
        promised: 200,
        measured: begun.whileTheyWait
      }),
      promise({
        what: "and in one that found them when it started",
        unit: "MB",
        bound: "below",
        promised: 200,
        measured: found.whileTheyWait
      }),
      promise({
        what: "of them resumed and done when their time had come",
        unit: "workflows",
        bound: "least",
        promised: runs,
        measured: found.completed
      })
    ],
    figures: { ...empty, begun, found }
  }
}, Effect.scoped)

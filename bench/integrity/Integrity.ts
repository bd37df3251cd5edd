/** What it costs that a flipped bit is noticed: at a commit, when the store is opened, and by `glider doctor --deep`. */
import { Effect, FileSystem, Schema } from "effect"
import { fileURLToPath } from "node:url"
import { output } from "../Processes.ts"
import { median, type Outcome, promise, round, type Sizes } from "../Report.ts"
import { IntegrityFigures, type Part } from "./IntegrityFigures.ts"

const program = fileURLToPath(new URL("IntegrityProcess.ts", import.meta.url))

export const integrity = Effect.fn("bench.integrity")(function*({ integrity: { records, rounds } }: Sizes) {
  const fs = yield* FileSystem.FileSystem
  const home = yield* fs.makeTempDirectoryScoped({ prefix: "glider-bench-" })
  const run = (part: Part, folder: string) =>
    Effect.flatMap(
      output([program, part, `${home}/${folder}`, String(records)]),
      Schema.decodeEffect(IntegrityFigures)
    )
  // in turn, since a machine is not always as fast
  const commits = yield* Effect.forEach(
    Array.from({ length: rounds }, (_, round) => round),
    (round) =>
      Effect.gen(function*() {
        const [first, second] = round % 2 === 0
          ? ["witnessed", "unwitnessed"] as const
          : ["unwitnessed", "witnessed"] as const
        const one = yield* run(first, `${first}-${round}`)
        const other = yield* run(second, `${second}-${round}`)
        return first === "witnessed" ? one.millis / other.millis : other.millis / one.millis
      })
  )
  const folder = "witnessed-0"
  const young = yield* run("compare-young", folder)
  // opening it makes the witness anew, of all files
  const deep = yield* run("deep", folder)
  const compared = yield* run("compare", folder)
  const perSecond = ({ bytes, millis }: typeof young) => round(bytes / 1e6 / (millis / 1000), 1)
  const outcome: Outcome = {
    promises: [
      promise({
        what: "commits with the witness to those without it",
        unit: "times the time",
        bound: "most",
        promised: 1.1,
        measured: round(median(commits), 3)
      }),
      promise({
        what: "files compared when the store is opened",
        unit: "MB/s",
        bound: "least",
        promised: 200,
        measured: perSecond(compared)
      })
    ],
    figures: {
      records,
      commitRatios: commits.map((ratio) => round(ratio, 3)),
      compareSecondsPerGibibyte: round(compared.millis / 1000 / (compared.bytes / 2 ** 30), 2),
      compareYoungMegabytesPerSecond: perSecond(young),
      deepSecondsPerMillionRows: round(deep.millis / 1000 / (deep.rows / 1e6), 1),
      megabytes: round(compared.bytes / 1e6, 1),
      files: compared.files
    }
  }
  return outcome
}, Effect.scoped)

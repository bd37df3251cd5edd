/** What `glider run` holds of the machine's memory when there is nothing to do. */
import { Effect, FileSystem } from "effect"
import { baselines, resident } from "./Baselines.ts"
import { bundle, installation } from "./Installation.ts"
import { type Outcome, promise, type Sizes } from "./Report.ts"

const tables = `[sync.google_calendar]
interval_seconds = 1800

[sync.spotify]
interval_seconds = 120

[sync.oura]
interval_seconds = 3600`

export const idle = Effect.fn("bench.idle")(function*({ idleSeconds }: Sizes) {
  const fs = yield* FileSystem.FileSystem
  const folder = yield* fs.makeTempDirectoryScoped({ prefix: "glider-bench-" })
  const { emptyNode, emptyStore } = yield* baselines(folder)
  let requests = 0
  const { environment, where } = yield* installation(tables, () => {
    requests++
  })
  const glider = yield* resident(idleSeconds, [bundle, "run", ...where], environment)
  const outcome: Outcome = {
    promises: [
      promise({
        what: `resident memory of glider run ${idleSeconds} s after its start`,
        unit: "MB",
        bound: "below",
        promised: 200,
        measured: glider
      })
    ],
    figures: { emptyNode, emptyStore, requestsOfTheFirstSyncs: requests }
  }
  return outcome
}, Effect.scoped)

/**
 * Many workflows that begin at the same time, in a process that has done nothing before:
 * `node bench/workflows/CrowdProcess.ts <CrowdSetup as JSON>` prints its `CrowdFigures`.
 */
import { Array as Arr, Effect, Layer } from "effect"
import * as DurableEngine from "../../src/engine/DurableEngine.ts"
import { round } from "../Report.ts"
import { CrowdFigures, CrowdSetup } from "./CrowdFigures.ts"
import { countRuns, main, megabytes, say, store } from "./Process.ts"
import { ThreeSteps, threeSteps } from "./ThreeSteps.ts"

main(CrowdSetup, ({ folder, runs }) =>
  Effect.gen(function*() {
    const beforeRuns = megabytes(process.memoryUsage.rss())
    const from = performance.now()
    const sums = yield* Effect.forEach(Arr.range(1, runs), (id) => ThreeSteps.execute({ id: String(id) }), {
      concurrency: "unbounded"
    })
    const millis = round(performance.now() - from)
    yield* say(CrowdFigures, {
      millis,
      right: sums.filter((sum) => sum === 6).length,
      completed: yield* countRuns("completed"),
      beforeRuns,
      atMost: megabytes(process.resourceUsage().maxRSS * 1024)
    })
  }).pipe(
    Effect.provide(threeSteps.pipe(Layer.provideMerge(DurableEngine.layer()), Layer.provideMerge(store(folder))))
  ))

/** How long it takes until the store says what the config says. */
import { Effect, FileSystem, Schema } from "effect"
import { fileURLToPath } from "node:url"
import { output } from "../Processes.ts"
import { promise, type Sizes } from "../Report.ts"
import { ReconcileFigures, ReconcileSetup } from "./ScheduleFigures.ts"

const program = fileURLToPath(new URL("ReconcileProcess.ts", import.meta.url))

const measure = Effect.fnUntraced(function*(schedules: number) {
  const fs = yield* FileSystem.FileSystem
  const folder = yield* fs.makeTempDirectoryScoped({ prefix: "glider-bench-" })
  const setup = yield* Schema.encodeEffect(Schema.fromJsonString(ReconcileSetup))({ folder, schedules })
  const figures = yield* Effect.flatMap(
    output([program, setup]),
    Schema.decodeEffect(Schema.fromJsonString(ReconcileFigures))
  )
  return { schedules, ...figures }
}, Effect.scoped)

/** For ten thousand; fewer have as much less. */
const promisedSeconds = 2 / 10_000

export const reconciled = Effect.fn("bench.reconciled")(function*({ schedules: { reconciled: sizes } }: Sizes) {
  const all = yield* Effect.forEach(sizes, measure)
  return {
    promises: all.flatMap(({ first, schedules, second }) => [
      promise({
        what: `first comparison of ${schedules} schedules with an empty store`,
        unit: "s",
        bound: "below",
        promised: Math.max(promisedSeconds * schedules, 0.5),
        measured: first.seconds
      }),
      promise({
        what: `writes of the second comparison of ${schedules}`,
        unit: "writes",
        bound: "most",
        promised: 0,
        measured: second.writes + second.transactions
      })
    ]),
    figures: Object.fromEntries(all.map(({ schedules, ...figures }) => [schedules, figures]))
  }
})

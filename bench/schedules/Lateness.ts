/** How late ticks are of which very many are due at once. */
import { Effect, FileSystem, Schema } from "effect"
import { fileURLToPath } from "node:url"
import { output } from "../Processes.ts"
import { median, promise, type Sizes } from "../Report.ts"
import { LatenessFigures, LatenessSetup } from "./ScheduleFigures.ts"

const program = fileURLToPath(new URL("LatenessProcess.ts", import.meta.url))

const measure = Effect.fnUntraced(function*(setup: Omit<LatenessSetup, "folder">) {
  const fs = yield* FileSystem.FileSystem
  const folder = yield* fs.makeTempDirectoryScoped({ prefix: "glider-bench-" })
  const argument = yield* Schema.encodeEffect(Schema.fromJsonString(LatenessSetup))({ folder, ...setup })
  const figures = yield* Effect.flatMap(
    output([program, argument]),
    Schema.decodeEffect(Schema.fromJsonString(LatenessFigures))
  )
  return { ...setup, ...figures }
}, Effect.scoped)

export const lateness = Effect.fn("bench.lateness")(function*({ schedules: { due } }: Sizes) {
  const all = yield* Effect.forEach(due, measure)
  return {
    promises: all.filter(({ schedules }) => schedules <= 1000).map(({ isSpread, schedules, takenUp }) =>
      promise({
        what: `how late a tick is taken up, ${schedules} due ${
          isSpread ? "in the same second" : "at one instant"
        }, p99`,
        unit: "ms",
        bound: "below",
        promised: 20,
        measured: median(takenUp.map(({ p99 }) => p99))
      })
    ),
    figures: Object.fromEntries(
      all.map(({ isSpread, schedules, ...figures }) => [`${schedules} ${isSpread ? "spread" : "at once"}`, figures])
    )
  }
})

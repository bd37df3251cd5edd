/** What schedules cost that wait for their time. */
import { Clock, Effect, FileSystem, Schema } from "effect"
import { going } from "../Processes.ts"
import { promise, round, type Sizes } from "../Report.ts"
import { bundled } from "../workflows/Bundle.ts"
import { HeldFigures, HeldSetup } from "./ScheduleFigures.ts"

/** Runs a process until it has said what it found out, and kills it. */
const live = Effect.fnUntraced(function*(program: string, environment: Record<string, string>, setup: HeldSetup) {
  const argument = yield* Schema.encodeEffect(Schema.fromJsonString(HeldSetup))(setup)
  const { handle, match } = yield* going([program, argument], /^\{.*\}$/m, environment, undefined, "5 minutes")
  yield* handle.kill({ killSignal: "SIGKILL" })
  return yield* Schema.decodeEffect(Schema.fromJsonString(HeldFigures))(match)
}, Effect.scoped)

export const held = Effect.fn("bench.held")(function*({ schedules: { held: schedules, restSeconds } }: Sizes) {
  const fs = yield* FileSystem.FileSystem
  const folder = yield* fs.makeTempDirectoryScoped({ prefix: "glider-bench-" })
  const { environment, program } = yield* bundled(new URL("HeldProcess.ts", import.meta.url), folder)
  const setup = { folder, schedules, now: yield* Clock.currentTimeMillis, restSeconds }
  const stored = yield* live(program, environment, setup)
  const found = yield* live(program, environment, setup)
  return {
    promises: [
      promise({
        what: `resident memory with ${schedules} schedules that wait, in the process that stored them`,
        unit: "MB",
        bound: "below",
        promised: 300,
        measured: stored.held
      }),
      promise({
        what: "and in one that found them when it started",
        unit: "MB",
        bound: "below",
        promised: 300,
        measured: found.held
      }),
      promise({
        what: "of it for one schedule",
        unit: "MB",
        bound: "below",
        promised: 1,
        measured: round((found.held - found.before) / schedules, 5)
      }),
      promise({
        what: `a changed expression, until the supervisor of ${schedules} has its next tick`,
        unit: "ms",
        bound: "below",
        promised: 500,
        measured: Math.max(stored.applyMillis, found.applyMillis)
      })
    ],
    figures: { stored, found }
  }
}, Effect.scoped)

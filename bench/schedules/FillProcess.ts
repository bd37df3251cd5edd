/** Stores schedules with the runs that they have had, all over: `node FillProcess.ts <FillSetup as JSON>`. */
import { Effect, Layer } from "effect"
import { tickRunId } from "../../src/domain/Schedule.ts"
import { ScheduleBook } from "../../src/schedules/ScheduleBook.ts"
import { Surreal } from "../../src/services/Surreal.ts"
import { packed } from "../../src/services/SurrealCodec.ts"
import { columnsOf } from "../../src/store/RunColumns.ts"
import { Schedules } from "../../src/store/Schedules.ts"
import { TickLedger } from "../../src/store/TickLedger.ts"
import { tickStatements } from "../../src/store/TickRows.ts"
import { main } from "../workflows/Process.ts"
import { idOf, mixed } from "./Definitions.ts"
import { FillSetup } from "./ScheduleFigures.ts"
import { configured, tables } from "./World.ts"

const batch = 1000

/** Between one run and the one before it. */
const apart = 10_000

const project = "glider"

main(FillSetup, ({ folder, ids, now, runs }) =>
  Effect.gen(function*() {
    const surreal = yield* Surreal
    yield* (yield* ScheduleBook).reconcile(mixed(ids, now), { reload: false })
    for (let from = 0; from < runs; from += batch) {
      const rows = Array.from({ length: Math.min(batch, runs - from) }, (_, index) => {
        const number = from + index
        const tick = Math.floor((now - number * apart) / 1000) * 1000
        const schedule = idOf(number % ids)
        return columnsOf({
          id: tickRunId(project, schedule, tick),
          workflow: "diagnostics",
          version: 1,
          state: number % 50 === 49 ? "failed" : "completed",
          trigger: "schedule",
          schedule: `schedule-${project}-${schedule}`,
          tick,
          attempt: 1,
          original: undefined,
          parent: undefined,
          attributes: {},
          recency: -tick * 1000,
          startedAt: tick,
          finishedAt: tick + 1500,
          error: number % 50 === 49
            ? { tag: "DiagnosticsFailed", message: "it was asked to fail", fix: null }
            : undefined,
          due: undefined,
          cancel: undefined,
          progress: undefined,
          report: undefined
        })
      })
      yield* surreal.execute("INSERT INTO run encoding::cbor::decode($rows) RETURN NONE", { rows: packed(rows) })
    }
    // each schedule has run: the newest run of each is among those
    const states = Array.from({ length: Math.min(ids, runs) }, (_, number) => {
      const id = idOf(number)
      const tick = Math.floor((now - number * apart) / 1000) * 1000
      const lastRun = tickRunId(project, id, tick)
      const state = {
        project,
        id,
        cursor: tick,
        runs: Math.ceil(runs / ids),
        buffered: undefined,
        lastRun,
        lastStart: tick
      }
      return { ticks: [], state }
    })
    yield* surreal.transaction(tickStatements(states))
  }).pipe(
    Effect.provide(ScheduleBook.layer.pipe(
      Layer.provide([Schedules.layer, TickLedger.layer]),
      Layer.provideMerge(configured(folder)),
      Layer.provideMerge(tables(folder))
    ))
  ))

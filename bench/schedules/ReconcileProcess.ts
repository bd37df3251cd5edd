/** Brings the store to what a config says: `node ReconcileProcess.ts <ReconcileSetup as JSON>` prints its `ReconcileFigures`. */
import { Clock, Effect, Layer } from "effect"
import type { ScheduleDefinition } from "../../src/domain/ScheduleDefinition.ts"
import { ScheduleBook } from "../../src/schedules/ScheduleBook.ts"
import { Schedules } from "../../src/store/Schedules.ts"
import { TickLedger } from "../../src/store/TickLedger.ts"
import { round } from "../Report.ts"
import { Asked, main, say } from "../workflows/Process.ts"
import { changed, mixed } from "./Definitions.ts"
import { ReconcileFigures, ReconcileSetup } from "./ScheduleFigures.ts"
import { configured, tables } from "./World.ts"

let writes = 0

/** Counts what writes. */
const counted = Layer.effect(
  Schedules,
  Effect.map(Schedules, (schedules) => {
    const written = <A, E>(write: Effect.Effect<A, E>) =>
      Effect.suspend(() => {
        writes++
        return write
      })
    return Schedules.of({
      ...schedules,
      put: (rows) => written(schedules.put(rows)),
      change: (row) => written(schedules.change(row)),
      adopt: (rows, states) => written(schedules.adopt(rows, states)),
      remove: (project, ids) => written(schedules.remove(project, ids))
    })
  })
).pipe(Layer.provide(Schedules.layer))

const pass = Effect.fnUntraced(function*(definitions: ReadonlyArray<ScheduleDefinition>) {
  const book = yield* ScheduleBook
  const { counts } = yield* Asked
  const before = { writes, commits: counts().commits }
  const from = performance.now()
  const { changes } = yield* book.reconcile(definitions, { reload: false })
  return {
    seconds: round((performance.now() - from) / 1000, 3),
    created: changes.filter(({ kind }) => kind === "create").length,
    updated: changes.filter(({ kind }) => kind === "update").length,
    writes: writes - before.writes,
    transactions: counts().commits - before.commits
  }
})

main(ReconcileSetup, ({ folder, schedules }) =>
  Effect.gen(function*() {
    const now = yield* Clock.currentTimeMillis
    const first = yield* pass(mixed(schedules, now))
    const second = yield* pass(mixed(schedules, now))
    const third = yield* pass(changed(mixed(schedules, now)))
    yield* say(ReconcileFigures, { first, second, third })
  }).pipe(
    Effect.provide(ScheduleBook.layer.pipe(
      Layer.provide([counted, TickLedger.layer]),
      Layer.provideMerge(configured(folder)),
      Layer.provideMerge(tables(folder))
    ))
  ))

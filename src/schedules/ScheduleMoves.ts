import { Context, Effect, Layer } from "effect"
import { isOverridden } from "../domain/Schedule.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { type ScheduleRow, Schedules, type ScheduleState } from "../store/Schedules.ts"
import { TickLedger } from "../store/TickLedger.ts"
import { ScheduleBook } from "./ScheduleBook.ts"
import { InvalidChange } from "./ScheduleChanges.ts"
import { Ticks } from "./Ticks.ts"

/** Schedules that change their project. */
export interface Move {
  readonly from: string
  readonly to: string
  /** Only says what there is. */
  readonly preview?: boolean | undefined
}

/** What was moved. */
export interface Moved {
  readonly schedules: ReadonlyArray<string>
  readonly ticks: number
}

/** Takes schedules along when `[project] name` changes: their overrides, how far they have come, and their ledgers. */
export class ScheduleMoves extends Context.Service<ScheduleMoves, {
  /** What was changed in the new project already goes before what was changed in the old one. */
  readonly move: (move: Move) => Effect.Effect<Moved, InvalidChange | SurrealError>
}>()("glider/schedules/ScheduleMoves") {
  static readonly layer = Layer.effect(
    ScheduleMoves,
    Effect.gen(function*() {
      const book = yield* ScheduleBook
      const ledger = yield* TickLedger
      const store = yield* Schedules
      const ticks = yield* Ticks

      /** Of a schedule that this process knows: its supervisor is told. */
      const merge = Effect.fnUntraced(
        function*({ deleted, id, override }: ScheduleRow, state: ScheduleState | undefined) {
          const entry = yield* book.get(id)
          const isUntouched = !isOverridden(entry.row.override)
          if (isUntouched && (deleted || isOverridden(override))) {
            yield* book.change(id, (row) => ({ override, deleted, since: row.since }))
          }
          if (state === undefined) return
          const merged = Effect.suspend(() =>
            ticks.starts.record(entry, [], {
              cursor: Math.max(entry.state.cursor, state.cursor),
              runs: entry.state.runs + state.runs,
              ...entry.state.lastRun === undefined ? { lastRun: state.lastRun, lastStart: state.lastStart } : {}
            })
          )
          yield* ticks.alone(entry)(merged)
        }
      )

      const move = Effect.fn("ScheduleMoves.move")(function*({ from, preview, to }: Move) {
        if (from === to) return yield* new InvalidChange({ field: "to", message: "expected another project than from" })
        if (from === book.project) {
          const message =
            `${from} is the project of this config: change [project] name first, and then move its schedules`
          return yield* new InvalidChange({ field: "from", message })
        }
        const rows = yield* store.all(from)
        const ids = rows.map(({ id }) => id)
        if (preview === true) return { schedules: ids, ticks: yield* ledger.count(from) }
        const states = yield* store.states(from)
        if (to === book.project) {
          yield* book.ensure
          yield* Effect.forEach(rows, (row) =>
            merge(row, states.find(({ id }) => id === row.id)).pipe(
              // the config has no such schedule any more
              Effect.catchTags({ UnknownSchedule: () => Effect.void, StaleRevision: () => Effect.void })
            ), { discard: true })
        } else {
          yield* store.adopt(
            rows.map((row) => ({ ...row, project: to })),
            states.map((state) => ({ ...state, project: to }))
          )
        }
        const moved = yield* ledger.move(from, to)
        yield* store.remove(from, ids)
        return { schedules: ids, ticks: moved }
      })

      return ScheduleMoves.of({ move })
    })
  )
}

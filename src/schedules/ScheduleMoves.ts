import { Context, Effect, Layer } from "effect"
import type { SurrealError } from "../services/SurrealError.ts"
import { Schedules } from "../store/Schedules.ts"
import { TickLedger } from "../store/TickLedger.ts"
import { ScheduleBook } from "./ScheduleBook.ts"
import { InvalidChange } from "./ScheduleChanges.ts"

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
  /** Schedules that the new project has already keep what they have there. */
  readonly move: (move: Move) => Effect.Effect<Moved, InvalidChange | SurrealError>
}>()("glider/schedules/ScheduleMoves") {
  static readonly layer = Layer.effect(
    ScheduleMoves,
    Effect.gen(function*() {
      const book = yield* ScheduleBook
      const ledger = yield* TickLedger
      const store = yield* Schedules

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
        yield* store.adopt(
          rows.map((row) => ({ ...row, project: to })),
          states.map((state) => ({ ...state, project: to }))
        )
        const ticks = yield* ledger.move(from, to)
        yield* store.remove(from, ids)
        return { schedules: ids, ticks }
      })

      return ScheduleMoves.of({ move })
    })
  )
}

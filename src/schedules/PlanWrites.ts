/** How a plan comes into the store: in batches, each tried again while the store is away. */
import { Clock, Effect, Exit, Option, Schedule } from "effect"
import type { SurrealError } from "../services/SurrealError.ts"
import type { Schedules } from "../store/Schedules.ts"
import type { TickLedger } from "../store/TickLedger.ts"
import { abandoned, closing } from "./Closing.ts"
import type { Entry } from "./Entry.ts"
import type { Plan } from "./Plan.ts"
import * as ScheduleMetrics from "./ScheduleMetrics.ts"

/** Rows written in one transaction. */
const batch = 500

/** Transactions under way. */
const together = 4

/** One write while the store is away or slow: three more tries from 1 s on. What is wrong for good is not tried again. */
const writeRetry = Schedule.exponential("1 second").pipe(
  Schedule.upTo({ times: 3 }),
  Schedule.setInputType<SurrealError>(),
  Schedule.while(({ input: { reason } }) => reason._tag === "StoreUnavailable" || reason._tag === "Conflict")
)

export interface PlanWritesParts {
  readonly project: string
  readonly ledger: TickLedger["Service"]
  readonly store: Schedules["Service"]
  /** Told after each batch of how many schedules are done. */
  readonly wrote: (schedules: number) => void
}

export const make = ({ ledger, project, store, wrote }: PlanWritesParts) => {
  const inBatches = <A>(
    items: ReadonlyArray<A>,
    write: (part: ReadonlyArray<A>) => Effect.Effect<void, SurrealError>,
    done: (count: number) => void = () => {}
  ) =>
    Effect.forEach(
      Array.from({ length: Math.ceil(items.length / batch) }, (_, at) => items.slice(at * batch, (at + 1) * batch)),
      (part) => Effect.tap(Effect.retry(write(part), writeRetry), () => Effect.sync(() => done(part.length))),
      { concurrency: together, discard: true }
    )

  /** Writes the outcomes of ticks that lose their schedule or its timing, the rows, and what goes; counts each change. */
  return Effect.fnUntraced(function*({ changes, deleted, rows }: Plan, known: ReadonlyMap<string, Entry>) {
    const at = yield* Clock.currentTimeMillis
    const retimed = rows.flatMap((row) => {
      const entry = known.get(row.id)
      return entry === undefined || entry.row.deleted || entry.row.since === row.since
        ? []
        : closing(entry, entry.row, row.since)
    })
    const closed = [...deleted.flatMap((id) => Option.toArray(abandoned(known.get(id), at))), ...retimed]
    // first: a process that ends in between says it again, and a row that has changed knows of them no more
    yield* inBatches(closed, (ticks) => ledger.record({ ticks, state: undefined })).pipe(
      Effect.andThen(inBatches(rows, store.put, wrote)),
      Effect.andThen(inBatches(deleted, (ids) => store.remove(project, ids), wrote)),
      Effect.onExit((exit) =>
        Effect.forEach(
          changes,
          ({ kind }) => ScheduleMetrics.countOperation(project, kind, Exit.isSuccess(exit) ? "success" : "failure"),
          { discard: true }
        )
      )
    )
  })
}

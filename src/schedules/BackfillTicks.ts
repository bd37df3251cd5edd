/** The steps of a backfill: which ticks there are, and the run of each. */
import { Effect, Layer, Option, PubSub } from "effect"
import type { TickMark } from "../domain/Schedule.ts"
import { RunControl } from "../engine/RunControl.ts"
import * as RetryPolicy from "../RetryPolicy.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { TickLedger } from "../store/TickLedger.ts"
import { BackfillFailed, BackfillSteps } from "./Backfill.ts"
import type { Entry } from "./Entry.ts"
import { ScheduleBook } from "./ScheduleBook.ts"
import { type Settings, ticksOf } from "./Settings.ts"
import { Ticks } from "./Ticks.ts"
import type { Due } from "./TickStarts.ts"

/** Ticks in one step. */
const inOneStep = 200

export const layer = Layer.effect(
  BackfillSteps,
  Effect.gen(function*() {
    const book = yield* ScheduleBook
    const control = yield* RunControl
    const ledger = yield* TickLedger
    const ticks = yield* Ticks

    const patiently = <A>(call: Effect.Effect<A, SurrealError>) =>
      Effect.mapError(Effect.retry(call, RetryPolicy.recovery), ({ message }) => new BackfillFailed({ message }))

    const found = Effect.fnUntraced(function*(id: string) {
      // a run that goes on after a restart is there before its schedule
      yield* book.known
      yield* ticks.ready
      const entry = yield* Effect.mapError(book.get(id), ({ message }) => new BackfillFailed({ message }))
      const settings = entry.settings
      if (Option.isNone(settings)) return yield* new BackfillFailed({ message: `schedule ${id} cannot be read` })
      return { entry, settings: settings.value }
    })

    /** The run that a tick has started already. */
    const runOf = Effect.fnUntraced(function*({ row: { id, project } }: Entry, { nominal }: Due) {
      const [known] = yield* ledger.read({ project, schedule: id, from: nominal, to: nominal, limit: 1 })
      return known?.outcome === "started" ? known.run : Option.none()
    })

    const released = Effect.fnUntraced(function*(run: string) {
      const ends = yield* ticks.ends
      while (ticks.atWork.has(run)) yield* PubSub.take(ends)
    }, Effect.scoped)

    /** Until the run is over, or parked: then nobody knows when it goes on. */
    const atRest = (run: string) =>
      Effect.raceFirst(
        Effect.andThen(control.ended(run), Effect.sync(() => ticks.atWork.ended(run))),
        released(run)
      )

    /** Starts the tick as soon as no other run of its schedule is at work, if its policy wants it so. */
    const start = Effect.fnUntraced(function*(entry: Entry, settings: Settings, tick: Due, mark: TickMark) {
      for (;;) {
        const busy = settings.definition.overlap_policy === "allow" ? Option.none() : ticks.atWork.of(entry)
        if (Option.isSome(busy)) {
          yield* atRest(busy.value)
          continue
        }
        const started = yield* ticks.alone(entry)(
          Effect.suspend(() =>
            settings.definition.overlap_policy !== "allow" && Option.isSome(ticks.atWork.of(entry))
              ? Effect.succeedNone
              : mark === "caught_up" && entry.state.runs >= (settings.definition.max_runs ?? Infinity)
              ? Effect.succeedSome(false)
              : Effect.asSome(ticks.starts.start(entry, settings.definition, tick, [mark], true))
          )
        )
        if (Option.isSome(started)) return started.value
      }
    })

    const fill = Effect.fnUntraced(function*(entry: Entry, settings: Settings, tick: Due, mark: TickMark) {
      const known = yield* runOf(entry, tick)
      const isNew = Option.isNone(known)
      if (isNew && !(yield* start(entry, settings, tick, mark))) return "failed"
      const run = isNew ? yield* runOf(entry, tick) : known
      if (Option.isSome(run)) yield* atRest(run.value)
      return isNew ? "started" : "present"
    })

    return BackfillSteps.of({
      ticks: Effect.fnUntraced(function*(id, { from, to }) {
        const { settings } = yield* found(id)
        const some: Array<Due> = []
        for (const tick of ticksOf(settings, from, to)) {
          if (some.length === inOneStep) break
          some.push(tick)
        }
        return some
      }),
      fill: (id, tick, mark) =>
        Effect.flatMap(found(id), ({ entry, settings }) => patiently(fill(entry, settings, tick, mark)))
    })
  })
)

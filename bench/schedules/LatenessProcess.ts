/** Schedules that are all due in the same second: `node LatenessProcess.ts <LatenessSetup as JSON>` prints `LatenessFigures`. */
import { Clock, Effect, Layer, Schedule, Schema } from "effect"
import { TickOutcome } from "../../src/domain/Schedule.ts"
import { Ticks } from "../../src/schedules/Ticks.ts"
import { Surreal } from "../../src/services/Surreal.ts"
import { percentile, round } from "../Report.ts"
import { Asked, main, say } from "../workflows/Process.ts"
import { together } from "./Definitions.ts"
import { LatenessFigures, LatenessSetup, type Quantiles } from "./ScheduleFigures.ts"
import { glider, supervisor } from "./World.ts"

/** A tick as this process saw it, in epoch milliseconds. */
interface Seen {
  readonly due: number
  readonly takenUp: number
  readonly durable: number
}

const seen: Array<Seen> = []

/** Watches when a tick is taken up, and when the attention to it ends: then its start is durable. */
const watched = Layer.effect(
  Ticks,
  Effect.map(Ticks, (ticks) =>
    Ticks.of({
      ...ticks,
      attend: (entry, settings) =>
        // by the supervisor's clock: `performance.now()` drifts from it while a process lives
        Effect.flatMap(Clock.currentTimeMillis, (takenUp) => {
          const { due } = entry
          if (due === undefined || due > takenUp) return ticks.attend(entry, settings)
          return Effect.tap(
            ticks.attend(entry, settings),
            () => Effect.map(Clock.currentTimeMillis, (durable) => void seen.push({ due, takenUp, durable }))
          )
        })
    }))
)

const Row = Schema.Struct({
  nominal: Schema.Finite,
  effective: Schema.Finite,
  at: Schema.Finite,
  outcome: TickOutcome,
  started: Schema.NullishOr(Schema.Finite)
})

const quantiles = (numbers: ReadonlyArray<number>): Quantiles => ({
  p50: round(percentile(numbers, 0.5), 1),
  p99: round(percentile(numbers, 0.99), 1),
  most: round(percentile(numbers, 1), 1)
})

main(LatenessSetup, ({ every, folder, isSpread, schedules, ticks }) =>
  Effect.gen(function*() {
    const surreal = yield* Surreal
    const { counts } = yield* Asked
    const period = every * 1000
    // once all are supervised, so that the first tick finds them waiting
    const ready = (yield* Clock.currentTimeMillis) + 1000 + schedules / 2
    const first = Math.ceil(ready / period) * period
    const definitions = together(schedules, { every, first, isSpread, workflow: "nothing" })
    yield* Layer.build(Layer.provide(supervisor(() => definitions), watched))
    const attended = (count: number) =>
      Effect.repeat(Effect.sync(() => seen.length), {
        schedule: Schedule.spaced("50 millis"),
        until: (length) => length >= count
      })
    yield* attended(schedules)
    const before = counts()
    yield* attended(schedules * (ticks + 1))
    const after = counts()
    const tickOf = (instant: number) => Math.floor((instant - first) / period)
    const rows = yield* surreal.query(
      Schema.Array(Row),
      "SELECT record::id(id)[2] AS nominal, effective, at, outcome, (SELECT VALUE started FROM ONLY type::record('run', [$parent.run])) AS started FROM tick"
    )
    const each = <A>(of: (tick: number) => A) => Array.from({ length: ticks }, (_, at) => of(at + 1))
    const seenAt = (tick: number) => seen.filter(({ due }) => tickOf(due) === tick)
    const rowsAt = (tick: number) => rows.filter(({ nominal }) => tickOf(nominal) === tick)
    const outcomes: Record<string, number> = {}
    for (const tick of each(rowsAt).flat()) outcomes[tick.outcome] = (outcomes[tick.outcome] ?? 0) + 1
    yield* say(LatenessFigures, {
      takenUp: each((tick) => quantiles(seenAt(tick).map(({ due, takenUp }) => takenUp - due))),
      ledger: each((tick) => quantiles(rowsAt(tick).map(({ at, effective }) => at - effective))),
      started: each((tick) =>
        quantiles(
          rowsAt(tick).flatMap(({ effective, started }) => typeof started === "number" ? [started - effective] : [])
        )
      ),
      durable: each((tick) => quantiles(seenAt(tick).map(({ due, durable }) => durable - due))),
      outcomes,
      commits: round((after.commits - before.commits) / (schedules * ticks), 3),
      reads: round((after.reads - before.reads) / (schedules * ticks), 3)
    })
  }).pipe(Effect.scoped, Effect.provide(glider(folder))))

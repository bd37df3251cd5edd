/** How fast records get into the durable store, beside what the SDK alone does with the same rows. */
import { Effect, Order, Schema } from "effect"
import { output } from "./Processes.ts"
import { type Outcome, promise, type Promised, round, type Sizes } from "./Report.ts"
import { StoreFigures, type Workload } from "./StoreFigures.ts"

const workloads: ReadonlyArray<readonly [Workload, Pick<Promised, "what" | "promised">]> = [
  ["heartrate", { what: "rows of about 300 bytes, upserted in batches", promised: 12_000 }],
  ["plays", { what: "plays with their raw objects, upserted in batches", promised: 4000 }]
]

const byRate = Order.mapInput(Order.Number, ({ firstPass }: StoreFigures) => -firstPass)

export const store = Effect.fn("bench.store")(function*({ records, rounds }: Sizes) {
  const measured = yield* Effect.forEach(
    workloads,
    Effect.fnUntraced(function*([workload, spec]) {
      const figures = yield* Effect.replicateEffect(
        Effect.flatMap(
          output(["bench/StoreRound.ts", workload, String(records)]),
          Schema.decodeEffect(StoreFigures.json)
        ),
        rounds
      )
      const best = figures.toSorted(byRate)[0]
      return {
        promised: promise({ ...spec, unit: "/s", bound: "least", measured: best?.firstPass ?? 0 }),
        figures: {
          records,
          rounds: figures.map(({ firstPass }) => firstPass),
          ...best,
          ratioToBareInsert: round((best?.firstPass ?? 0) / (best?.bareInsert ?? 1), 2)
        },
        workload
      }
    })
  )
  const outcome: Outcome = {
    promises: measured.map(({ promised }) => promised),
    figures: Object.fromEntries(measured.map(({ figures, workload }) => [workload, figures]))
  }
  return outcome
})

/** What it costs a commit that programs elsewhere may be told of it. */
import { Effect, FileSystem, Schema } from "effect"
import { fileURLToPath } from "node:url"
import { output } from "../Processes.ts"
import { median, type Outcome, promise, round, type Sizes } from "../Report.ts"
import { Told, Took } from "./WebhookFigures.ts"

const program = fileURLToPath(new URL("WebhookProcess.ts", import.meta.url))

export const webhooks = Effect.fn("bench.webhooks")(function*({ webhooks: { records, rounds } }: Sizes) {
  const fs = yield* FileSystem.FileSystem
  const home = yield* fs.makeTempDirectoryScoped({ prefix: "glider-bench-" })
  const took = (told: Told, round: number) =>
    output([program, told, `${home}/${told}-${round}`, String(records)]).pipe(
      Effect.flatMap(Schema.decodeEffect(Took)),
      Effect.map(({ millis }) => [told, millis] as const)
    )
  // in turn, and in the other order every second round, since a machine is not always as fast
  const times = yield* Effect.forEach(
    Array.from({ length: rounds }, (_, round) => round),
    (round) => {
      const order = round % 2 === 0 ? Told.literals : Told.literals.toReversed()
      return Effect.map(Effect.forEach(order, (told) => took(told, round)), (each) => new Map(each))
    }
  )
  const ratios = (told: Told) =>
    times.map((each) => (each.get(told) ?? Number.NaN) / (each.get("without") ?? Number.NaN))
  const outcome: Outcome = {
    promises: [
      promise({
        what: "commits of which nobody is told to those without an outbox",
        unit: "times the time",
        bound: "most",
        promised: 1.05,
        measured: round(median(ratios("nobody")), 3)
      })
    ],
    figures: {
      records,
      ratiosNobody: ratios("nobody").map((ratio) => round(ratio, 3)),
      ratioOne: round(median(ratios("one")), 3)
    }
  }
  return outcome
}, Effect.scoped)

/** How long it takes to tell whether a schedule can be: its expression, the distance of its ticks, its input. */
import { Clock, Effect, Result } from "effect"
import * as Timing from "../../src/timing/Timing.ts"
import { checkInput } from "../../src/workflows/Catalogue.ts"
import { CannotRun } from "../Processes.ts"
import { percentile, promise, round } from "../Report.ts"

const zones = ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"] as const

/** Expressions of which none was read before; rare days take longest to find. */
const expressions = Array.from({ length: 500 }, (_, number) => {
  const [minute, hour, day] = [number % 60, number % 24, number % 28 + 1]
  switch (number % 5) {
    case 0:
      return `${minute} ${hour} * * *`
    case 1:
      return `${number % 60} ${minute} ${hour} * * MON-FRI`
    case 2:
      return `${minute} ${hour} ${day} * *`
    case 3:
      return `${minute} ${hour} 29 2 *`
    default:
      return `*/${number % 29 + 1} ${hour}-23 * * *`
  }
})

const validated = (expression: string, number: number, now: number): boolean =>
  Timing.parse(expression, zones[number % zones.length] ?? "UTC", { gap: "auto", repeat: "auto" }).pipe(
    Result.map((timing) => Timing.leastGap(timing, now)),
    Result.isSuccess
  ) && Result.isSuccess(checkInput("diagnostics", { key: `report ${number}`, pauseSeconds: 1 }))

export const validation = Effect.fn("bench.validation")(function*() {
  const millis: Array<number> = []
  const now = yield* Clock.currentTimeMillis
  for (const [number, expression] of expressions.entries()) {
    const from = performance.now()
    const isValid = validated(expression, number, now)
    millis.push(performance.now() - from)
    if (!isValid) return yield* new CannotRun({ message: `${expression} is refused` })
  }
  return {
    promises: [
      promise({
        what: "validation of one schedule, the longest of 500 and the first of a process among them",
        unit: "ms",
        bound: "below",
        promised: 100,
        measured: round(percentile(millis, 1), 1)
      })
    ],
    figures: {
      first: round(millis[0] ?? 0, 1),
      p50: round(percentile(millis, 0.5), 2),
      p99: round(percentile(millis, 0.99), 2)
    }
  }
})

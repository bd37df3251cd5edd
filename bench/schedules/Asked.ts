/** How fast the API of a daemon with a history answers, and how fast a change of a schedule is applied. */
import { Array as Arr, Effect, Schema } from "effect"
import { build, freePort } from "../Installation.ts"
import { median, percentile, promise, round, type Sizes } from "../Report.ts"
import { ask, daemon, load } from "./Daemon.ts"
import { idOf } from "./Definitions.ts"

const perSecond = 500

const Next = Schema.fromJsonString(Schema.Struct({ next_run_time: Schema.NullOr(Schema.String) }))

export const asked = Effect.fn("bench.asked")(function*({ schedules: { answering, runs, seconds } }: Sizes) {
  yield* build
  const asking = yield* daemon({ schedules: answering, runs, port: yield* freePort })
  // compiled code and caches
  yield* load(asking, { perSecond: 200, schedules: answering, seconds: Math.min(seconds, 5) })
  const answers = yield* load(asking, { perSecond, schedules: answering, seconds })
  const millisOf = (kind?: string) =>
    answers.flatMap((answer) => kind === undefined || answer.kind === kind ? [answer.millis] : [])
  const quantile = (part: number, kind?: string) => round(percentile(millisOf(kind), part), 1)
  const quantiles = (kind?: string) => ({
    p50: quantile(0.5, kind),
    p95: quantile(0.95, kind),
    p99: quantile(0.99, kind),
    most: quantile(1, kind)
  })

  const applied: Array<number> = []
  for (const number of Arr.range(0, 20)) {
    const path = `/api/v0/schedules/${idOf(number * 3)}`
    const next = Effect.map(Effect.flatMap(ask(asking, path), Schema.decodeEffect(Next)), (told) => told.next_run_time)
    const before = yield* next
    const from = performance.now()
    yield* ask(asking, path, { method: "PATCH", body: { enabled: false } })
    while ((yield* next) === before) yield* Effect.sleep("1 millis")
    applied.push(performance.now() - from)
  }
  return {
    promises: [
      promise({
        what: `answers of the API at ${perSecond}/s, ${answering} schedules and ${runs} runs, p99`,
        unit: "ms",
        bound: "below",
        promised: 20,
        measured: quantile(0.99)
      }),
      promise({
        what: "GET /schedules?limit=50 at that rate, p95",
        unit: "ms",
        bound: "below",
        promised: 100,
        measured: quantile(0.95, "schedules")
      }),
      promise({
        what: "PATCH enabled until the next tick is told otherwise, the longest",
        unit: "ms",
        bound: "below",
        promised: 500,
        measured: round(percentile(applied, 1), 1)
      })
    ],
    figures: {
      answers: answers.length,
      all: quantiles(),
      schedules: quantiles("schedules"),
      schedule: quantiles("schedule"),
      runs: quantiles("runs"),
      patch: round(median(applied), 1)
    }
  }
}, Effect.scoped)

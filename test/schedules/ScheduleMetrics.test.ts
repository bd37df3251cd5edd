import { assert, describe, it } from "@effect/vitest"
import { Deferred, Duration, Effect, Fiber, Metric } from "effect"
import { PrometheusMetrics } from "effect/observability"
import { TestClock } from "effect/testing"
import * as ScheduleMetrics from "../../src/schedules/ScheduleMetrics.ts"
import { families } from "../../src/Series.ts"

/** The lines of `/metrics` that begin so, from a registry of the test's own. */
const told = (name: string) =>
  Effect.map(
    PrometheusMetrics.format(),
    (text) => text.split("\n").filter((line) => line.startsWith(name))
  )

const alone = <A, E, R>(test: Effect.Effect<A, E, R>) =>
  Effect.suspend(() => Effect.provideService(test, Metric.MetricRegistry, new Map()))

describe("schedules/ScheduleMetrics", () => {
  it.effect("counts changes of schedules by their outcome, an interrupted one as a failure", () =>
    Effect.gen(function*() {
      yield* ScheduleMetrics.counted("home", "create")(Effect.void)
      yield* ScheduleMetrics.counted("home", "create")(Effect.void)
      yield* Effect.exit(ScheduleMetrics.counted("home", "update")(Effect.fail("no")))
      yield* Effect.exit(ScheduleMetrics.counted("home", "delete")(Effect.interrupt))
      assert.deepStrictEqual(yield* told("compozy_schedule_operations_total"), [
        "compozy_schedule_operations_total{operation=\"create\",status=\"success\",project=\"home\"} 2",
        "compozy_schedule_operations_total{operation=\"update\",status=\"failure\",project=\"home\"} 1",
        "compozy_schedule_operations_total{operation=\"delete\",status=\"failure\",project=\"home\"} 1"
      ])
    }).pipe(alone))

  it.effect("says how many schedules stand where", () =>
    Effect.gen(function*() {
      yield* ScheduleMetrics.setSchedules("home", { active: 4, paused: 1, override: 0 })
      yield* ScheduleMetrics.setSchedules("home", { active: 3, paused: 2, override: 1 })
      assert.deepStrictEqual(yield* told("compozy_scheduled_workflows_total"), [
        "compozy_scheduled_workflows_total{project=\"home\",status=\"active\"} 3",
        "compozy_scheduled_workflows_total{project=\"home\",status=\"paused\"} 2",
        "compozy_scheduled_workflows_total{project=\"home\",status=\"override\"} 1"
      ])
    }).pipe(alone))

  it.effect("times a reconciliation with the buckets that were asked for, and tells of it while it is under way", () =>
    Effect.gen(function*() {
      const gate = yield* Deferred.make<void>()
      const inflight = "compozy_schedule_reconcile_inflight{project=\"home\"}"
      const reconcile = yield* Effect.forkChild(ScheduleMetrics.reconciling("home")(Deferred.await(gate)), {
        startImmediately: true
      })
      assert.deepStrictEqual(yield* told(inflight), [`${inflight} 1`])
      yield* TestClock.adjust("400 millis")
      yield* Deferred.succeed(gate, undefined)
      yield* Fiber.join(reconcile)
      assert.deepStrictEqual(yield* told(inflight), [`${inflight} 0`])
      const name = "compozy_schedule_reconcile_duration_seconds"
      const bucket = (le: string, count: number) => `${name}_bucket{project="home",le="${le}"} ${count}`
      assert.deepStrictEqual(yield* told(name), [
        ...["0.1", "0.25"].map((le) => bucket(le, 0)),
        ...["0.5", "1", "2.5", "5", "10", "30", "60", "+Inf"].map((le) => bucket(le, 1)),
        `${name}_sum{project="home"} 0.4`,
        `${name}_count{project="home"} 1`
      ])
    }).pipe(alone))

  it.effect("counts ticks by their outcome, and those that nobody has seen yet as none", () =>
    Effect.gen(function*() {
      yield* Effect.forEach(families(), ({ sow }) => sow)
      yield* ScheduleMetrics.countTick("started")
      yield* ScheduleMetrics.countTick("skipped_overlap")
      yield* ScheduleMetrics.tickTaken(Duration.millis(-3))
      assert.deepStrictEqual(yield* told("glider_ticks_total"), [
        "glider_ticks_total{outcome=\"started\"} 1",
        "glider_ticks_total{outcome=\"missed\"} 0",
        "glider_ticks_total{outcome=\"failed_to_start\"} 0",
        "glider_ticks_total{outcome=\"skipped_overlap\"} 1"
      ])
      assert.include(yield* told("glider_tick_lateness_seconds_sum"), "glider_tick_lateness_seconds_sum 0")
    }).pipe(alone))
})

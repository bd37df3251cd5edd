/** What schedules tell the metrics: their changes, how many there are, their reconciliation, and their ticks. */
import { Clock, Duration, Effect } from "effect"
import * as Series from "../Series.ts"

/** What was done to a schedule. */
export type ScheduleOperation = "create" | "update" | "delete"

/** Where a schedule stands; `override` counts those whose config a person has changed by hand. */
export type ScheduleStatus = "active" | "paused" | "override"

/** How a tick ended. */
export type TickOutcome =
  | "started"
  | "skipped_overlap"
  | "paused"
  | "disabled"
  | "missed"
  | "out_of_bounds"
  | "failed_to_start"

const operations = Series.counter("compozy_schedule_operations_total", {
  description:
    "Changes of schedules, by what was done (create, update, delete) and whether it could be (success, failure)",
  labels: ["operation", "status", "project"]
})

const schedules = Series.gauge("compozy_scheduled_workflows_total", {
  description: "Schedules that there are, by where they stand: active, paused, override",
  labels: ["project", "status"]
})

const reconcileDuration = Series.histogram("compozy_schedule_reconcile_duration_seconds", {
  description: "How long it took to bring the schedules to what the config says",
  labels: ["project"],
  boundaries: [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]
})

const reconcileInflight = Series.gauge("compozy_schedule_reconcile_inflight", {
  description: "Reconciliations under way",
  labels: ["project"]
})

const ticks = Series.counter("glider_ticks_total", {
  description: "Ticks of schedules, by how they ended",
  labels: ["outcome"],
  seeds: [{ outcome: "started" }, { outcome: "missed" }, { outcome: "failed_to_start" }]
})

const tickLateness = Series.histogram("glider_tick_lateness_seconds", {
  description: "How long after its instant a tick was taken up",
  labels: [],
  boundaries: [0.005, 0.02, 0.1, 1, 10, 60]
})

/** Counts a change of a schedule. */
export const countOperation = (
  project: string,
  operation: ScheduleOperation,
  status: "success" | "failure"
): Effect.Effect<void> => operations.update({ operation, status, project }, 1)

/** Makes a change of a schedule count by its outcome; one that was interrupted counts as a failure. */
export const counted = (project: string, operation: ScheduleOperation) => <A, E, R>(change: Effect.Effect<A, E, R>) =>
  Effect.onExit(change, (exit) => countOperation(project, operation, exit._tag === "Success" ? "success" : "failure"))

/** Says how many schedules there are now. */
export const setSchedules = (
  project: string,
  counts: { readonly [S in ScheduleStatus]: number }
): Effect.Effect<void> =>
  Effect.all([
    schedules.update({ project, status: "active" }, counts.active),
    schedules.update({ project, status: "paused" }, counts.paused),
    schedules.update({ project, status: "override" }, counts.override)
  ], { discard: true })

/** Times a reconciliation, and counts it as under way meanwhile. */
export const reconciling = (project: string) => <A, E, R>(reconcile: Effect.Effect<A, E, R>) =>
  Effect.acquireUseRelease(
    Effect.andThen(reconcileInflight.modify({ project }, 1), Clock.monotonicTimeNanos),
    () => reconcile,
    (began) =>
      Effect.flatMap(Clock.monotonicTimeNanos, (now) =>
        Effect.andThen(
          reconcileDuration.update({ project }, Duration.toSeconds(Duration.nanos(now - began))),
          reconcileInflight.modify({ project }, -1)
        ))
  )

/** Counts a tick that has its outcome. */
export const countTick = (outcome: TickOutcome): Effect.Effect<void> => ticks.update({ outcome }, 1)

/** Notes how long after its instant a tick was taken up. */
export const tickTaken = (lateness: Duration.Duration): Effect.Effect<void> =>
  tickLateness.update({}, Math.max(0, Duration.toSeconds(lateness)))

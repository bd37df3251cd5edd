/** Ticks of the past, run one after the other: what `glider schedule backfill` starts, and `catch_up = "all"`. */
import { Context, Effect, Layer, Schema } from "effect"
import { Activity, Workflow } from "effect/workflow"
import { TickMark } from "../domain/Schedule.ts"
import { body } from "../workflow/Body.ts"
import * as DurableSleep from "../workflow/DurableSleep.ts"

/** The schedule is gone, or cannot be run. */
export class BackfillFailed extends Schema.TaggedError<BackfillFailed>()("BackfillFailed", {
  message: Schema.String
}) {}

/** What became of one tick: its run was started, or was there already. */
export const Filled = Schema.Literals(["started", "present", "failed"])

export const DueTick = Schema.Struct({ nominal: Schema.Finite, effective: Schema.Finite })

export const Backfill = Workflow.make("schedule_backfill", {
  payload: {
    schedule: Schema.NonEmptyString,
    /** Epoch milliseconds, both included. */
    from: Schema.Finite,
    to: Schema.Finite,
    mark: TickMark,
    /** How long it rests between two ticks. */
    pauseMillis: Schema.optionalKey(Schema.Finite)
  },
  success: Schema.Struct({ started: Schema.Natural, present: Schema.Natural, failed: Schema.Natural }),
  error: BackfillFailed,
  idempotencyKey: ({ from, schedule, to }) => `${schedule} ${from} ${to}`
})

/** What its steps do. */
export class BackfillSteps extends Context.Service<BackfillSteps, {
  /** The next ticks of a stretch, at most some hundreds. */
  readonly ticks: (
    schedule: string,
    stretch: { readonly from: number; readonly to: number }
  ) => Effect.Effect<ReadonlyArray<typeof DueTick.Type>, BackfillFailed>
  /** Runs a tick to its end, unless it has a run already. */
  readonly fill: (
    schedule: string,
    tick: typeof DueTick.Type,
    mark: TickMark
  ) => Effect.Effect<typeof Filled.Type, BackfillFailed>
}>()("glider/schedules/Backfill/BackfillSteps") {}

/** Registers it. */
export const layer = Layer.unwrap(Effect.gen(function*() {
  const steps = yield* BackfillSteps
  return Backfill.toLayer(
    body(
      Effect.fnUntraced(
        function*({ from, mark, pauseMillis, schedule, to }: (typeof Backfill)["payloadSchema"]["Type"]) {
          const filled = { started: 0, present: 0, failed: 0 }
          for (let after = from; after <= to;) {
            const ticks = yield* Activity.make({
              name: `backfill ticks from ${after}`,
              success: Schema.Array(DueTick),
              error: BackfillFailed,
              execute: steps.ticks(schedule, { from: after, to })
            })
            for (const tick of ticks) {
              const outcome = yield* Activity.make({
                name: `backfill tick ${tick.nominal}`,
                success: Filled,
                error: BackfillFailed,
                execute: steps.fill(schedule, tick, mark)
              })
              filled[outcome]++
              if (pauseMillis !== undefined && outcome === "started") {
                yield* DurableSleep.sleep({ name: `backfill pause ${tick.nominal}`, duration: pauseMillis })
              }
            }
            after = ticks.length === 0 ? Infinity : (ticks.at(-1)?.nominal ?? to) + 1
          }
          return filled
        }
      )
    )
  )
}))

/** How much an engine does at once. */
import { Clock, Context, Effect, Exit, Layer, Option, type Semaphore } from "effect"
import { WorkflowEngine } from "effect/workflow"
import * as Series from "../Series.ts"
import * as ActivityLimit from "./ActivityLimit.ts"
import { RunPermit } from "./RunPermit.ts"

/** The limit that every `DurableActivity` keeps besides its own. */
export class EveryActivity extends Context.Reference<Option.Option<ActivityLimit.ActivityLimit>>(
  "glider/workflow/EveryActivity",
  { defaultValue: Option.none }
) {}

/** How much an engine does at once, within this process. What is left out is not bounded. */
export interface EngineLimits {
  /** How many runs may be at work at once, of all workflows together. */
  readonly concurrency?: number | undefined
  /** How many of one workflow, by its name. */
  readonly workflows?: Readonly<Record<string, number>> | undefined
  /** How many of each workflow that `workflows` does not name. */
  readonly each?: number | undefined
  /** How many runs of one workflow may start, by its name: see `ActivityBounds.rate`. */
  readonly starts?: Readonly<Record<string, NonNullable<ActivityLimit.ActivityBounds["rate"]>>> | undefined
  /** What all activities may do together. */
  readonly activities?: ActivityLimit.ActivityBounds | undefined
}

/** What holds where the configuration says nothing: 50 workflows, 100 activities, of which 10 start in a second. */
export const defaults = {
  concurrency: 50,
  activities: { concurrency: 100, rate: { limit: 10, per: "1 second" } }
} as const satisfies EngineLimits

const queueDelay = Series.histogram("glider_queue_delay_seconds", {
  description: "How long runs that could go on waited for their turn",
  labels: [],
  boundaries: [0.01, 0.1, 1, 10, 60, 600]
})

const delayed = (asked: number): Effect.Effect<void> =>
  Effect.flatMap(Clock.currentTimeMillis, (now) => queueDelay.update({}, (now - asked) / 1000))

/** Runs that are remembered to have started; beyond that, one that wakes may wait for a turn again. */
const mostRemembered = 100_000

/**
 * Bounds the runs of the engine below it.
 *
 * A run holds a permit while its body is at work: not before its turn has come, and not while it is suspended (a timer, a
 * signal). Nor does it while it waits for a child, suspended or not: it gives its permit back, and waits for its turn again
 * once no child is left that it waits for. So a parent and its children never wait for each other, however deep they are
 * nested and however small the bound; and children are counted as any run is. A run whose branches work on while
 * another branch waits for a child works without a permit for so long.
 *
 * Waiting for a turn can be interrupted. Compensations hold no permit: they run when the body is over.
 *
 * Dies with `InvalidLimit` when a bound is not a whole number from 1 up.
 */
export const workflow = (
  limits: EngineLimits
): Layer.Layer<WorkflowEngine.WorkflowEngine, never, WorkflowEngine.WorkflowEngine> =>
  Layer.effect(
    WorkflowEngine.WorkflowEngine,
    Effect.gen(function*() {
      const engine = yield* WorkflowEngine.WorkflowEngine
      const all = limits.concurrency === undefined
        ? undefined
        : yield* ActivityLimit.semaphore("concurrency", limits.concurrency)
      const activities = limits.activities === undefined
        ? Option.none()
        : Option.some(yield* ActivityLimit.make({ name: "activities", ...limits.activities }))
      /** The passes that are at work or wait for their turn, by execution id. */
      const passes = new Map<string, RunPermit>()

      const semaphoresOf = Effect.fnUntraced(function*(name: string) {
        const own = limits.workflows?.[name] ?? limits.each
        const semaphores: Array<Semaphore.Semaphore> = []
        // its own first: while it waits for that one, it keeps none from the others
        if (own !== undefined) semaphores.push(yield* ActivityLimit.semaphore(`workflows.${name}`, own))
        if (all !== undefined) semaphores.push(all)
        return semaphores
      })

      const pass = <A, E, R>(
        semaphores: ReadonlyArray<Semaphore.Semaphore>,
        executionId: string,
        body: Effect.Effect<A, E, R>
      ): Effect.Effect<A, E, R> =>
        Effect.suspend(() => {
          const permit = new RunPermit(semaphores)
          passes.set(executionId, permit)
          return Effect.ensuring(
            permit.during(body),
            Effect.sync(() => {
              if (passes.get(executionId) === permit) passes.delete(executionId)
            })
          )
        })

      /** Waits for the turn of a run that starts; one that wakes has had it. */
      const inTurn = Effect.fnUntraced(function*(name: string) {
        const rate = limits.starts?.[name]
        if (rate === undefined) return () => Effect.void
        const turn = yield* ActivityLimit.turns(`starts.${name}`, rate)
        const started = new Set<string>()
        return (executionId: string) =>
          Effect.suspend(() => {
            if (started.has(executionId)) return Effect.void
            if (started.size === mostRemembered) started.clear()
            return Effect.andThen(turn, Effect.sync(() => started.add(executionId)))
          })
      })

      const limited: WorkflowEngine.WorkflowEngine["Service"] = WorkflowEngine.WorkflowEngine.of({
        ...engine,
        register: Effect.fnUntraced(function*(workflow, execute) {
          const semaphores = yield* semaphoresOf(workflow._tag)
          const waitTurn = yield* inTurn(workflow._tag)
          yield* engine.register(workflow, (payload, executionId) =>
            Effect.flatMap(Clock.currentTimeMillis, (asked) =>
              Effect.andThen(
                waitTurn(executionId),
                pass(
                  semaphores,
                  executionId,
                  Effect.andThen(
                    delayed(asked),
                    Effect.suspend(() =>
                      execute(payload, executionId)
                    )
                  )
                )
              )).pipe(
                // engines hand themselves to runs, and their children would go past these limits
                Effect.updateService(WorkflowEngine.WorkflowEngine, () => limited),
                Effect.provideService(EveryActivity, activities)
              ))
        }),
        execute: Effect.fnUntraced(function*(workflow, options) {
          const parent = yield* Effect.serviceOption(WorkflowEngine.WorkflowInstance)
          const permit = Option.flatMapNullishOr(parent, ({ executionId }) => passes.get(executionId))
          if (options.discard === true || Option.isNone(permit)) return yield* engine.execute(workflow, options)
          // a replay passes by children that ended long ago; to queue again after each would take for ever
          const known = yield* Effect.exit(engine.poll(workflow, options.executionId))
          const over = Exit.isSuccess(known) && Option.exists(known.value, ({ _tag }) => _tag === "Complete")
          return yield* over
            ? engine.execute(workflow, options)
            : permit.value.without(engine.execute(workflow, options))
        })
      })
      return limited
    })
  )

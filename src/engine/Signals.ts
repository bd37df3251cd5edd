/** What runs wait for besides activities and children: signals and timers. */
import { Cause, Clock, type Context, Duration, Effect, Exit, Fiber, Option, Result, Schema } from "effect"
import { type DurableClock, type DurableDeferred, Workflow, WorkflowEngine } from "effect/workflow"
import { type ExitJson, noted } from "../domain/RunEntry.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { isOver } from "../store/RunColumns.ts"
import type { Execution } from "./Execution.ts"
import { exitJson, exitOf } from "./ExitCodec.ts"
import type { Parts } from "./Parts.ts"
import { InvalidInput } from "./RunControl.ts"
import { stepOf } from "./Steps.ts"

const fired: ExitJson = { ok: null }

const isWhole = (deferred: DurableDeferred.Any): deferred is DurableDeferred.AnyWithProps => "exitSchema" in deferred

/** Tells why a value is not what the promise is about, if that is so. */
const problemOf = ({ exitSchema }: DurableDeferred.AnyWithProps) =>
  Effect.contextWith((services: Context.Context<DurableDeferred.AnyWithProps["exitSchema"]["DecodingServices"]>) =>
    Effect.succeed((value: Schema.Json): Option.Option<string> => {
      const decoded = Effect.runSyncExitWith(services)(Schema.decodeUnknownEffect(exitSchema)(exitOf({ ok: value })))
      return Exit.isSuccess(decoded)
        ? Option.none()
        : Option.map(Cause.findErrorOption(decoded.cause), ({ message }) => message)
    })
  )

export const make = ({ clocks, committer, deferreds, passes, registry, residents, scope }: Parts) => {
  const deferredResult = Effect.fnUntraced(function*(deferred: DurableDeferred.Any) {
    const { name } = deferred
    const { executionId } = yield* WorkflowEngine.WorkflowInstance
    const execution = residents.get(executionId)
    if (execution !== undefined && isWhole(deferred)) execution.asked.set(name, yield* problemOf(deferred))
    const known = execution?.deferreds.get(name)
    if (known !== undefined) execution?.heard.add(name)
    return known === undefined ? Option.none() : Option.some(exitOf(known))
  })

  /** Wakes a run to which a promise was kept, and interrupts a pass that waits for it. */
  const wake = (execution: Execution, name: string) =>
    Effect.suspend(() => {
      const { body, heard, instance } = execution
      // neither one that has heard it already, nor what comes after the body: its compensations
      const isToHear = body !== undefined && body.pollUnsafe() === undefined && !heard.has(name) &&
        instance?.interrupted !== true
      // asked to go on before it is interrupted, lest it says that it waits
      return Effect.andThen(
        passes.resume(execution, "automatic"),
        isToHear ? deferreds.deferredDone(execution.id, name) : Effect.void
      )
    })

  /** Keeps a promise to a run, durably, and wakes it, also when whoever keeps it leaves meanwhile. The first to keep it wins. */
  const keep = (
    execution: Execution,
    name: string,
    exit: ExitJson,
    own: boolean
  ): Effect.Effect<void, SurrealError> =>
    Effect.uninterruptibleMask(Effect.fnUntraced(function*(restore) {
      if (execution.deferreds.has(name)) return own ? undefined : yield* restore(committer.durable(execution))
      const entry = noted({ _tag: "Deferred", at: yield* Clock.currentTimeMillis, name, exit }, `the value of ${name}`)
      if (Result.isFailure(entry)) return yield* Effect.die(entry.failure)
      execution.note(entry.success)
      // in one transaction: from now on it is to go on, whatever ends this process
      if (execution.row.state === "waiting") execution.change({ state: "running", due: undefined })
      execution.wakeComing = true
      execution.handed++
      committer.offer(execution)
      // a pass that is to be interrupted may take its time, and whoever signals need not wait for that
      const waking = Effect.forkIn(wake(execution, name), scope)
      if (own) return yield* Effect.asVoid(waking)
      const kept = Effect.tap(committer.durable(execution), () => waking)
      return yield* restore(Fiber.join(yield* Effect.forkIn(kept, scope, { startImmediately: true })))
    }))

  /** The run of that id, if it is not over. Dies when this process cannot run it: a signal to it would be lost. */
  const find = Effect.fnUntraced(function*(id: string, name: string) {
    const execution = yield* residents.find(id)
    if (execution !== undefined) return isOver(execution.row) ? undefined : execution
    const row = yield* residents.row(id)
    if (row === undefined || isOver(row) || registry.has(row.workflow)) return undefined
    return yield* Effect.die(
      new Error(`workflow ${row.workflow} is not registered, and its run ${id} cannot hear ${name}`)
    )
  })

  /**
   * Keeps a promise with a JSON value from outside; false when there is no such run that is not over. The first value is
   * the only one, so one that does not fit what the run asks for is refused.
   */
  const signal = Effect.fnUntraced(function*(id: string, name: string, value: Schema.Json) {
    const execution = yield* find(id, name)
    if (execution === undefined) return false
    if (execution.fiber === undefined && execution.row.state === "waiting") {
      // only its body knows what it asks for
      yield* passes.resume(execution, "automatic")
      if (execution.fiber !== undefined) yield* Fiber.await(execution.fiber)
      if (isOver(execution.row)) return false
    }
    const problem = execution.asked.get(name)?.(value) ?? Option.none()
    if (Option.isSome(problem)) {
      return yield* new InvalidInput({
        workflow: execution.row.workflow,
        problem: `the signal ${name}: ${problem.value}`
      })
    }
    yield* keep(execution, name, { ok: value }, false)
    return true
  })

  const deferredDone = Effect.fnUntraced(function*(options: {
    readonly executionId: string
    readonly deferredName: string
    readonly exit: Exit.Exit<unknown, unknown>
  }) {
    const execution = yield* Effect.orDie(find(options.executionId, options.deferredName))
    if (execution === undefined) {
      return yield* Effect.logWarning("a signal came for a run that is not there or over").pipe(
        Effect.annotateLogs({ run: options.executionId, signal: options.deferredName })
      )
    }
    const instance = yield* Effect.serviceOption(WorkflowEngine.WorkflowInstance)
    const own = Option.exists(instance, ({ executionId }) => executionId === options.executionId)
    yield* Effect.orDie(keep(execution, options.deferredName, exitJson(options.exit), own))
  })

  const scheduleClock = Effect.fnUntraced(function*(
    _workflow: Workflow.Any,
    { clock, executionId }: { readonly clock: DurableClock.DurableClock; readonly executionId: string }
  ) {
    const execution = residents.get(executionId)
    const instance = yield* Effect.serviceOption(WorkflowEngine.WorkflowInstance)
    if (execution === undefined || Option.isNone(instance)) return
    const { name } = clock.deferred
    const place = stepOf(execution, instance.value, `timer ${name}`)
    if (Option.isNone(place)) return yield* Workflow.suspend(instance.value)
    const known = execution.timers.get(name)
    if (known !== undefined) {
      // another process may have set it: it fires during this pass too
      if (!execution.deferreds.has(name)) clocks.wakeAt(executionId, known)
      return
    }
    const at = yield* Clock.currentTimeMillis
    const due = at + Math.ceil(Duration.toMillis(clock.duration))
    const entry = noted({ _tag: "Timer", at, name, due, ...place.value }, `the timer ${name}`)
    if (Result.isFailure(entry)) return yield* Effect.die(entry.failure)
    execution.note(entry.success)
    committer.offer(execution)
    clocks.wakeAt(executionId, due)
  })

  /** Fires the timers of a run that are due. */
  const fire = Effect.fnUntraced(function*(id: string): Effect.fn.Return<void, SurrealError> {
    const execution = yield* residents.find(id)
    if (execution === undefined) return
    const now = yield* Clock.currentTimeMillis
    const due = Array.from(execution.timers).filter(([, at]) => at <= now)
    yield* Effect.forEach(due, ([name]) => keep(execution, name, fired, false), { discard: true })
  })

  return { deferredResult, deferredDone, signal, scheduleClock, fire }
}

export type Signals = ReturnType<typeof make>

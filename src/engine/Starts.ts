/** How runs begin, are joined and are ended from outside. */
import { Cause, Clock, Effect, Exit, Fiber, Option, Result } from "effect"
import { Workflow, type WorkflowEngine } from "effect/workflow"
import { type CancelMode, noted } from "../domain/RunEntry.ts"
import { recovery } from "../RetryPolicy.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { isOver, type RunRow } from "../store/RunColumns.ts"
import { abandoned, durable } from "./ActivityRuns.ts"
import { childKey, Execution } from "./Execution.ts"
import * as Joins from "./Joins.ts"
import type { Journal } from "./Journal.ts"
import { newRow, ofParent, type Start } from "./NewRun.ts"
import * as OneAtATime from "./OneAtATime.ts"
import type { Parts } from "./Parts.ts"
import type { Registered } from "./Registry.ts"
import { RunOptions } from "./RunOptions.ts"
import { stepOf } from "./Steps.ts"

type Instance = WorkflowEngine.WorkflowInstance["Service"]
type Outcome = Workflow.Result<unknown, unknown>

const suspended = new Workflow.Suspended({})

export const make = (
  { committer, isDraining, passes, registry, residents, scope }: Parts,
  journal: Journal,
  registration: (name: string, patient: boolean) => Effect.Effect<Registered>,
  endOfRun: (id: string) => Effect.Effect<RunRow>
) => {
  const opening = OneAtATime.make()
  const waitFor = Joins.make({ endOfRun, passes, residents, scope })
  let stamp = 0

  /** Microseconds since 1970, distinct and ascending, so that lists by age have no ties. */
  const nextStamp = (now: number): number => {
    stamp = Math.max(Math.floor(now) * 1000, stamp + 1)
    return stamp
  }

  const create = Effect.fnUntraced(function*(registered: Registered, start: Start) {
    const now = yield* Clock.currentTimeMillis
    const origin = start.parent === undefined ? yield* RunOptions : ofParent
    const payload = yield* Effect.orDie(registered.codec.encodePayload(start.payload))
    const started = noted({ _tag: "Started", at: now, payload }, `the payload of ${registered.workflow._tag}`)
    if (Result.isFailure(started)) return yield* Effect.die(started.failure)
    const row = newRow(registered, start, origin, now, nextStamp(now))
    const execution = new Execution(registered, start.payload, { row, entries: [], segment: 0, stored: false })
    execution.note(started.success)
    execution.settle(origin.settles)
    execution.write(origin.writes ?? [])
    origin.began?.()
    residents.add(execution)
    committer.offer(execution)
    return execution
  })

  /** The run that is at work under that id already, or else the stored or a new one. */
  const open = (registered: Registered, start: Start): Effect.Effect<Execution | Outcome> =>
    opening.knownOr(start.executionId, residents.get, openNow(registered, start))

  /** The run under that id: stored, or begun now. */
  const openNow = Effect.fnUntraced(function*(registered: Registered, start: Start) {
    const row = yield* read(start, residents.row(start.executionId))
    const faster = residents.get(start.executionId)
    if (faster !== undefined) return faster
    if (row === undefined) {
      // a cancelled parent may have noted a child that never began
      const parent = start.parent === undefined ? undefined : residents.get(start.parent.executionId)
      if (parent?.gathers === true && start.parent?.interrupted !== true) return suspended
      return yield* Effect.uninterruptible(
        Effect.tap(create(registered, start), (execution) => passes.resume(execution, "explicit"))
      )
    }
    if (isOver(row)) return yield* read(start, endOf(registered, row.id))
    // what waits is woken by what it waits for
    if (row.state === "waiting" || row.state === "parked") return yield* Effect.as(waitFor(start, row), suspended)
    const execution = yield* read(start, residents.find(row.id))
    if (execution === undefined) return yield* read(start, endOf(registered, row.id))
    yield* passes.resume(execution, "explicit")
    return execution
  })

  /** How a stored run ended. */
  const endOf = Effect.fnUntraced(function*(registered: Registered, id: string) {
    const loaded = yield* journal.load(id)
    const end = loaded?.entries.find((entry) => entry._tag === "Ended")
    if (end === undefined) return yield* Effect.die(new Error(`run ${id} is over, and its journal was pruned`))
    return new Workflow.Complete({ exit: registered.codec.decodeExit(end.exit) })
  })

  /** The result of the pass under way, or of the last one. */
  const passOf = Effect.fnUntraced(function*(execution: Execution, start: Start): Effect.fn.Return<Outcome> {
    if (execution.ended !== undefined) return execution.ended
    if (execution.fiber === undefined) return suspended
    const exit = yield* Fiber.await(execution.fiber)
    if (Exit.isSuccess(exit)) return exit.value
    // a signal has interrupted the pass, which goes on with another one
    if (execution.lost === undefined) return execution.ended ?? suspended
    if (start.parent !== undefined && execution.row.state !== "stopped") return again(start.parent, execution.lost)
    return Cause.hasInterruptsOnly(exit.cause) ? yield* Effect.interrupt : yield* Effect.die(execution.lost)
  })

  /** A body does not fail because the store is away: it waits. */
  const read = <A>(start: Start, call: Effect.Effect<A, SurrealError>): Effect.Effect<A> =>
    Effect.orDie(start.parent === undefined ? call : Effect.retry(call, recovery))

  /** What became of its child is not known in this process, so the parent is tried again with it. */
  const again = (instance: Instance, reason: unknown): Outcome => {
    const parent = residents.get(instance.executionId)
    if (parent !== undefined) parent.lost ??= reason
    return abandoned(instance)
  }

  /** Notes in the parent's journal that it starts this child; false when the parent's history knows better. */
  const asChild = Effect.fnUntraced(function*(workflow: Workflow.Any, start: Start) {
    if (start.parent === undefined) return true
    const parent = residents.get(start.parent.executionId)
    if (parent === undefined || parent.lost !== undefined) return false
    const key = childKey(workflow._tag, start.executionId)
    const place = stepOf(parent, start.parent, key)
    if (Option.isNone(place)) return false
    if (parent.children.has(key)) return true
    // the pass of a cancelled run only gathers its compensations
    if (parent.gathers && !start.parent.interrupted) return false
    if (isDraining(parent.registered)) {
      parent.drained = true
      return false
    }
    const at = yield* Clock.currentTimeMillis
    const entry = noted(
      { _tag: "Child", at, workflow: workflow._tag, run: start.executionId, ...place.value },
      "a child"
    )
    if (Result.isFailure(entry)) return yield* Effect.die(entry.failure)
    parent.note(entry.success)
    committer.offer(parent)
    // the child is an effect: it begins after what it depends on is durable
    const kept = yield* Effect.exit(durable(committer, parent))
    if (Exit.isFailure(kept)) {
      again(start.parent, kept.cause)
      return false
    }
    return true
  })

  const run = Effect.fnUntraced(function*(workflow: Workflow.Any, start: Start): Effect.fn.Return<Outcome> {
    const parent = start.parent === undefined ? undefined : residents.get(start.parent.executionId)
    const registered = registry.get(workflow._tag) ??
      (yield* registration(workflow._tag, parent?.recovered === true))
    if (!(yield* asChild(workflow, start))) return suspended
    const found = yield* open(registered, start)
    if (!(found instanceof Execution)) return found
    if (!start.discard) {
      const outcome = yield* passOf(found, start)
      if (outcome._tag === "Suspended") yield* waitFor(start, found.row)
      return outcome
    }
    const kept = yield* Effect.exit(committer.durable(found))
    if (Exit.isFailure(kept) && start.parent !== undefined) return again(start.parent, kept.cause)
    yield* Effect.orDie(kept)
    return suspended
  })

  function execute<const Discard extends boolean>(
    workflow: Workflow.Any,
    start: Start & { readonly discard: Discard }
  ): Effect.Effect<Discard extends true ? void : Outcome>
  function execute(workflow: Workflow.Any, start: Start): Effect.Effect<Outcome> {
    return run(workflow, start)
  }

  const poll = Effect.fnUntraced(function*(workflow: Workflow.Any, id: string) {
    const here = residents.get(id)
    if (here?.ended !== undefined) return Option.some(here.ended)
    if (here?.fiber !== undefined && here.fiber.pollUnsafe() === undefined) return Option.none()
    const row = here?.row ?? (yield* Effect.orDie(residents.row(id)))
    if (row === undefined) return Option.none()
    if (!isOver(row)) return row.state === "waiting" || row.state === "parked" ? Option.some(suspended) : Option.none()
    const registered = registry.get(workflow._tag) ?? (yield* registration(workflow._tag, false))
    return Option.some(yield* Effect.orDie(endOf(registered, id)))
  })

  /** Lets a run come to the end that was asked for, once that is durable. */
  const obey = Effect.fnUntraced(function*(
    execution: Execution,
    how: CancelMode
  ): Effect.fn.Return<void, SurrealError> {
    yield* committer.durable(execution)
    // no pass of it comes to its children
    const left = execution.unreadable === undefined ? [] : [...execution.children.values()]
    for (const id of left) {
      const child = yield* residents.find(id)
      if (child?.row.parent === execution.id && child.row.discarded !== true) yield* cancel(id, how)
    }
    // the body and not its pass, which has still to compensate
    if (how !== "safe" && execution.body !== undefined) yield* Fiber.interrupt(execution.body)
    yield* passes.resume(execution, "explicit")
  })

  /**
   * Asks a run for its end, durably; false when there is none of that id that is not over. Whoever asks may leave: what was
   * asked for comes all the same. Of a run that is parked only one that asks now gives up what cannot be compensated.
   */
  const cancel = (id: string, how: CancelMode): Effect.Effect<boolean, SurrealError> =>
    Effect.uninterruptibleMask(Effect.fnUntraced(function*(restore) {
      const execution = yield* restore(residents.find(id))
      if (execution === undefined || isOver(execution.row)) return false
      if (execution.row.state === "parked") execution.givenUp = true
      if (execution.cancelled === undefined || (how !== "safe" && execution.cancelled === "safe")) {
        const entry = noted({ _tag: "Cancel", at: yield* Clock.currentTimeMillis, how }, "a cancellation")
        if (Result.isFailure(entry)) return yield* Effect.die(entry.failure)
        execution.note(entry.success)
        execution.change({ cancel: how, state: "running" })
        execution.handed++
        execution.wakeComing = true
        committer.offer(execution)
      }
      yield* restore(Fiber.join(yield* Effect.forkIn(obey(execution, how), scope, { startImmediately: true })))
      return true
    }))

  /** Lets a run go on, also one that is parked; false when there is none of that id that is not over. */
  const resume = Effect.fnUntraced(function*(id: string) {
    const execution = yield* residents.find(id)
    if (execution === undefined) return false
    yield* passes.resume(execution, "explicit")
    return true
  })

  return { execute, poll, cancel, resume }
}

export type Starts = ReturnType<typeof make>

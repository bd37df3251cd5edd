import { Cause, Clock, Context, Deferred, Duration, Effect, Exit, Fiber, Layer, Option } from "effect"
import { WorkflowEngine } from "effect/workflow"
import * as RetryPolicy from "../RetryPolicy.ts"
import type { RunRow } from "../store/RunColumns.ts"
import { RunVersion } from "../workflow/Versions.ts"
import * as ActivityRuns from "./ActivityRuns.ts"
import * as Announcements from "./Announcements.ts"
import * as Clocks from "./Clocks.ts"
import { controlOf } from "./Controls.ts"
import { EndWrites } from "./EndWrites.ts"
import type { Execution } from "./Execution.ts"
import * as GroupCommit from "./GroupCommit.ts"
import type { Journal } from "./Journal.ts"
import { RunJournal } from "./JournalSurreal.ts"
import type { Parts } from "./Parts.ts"
import * as Passes from "./Passes.ts"
import * as Recovery from "./Recovery.ts"
import { codecOf, type Registered, type WorkflowCodec } from "./Registry.ts"
import * as Residents from "./Residents.ts"
import { RunControl } from "./RunControl.ts"
import { RunListener } from "./RunListener.ts"
import { scribeOf } from "./Scribe.ts"
import * as Signals from "./Signals.ts"
import * as Starts from "./Starts.ts"

export interface EngineOptions {
  /**
   * How long activities under way get to end when the engine is closed. Afterwards they are interrupted, and run again
   * when the next process goes on with their runs. None by default.
   */
  readonly grace?: Duration.Input
  /** Whether runs that an earlier process left behind go on; commands that only look around leave them alone. */
  readonly recovers?: boolean
}

/**
 * A `WorkflowEngine` whose runs outlive the process: everything that a run depends on is in its journal before anything
 * else begins.
 *
 * A result is handed to the body at once and committed meanwhile; the next activity begins, and the caller hears of the
 * end, only when that commit is durable. So a workflow of three activities takes three commits, which runs that go on at
 * the same time share.
 *
 * Closing the scope compensates nothing: runs stop at their next activity and go on in the next process.
 */
export const make = Effect.fnUntraced(function*(journal: Journal, options: EngineOptions = {}) {
  const scope = yield* Effect.scope
  const registry = new Map<string, Registered>()
  const codecs = new Map<string, WorkflowCodec>()
  const awaitedWorkflows = new Map<string, Deferred.Deferred<Registered>>()
  const ends = new Map<string, { readonly end: Deferred.Deferred<RunRow>; waiters: number }>()
  const grace = Duration.fromInputUnsafe(options.grace ?? 0)
  /** Registrations whose scope is closed or about to be. */
  const draining = new Set<Registered>()
  let drainingUntil = -Infinity

  const committer = yield* GroupCommit.make(journal)
  const announcements = Announcements.make(yield* RunListener, committer, scope)
  const residents = Residents.make(journal, registry)
  const deferreds = WorkflowEngine.makeDeferredState()
  const clocks: Clocks.Clocks = yield* Clocks.make((run) =>
    signals.fire(run).pipe(
      Effect.retry(RetryPolicy.recovery),
      Effect.catchCause((cause) => {
        const refusal = Cause.findErrorOption(cause)
        return Effect.logError("a timer of a run cannot fire").pipe(
          Effect.annotateLogs({ run, cause: Cause.pretty(cause) }),
          Effect.andThen(Clock.currentTimeMillis),
          Effect.map((now) => Option.isSome(refusal) ? clocks.wakeAt(run, now + Passes.patienceMillis) : undefined)
        )
      })
    )
  )

  const onOver = ({ id, row }: Execution) => {
    const waiting = ends.get(id)
    ends.delete(id)
    if (waiting !== undefined) Deferred.doneUnsafe(waiting.end, Exit.succeed(row))
  }
  const endOf = (id: string) =>
    Effect.suspend(() => {
      const waiting = ends.get(id) ?? { end: Deferred.makeUnsafe<RunRow>(), waiters: 0 }
      ends.set(id, waiting)
      waiting.waiters++
      return Effect.ensuring(
        Deferred.await(waiting.end),
        Effect.sync(() => {
          if (--waiting.waiters === 0 && ends.get(id) === waiting) ends.delete(id)
        })
      )
    })
  const context = (execution: Execution) =>
    execution.registered.services.pipe(
      Context.add(WorkflowEngine.WorkflowEngine, engine),
      Context.add(RunVersion, { current: Option.some(execution.row.version) }),
      Context.merge(scribeOf(committer, execution))
    )
  const isDraining = (registered: Registered) => draining.has(registered)
  const passes = Passes.make({
    committer,
    residents,
    clocks,
    deferreds,
    scope,
    context,
    isDraining,
    announcements,
    endWrites: yield* EndWrites,
    onOver
  })
  const parts: Parts = {
    committer,
    residents,
    passes,
    clocks,
    deferreds,
    registry,
    scope,
    isDraining
  }
  const signals = Signals.make(parts)
  const recovery = Recovery.make(parts, journal)

  /** A recovered run may start a child whose workflow is registered a moment later: it waits for that. */
  const registration = Effect.fnUntraced(function*(name: string, patient: boolean) {
    if (!patient) return yield* Effect.die(new Error(`workflow ${name} is not registered`))
    const awaited = awaitedWorkflows.get(name) ?? Deferred.makeUnsafe<Registered>()
    awaitedWorkflows.set(name, awaited)
    const warning = Effect.delay(
      Effect.logWarning(`a run waits for the workflow ${name}, which is not registered`),
      "30 seconds"
    )
    return yield* Effect.raceFirst(Deferred.await(awaited), Effect.andThen(warning, Effect.never))
  })
  const starts = Starts.make(parts, journal, registration, endOf)

  /** Lets the runs come to the end of their activities, as long as the grace lasts; none is compensated. */
  const drain = Effect.fnUntraced(function*(registered: Registered) {
    draining.add(registered)
    const now = yield* Clock.currentTimeMillis
    // those that are closed one after the other share one grace
    if (now > drainingUntil + Duration.toMillis(grace)) drainingUntil = now + Duration.toMillis(grace)
    const ownRuns = () => [...residents.all()].filter((execution) => execution.registered === registered)
    const passesOf = (runs: ReadonlyArray<Execution>) => runs.flatMap(({ fiber }) => fiber === undefined ? [] : [fiber])
    const left = drainingUntil - now
    if (left > 0) {
      yield* Effect.interruptible(Effect.timeoutOption(Fiber.awaitAll(passesOf(ownRuns())), Duration.millis(left)))
    }
    // a timer may have brought others meanwhile
    const own = ownRuns()
    for (const { fiber, instance } of own) if (fiber !== undefined && instance !== undefined) instance.abandoned = true
    yield* Fiber.interruptAll(passesOf(own))
    // a later registration finds them in the store
    for (const execution of own) {
      yield* Effect.ignore(committer.durable(execution))
      residents.remove(execution)
    }
  })

  const inner = WorkflowEngine.makeUnsafe({
    register: Effect.fnUntraced(function*(workflow, execute) {
      const own = yield* Effect.scope
      const services = yield* Effect.context<never>()
      const codec = codecs.get(workflow._tag)
      if (codec === undefined) return yield* Effect.die(new Error(`workflow ${workflow._tag} has no codec`))
      const registered: Registered = { workflow, execute, codec, services, scope: own }
      registry.set(workflow._tag, registered)
      const awaited = awaitedWorkflows.get(workflow._tag)
      if (awaited !== undefined) Deferred.doneUnsafe(awaited, Exit.succeed(registered))
      yield* Effect.addFinalizer(() => drain(registered))
      if (options.recovers !== false) yield* recovery.begin(registered)
    }),
    execute: starts.execute,
    poll: starts.poll,
    interrupt: (_workflow, id) => Effect.asVoid(Effect.orDie(starts.cancel(id, "safe"))),
    interruptUnsafe: (_workflow, id) => Effect.asVoid(Effect.orDie(starts.cancel(id, "now"))),
    resume: (_workflow, id) => Effect.asVoid(Effect.orDie(starts.resume(id))),
    awaitComplete: (_workflow, id) => Effect.asVoid(endOf(id)),
    activityExecute: ActivityRuns.make(parts),
    deferredResult: signals.deferredResult,
    deferredDone: signals.deferredDone,
    scheduleClock: signals.scheduleClock
  })
  yield* Effect.addFinalizer(() => committer.close)

  const engine: WorkflowEngine.WorkflowEngine["Service"] = WorkflowEngine.WorkflowEngine.of({
    ...inner,
    register: Effect.fnUntraced(function*(workflow, execute) {
      codecs.set(workflow._tag, yield* codecOf(workflow))
      yield* inner.register(workflow, execute)
    })
  })
  return { engine, control: controlOf(parts, starts, signals, recovery.recovered, endOf) }
})

/** The engine, and what people do with its runs. */
type Services = WorkflowEngine.WorkflowEngine | RunControl

const servicesOf = (journal: Journal, options?: EngineOptions): Layer.Layer<Services> =>
  Layer.effectContext(
    Effect.map(make(journal, options), ({ control, engine }) =>
      Context.make(WorkflowEngine.WorkflowEngine, engine).pipe(Context.add(RunControl, control)))
  )

/** The engine over SurrealDB. */
export const layer = (options?: EngineOptions) =>
  Layer.unwrap(Effect.map(RunJournal, (journal) => servicesOf(journal, options))).pipe(Layer.provide(RunJournal.layer))

/** The engine over a journal in memory, for tests. */
export const layerMemory = servicesOf

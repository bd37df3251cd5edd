/** The runs that are in memory, and how others come there. */
import { Effect, Exit, Predicate, Request, RequestResolver, Scope } from "effect"
import type { WorkflowEngine } from "effect/workflow"
import type { SurrealError } from "../services/SurrealError.ts"
import { isOver, type RunRow } from "../store/RunColumns.ts"
import { Execution } from "./Execution.ts"
import type { Journal, Loaded } from "./Journal.ts"
import { InputMisfit } from "./Misfit.ts"
import * as OneAtATime from "./OneAtATime.ts"
import type { Registered } from "./Registry.ts"
import { errorOf } from "./RunOptions.ts"

/** Waiting runs kept in memory, for those that wake soon; the others are read again when they wake. */
const mostResting = 512

class RowOf extends Request.TaggedClass("RowOf")<{ readonly id: string }, RunRow | undefined, SurrealError> {}

export interface Residents {
  readonly get: (id: string) => Execution | undefined
  readonly all: () => Iterable<Execution>
  readonly add: (execution: Execution) => void
  /** The projection as stored; those who ask within one turn of the event loop share one query. */
  readonly row: (id: string) => Effect.Effect<RunRow | undefined, SurrealError>
  /** The run, read from its journal when it is not in memory; none when it is over, unknown, or of an unknown workflow. */
  readonly find: (id: string) => Effect.Effect<Execution | undefined, SurrealError>
  /** Lets go of a run that is over or lost. */
  readonly remove: (execution: Execution) => void
  /** Keeps a waiting run for a while. */
  readonly rest: (execution: Execution) => Effect.Effect<void>
}

/** Ends what a pass that came to a wait still holds; its compensations are those of the next pass. */
export const releasePass = (instance: WorkflowEngine.WorkflowInstance["Service"] | undefined): Effect.Effect<void> =>
  Effect.suspend(() => {
    if (instance === undefined) return Effect.void
    instance.abandoned = true
    return Scope.close(instance.scope, Exit.void)
  })

/** Whether a pass of it is under way. */
const isAtWork = ({ fiber }: Execution): boolean => fiber !== undefined && fiber.pollUnsafe() === undefined

export const make = (journal: Journal, registry: ReadonlyMap<string, Registered>): Residents => {
  const live = new Map<string, Execution>()
  const resting = new Set<Execution>()
  const loads = OneAtATime.make()
  const rows = RequestResolver.make<RowOf>(Effect.fnUntraced(function*(entries) {
    const found = yield* Effect.exit(journal.rows(entries.map(({ request }) => request.id)))
    const byId = Exit.isSuccess(found) ? new Map(found.value.map((row) => [row.id, row])) : new Map<string, RunRow>()
    for (const entry of entries) {
      entry.completeUnsafe(
        Exit.isSuccess(found) ? Exit.succeed(byId.get(entry.request.id)) : Exit.failCause(found.cause)
      )
    }
  }))

  const revive = (registered: Registered, loaded: Loaded): Execution => {
    const started = loaded.entries.find(({ _tag }) => _tag === "Started")
    const payload = registered.codec.decodePayload(started?._tag === "Started" ? started.payload : null)
    const fits = Exit.isSuccess(payload) && Predicate.isObjectOrArray(payload.value)
    const execution = new Execution(registered, fits ? payload.value : {}, { ...loaded, stored: true })
    if (!fits) {
      const problem = Exit.isSuccess(payload) ? "it is no object" : errorOf(payload.cause).message
      execution.unreadable = new InputMisfit({ workflow: registered.workflow._tag, problem })
    }
    return execution
  }

  /** One that the store has refused knows more than is true. */
  const get = (id: string) => {
    const here = live.get(id)
    if (here?.refused === undefined || isAtWork(here)) return here
    remove(here)
    return undefined
  }

  const remove = (execution: Execution) => {
    resting.delete(execution)
    if (live.get(execution.id) === execution) live.delete(execution.id)
  }

  const canGo = (execution: Execution): boolean =>
    execution.pending === undefined && execution.underWay === undefined && execution.resumeRequested === undefined &&
    !execution.wakeComing && !isAtWork(execution)

  const rest = Effect.fnUntraced(function*(execution: Execution) {
    resting.delete(execution)
    resting.add(execution)
    if (resting.size <= mostResting) return
    for (const oldest of resting) {
      if (oldest === execution || !canGo(oldest)) continue
      resting.delete(oldest)
      live.delete(oldest.id)
      return yield* releasePass(oldest.instance)
    }
  })

  const load = Effect.fnUntraced(function*(id: string) {
    const loaded = yield* journal.load(id)
    if (loaded === undefined || isOver(loaded.row)) return undefined
    const registered = registry.get(loaded.row.workflow)
    if (registered === undefined) return undefined
    const revived = revive(registered, loaded)
    // it may have been started meanwhile
    const started = get(id)
    if (started !== undefined) return started
    live.set(id, revived)
    yield* rest(revived)
    return revived
  })

  return {
    get,
    all: () => live.values(),
    add: (execution) => {
      live.set(execution.id, execution)
      resting.delete(execution)
    },
    row: (id) => Effect.request(new RowOf({ id }), rows),
    find: (id) => loads.knownOr(id, get, load(id)),
    remove,
    rest
  }
}

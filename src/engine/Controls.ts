import { Effect, Exit, Fiber, Option, Predicate } from "effect"
import type { SurrealError } from "../services/SurrealError.ts"
import { isOver, type RunRow } from "../store/RunColumns.ts"
import type { Parts } from "./Parts.ts"
import { InvalidInput, RunControl, UnknownWorkflow } from "./RunControl.ts"
import { errorOf } from "./RunOptions.ts"
import type { Signals } from "./Signals.ts"
import type { Starts } from "./Starts.ts"

/** What people do with the runs of an engine. */
export const controlOf = (
  { registry, residents }: Parts,
  starts: Starts,
  signals: Signals,
  recovered: RunControl["Service"]["recovered"],
  endOf: (id: string) => Effect.Effect<RunRow>
): RunControl["Service"] => {
  const start = Effect.fn("RunControl.start")(function*(name: string, input: unknown, id: Option.Option<string>) {
    const registered = registry.get(name)
    if (registered === undefined) return yield* new UnknownWorkflow({ workflow: name, known: [...registry.keys()] })
    const payload = registered.codec.decodePayload(input)
    if (Exit.isFailure(payload) || !Predicate.isObject(payload.value)) {
      const problem = Exit.isFailure(payload) ? errorOf(payload.cause).message : "an object was expected"
      return yield* new InvalidInput({ workflow: name, problem })
    }
    const executionId = Option.isSome(id) ? id.value : yield* registered.workflow.executionId(payload.value)
    yield* starts.execute(registered.workflow, { executionId, payload: payload.value, discard: true })
    return executionId
  })

  const atWork = (workflow: string): Option.Option<RunRow> => {
    for (const { fiber, row } of residents.all()) {
      if (row.workflow === workflow && fiber !== undefined && fiber.pollUnsafe() === undefined) return Option.some(row)
    }
    return Option.none()
  }

  const ended = Effect.fn("RunControl.ended")(
    function*(id: string): Effect.fn.Return<Option.Option<RunRow>, SurrealError> {
      const here = residents.get(id)
      if (here !== undefined) return Option.some(here.ended === undefined ? yield* endOf(id) : here.row)
      // asked for before the row is read: it may end meanwhile
      const end = yield* Effect.forkChild(endOf(id), { startImmediately: true })
      const row = yield* residents.row(id)
      // one that is over and still here has yet to be told
      const isTold = row === undefined || (isOver(row) && residents.get(id) === undefined)
      if (!isTold) return Option.some(yield* Fiber.join(end))
      yield* Fiber.interrupt(end)
      return Option.fromUndefinedOr(row)
    }
  )

  return RunControl.of({
    workflows: Effect.sync(() => [...registry.values()].map(({ workflow }) => workflow)),
    start,
    signal: signals.signal,
    cancel: starts.cancel,
    resume: starts.resume,
    recovered,
    atWork,
    ended
  })
}

import { Effect, Fiber, Option, type Scope } from "effect"
import type { Execution } from "./Execution.ts"
import type { GroupCommit } from "./GroupCommit.ts"
import type { Listener } from "./RunListener.ts"

/** Tells the listener of runs: of one that began once it is durable, and of what became of it after that. */
export const make = (listener: Option.Option<Listener>, committer: GroupCommit, scope: Scope.Scope) => {
  const begun = Effect.fnUntraced(function*(execution: Execution) {
    if (Option.isNone(listener) || execution.announced !== undefined) return
    const told = Effect.andThen(committer.durable(execution), listener.value.begun(execution.row))
    // one that the store refuses has not begun
    execution.announced = yield* Effect.forkIn(Effect.exit(told), scope, { startImmediately: true })
  })

  const ended = Effect.fnUntraced(function*({ announced, row }: Execution) {
    if (Option.isNone(listener)) return
    if (announced !== undefined) yield* Fiber.await(announced)
    yield* listener.value.ended(row)
  })

  /** When it goes on, that is told as a beginning. */
  const parked = Effect.fnUntraced(function*(execution: Execution) {
    const { announced, row } = execution
    if (Option.isNone(listener)) return
    if (announced !== undefined) yield* Fiber.await(announced)
    execution.announced = undefined
    yield* listener.value.parked(row)
  })

  return { begun, ended, parked }
}

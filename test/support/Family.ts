/** A parent and its child, which waits until it is released. */
import { Effect, Layer, Schema } from "effect"
import { DurableDeferred, Workflow } from "effect/workflow"
import type * as JournalMemory from "../../src/engine/JournalMemory.ts"
import { deed, type Deeds, Refused } from "./Deeds.ts"
import { until } from "./Turns.ts"

const named = <const Name extends string>(name: Name) =>
  Workflow.make(name, {
    payload: { id: Schema.String },
    success: Schema.String,
    error: Refused,
    idempotencyKey: ({ id }) => id
  })

export const parent = named("parent")
export const child = named("child")
export const go = DurableDeferred.make("go", { success: Schema.String, error: Refused })

export const tokenOf = (run: string) => DurableDeferred.tokenFromExecutionId(go, { workflow: child, executionId: run })
export const release = (run: string, value: string) => DurableDeferred.succeed(go, { token: tokenOf(run), value })

/** A child that waits for its release, and gives what that said. */
export const patient = child.toLayer(() => DurableDeferred.await(go))

/** A parent that does something before and after its child. */
export const parentOf = (deeds: Deeds) =>
  parent.toLayer(({ id }) =>
    Effect.gen(function*() {
      yield* deed(deeds, `before ${id}`)
      const heard = yield* child.execute({ id })
      yield* deed(deeds, `after ${id}`)
      return heard
    })
  )
export const pairOf = (deeds: Deeds) => Layer.merge(patient, parentOf(deeds))

export const start = (id: string) => parent.execute({ id }, { discard: true })

export const stateOf = (journal: JournalMemory.MemoryJournal, run: string) => journal.runs.get(run)?.state

export const resultOf = Effect.fnUntraced(function*(journal: JournalMemory.MemoryJournal, run: string) {
  yield* until(() => stateOf(journal, run) === "completed")
  const entries = (yield* journal.load(run))?.entries ?? []
  return entries.flatMap((entry) => entry._tag === "Ended" && "ok" in entry.exit ? [entry.exit.ok] : []).join()
})

export const allWait = (journal: JournalMemory.MemoryJournal, count: number) => () =>
  journal.runs.size === count && [...journal.runs.values()].every(({ state }) => state === "waiting")

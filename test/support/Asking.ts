/** A workflow that waits for an answer, and how a test gives one. */
import { Effect, Schema } from "effect"
import { DurableDeferred, Workflow } from "effect/workflow"
import type * as JournalMemory from "../../src/engine/JournalMemory.ts"
import { deed, type Deeds, Refused } from "./Deeds.ts"
import { until } from "./Turns.ts"

export const answer = DurableDeferred.make("answer", { success: Schema.String })

export const asks = Workflow.make("asks", {
  payload: { id: Schema.String },
  success: Schema.String,
  error: Refused,
  idempotencyKey: ({ id }) => id
})

/** Does something, waits for the answer, and gives it. */
export const asking = (deeds: Deeds) =>
  asks.toLayer(({ id }) =>
    Effect.gen(function*() {
      yield* deed(deeds, `ask ${id}`)
      const heard = yield* DurableDeferred.await(answer)
      yield* deed(deeds, `hear ${id}`)
      return heard
    })
  )

export const tell = (run: string, value: string) =>
  DurableDeferred.succeed(answer, {
    token: DurableDeferred.tokenFromExecutionId(answer, { workflow: asks, executionId: run }),
    value
  })

export const start = (id: string) => asks.execute({ id }, { discard: true })

export const isWaiting = (journal: JournalMemory.MemoryJournal, run: string) => () =>
  journal.runs.get(run)?.state === "waiting"

/** The recorded result of a run. */
export const resultOf = Effect.fnUntraced(function*(journal: JournalMemory.MemoryJournal, run: string) {
  yield* until(() => journal.runs.get(run)?.state === "completed")
  const entries = (yield* journal.load(run))?.entries ?? []
  return entries.flatMap((entry) => entry._tag === "Ended" && "ok" in entry.exit ? [entry.exit.ok] : []).join()
})

/** The workflows of the tasks of `[sync.*]`. */
import { Effect, Layer } from "effect"
import { Workflow } from "effect/workflow"
import { SyncReport } from "../domain/Run.ts"
import type { TaskName } from "../domain/Task.ts"
import { OutcomeOf } from "../engine/RunOptions.ts"
import { Syncs } from "../syncs/Syncs.ts"
import { body } from "../workflow/Body.ts"
import { syncBody, SyncFailed, syncOutcome, SyncPayload } from "./SyncBody.ts"
import { world } from "./SyncStreams.ts"

const workflowOf = (name: TaskName) =>
  Workflow.make(name, {
    payload: SyncPayload,
    success: SyncReport,
    error: SyncFailed,
    idempotencyKey: ({ run }) => run
  }).annotate(OutcomeOf, syncOutcome)

/** The workflow of each task, by the name that its runs bear. */
export const syncWorkflows = {
  google_calendar: workflowOf("google_calendar"),
  spotify: workflowOf("spotify"),
  oura: workflowOf("oura"),
  oura_heartrate: workflowOf("oura_heartrate"),
  oura_full: workflowOf("oura_full")
} satisfies { readonly [T in TaskName]: ReturnType<typeof workflowOf> }

/** Registers the workflows of all tasks. */
export const layer = Layer.unwrap(Effect.gen(function*() {
  const syncs = yield* Syncs
  const touched = yield* world
  const bodyOf = (name: TaskName) => body(syncBody(name, syncs, touched))
  return Layer.mergeAll(
    syncWorkflows.google_calendar.toLayer(bodyOf("google_calendar")),
    syncWorkflows.spotify.toLayer(bodyOf("spotify")),
    syncWorkflows.oura.toLayer(bodyOf("oura")),
    syncWorkflows.oura_heartrate.toLayer(bodyOf("oura_heartrate")),
    syncWorkflows.oura_full.toLayer(bodyOf("oura_full"))
  )
}))

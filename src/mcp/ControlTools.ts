/** Tools that let syncs, schedules and runs do something. */
import { Effect, Schema } from "effect"
import { Toolkit } from "effect/ai"
import { CancelOptions, LetterChoice, LettersDone, RetryOptions, StartedRun } from "../api/RunMessages.ts"
import { PauseOptions, ScheduleInfo, TriggerResult } from "../api/ScheduleMessages.ts"
import { Run } from "../domain/Run.ts"
import { TaskName } from "../domain/Task.ts"
import { GliderCalls } from "./GliderCalls.ts"
import { Id, RunId, ScheduleId, sized, writing } from "./ToolMaking.ts"

const TriggerSync = writing("trigger_sync", {
  title: "Run a sync now",
  description: "Run a sync now, as its overlap policy allows; it goes on by itself. get_run tells how it ends.",
  scope: "workflow.schedule:write",
  parameters: Schema.Struct({ task: TaskName.annotate({ description: "One of those that get_status lists" }) }),
  success: TriggerResult
})

const TriggerSchedule = writing("trigger_schedule", {
  title: "Run a schedule now",
  description: "Run a schedule now, as its overlap policy allows; it goes on by itself. get_run tells how it ends.",
  scope: "workflow.schedule:write",
  parameters: Schema.Struct({ id: ScheduleId }),
  success: TriggerResult
})

const PauseSchedule = writing("pause_schedule", {
  title: "Pause a schedule",
  description: "Pause a schedule: its ticks are recorded, and start nothing, until it is resumed.",
  idempotent: true,
  scope: "workflow.schedule:write",
  parameters: Schema.Struct({
    id: ScheduleId,
    note: Schema.optionalKey(Schema.String.check(Schema.isMaxLength(500)).annotate({ description: "Why, for people" })),
    until: Schema.optionalKey(
      Schema.DateTimeUtcFromString.annotate({ description: "When it ends by itself, an instant in UTC" })
    )
  }),
  success: ScheduleInfo
})

const ResumeSchedule = writing("resume_schedule", {
  title: "Resume a schedule",
  description: "End the pause of a schedule.",
  idempotent: true,
  scope: "workflow.schedule:write",
  parameters: Schema.Struct({ id: ScheduleId }),
  success: ScheduleInfo
})

const CancelRun = writing("cancel_run", {
  title: "Cancel a run",
  description: "Cancel a run that is not over: it ends at its next safe point, and takes back what it can.",
  destructive: true,
  idempotent: true,
  scope: "workflow.run:write",
  parameters: Schema.Struct({ id: RunId }),
  success: Run
})

const RetryRun = writing("retry_run", {
  title: "Try a run again",
  description: "Start a run again that has failed, with the same input; gives the id of the new run.",
  scope: "workflow.run:write",
  parameters: Schema.Struct({ id: RunId }),
  success: StartedRun
})

const RetryDeadLetters = writing("retry_dead_letters", {
  title: "Try dead letters again",
  description: "Try some dead letters again, by their ids; what still fails is a dead letter again.",
  scope: "workflow.run:write",
  parameters: Schema.Struct({
    ids: Schema.Array(Id("The id of a dead letter")).check(Schema.isMinLength(1), Schema.isMaxLength(100))
  }),
  success: LettersDone
})

export const ControlTools = Toolkit.make(
  TriggerSync,
  TriggerSchedule,
  PauseSchedule,
  ResumeSchedule,
  CancelRun,
  RetryRun,
  RetryDeadLetters
)

/** Their handlers. */
export const controlTools = ControlTools.toLayer(Effect.map(GliderCalls, ({ ask }) => ({
  trigger_sync: ({ task }) => ask((glider) => glider.schedules.trigger({ params: { id: task } })),
  trigger_schedule: ({ id }) => ask((glider) => glider.schedules.trigger({ params: { id } })),
  pause_schedule: ({ id, ...options }) =>
    ask((glider) => glider.schedules.pause({ params: { id }, headers: {}, payload: new PauseOptions(options) })),
  resume_schedule: ({ id }) => ask((glider) => glider.schedules.resume({ params: { id }, headers: {} })),
  cancel_run: ({ id }) =>
    sized(ask((glider) => glider.runs.cancel({ params: { id }, payload: new CancelOptions({}) }))),
  retry_run: ({ id }) => ask((glider) => glider.runs.retry({ params: { id }, payload: new RetryOptions({}) })),
  retry_dead_letters: ({ ids }) => ask((glider) => glider.deadLetters.retry({ payload: new LetterChoice({ ids }) }))
})))

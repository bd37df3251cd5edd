/** Tools that look at the machine: what runs, what ran, what failed for good. */
import { Effect, Option, Schema } from "effect"
import { Tool, Toolkit } from "effect/ai"
import { Check, Status } from "../api/Messages.ts"
import { LetterQuery, RunPage, WorkflowInfo } from "../api/RunMessages.ts"
import { ScheduleInfo, SchedulePage, ScheduleQuery } from "../api/ScheduleMessages.ts"
import { DeadLetter } from "../domain/DeadLetter.ts"
import { Run } from "../domain/Run.ts"
import { HistoryEvent } from "../domain/RunHistory.ts"
import { GliderCalls } from "./GliderCalls.ts"
import { cut, Id, Limit, Offset, part, partFields, reading, RunId, ScheduleId, sized } from "./ToolMaking.ts"

const GetStatus = reading("get_status", {
  title: "Status",
  description:
    "Say of every sync whether its account is connected, how its last run ended, and when the next one starts.",
  scope: "system:read",
  parameters: Tool.EmptyParams,
  success: Status
})

const CheckHealth = reading("check_health", {
  title: "Doctor",
  description: "Look at all that keeps a sync from working, and say what mends it.",
  foreignText: false,
  scope: "system:read",
  parameters: Tool.EmptyParams,
  success: Schema.Struct({ checks: Schema.Array(Check) })
})

const ListSchedules = reading("list_schedules", {
  title: "List schedules",
  description: "List the schedules of syncs and workflows, by id.",
  foreignText: false,
  scope: "workflow.schedule:read",
  parameters: Schema.Struct({
    state: ScheduleQuery.fields.state,
    workflow: ScheduleQuery.fields.workflow,
    text: Schema.optionalKey(Schema.String.annotate({ description: "Part of the id" })),
    after: Schema.optionalKey(Schema.String.annotate({ description: "The next of the page before" })),
    limit: Limit(100, 25)
  }),
  success: SchedulePage
})

const GetSchedule = reading("get_schedule", {
  title: "Give a schedule",
  description: "Give a schedule: what the config says, what was changed at run time, and where it stands.",
  foreignText: false,
  scope: "workflow.schedule:read",
  parameters: Schema.Struct({ id: ScheduleId }),
  success: ScheduleInfo
})

const ListWorkflows = reading("list_workflows", {
  title: "List workflows",
  description: "List the workflows that can be started, with the JSON schema of what each takes.",
  foreignText: false,
  scope: "workflow.run:read",
  parameters: Tool.EmptyParams,
  success: Schema.Struct({ workflows: Schema.Array(WorkflowInfo) })
})

const ListRuns = reading("list_runs", {
  title: "List runs",
  description: "List runs of syncs and workflows, the newest first.",
  scope: "workflow.run:read",
  parameters: Schema.Struct({
    query: Schema.optionalKey(
      Schema.String.check(Schema.isMaxLength(1000)).annotate({
        description: "In the search language, such as: workflow = spotify and status = failed and started > -7d"
      })
    ),
    after: Schema.optionalKey(Schema.Finite.annotate({ description: "The next of the page before" })),
    limit: Limit(100, 20)
  }),
  success: RunPage
})

const GetRun = reading("get_run", {
  title: "Give a run",
  description: "Give a run: its state, how far it has come, what it did, and why it failed.",
  scope: "workflow.run:read",
  parameters: Schema.Struct({ id: RunId }),
  success: Run
})

const GetRunHistory = reading("get_run_history", {
  title: "History of a run",
  description: "Give all that a run did, in order. What a step gave is left out where it is long.",
  scope: "workflow.run:read",
  parameters: Schema.Struct({ id: RunId, limit: Limit(500, 100), offset: Offset }),
  success: Schema.Struct({ events: Schema.Array(HistoryEvent), ...partFields })
})

const ListDeadLetters = reading("list_dead_letters", {
  title: "List dead letters",
  description:
    "List what failed for good and waits for a person, the newest first: runs, and records that could not be read.",
  scope: "workflow.run:read",
  parameters: Schema.Struct({
    kind: LetterQuery.fields.kind,
    from: Schema.optionalKey(Schema.String.annotate({ description: "A workflow, or a stream of records" })),
    error: Schema.optionalKey(Schema.String.annotate({ description: "The tag of the error" })),
    text: Schema.optionalKey(Schema.String.annotate({ description: "Words of the message" })),
    after: Schema.optionalKey(Schema.String.annotate({ description: "The next of the page before" })),
    limit: Limit(100, 20)
  }),
  success: Schema.Struct({ letters: Schema.Array(DeadLetter), next: Schema.NullOr(Schema.String) })
})

const GetDeadLetter = reading("get_dead_letter", {
  title: "Give a dead letter",
  description: "Give a dead letter, with the chain of its errors or the record as it was sent.",
  scope: "workflow.run:read",
  parameters: Schema.Struct({ id: Id("The id of a dead letter, which begins with run: or record:") }),
  success: Schema.Struct({ letter: DeadLetter })
})

export const MachineTools = Toolkit.make(
  GetStatus,
  CheckHealth,
  ListSchedules,
  GetSchedule,
  ListWorkflows,
  ListRuns,
  GetRun,
  GetRunHistory,
  ListDeadLetters,
  GetDeadLetter
)

/** Of what a step gave, so many characters of JSON are told. */
const longestValue = 2000
const longestRecord = 1000

const brief = (event: HistoryEvent): HistoryEvent =>
  Option.exists(event.value, (value) => JSON.stringify(value).length > longestValue)
    ? new HistoryEvent({ ...event, value: Option.none() })
    : event

const short = (letter: DeadLetter): DeadLetter =>
  letter._tag === "Record" ? { ...letter, raw: cut(letter.raw, longestRecord) } : letter

/** Their handlers. */
export const machineTools = MachineTools.toLayer(Effect.map(GliderCalls, ({ ask }) => ({
  get_status: () => ask((glider) => glider.system.status()),
  check_health: () => Effect.map(ask((glider) => glider.system.doctor()), (checks) => ({ checks })),
  list_schedules: ({ limit = 25, ...query }) =>
    sized(ask((glider) => glider.schedules.list({ query: { ...query, limit } }))),
  get_schedule: ({ id }) => ask((glider) => glider.schedules.get({ params: { id } })),
  list_workflows: () => sized(Effect.map(ask((glider) => glider.workflows.list()), (workflows) => ({ workflows }))),
  list_runs: ({ limit = 20, ...query }) => sized(ask((glider) => glider.runs.list({ query: { ...query, limit } }))),
  get_run: ({ id }) => sized(ask((glider) => glider.runs.get({ params: { id } }))),
  get_run_history: ({ id, limit = 100, offset }) =>
    sized(Effect.map(ask((glider) => glider.runs.history({ params: { id } })), ({ events }) => {
      const { items, ...rest } = part(events, limit, offset)
      return { events: items.map(brief), ...rest }
    })),
  list_dead_letters: ({ limit = 20, ...query }) =>
    sized(Effect.map(ask((glider) => glider.deadLetters.list({ query: { ...query, limit } })), ({ letters, next }) => ({
      letters: letters.map(short),
      next: Option.getOrNull(next)
    }))),
  get_dead_letter: ({ id }) =>
    sized(Effect.map(ask((glider) => glider.deadLetters.get({ params: { id } })), (letter) => ({ letter })))
})))

/** A run as it begins. */
import { Context, Option } from "effect"
import type { WorkflowEngine } from "effect/workflow"
import type { RunRow } from "../store/RunColumns.ts"
import { Rollout } from "../workflow/Versions.ts"
import type { Registered } from "./Registry.ts"
import { RunOptions, type RunOrigin } from "./RunOptions.ts"

/** What a run is to begin with. */
export interface Start {
  readonly executionId: string
  readonly payload: object
  readonly discard: boolean
  readonly parent?: WorkflowEngine.WorkflowInstance["Service"] | undefined
  readonly detached?: boolean | undefined
}

/** The origin of a run that another run starts. */
export const ofParent: RunOrigin = { ...RunOptions.defaultValue(), trigger: "workflow" }

export const newRow = (
  { workflow }: Registered,
  { detached, discard, executionId, parent }: Start,
  { attempt, attributes, original, schedule, tick, trigger }: RunOrigin,
  now: number,
  stamp: number
): RunRow => ({
  id: executionId,
  workflow: workflow._tag,
  version: Option.match(Context.get(workflow.annotations, Rollout), {
    onNone: () => 1,
    onSome: (pick) => pick(executionId)
  }),
  state: "running",
  trigger,
  schedule: Option.getOrUndefined(schedule),
  tick: Option.getOrUndefined(Option.map(tick, ({ epochMilliseconds }) => epochMilliseconds)),
  attempt,
  original: Option.getOrUndefined(original),
  parent: detached === true ? undefined : parent?.executionId,
  attributes,
  recency: -stamp,
  startedAt: now,
  finishedAt: undefined,
  error: undefined,
  due: undefined,
  cancel: undefined,
  ...parent !== undefined && discard ? { discarded: true } : {},
  progress: undefined,
  report: undefined
})

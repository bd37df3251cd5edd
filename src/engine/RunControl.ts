import { Context, type Effect, type Option, Schema } from "effect"
import type { Workflow } from "effect/workflow"
import type { CancelMode } from "../domain/RunEntry.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import type { RunRow } from "../store/RunColumns.ts"

/** No workflow of that name is registered. */
export class UnknownWorkflow extends Schema.TaggedError<UnknownWorkflow>()("UnknownWorkflow", {
  workflow: Schema.String,
  known: Schema.Array(Schema.String)
}) {
  override get message(): string {
    return `there is no workflow ${this.workflow}; there are ${this.known.join(", ")}`
  }
}

/** The input does not fit the workflow. */
export class InvalidInput extends Schema.TaggedError<InvalidInput>()("InvalidInput", {
  workflow: Schema.String,
  problem: Schema.String
}) {
  override get message(): string {
    return `the input of ${this.workflow}: ${this.problem}`
  }
}

/** What people do with runs, by their ids and without their types. */
export class RunControl extends Context.Service<RunControl, {
  /** The workflows that this process can run. */
  readonly workflows: Effect.Effect<ReadonlyArray<Workflow.Any>>
  /**
   * Starts a run of a workflow with JSON input, durably, and gives its id: the given one, or that of the workflow's own
   * idempotency key. Provide `RunOptions` around it to say how it came about.
   */
  readonly start: (
    workflow: string,
    input: unknown,
    id: Option.Option<string>
  ) => Effect.Effect<string, UnknownWorkflow | InvalidInput | SurrealError>
  /** Keeps a promise of a run (the name of its `DurableDeferred`) with a JSON value; false when the run is not waiting. */
  readonly signal: (
    id: string,
    name: string,
    value: Schema.Json
  ) => Effect.Effect<boolean, InvalidInput | SurrealError>
  /** Asks a run for its end; false when it is over or unknown. */
  readonly cancel: (id: string, how: CancelMode) => Effect.Effect<boolean, SurrealError>
  /** Lets a parked run try again; false when it is over or unknown. */
  readonly resume: (id: string) => Effect.Effect<boolean, SurrealError>
  /** Waits until the runs of a workflow that an earlier process left behind are at work again, if they go on here. */
  readonly recovered: (workflow: string) => Effect.Effect<void>
  /** The run of the workflow that is at work in this process, if there is one. */
  readonly atWork: (workflow: string) => Option.Option<RunRow>
  /** Waits for the end of a run; ends at once when it is over or unknown. */
  readonly ended: (id: string) => Effect.Effect<Option.Option<RunRow>, SurrealError>
}>()("glider/engine/RunControl") {}

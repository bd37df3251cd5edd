import { Context, Effect, type Schema } from "effect"

/** Search attributes of a run by name. */
export interface Attributes {
  readonly [name: string]: string | number | boolean
}

/** How far a run has come: `done` of `total` units of the step under way. */
export interface Reached {
  /** What it is at, e.g. `search`. */
  readonly step: string
  readonly done: number
  readonly total: number
  /** For people, e.g. the track it is looking for. */
  readonly message?: string | undefined
}

/**
 * Writes down what a run tells of itself. The engine that runs it provides it; where no engine does, nothing is kept.
 *
 * Called anew in each pass of the body, with what the earlier passes said.
 */
export class RunScribe extends Context.Reference<{
  /** Sets these attributes and leaves the others as they are. */
  readonly attributes: (attributes: Attributes) => Effect.Effect<void>
  /** Replaces what was said before. */
  readonly progress: (reached: Reached) => Effect.Effect<void>
  /** Replaces what the run tells of its work so far, as JSON: what stands in its row once it is over. */
  readonly report: (report: Schema.Json) => Effect.Effect<void>
}>("glider/workflow/RunScribe", {
  defaultValue: () => ({ attributes: () => Effect.void, progress: () => Effect.void, report: () => Effect.void })
}) {}

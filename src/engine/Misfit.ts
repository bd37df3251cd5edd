/** Why a run is parked: the code of today cannot stand for it. */
import { Schema } from "effect"
import type { NonDeterminismError } from "../workflow/Determinism.ts"
import type { UnknownVersion } from "../workflow/Versions.ts"

/** The payload schema of a workflow no longer takes what a run of it was given. */
export class InputMisfit extends Schema.TaggedError<InputMisfit>()("InputMisfit", {
  workflow: Schema.String,
  problem: Schema.String
}) {
  override get message(): string {
    return `the payload schema of ${this.workflow} no longer takes the input of this run: ${this.problem}; let it take what ` +
      "older runs were given, or cancel the run, which then compensates nothing (docs/workflows.md)"
  }
}

/** It goes on once the code is mended. */
export type Misfit = NonDeterminismError | UnknownVersion | InputMisfit

const tags: ReadonlySet<string> = new Set<Misfit["_tag"]>(["NonDeterminismError", "UnknownVersion", "InputMisfit"])

/** Whether an error of that tag parks a run. */
export const parks = (errorTag: string | undefined): boolean => errorTag !== undefined && tags.has(errorTag)

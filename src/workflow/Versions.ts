/** Several versions of one workflow side by side: a run ends with the code that it began with. */
import { Context, Effect, Layer, Option, Schema } from "effect"
import { Activity, type Workflow } from "effect/workflow"
import * as StableHash from "../domain/StableHash.ts"

/** One version of a workflow, without its code. */
export interface Rolled {
  /** Counts from 1; a greater one is newer. */
  readonly version: number
  /** The share of new runs that begin with it, in percent. */
  readonly rollout?: number | undefined
}

/** One version of a workflow. */
export interface Version<Payload, A, E, R> extends Rolled {
  readonly execute: (payload: Payload, executionId: string) => Effect.Effect<A, E, R>
}

/** The version that the run at hand began with, where its engine has recorded it; else it is recorded as a step. */
export class RunVersion extends Context.Reference<{ readonly current: Option.Option<number> }>(
  "glider/workflow/RunVersion",
  { defaultValue: () => ({ current: Option.none() }) }
) {}

/** Annotation of a workflow with versions: which one a new run is to begin with. Engines read it where it is registered. */
export class Rollout extends Context.Reference<Option.Option<(executionId: string) => number>>(
  "glider/workflow/Rollout",
  { defaultValue: Option.none }
) {}

/** A run began with a version that this program no longer has. */
export class UnknownVersion extends Schema.TaggedError<UnknownVersion>()("UnknownVersion", {
  workflow: Schema.String,
  version: Schema.Finite,
  known: Schema.Array(Schema.Finite)
}) {
  override get message(): string {
    return `a run of ${this.workflow} began with version ${this.version}, and there are only ${
      this.known.join(", ")
    }; ` +
      "keep the code of a version until its last run has ended (docs/workflows.md)"
  }
}

/** The versions of a workflow contradict each other: a mistake in the code, so its layer dies of it. */
export class InvalidVersions extends Schema.TaggedError<InvalidVersions>()("InvalidVersions", {
  workflow: Schema.String,
  problems: Schema.Array(Schema.String)
}) {
  override get message(): string {
    return `the versions of ${this.workflow}: ${this.problems.join("; ")}`
  }
}

const problemsOf = (versions: ReadonlyArray<Rolled>): ReadonlyArray<string> => {
  const problems: Array<string> = []
  if (versions.length === 0) problems.push("there is none; give one at least")
  const seen = new Set<number>()
  let sum = 0
  for (const { rollout, version } of versions) {
    if (!(Number.isSafeInteger(version) && version > 0)) problems.push(`${version} is not a whole number from 1 up`)
    if (seen.has(version)) problems.push(`version ${version} is there twice`)
    seen.add(version)
    if (rollout === undefined) continue
    sum += rollout
    if (!(rollout >= 0 && rollout <= 100)) {
      problems.push(`the rollout of version ${version} is ${rollout}, not 0 to 100`)
    }
  }
  if (sum > 100) problems.push(`the rollouts add up to ${sum}, and to 100 at most they may`)
  return problems
}

/**
 * The version that a new run begins with, by its execution id.
 *
 * Each version with a `rollout` gets that share of all ids, the newest first. The rest goes to the newest version without
 * one, or to the oldest version when all have one. The choice depends on nothing but the id and the shares; and when a
 * share is raised, ids move to newer versions only, as long as the version that takes the rest is older than the others.
 */
export const pick = (versions: ReadonlyArray<Rolled>): (executionId: string) => number => {
  const newestFirst = versions.toSorted((one, other) => other.version - one.version)
  const rest = newestFirst.find(({ rollout }) => rollout === undefined) ?? newestFirst.at(-1)
  const shares: Array<{ readonly below: number; readonly version: number }> = []
  let below = 0
  for (const { rollout, version } of newestFirst) {
    if (rollout === undefined) continue
    below += rollout / 100
    shares.push({ below, version })
  }
  return (executionId) => {
    const at = StableHash.fraction(executionId)
    return shares.find((share) => at < share.below)?.version ?? rest?.version ?? 1
  }
}

/**
 * Registers a workflow of which there are several versions. A new run picks one (see `pick`), the pick is recorded, and
 * the run keeps to it: a version may be changed no more once it has runs, but added to by another.
 *
 * Gives the layer that registers it, and the workflow with the annotation `Rollout`, which has the execution ids of the
 * one that it was made of.
 *
 * Runs die with `UnknownVersion` when theirs is not there any more; the layer dies with `InvalidVersions` when numbers
 * repeat or shares do not add up. Where the engine does not record versions, a workflow has to begin with them: a run from
 * before has no version recorded, and is taken for a new one.
 */
export const make = <
  const Tag extends string,
  Payload extends Workflow.AnyStructSchema,
  Success extends Schema.Top,
  Error extends Schema.Top,
  const Services extends ReadonlyArray<unknown>
>(
  workflow: Workflow.Workflow<Tag, Payload, Success, Error>,
  versions: {
    readonly [K in keyof Services]: Version<Payload["Type"], Success["Type"], Error["Type"], Services[K]>
  }
) => {
  const all: ReadonlyArray<Version<Payload["Type"], Success["Type"], Error["Type"], Services[number]>> = versions
  const pickVersion = pick(all)
  const known = all.map(({ version }) => version)
  const annotated = workflow.annotate(Rollout, Option.some(pickVersion))
  const run = Effect.fnUntraced(function*(payload: Payload["Type"], executionId: string) {
    const { current } = yield* RunVersion
    const version = Option.isSome(current)
      ? current.value
      : yield* Activity.make({
        name: "glider/version",
        success: Schema.Finite,
        execute: Effect.sync(() => pickVersion(executionId))
      })
    const chosen = all.find((one) => one.version === version)
    if (chosen === undefined) return yield* Effect.die(new UnknownVersion({ workflow: workflow._tag, version, known }))
    return yield* chosen.execute(payload, executionId)
  })
  const problems = problemsOf(all)
  const layer = problems.length === 0
    ? annotated.toLayer(run)
    : Layer.effectDiscard(Effect.die(new InvalidVersions({ workflow: workflow._tag, problems })))
  return { workflow: annotated, layer }
}

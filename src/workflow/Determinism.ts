/** Finds out, while a run is replayed, that its code no longer does what its history says. */
import { Option, Schema } from "effect"

/** Where a step stands among the steps of its run. */
export interface Place {
  /** In which order it was first issued, over all passes of the run. */
  readonly ordinal: number
  /** Whether the body itself issued it, and not a fiber that the body had forked. */
  readonly sequential: boolean
}

/** A step of which the history of a run knows. */
export interface RecordedStep extends Place {
  readonly key: string
}

/**
 * Who issues a step: the fiber that runs the body of the workflow, or another one that it forked (`Effect.all` with
 * concurrency, a race, a time-out around a step, a compensation).
 */
export type Strand = "body" | "branch"

/**
 * The code of a workflow and the history of one of its runs disagree, so the run cannot go on with this code. It is
 * parked, and goes on once the code is mended.
 */
export class NonDeterminismError extends Schema.TaggedError<NonDeterminismError>()("NonDeterminismError", {
  kind: Schema.Literals(["duplicate", "out_of_order", "replaced", "left_out"]),
  /** The step that the history says comes next. */
  expected: Schema.OptionFromNullOr(Schema.String),
  /** The step that the code asked for. */
  actual: Schema.OptionFromNullOr(Schema.String)
}) {
  override get message(): string {
    const expected = Option.getOrElse(this.expected, () => "nothing")
    const actual = Option.getOrElse(this.actual, () => "nothing")
    const versionIt = "to change a workflow that has runs under way, add a version of it (docs/workflows.md)"
    switch (this.kind) {
      case "duplicate":
        return `the code takes the step "${actual}" twice in one run, and a history keeps one result for each name; ` +
          "give each of them a name of its own (docs/workflows.md)"
      case "out_of_order":
        return `the recorded run did "${expected}" before "${actual}", and the code now does "${actual}" first; ${versionIt}`
      case "replaced":
        return `the recorded run did "${expected}" here, and the code now does "${actual}"; ${versionIt}`
      case "left_out":
        return `the recorded run did "${expected}", and the code now ends without it; ${versionIt}`
    }
  }
}

const error = (
  kind: NonDeterminismError["kind"],
  expected: string | undefined,
  actual: string | undefined
): Option.Option<NonDeterminismError> =>
  Option.some(
    new NonDeterminismError({
      kind,
      expected: Option.fromUndefinedOr(expected),
      actual: Option.fromUndefinedOr(actual)
    })
  )

/**
 * Follows one pass of a run through its code, from the first step on, and compares it with what is recorded.
 *
 * **What is judged.** Steps of the body fiber come one after the other, so the same code issues them in the same order in
 * every pass: a recorded one may be neither passed over, nor preceded by one that is new. Steps of branches may come in
 * any order, before or after those of the body, and the history may lack some that were under way when the process ended:
 * of them only the names are judged, which may not repeat.
 *
 * How many steps are in flight does not tell one from the other: two branches whose steps happen to follow one another
 * look the same as a sequence, and come in another order when the first of them is replayed at once.
 *
 * Costs two look-ups for each step, and allocates only the place of a new one.
 */
export class ReplayCheck {
  readonly #places = new Map<string, Place>()
  readonly #requested = new Set<string>()
  /** The recorded steps of the body in their order; those before `#next` have been requested. */
  readonly #order: Array<RecordedStep> = []
  #next = 0
  #ordinal = 0

  /** Takes the recorded steps in any order, and none of those that are recorded later. */
  constructor(recorded: ReadonlyArray<RecordedStep>) {
    for (const step of recorded) {
      this.#places.set(step.key, step)
      if (step.ordinal >= this.#ordinal) this.#ordinal = step.ordinal + 1
      if (step.sequential) this.#order.push(step)
    }
    this.#order.sort((one, other) => one.ordinal - other.ordinal)
  }

  /** To be called for each step that the code asks for, recorded or not, before it is begun or answered. */
  request(key: string, by: Strand): Option.Option<NonDeterminismError> {
    if (this.#requested.has(key)) return error("duplicate", undefined, key)
    this.#requested.add(key)
    const recorded = this.#places.get(key)
    if (recorded === undefined) this.#places.set(key, { ordinal: this.#ordinal++, sequential: by === "body" })
    if (by === "branch" || recorded?.sequential === false) return Option.none()
    const expected = this.#lowestUnrequested()
    if (expected === undefined) return Option.none()
    if (recorded === undefined) return error("replaced", expected.key, key)
    return expected.ordinal < recorded.ordinal ? error("out_of_order", expected.key, key) : Option.none()
  }

  /** What is to be recorded of a step that was requested in this pass, or is recorded already. */
  placeOf(key: string): Option.Option<Place> {
    return Option.fromUndefinedOr(this.#places.get(key))
  }

  /** To be called when the body has returned or failed, and not when it was suspended or interrupted. */
  ended(): Option.Option<NonDeterminismError> {
    const expected = this.#lowestUnrequested()
    return expected === undefined ? Option.none() : error("left_out", expected.key, undefined)
  }

  #lowestUnrequested(): RecordedStep | undefined {
    let step = this.#order[this.#next]
    while (step !== undefined && this.#requested.has(step.key)) step = this.#order[++this.#next]
    return step
  }
}

import { Context, Effect, Layer, Option, Schema } from "effect"
import { inputOf } from "../domain/RunHistory.ts"
import { type InvalidInput, RunControl, type UnknownWorkflow } from "../engine/RunControl.ts"
import { RunOptions } from "../engine/RunOptions.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { DeadLetters } from "../store/DeadLetters.ts"
import { Runs } from "../store/Runs.ts"

/** The run cannot be tried again. */
export class CannotRetry extends Schema.TaggedError<CannotRetry>()("CannotRetry", {
  run: Schema.String,
  why: Schema.Literals(["unknown", "not_over", "pruned"])
}) {
  override get message(): string {
    switch (this.why) {
      case "unknown":
        return `there is no run ${this.run}`
      case "not_over":
        return `run ${this.run} is not over; cancel it first`
      case "pruned":
        return `run ${this.run} is over for so long that its input is no longer kept; start a new one`
    }
  }
}

/** The id of the n-th try of a run: derived, so that whoever asks twice gets one run. */
export const retryId = (original: string, attempt: number): string => `${original}~${attempt}`

/** Runs tried again. */
export class Retries extends Context.Service<Retries, {
  /**
   * Repeats a run that is over, however it ended: starts a run linked to it, with the same input or another, and takes it out
   * of the dead letter queue. Gives the derived id of the new run; a parked run goes on itself.
   */
  readonly retry: (
    id: string,
    input: Option.Option<Schema.Json>
  ) => Effect.Effect<string, CannotRetry | InvalidInput | UnknownWorkflow | SurrealError>
}>()("glider/workflows/Retries") {
  static readonly layer = Layer.effect(
    Retries,
    Effect.gen(function*() {
      const control = yield* RunControl
      const letters = yield* DeadLetters
      const runs = yield* Runs

      const retry = Effect.fn("Retries.retry")(function*(id: string, input: Option.Option<Schema.Json>) {
        const found = yield* runs.history(id)
        if (Option.isNone(found)) return yield* new CannotRetry({ run: id, why: "unknown" })
        const { entries, run } = found.value
        if (run.state === "parked" && Option.isNone(input)) {
          yield* control.resume(id)
          return id
        }
        if (Option.isNone(run.finishedAt)) return yield* new CannotRetry({ run: id, why: "not_over" })
        const given = Option.orElse(input, () => inputOf(entries))
        if (Option.isNone(given)) return yield* new CannotRetry({ run: id, why: "pruned" })
        const original = Option.getOrElse(run.original, () => id)
        const attempt = run.attempt + 1
        const next = yield* control.start(run.workflow, given.value, Option.some(retryId(original, attempt))).pipe(
          Effect.provideService(RunOptions, {
            trigger: "manual",
            schedule: run.schedule,
            tick: run.tick,
            attempt,
            original: Option.some(original),
            attributes: run.attributes
          })
        )
        yield* letters.drop([`run:${id}`])
        return next
      })
      return Retries.of({ retry })
    })
  )
}

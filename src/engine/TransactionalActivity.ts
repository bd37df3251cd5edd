import { Cause, Context, Effect, Option, Schema } from "effect"
import { Activity } from "effect/workflow"
import { type Statement, Surreal } from "../services/Surreal.ts"
import { SurrealError } from "../services/SurrealError.ts"

/** What an activity is to write, and what it gives once that is written. */
export interface Transaction<A> {
  readonly writes: ReadonlyArray<Statement>
  readonly success: A
  /** What to do once it is committed, e.g. to tell somebody; it is not done again when the process ends before it. */
  readonly committed?: Effect.Effect<void> | undefined
}

/** How an engine commits the writes of the activity that runs now together with its result. */
export class ActivityCommit extends Context.Reference<
  Option.Option<(writes: ReadonlyArray<Statement>, success: unknown) => Effect.Effect<void, SurrealError>>
>("glider/engine/ActivityCommit", { defaultValue: Option.none }) {}

/** A transaction that lost a race is planned anew, three times. */
const races = {
  times: 3,
  while: (error: unknown) =>
    Schema.is(SurrealError)(error) && (error.reason._tag === "AlreadyExists" || error.reason._tag === "Conflict")
}

/**
 * An activity whose effect is on the store: its writes and its journal entry are one transaction, so the effect happens
 * exactly once, whatever ends the process when.
 *
 * `prepare` does what comes before (it may ask the world, and is repeated when the process ends before the commit); `plan`
 * turns what it gave into writes, and is called again when another transaction was faster. Fails with `SurrealError` when
 * the store refuses the writes; nothing of them is there then.
 *
 * On an engine that is not Glider's the writes are committed before the result is recorded: at least once.
 */
export const make = <Success extends Schema.Constraint, Error extends Schema.Constraint, Prepared, R, R2>(options: {
  readonly name: string
  readonly success: Success
  readonly error: Error
  readonly prepare: Effect.Effect<Prepared, Error["Type"], R>
  readonly plan: (
    prepared: Prepared
  ) => Effect.Effect<Transaction<Success["Type"]>, Error["Type"] | SurrealError, R2>
}) => {
  const encode = Schema.encodeEffect(Schema.toCodecJson(options.success))
  const execute = Effect.flatMap(options.prepare, (prepared) =>
    Effect.gen(function*() {
      const { committed, success, writes } = yield* options.plan(prepared)
      const commit = yield* ActivityCommit
      if (Option.isSome(commit)) {
        yield* commit.value(writes, yield* Effect.orDie(encode(success)))
      } else {
        const surreal = yield* Surreal
        yield* surreal.transaction(writes)
      }
      if (committed !== undefined) {
        yield* Effect.catchCause(committed, (cause) =>
          Cause.hasInterruptsOnly(cause)
            ? Effect.failCause(cause)
            : Effect.logError("what follows a commit has failed", cause))
      }
      return success
    }).pipe(Effect.retry(races)))
  const error = Schema.Union([options.error, SurrealError])
  return Activity.make<Effect.Services<typeof execute>, Success, typeof error>({
    name: options.name,
    success: options.success,
    error,
    execute
  })
}

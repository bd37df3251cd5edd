import { Clock, Context, Effect, Layer, Option, Result, Schema } from "effect"
import type { DeadLetter } from "../domain/DeadLetter.ts"
import { Jobs } from "../jobs/Jobs.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { Commit } from "../store/Commit.ts"
import { DeadLetters } from "../store/DeadLetters.ts"
import { Outbox } from "../store/Outbox.ts"
import { WebhookDeliveries } from "../store/WebhookDeliveries.ts"
import { reread } from "../syncs/Reread.ts"
import { Retries } from "./Retries.ts"

/** The letter stays in the queue; the message says why. */
export class LetterStays extends Schema.TaggedError<LetterStays>()("LetterStays", { message: Schema.String }) {}

/** Dead letters brought back to life. */
export class LetterRetries extends Context.Service<LetterRetries, {
  /**
   * Starts the run of a letter again, reads its record again, tells its webhook again, or gives its job again; the letter is then out
   * of the queue. Gives the id of the new run or job, where there is one.
   */
  readonly retry: (
    letter: DeadLetter,
    input: Option.Option<Schema.Json>
  ) => Effect.Effect<Option.Option<string>, LetterStays | SurrealError>
}>()("glider/workflows/LetterRetries") {
  static readonly layer = Layer.effect(
    LetterRetries,
    Effect.gen(function*() {
      const commit = yield* Commit
      const deliveries = yield* WebhookDeliveries
      const jobs = yield* Jobs
      const letters = yield* DeadLetters
      const outbox = yield* Outbox
      const retries = yield* Retries

      const stays = (message: string) => Effect.fail(new LetterStays({ message }))

      const retryRecord = Effect.fnUntraced(function*(letter: Extract<DeadLetter, { readonly _tag: "Record" }>) {
        const write = reread(letter.stream, letter.connection, letter.raw)
        if (Result.isFailure(write)) return yield* stays(write.failure)
        yield* commit.page({
          stream: letter.stream,
          read: 1,
          writes: [write.success],
          cursor: Option.none(),
          fraction: Option.none()
        })
        yield* letters.drop([letter.id])
        return Option.none<string>()
      })

      const tellAgain = Effect.fnUntraced(
        function*({ endpoint, event }: Extract<DeadLetter, { readonly _tag: "Delivery" }>) {
          const now = yield* Clock.currentTimeMillis
          const told = yield* deliveries.replay(endpoint, [event], now)
          if (told.length === 0) return yield* stays("there is no such event any more")
          yield* outbox.wake
          return Option.none<string>()
        }
      )

      const giveAgain = ({ job }: Extract<DeadLetter, { readonly _tag: "Job" }>) =>
        Effect.asSome(jobs.retry(job)).pipe(
          Effect.catchTags({
            UnknownJob: ({ message }) => stays(message),
            JobNotOver: ({ message }) => stays(message),
            InvalidPayload: ({ message }) => stays(message),
            UnknownJobType: ({ message }) => stays(message)
          })
        )

      const retry = Effect.fn("LetterRetries.retry")(
        (
          letter: DeadLetter,
          input: Option.Option<Schema.Json>
        ): Effect.Effect<Option.Option<string>, LetterStays | SurrealError> =>
          letter._tag === "Job" ?
            giveAgain(letter) :
            letter._tag === "Delivery" ?
            tellAgain(letter) :
            letter._tag === "Record" ?
            retryRecord(letter) :
            retries.retry(
              letter.run,
              input
            ).pipe(
              Effect.map(Option.some),
              Effect.catchTags({
                CannotRetry: ({ message }) => stays(message),
                InvalidInput: ({ message }) => stays(message),
                UnknownWorkflow: ({ message }) => stays(message)
              })
            )
      )
      return LetterRetries.of({ retry })
    })
  )
}

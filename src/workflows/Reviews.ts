/** Songs that nobody could decide about wait for a person: which they are, and what the person says. */
import { Context, DateTime, Effect, Layer, Option, Schema } from "effect"
import { parse } from "../domain/RunQuery.ts"
import { type InvalidInput, RunControl } from "../engine/RunControl.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { Runs, type RunWithEntries } from "../store/Runs.ts"
import { answerOf, type AskedReview, isOfSong, requestOf, reviewOf, songWorkflows } from "./MusicRecord.ts"

/** What a person says. */
export const Verdict = Schema.Literals(["approved", "rejected"])
export type Verdict = typeof Verdict.Type

/** A song that waits for a person. */
export interface Review {
  readonly id: string
  readonly request: Option.Option.Value<ReturnType<typeof requestOf>>
  readonly since: DateTime.Utc
  /** After that nobody is asked any more, and nothing is added. */
  readonly until: DateTime.Utc
  /** The one that would be added. */
  readonly candidate: AskedReview["candidate"]
  readonly scores: AskedReview["scores"]
}

/** Nothing is asked of that run. */
export class NoReview extends Schema.TaggedError<NoReview>()("NoReview", {
  run: Schema.String,
  why: Schema.Literals(["unknown", "not_asked", "approved", "rejected", "over"])
}) {
  override get message(): string {
    switch (this.why) {
      case "unknown":
        return `there is no run ${this.run} that puts a song into a playlist`
      case "not_asked":
        return `run ${this.run} does not wait for a person`
      case "over":
        return `run ${this.run} is over: it no longer waits for a person`
      default:
        return `run ${this.run} was ${this.why} before`
    }
  }
}

/** How many runs are looked at for one page of a list. */
const page = 100

/**
 * Finds them by their rows: few runs wait at the same time, and of those only the ones that came to a decision and not to the
 * playlist are looked at more closely.
 */
const waiting = Effect.runSync(
  Effect.orDie(Effect.fromResult(parse(`workflow in (${songWorkflows.join(", ")}) and state = waiting`)))
)

const atDecision: ReadonlySet<unknown> = new Set(["matching", "ai_disambiguation"])

const mayAsk = (progress: Schema.Json): boolean =>
  typeof progress === "object" && progress !== null && "step" in progress && atDecision.has(progress["step"])

const reviewIn = ({ entries, run }: RunWithEntries): Option.Option<Review> =>
  Option.map(
    Option.all([reviewOf(entries), requestOf(entries)]),
    ([{ candidate, scores, since, until }, request]) => ({
      id: run.id,
      request,
      since: DateTime.makeUnsafe(since),
      until: DateTime.makeUnsafe(until),
      candidate,
      scores
    })
  )

export class Reviews extends Context.Service<Reviews, {
  /** Those that wait, the newest run first; at most so many. */
  readonly list: (most: number) => Effect.Effect<ReadonlyArray<Review>, SurrealError>
  readonly get: (run: string) => Effect.Effect<Review, NoReview | SurrealError>
  /** Says it; who is too late, or says something else than was said, is told so. */
  readonly answer: (run: string, verdict: Verdict) => Effect.Effect<void, NoReview | SurrealError>
}>()("glider/workflows/Reviews") {
  static readonly layer = Layer.effect(
    Reviews,
    Effect.gen(function*() {
      const control = yield* RunControl
      const runs = yield* Runs

      const list = Effect.fn("Reviews.list")(function*(most: number) {
        const found: Array<Review> = []
        let after = Option.none<number>()
        do {
          const { next, runs: some } = yield* runs.list({ query: Option.some(waiting), after, limit: page })
          for (const { id, progress } of some) {
            if (found.length >= most) return found
            if (!mayAsk(progress)) continue
            found.push(...Option.toArray(Option.flatMap(yield* runs.history(id), reviewIn)))
          }
          after = next
        } while (Option.isSome(after))
        return found
      })

      const known = Effect.fnUntraced(function*(run: string) {
        const found = Option.filter(yield* runs.history(run), (found) => isOfSong(found.run))
        return Option.isSome(found) ? found.value : yield* new NoReview({ run, why: "unknown" })
      })

      const whyNot = ({ entries, run }: RunWithEntries): NoReview["why"] => {
        const said = Option.filter(answerOf(entries), Schema.is(Verdict))
        if (Option.isSome(said)) return said.value
        return Option.isSome(run.finishedAt) ? "over" : "not_asked"
      }

      const get = Effect.fn("Reviews.get")(function*(run: string) {
        const found = yield* known(run)
        const review = reviewIn(found)
        return Option.isSome(review) ? review.value : yield* new NoReview({ run, why: whyNot(found) })
      })

      const answer = Effect.fn("Reviews.answer")(function*(run: string, verdict: Verdict) {
        yield* get(run)
        const isHeard = yield* Effect.catchTag(
          control.signal(run, "review", verdict),
          "InvalidInput",
          (error: InvalidInput) => Effect.die(error) // both words are in the schema of the signal
        )
        // the first answer counts, and another may have been faster; or time was
        const found = yield* known(run)
        if (isHeard && Option.contains(answerOf(found.entries), verdict)) return
        return yield* new NoReview({ run, why: whyNot(found) })
      })

      return Reviews.of({ list, get, answer })
    })
  )
}

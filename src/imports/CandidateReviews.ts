/** What a person says of streams that may be the same listening as a play of the feed. */
import { Context, DateTime, Effect, Layer, Option, Schema } from "effect"
import type { ReviewState } from "../domain/ImportResult.ts"
import { Surreal } from "../services/Surreal.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { answered, type CandidateReview } from "../store/CandidateReviewRows.ts"
import { CandidateRows } from "../store/CandidateRows.ts"
import { Commit } from "../store/Commit.ts"
import { keyText } from "../store/ContentHash.ts"
import { playsTable } from "../store/Plays.ts"
import {
  type Candidate,
  candidatesBetween,
  ownPlay,
  polledBetween,
  type PolledPlay,
  streamedTable
} from "../store/StreamedPlays.ts"
import type { Key } from "../store/Write.ts"
import { decided, mergedPlay, pageOf } from "./Deciding.ts"

/** Nobody is asked about that stream, or not any more. */
export class NoCandidate extends Schema.TaggedError<NoCandidate>()("NoCandidate", {
  why: Schema.Literals(["unknown", "approved", "rejected", "taken"])
}) {
  override get message(): string {
    switch (this.why) {
      case "unknown":
        return "nobody is asked about such a stream"
      case "taken":
        return "another stream has been merged into that play meanwhile; this one can only be counted by itself"
      default:
        return `it was ${this.why} before`
    }
  }
}

/** A review with both sides, as they are compared and as they were sent. */
export interface ReviewedPair extends CandidateReview {
  readonly candidate: Candidate
  readonly polled: PolledPlay
  readonly raw: { readonly stream: unknown; readonly play: unknown }
}

export class CandidateReviews extends Context.Service<CandidateReviews, {
  /** At most so many of a state. */
  readonly list: (state: ReviewState, limit: number) => Effect.Effect<ReadonlyArray<ReviewedPair>, SurrealError>
  /** How many wait for an answer, counted up to so many. */
  readonly waiting: (most: number) => Effect.Effect<number, SurrealError>
  readonly get: (key: Key) => Effect.Effect<ReviewedPair, NoCandidate | SurrealError>
  /** `approved`: they are the same listening, and become one. `rejected`: they are two, and both count. */
  readonly answer: (
    key: Key,
    verdict: Exclude<ReviewState, "open">
  ) => Effect.Effect<void, NoCandidate | SurrealError>
}>()("glider/imports/CandidateReviews") {
  static readonly layer = Layer.effect(
    CandidateReviews,
    Effect.gen(function*() {
      const commit = yield* Commit
      const rows = yield* CandidateRows
      const surreal = yield* Surreal
      const candidatesOf = candidatesBetween(surreal)
      const polledOf = polledBetween(surreal)

      const pairOf = Effect.fnUntraced(function*(review: CandidateReview) {
        const [connection, end] = [String(review.key[0]), Number(review.key[1])]
        const at = Number(review.play[1])
        const candidates = yield* candidatesOf(connection, end, end + 1)
        const plays = yield* polledOf(connection, at, at + 1)
        const candidate = candidates.find(({ key }) => keyText(key) === keyText(review.key))
        const polled = plays.find(({ key }) => keyText(key) === keyText(review.play))
        if (candidate === undefined || polled === undefined) return Option.none<ReviewedPair>()
        const [stream] = yield* rows.raw(streamedTable, [review.key])
        const [play] = yield* rows.raw(playsTable, [review.play])
        return Option.some<ReviewedPair>({
          ...review,
          candidate,
          polled,
          raw: { stream: stream?.raw, play: play?.raw }
        })
      })

      const list = Effect.fn("CandidateReviews.list")(function*(state: ReviewState, limit: number) {
        const reviews = yield* rows.reviews(state, limit)
        return (yield* Effect.forEach(reviews, pairOf)).flatMap(Option.toArray)
      })

      const waiting = (most: number) => Effect.map(rows.reviews("open", most), ({ length }) => length)

      const get = Effect.fn("CandidateReviews.get")(function*(key: Key) {
        const review = yield* rows.review(key)
        const pair = Option.isNone(review) ? Option.none() : yield* pairOf(review.value)
        return Option.isSome(pair) ? pair.value : yield* new NoCandidate({ why: "unknown" })
      })

      const answer = Effect.fn("CandidateReviews.answer")(
        function*(key: Key, verdict: Exclude<ReviewState, "open">) {
          const { candidate, confidence, play, polled, similarity, stamp, state } = yield* get(key)
          if (state !== "open") return yield* new NoCandidate({ why: state })
          const isApproved = verdict === "approved"
          if (isApproved && Option.isSome(polled.streamed)) return yield* new NoCandidate({ why: "taken" })
          const at = yield* DateTime.now
          const own = ownPlay(String(key[0]), candidate)
          const plan = yield* commit.plan(pageOf({
            own: isApproved ? [] : [own],
            gone: [],
            merged: isApproved ? [mergedPlay(polled, key, stamp)] : [],
            candidates: [
              isApproved
                ? decided(key, "merged", at, { play, similarity, confidence })
                : decided(key, "processed", at, { play: own.key, similarity, confidence })
            ],
            where: "status = 'processed'",
            vars: {}
          }))
          yield* surreal.transaction([...plan.statements, answered(key, verdict, at)])
          yield* commit.committed(plan)
        },
        // another was faster: what they said is told then
        Effect.retry({
          times: 3,
          while: (error) =>
            error._tag === "SurrealError" &&
            (error.reason._tag === "AlreadyExists" || error.reason._tag === "Conflict")
        })
      )
      return CandidateReviews.of({ list, waiting, get, answer })
    })
  )
}

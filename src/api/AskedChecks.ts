/** What doctor says of what waits for the person's word. */
import { Effect } from "effect"
import { CandidateReviews } from "../imports/CandidateReviews.ts"
import { Reviews } from "../workflows/Reviews.ts"
import type { Check } from "./Messages.ts"
import { bad } from "./ToldChecks.ts"

/** So many songs or streams that wait are counted. */
const mostWaiting = 100

const many = (count: number, one: string, many: string): string =>
  count === 1 ? `${one} waits` : `${count} ${many}${count === mostWaiting ? " or more" : ""} wait`

const reviewed = (count: number): ReadonlyArray<Check> =>
  count === 0 ? [] : [
    bad(
      "reviews",
      "warning",
      `${many(count, "a song", "songs")} for you to say whether it is the right one`,
      "glider review list"
    )
  ]

const compared = (count: number): ReadonlyArray<Check> =>
  count === 0 ? [] : [
    bad(
      "candidates",
      "warning",
      `${
        many(count, "an imported stream", "imported streams")
      } for you to say whether it is a play that was there before`,
      "glider candidates list"
    )
  ]

/** All of them. */
export const askedChecks = Effect.gen(function*() {
  const candidates = yield* CandidateReviews
  const reviews = yield* Reviews
  return Effect.gen(function*() {
    return [
      ...reviewed((yield* reviews.list(mostWaiting)).length),
      ...compared(yield* candidates.waiting(mostWaiting))
    ]
  })
})

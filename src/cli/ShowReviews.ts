/** Songs that wait for a person, for a person and for programs. */
import { DateTime, Effect, Option, Schema } from "effect"
import { Reviewed, ReviewInfo } from "../api/ReviewMessages.ts"
import { fromNow, print, say, table } from "./Print.ts"

const encodeReviews = Schema.encodeEffect(Schema.Array(ReviewInfo))
const encodeReviewed = Schema.encodeEffect(Reviewed)

const named = (name: string, artists: string, album: string | undefined): string =>
  `${name} by ${artists}${album === undefined ? "" : ` (${album})`}`

/** `glider review list`. */
export const showReviews = Effect.fnUntraced(function*(reviews: ReadonlyArray<ReviewInfo>) {
  const now = yield* DateTime.now
  const rows = reviews.map(({ album, artist, candidate, confidence, id, since, track_name, until }) => [
    id,
    named(track_name, artist, Option.getOrUndefined(album)),
    named(candidate.name, candidate.artists.join(", "), candidate.album),
    confidence.toFixed(2),
    fromNow(now, since),
    fromNow(now, until)
  ])
  yield* print({
    json: yield* Effect.orDie(encodeReviews(reviews)),
    text: rows.length === 0
      ? "no song waits for you"
      : table(["RUN", "ASKED FOR", "FOUND", "CONFIDENCE", "SINCE", "UNTIL"], rows)
  })
  if (rows.length > 0) yield* say("Is it the one? glider review approve <run>, or reject <run>")
})

/** `glider review approve` and `reject`. */
export const showReviewed = Effect.fnUntraced(function*(reviewed: Reviewed) {
  yield* print({
    json: yield* Effect.orDie(encodeReviewed(reviewed)),
    text: `${reviewed.id} ${reviewed.verdict}`
  })
  yield* say(`How it goes on: glider runs show ${reviewed.id}`)
})

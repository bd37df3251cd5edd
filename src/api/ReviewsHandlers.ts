import { Effect, Option } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import type { SurrealError } from "../services/SurrealError.ts"
import { type NoReview, type Review, Reviews, type Verdict } from "../workflows/Reviews.ts"
import { Api } from "./Api.ts"
import { NotFound, RunConflict } from "./Problems.ts"
import { Reviewed, ReviewInfo } from "./ReviewMessages.ts"
import { storeFailed } from "./Translate.ts"

/** How many are listed: a person goes through them one by one. */
const mostListed = 500

const infoOf = ({ candidate: { candidate, confidence }, id, request, scores, since, until }: Review): ReviewInfo =>
  new ReviewInfo({
    id,
    track_name: request.track_name,
    artist: request.artist,
    album: Option.fromUndefinedOr(request.album),
    isrc: Option.fromUndefinedOr(request.isrc),
    playlist_id: request.playlist_id,
    user_id: Option.fromUndefinedOr(request.user_id),
    candidate,
    confidence,
    scores,
    since,
    until
  })

const refused = (error: NoReview | SurrealError) =>
  error._tag === "SurrealError"
    ? storeFailed(error)
    : error.why === "unknown"
    ? new NotFound({ detail: `${error.message}.`, fix: "glider review list" })
    : new RunConflict({ detail: `${error.message}.`, fix: `glider runs show ${error.run}` })

export const reviewsHandlers = HttpApiBuilder.group(
  Api,
  "reviews",
  Effect.fn(function*(handlers) {
    const reviews = yield* Reviews
    const say = (id: string, verdict: Verdict) =>
      Effect.as(Effect.mapError(reviews.answer(id, verdict), refused), new Reviewed({ id, verdict }))
    return handlers.handleAll({
      list: () => Effect.map(Effect.mapError(reviews.list(mostListed), storeFailed), (waiting) => waiting.map(infoOf)),
      approve: ({ params }) => say(params.id, "approved"),
      reject: ({ params }) => say(params.id, "rejected")
    })
  })
)

import { DateTime, Effect, Option, Result, Schema } from "effect"
import { Base64Url } from "effect/encoding"
import { HttpApiBuilder } from "effect/http-api"
import { CandidateReviews, type NoCandidate, type ReviewedPair } from "../imports/CandidateReviews.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { RowKey } from "../store/StreamedPlays.ts"
import type { Key } from "../store/Write.ts"
import { Api } from "./Api.ts"
import { CandidateAnswered, CandidateInfo } from "./ImportMessages.ts"
import { NotFound, RunConflict } from "./Problems.ts"
import { storeFailed } from "./Translate.ts"

/** A key as one word of an address. */
const idOf = (key: Key): string => Base64Url.encode(new TextEncoder().encode(JSON.stringify(key)))

const decodeKey = Schema.decodeUnknownOption(Schema.fromJsonString(RowKey))

const keyOf = (id: string): Option.Option<Key> =>
  Option.flatMap(Result.getSuccess(Base64Url.decode(id)), (bytes) => decodeKey(new TextDecoder().decode(bytes)))

const infoOf = (pair: ReviewedPair): CandidateInfo => {
  const { candidate, confidence, found_at, key, polled, raw, similarity, state } = pair
  return new CandidateInfo({
    id: idOf(key),
    state,
    connection: String(key[0]),
    stream: {
      name: candidate.name,
      artist: candidate.artist,
      album: candidate.album,
      uri: candidate.uri,
      raw: raw.stream,
      started_at: DateTime.makeUnsafe(candidate.start),
      ended_at: DateTime.makeUnsafe(candidate.end),
      ms_played: candidate.millisPlayed
    },
    play: {
      name: polled.name,
      artist: polled.artists.length === 0 ? Option.none() : Option.some(polled.artists.join(", ")),
      album: polled.album,
      uri: polled.uri,
      raw: raw.play,
      played_at: DateTime.makeUnsafe(polled.at),
      duration_ms: polled.duration
    },
    similarity,
    confidence,
    found_at
  })
}

const refused = (error: NoCandidate | SurrealError) =>
  error._tag === "SurrealError"
    ? storeFailed(error)
    : error.why === "unknown"
    ? new NotFound({ detail: `${error.message}.`, fix: "glider candidates list" })
    : new RunConflict({ detail: `${error.message}.`, fix: "glider candidates list" })

/** What has no such form is no id of any. */
const known = (id: string) =>
  Option.match(keyOf(id), {
    onNone: () => Effect.fail(new NotFound({ detail: `There is no candidate ${id}.`, fix: "glider candidates list" })),
    onSome: Effect.succeed
  })

export const candidatesHandlers = HttpApiBuilder.group(
  Api,
  "candidates",
  Effect.fn(function*(handlers) {
    const reviews = yield* CandidateReviews
    const say = (id: string, verdict: "approved" | "rejected") =>
      Effect.flatMap(
        known(id),
        (key) =>
          Effect.as(Effect.mapError(reviews.answer(key, verdict), refused), new CandidateAnswered({ id, verdict }))
      )
    return handlers.handleAll({
      list: ({ query: { limit = 100, state = "open" } }) =>
        Effect.map(Effect.mapError(reviews.list(state, limit), storeFailed), (pairs) => pairs.map(infoOf)),
      get: ({ params: { id } }) =>
        Effect.flatMap(known(id), (key) =>
          reviews.get(key).pipe(
            Effect.map(infoOf),
            Effect.catchTags({
              NoCandidate: ({ message }) =>
                Effect.fail(new NotFound({ detail: `${message}.`, fix: "glider candidates list" })),
              SurrealError: (error) => Effect.fail(storeFailed(error))
            })
          )),
      approve: ({ params }) => say(params.id, "approved"),
      reject: ({ params }) => say(params.id, "rejected")
    })
  })
)

/** A song that somebody shared gets into their playlist: found, decided, added exactly once, looked after; and taken back. */
import { Context, Duration, Effect, Layer, Option, Schema } from "effect"
import { DurableDeferred, Workflow } from "effect/workflow"
import { Decision, defaultThreshold, type Options } from "../music/Decision.ts"
import { Opinion } from "../music/Opinion.ts"
import { Addition, placeFields } from "../music/SongRun.ts"
import { TrackRequest } from "../music/Track.ts"
import { Ai } from "../services/Ai.ts"
import { ActivityTimedOut } from "../workflow/ActivityTimeouts.ts"
import { body } from "../workflow/Body.ts"
import * as DurableSleep from "../workflow/DurableSleep.ts"
import * as SearchAttributes from "../workflow/SearchAttributes.ts"
import * as Disambiguation from "./Disambiguation.ts"
import { NoMatch, NotApproved } from "./MusicErrors.ts"
import * as Steps from "./MusicSteps.ts"
import * as Tries from "./MusicTries.ts"
import { RunFailed } from "./RunResult.ts"

/** What was decided, and what it came to. */
export const MusicResult = Schema.Struct({
  outcome: Addition,
  candidate: Decision.cases.Matched.fields.candidate,
  confidence: Decision.cases.Matched.fields.confidence,
  match_method: Schema.Literals(["isrc", "fuzzy", "ai", "ai_claude", "review"]),
  /** Whether the track was seen in the playlist afterwards. */
  verified: Schema.Boolean,
  scores: Decision.cases.Matched.fields.scores,
  /** What a model said, where one was asked. */
  ai: Schema.optionalKey(Opinion)
})
export type MusicResult = typeof MusicResult.Type

export const MusicSync = Workflow.make("music_sync", {
  payload: {
    /** Requests with the same key are one run. */
    key: Schema.NonEmptyString,
    track_name: TrackRequest.fields.trackName,
    /** One or several, as the other service writes them. */
    artist: TrackRequest.fields.artist,
    album: TrackRequest.fields.album,
    isrc: TrackRequest.fields.isrc,
    ...placeFields,
    /** Whether the model of `[ai]` may be asked where the scores do not decide; it is, unless this says false. */
    use_ai_disambiguation: Schema.optionalKey(Schema.Boolean)
  },
  success: MusicResult,
  error: Schema.Union([NoMatch, NotApproved, Tries.StepFailed, RunFailed, ActivityTimedOut]),
  idempotencyKey: ({ key }) => key
})

/** What a person says of a track that nobody else could decide: `glider workflow signal <run> review --value '"approved"'`. */
const Review = DurableDeferred.make("review", { success: Schema.Literals(["approved", "rejected"]) })

/** How long a person has for it. */
const reviewWithin = Duration.days(7)

/** What they say, or that they said nothing. */
export const reviewed = DurableDeferred.raceAll({
  name: "review or time",
  success: Schema.Literals(["approved", "rejected", "nobody answered"]),
  error: Schema.Never,
  effects: [
    DurableDeferred.await(Review),
    Effect.as(DurableSleep.sleep({ name: "review within", duration: reviewWithin }), "nobody answered" as const)
  ]
})

type Chosen = Pick<MusicResult, "candidate" | "confidence" | "match_method" | "scores" | "ai">

/** The track, by the scores, a model or a person. */
const chosen = Effect.fnUntraced(function*(decision: Decision, opinion: Opinion | undefined): Effect.fn.Return<
  Chosen,
  NoMatch | NotApproved,
  Effect.Services<typeof reviewed>
> {
  const { scores } = decision
  const ai = opinion === undefined ? {} : { ai: opinion }
  const refused = (reason: NoMatch["reason"]) =>
    new NoMatch({ reason, scores, ...ai, match_method: opinion?.answer === "failed" ? "ai_failed" : "none" })
  switch (decision._tag) {
    case "Matched":
      return {
        candidate: decision.candidate,
        confidence: decision.confidence,
        match_method: decision.method,
        scores,
        ...ai
      }
    case "Review": {
      const answer = yield* reviewed
      if (answer !== "approved") return yield* new NotApproved({ answer, scores, ...ai })
      return { candidate: decision.candidate, confidence: decision.confidence, match_method: "review", scores, ...ai }
    }
    case "NeedsAi":
      return yield* refused("below_threshold")
    case "NoMatch":
      return yield* refused(decision.reason)
  }
})

type Payload = (typeof MusicSync)["payloadSchema"]["Type"]

/** The track that a run is asked for. */
export const trackOf = (
  { album, artist, isrc, track_name }: Pick<Payload, "album" | "artist" | "isrc" | "track_name">
): TrackRequest =>
  new TrackRequest({
    trackName: track_name,
    artist,
    ...album === undefined ? {} : { album },
    ...isrc === undefined ? {} : { isrc }
  })

const run = (world: Effect.Success<typeof Tries.world>) =>
  Effect.fnUntraced(function*(payload: Payload, run: string) {
    const { match_threshold = defaultThreshold, playlist_id, use_ai_disambiguation = true, user_id } = payload
    const track = trackOf(payload)
    yield* SearchAttributes.set({
      playlist_id,
      track_name: track.trackName,
      artist_name: track.artist,
      ...user_id === undefined ? {} : { user_id }
    })
    const { model } = Context.get(world, Ai)
    // what this comes to is recorded with the decision
    const options: Options = { threshold: match_threshold, useAi: use_ai_disambiguation && Option.isSome(model) }
    const connection = yield* Steps.signIn(world)
    const found = yield* Steps.search(world, connection, track, options)
    const decision = yield* Steps.match(track, found, options)
    const opinion = decision._tag === "NeedsAi" ? yield* Disambiguation.ask(world, track, decision) : undefined
    const settled = decision._tag === "NeedsAi" && opinion !== undefined
      ? yield* Disambiguation.settle(track, found, decision, opinion, options)
      : decision
    if (opinion?.answer === "failed") yield* SearchAttributes.set({ match_method: "ai_failed" })
    const choice = yield* chosen(settled, opinion)
    yield* SearchAttributes.set({ match_method: choice.match_method })
    const target = { run, connection, playlist: playlist_id, uri: choice.candidate.uri }
    // before it is added: whoever is cancelled in the middle of that does not know whether it was
    yield* MusicSync.withCompensation(Effect.void, () => Effect.asVoid(Steps.remove(world, target)))
    const isAdded = yield* Steps.add(world, target)
    const verified = yield* Steps.verify(world, target)
    yield* Steps.complete
    return {
      ...choice,
      outcome: isAdded ? "added" as const : "already_there" as const,
      verified
    }
  })

/** Registers it. */
export const layer = Layer.unwrap(Effect.map(Tries.world, (world) => MusicSync.toLayer(body(run(world)))))

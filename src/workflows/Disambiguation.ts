/** The step of the music sync in which a language model chooses among what was found. */
import { Context, Duration, Effect, Option, Schema } from "effect"
import { Decision, type Options } from "../music/Decision.ts"
import { Opinion, weigh } from "../music/Opinion.ts"
import { questionOf } from "../music/Question.ts"
import type { Candidate, TrackRequest } from "../music/Track.ts"
import { Ai, patience } from "../services/Ai.ts"
import * as DurableActivity from "../workflow/DurableActivity.ts"
import { reached } from "./MusicSteps.ts"

/** The model gave no answer that can be used. */
class ModelFailed extends Schema.TaggedError<ModelFailed>()("ModelFailed", {
  message: Schema.String,
  /** Whether asking again may help. */
  retryable: Schema.Boolean,
  /** How long its server asked to be left alone. */
  waitMillis: Schema.optionalKey(Schema.Finite)
}) {}

/** A pause that is longer is not waited for: the scores decide. */
const longestPause = Duration.minutes(10)

type NeedsAi = typeof Decision.cases.NeedsAi.Type

/** How a question about songs is asked (contract 1C). */
const asked = { temperature: 0, maxTokens: 1024 }

/** How long its answer may take, unless `[ai]` says it. */
const usual = Duration.minutes(2)

/** One question; an answer that is none of the choices does not fit its form, and so is none. */
const question = Effect.fnUntraced(function*(request: TrackRequest, { choices }: NeedsAi) {
  const ai = yield* Ai
  const { model } = ai
  if (Option.isNone(model)) {
    return yield* new ModelFailed({
      message: "no language model is configured: set provider in [ai]",
      retryable: false
    })
  }
  const { languageModel, name, provider } = model.value
  yield* reached("ai_disambiguation", `asks ${name} about ${choices.length} candidates`)
  const { answer, chosen, kept, system, user } = questionOf(request, choices)
  const { value } = yield* Effect.flatMap(
    languageModel({ ...asked, timeout: patience(ai, usual).timeout }),
    (service) =>
      service.generateObject({
        objectName: "choice",
        schema: answer,
        prompt: [{ role: "system", content: system }, { role: "user", content: user }]
      })
  ).pipe(
    Effect.mapError((error) => {
      const wait = error.retryAfter
      return new ModelFailed({
        message: `${name}: ${kept(error.reason.message)}`,
        retryable: error.isRetryable && (wait === undefined || Duration.isLessThanOrEqualTo(wait, longestPause)),
        ...wait === undefined ? {} : { waitMillis: Duration.toMillis(wait) }
      })
    })
  )
  const score = chosen(value.choice)
  return new Opinion({
    answer: score === undefined ? "none" : "chosen",
    provider,
    model: name,
    ...score === undefined ? {} : { uri: score.candidate.uri },
    confidence: value.confidence,
    reason: kept(value.reason)
  })
})

/** Asks the model, three times where that may help; that it failed for good is an answer, too. */
export const ask = (world: Context.Context<Ai>, request: TrackRequest, decision: NeedsAi) =>
  DurableActivity.make({
    name: "ai",
    success: Opinion,
    error: ModelFailed,
    startToClose: patience(Context.get(world, Ai), usual).startToClose,
    retry: {
      initialInterval: "2 seconds",
      maximumInterval: "30 seconds",
      maximumAttempts: 3,
      nonRetryable: (error) => error._tag === "ModelFailed" && !error.retryable,
      retryAfter: (error) =>
        error._tag === "ModelFailed"
          ? Option.map(Option.fromUndefinedOr(error.waitMillis), Duration.millis)
          : Option.none()
    },
    execute: Effect.provideContext(question(request, decision), world)
  }).pipe(Effect.catch(({ message }) => Effect.succeed(new Opinion({ answer: "failed", reason: message }))))

/** Recorded, as the decision before it. */
export const settle = (
  request: TrackRequest,
  found: ReadonlyArray<Candidate>,
  decision: NeedsAi,
  opinion: Opinion,
  options: Options
) =>
  DurableActivity.make({
    name: "weigh",
    success: Decision,
    error: Schema.Never,
    startToClose: "15 seconds",
    execute: Effect.sync(() => weigh(request, found, decision, opinion, options))
  })

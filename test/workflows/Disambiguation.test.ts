import { assert, describe, it } from "@effect/vitest"
import { Context, Duration, Effect, Fiber, Option, Schema } from "effect"
import { TestClock } from "effect/testing"
import { Workflow } from "effect/workflow"
import * as JournalMemory from "../../src/engine/JournalMemory.ts"
import { Decision } from "../../src/music/Decision.ts"
import { Opinion } from "../../src/music/Opinion.ts"
import { ranked } from "../../src/music/Score.ts"
import { Candidate, TrackRequest } from "../../src/music/Track.ts"
import { Ai } from "../../src/services/Ai.ts"
import type { ModelOptions } from "../../src/services/ModelOptions.ts"
import { ask } from "../../src/workflows/Disambiguation.ts"
import { begin } from "../support/EngineLives.ts"
import * as ScriptedModel from "../support/ScriptedModel.ts"

const request = new TrackRequest({ trackName: "Teerdropp", artist: "Massive Attack" })

const found = [
  new Candidate({ uri: "spotify:track:1", name: "Teardrop", artists: ["Massive Attack"], isPlayable: true })
]

const scores = ranked(request, found)

const Choosing = Workflow.make("choosing", {
  payload: { id: Schema.String },
  success: Opinion,
  idempotencyKey: ({ id }) => id
})

/** What comes of a model that takes so long, where its owner says how long it may; `for` is how long a request was given. */
const choosing = Effect.fnUntraced(function*(takes: Duration.Input, says: Option.Option<Duration.Duration>) {
  const answer = JSON.stringify({ choice: "c1", confidence: 1, reason: "so it is" })
  const { asked, model } = yield* ScriptedModel.make(() => Effect.as(Effect.sleep(takes), [ScriptedModel.text(answer)]))
  const given: Array<ModelOptions> = []
  const ai = Context.make(Ai, {
    model: Option.some({
      provider: "openai" as const,
      name: "slow",
      languageModel: (options: ModelOptions = {}) =>
        Effect.sync(() => {
          given.push(options)
          return model
        }),
      timeout: says,
      keyProblem: Effect.succeedNone
    })
  })
  const decision = Decision.cases.NeedsAi.make({ strategy: "ai_required", choices: scores, scores })
  const life = yield* begin(JournalMemory.make(), {
    handlers: Choosing.toLayer(() => ask(ai, request, decision))
  })
  const fiber = yield* Effect.forkChild(life.do(Choosing.execute({ id: "a" })))
  while (fiber.pollUnsafe() === undefined) {
    yield* life.quiet
    yield* TestClock.adjust("20 seconds")
  }
  const opinion = yield* Fiber.join(fiber)
  yield* life.stop
  return { answer: opinion.answer, asked: asked.length, for: given.map(({ timeout }) => timeout) }
})

describe("a model that is asked which song it is", () => {
  it.effect("is given up after two minutes, three times", () =>
    Effect.gen(function*() {
      const two = Duration.minutes(2)
      assert.deepStrictEqual(yield* choosing("3 minutes", Option.none()), {
        answer: "failed",
        asked: 3,
        for: [two, two, two]
      })
    }))

  it.effect("is waited for as long as its owner says", () =>
    Effect.gen(function*() {
      const ten = Duration.minutes(10)
      assert.deepStrictEqual(yield* choosing("9 minutes", Option.some(ten)), { answer: "chosen", asked: 1, for: [ten] })
    }))
})

/** What the stand-in for language models is told to answer, and what it was asked. */
import { Effect, Schema } from "effect"
import type { JsonObject } from "./Contract.ts"

/** A tool that the model calls. A text as arguments is sent as it stands, whether it is JSON or not. */
const ToolCall = Schema.Struct({
  name: Schema.String,
  arguments: Schema.Union([Schema.String, Schema.JsonObject])
})

/** One answer, in place of the model's own. `body` and `status` are the server's; the others what the model says. */
export const ModelAnswer = Schema.Struct({
  text: Schema.optionalKey(Schema.String),
  toolCalls: Schema.optionalKey(Schema.Array(ToolCall)),
  /** The object that was asked for by a schema, whether it fits or not. */
  object: Schema.optionalKey(Schema.JsonObject),
  /** Why the model stops, in the words of the API that is spoken; what fits the answer otherwise. */
  stop: Schema.optionalKey(Schema.String),
  /** The whole body, as it is to be sent. */
  body: Schema.optionalKey(Schema.String),
  /** 200 otherwise; from 400 on the body is the error of the vendor, with `text` as its message. */
  status: Schema.optionalKey(Schema.Int.check(Schema.isBetween({ minimum: 200, maximum: 599 }))),
  headers: Schema.optionalKey(Schema.Record(Schema.String, Schema.String)),
  /** How long the model takes. */
  delaySeconds: Schema.optionalKey(Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 3600 }))),
  /** For how many requests: one otherwise. `"always"` until cleared. */
  times: Schema.optionalKey(Schema.Union([Schema.Natural, Schema.Literal("always")])),
  /** Only for requests whose body contains this text. */
  when: Schema.optionalKey(Schema.String)
})
export type ModelAnswer = typeof ModelAnswer.Type

/** One request to the model. */
export interface ModelRequest {
  /** The sandbox's instant, RFC 3339. */
  readonly at: string
  readonly api: "openai" | "anthropic"
  /** Whether a key was shown. */
  readonly hasKey: boolean
  /** Headers that are no secrets, by their names in small letters. */
  readonly headers: { readonly [name: string]: string }
  readonly body: JsonObject
}

/** The stand-in for language models, of OpenAI's chat completions and of Anthropic's messages. */
export interface SandboxModel {
  /** The key that is accepted; who shows none is answered as well, as servers of local models do. */
  readonly key: string
  /** What goes into `[ai] base_url`. */
  readonly baseUrl: { readonly openai: string; readonly anthropic: string }
  /** Adds answers, which are given in their order. Where none is left the model answers by itself. */
  readonly script: (...answers: ReadonlyArray<ModelAnswer>) => Effect.Effect<void>
  /** Forgets the answers that are left. */
  readonly clear: Effect.Effect<void>
  /** Every request so far, oldest first (the last 10,000). */
  readonly requests: Effect.Effect<ReadonlyArray<ModelRequest>>
}

export interface ModelScript {
  readonly service: Pick<SandboxModel, "script" | "clear" | "requests">
  /** The next answer for a request with this body; `undefined` where the model is to answer by itself. */
  readonly next: (body: string) => ModelAnswer | undefined
  readonly note: (request: ModelRequest) => void
}

const limit = 10_000

export const makeModelScript = (): ModelScript => {
  let answers: Array<{ readonly answer: ModelAnswer; left: number }> = []
  const asked: Array<ModelRequest> = []
  return {
    service: {
      script: (...added) =>
        Effect.sync(() => {
          for (const answer of added) {
            answers.push({ answer, left: answer.times === "always" ? Infinity : answer.times ?? 1 })
          }
        }),
      clear: Effect.sync(() => {
        answers = []
      }),
      requests: Effect.sync(() => [...asked])
    },
    next: (body) => {
      const found = answers.find(({ answer: { when }, left }) =>
        left > 0 && (when === undefined || body.includes(when))
      )
      if (found === undefined) return undefined
      found.left--
      return found.answer
    },
    note: (request) => {
      asked.push(request)
      if (asked.length > limit) asked.splice(0, asked.length - limit)
    }
  }
}

/** A model that says what a test has written down for it: at the boundary where a provider would be asked. */
import { Effect, Schema, Stream } from "effect"
import { type AiError, LanguageModel, type Prompt, type Response } from "effect/ai"

/** What the model is asked, as a provider would get it. */
export interface Question {
  /** Counted from 1. */
  readonly number: number
  readonly system: string
  /** The first message after it. */
  readonly task: string
  /** The results of tools so far, in their order. */
  readonly results: ReadonlyArray<{ readonly name: string; readonly isFailure: boolean; readonly result: unknown }>
  readonly tools: ReadonlyArray<string>
}

/** An answer: calls of tools, and texts. */
export type Said = ReadonlyArray<Response.PartEncoded>

/** The call of a tool. */
export const call = (name: string, params: unknown = {}): Response.PartEncoded => ({
  type: "tool-call",
  id: `${name} ${JSON.stringify(params)}`,
  name,
  params
})

export const text = (words: string): Response.PartEncoded => ({ type: "text", text: words })

const textOf = (message: Prompt.Message | undefined): string =>
  message?.role === "system"
    ? message.content
    : message?.content.map((part) => part.type === "text" ? part.text : "").join("") ?? ""

const questionOf = ({ prompt, tools }: LanguageModel.ProviderOptions, number: number): Question => {
  const [system, task] = prompt.content
  const results = prompt.content.flatMap((message) =>
    message.role === "tool" ? message.content.filter((part) => part.type === "tool-result") : []
  )
  return {
    number,
    system: textOf(system),
    task: textOf(task),
    results: results.map(({ isFailure, name, result }) => ({ name, isFailure, result })),
    tools: tools.map(({ name }) => String(name))
  }
}

/** A model that answers each question so, and remembers what it was asked. */
export const make = <E extends AiError.AiError>(answer: (question: Question) => Said | Effect.Effect<Said, E>) =>
  Effect.gen(function*() {
    const asked: Array<Question> = []
    const model = yield* LanguageModel.make({
      generateText: (options) =>
        Effect.suspend(() => {
          const question = questionOf(options, asked.length + 1)
          asked.push(question)
          const said = answer(question)
          return Effect.map(Effect.isEffect(said) ? said : Effect.succeed(said), (parts) => [...parts])
        }),
      streamText: () => Stream.die("agents do not stream")
    })
    return { asked, model }
  })

/** A model that says one thing after the other, and then goes on saying the last. */
export const saying = (...answers: ReadonlyArray<Said>) =>
  make(({ number }) => answers[Math.min(number, answers.length) - 1] ?? [])

const readable = Schema.decodeUnknownOption(Schema.Record(Schema.String, Schema.Unknown))

/** A field of a result. */
export const fieldOf = (result: unknown, field: string): unknown => {
  const read = readable(result)
  return read._tag === "Some" ? read.value[field] : undefined
}

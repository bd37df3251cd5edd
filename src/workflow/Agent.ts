/** What an agent is: instructions, the few tools that it needs, and a form for its answer. `AgentRun.run` lets it work. */
import { Result, Schema } from "effect"
import { Tool } from "effect/ai"
import { type AgentTool, type Codec, type PlainTool, readParams } from "./AgentTool.ts"

/** A way to give the task to another agent. */
export interface HandOff<Output = unknown, E = unknown, R = unknown> {
  readonly tool: PlainTool
  /** A function, since agents may hand tasks to and fro. */
  readonly to: () => Agent<Output, E, R>
  /** The task as the other agent is told it, or what is wrong with it. */
  readonly accept: (params: unknown) => Result.Result<Schema.Json, string>
}

/** Who does a task, and with what. */
export interface Agent<Output = unknown, E = unknown, R = unknown> {
  /** As metrics call it, e.g. `SearchAgent`: letters, digits and underscores. */
  readonly name: string
  readonly instructions: string
  /** All that it can do: what is not among these is refused, whatever the model calls. */
  readonly tools: ReadonlyArray<AgentTool<E, R>>
  readonly handOffs: ReadonlyArray<HandOff<Output, E, R>>
  /** By which it says how it went: a text is not looked at. */
  readonly answer: PlainTool
  readonly accept: (params: unknown) => Result.Result<Output, string>
}

type ErrorOf<T> = T extends AgentTool<infer E, infer _> ? E : T extends HandOff<infer _O, infer E, infer _R> ? E : never
type ServicesOf<T> = T extends AgentTool<infer _, infer R> ? R
  : T extends HandOff<infer _O, infer _E, infer R> ? R
  : never

/** Reads what the model says, and checks it beyond its form. */
const accept = <S extends Codec>(schema: S, check: ((value: S["Type"]) => string | undefined) | undefined) => {
  const problem = (value: S["Type"]) => check?.(value)
  return (params: unknown): Result.Result<S["Type"], string> =>
    Result.flatMap(readParams(schema, params), (value) => {
      const wrong = problem(value)
      return wrong === undefined ? Result.succeed(value) : Result.fail(wrong)
    })
}

interface Options<Output extends Codec, Tools, HandOffs> {
  readonly name: string
  readonly instructions: string
  readonly tools: Tools
  readonly handOffs?: HandOffs
  readonly output: Output
  readonly check?: (output: Output["Type"]) => string | undefined
}

/**
 * An agent. Its tools are the least that it needs.
 *
 * - `output` is the form of its answer, `check` says what is wrong with an answer that has the form: the model is told, and may
 *   mend it.
 * - A tool that `ends` makes the answer needless: then what it did is the outcome.
 */
export function make<
  Output extends Codec,
  const Tools extends ReadonlyArray<AgentTool>,
  const HandOffs extends ReadonlyArray<HandOff<Output["Type"]>> = []
>(options: Options<Output, Tools, HandOffs>): Agent<
  Output["Type"],
  ErrorOf<Tools[number]> | ErrorOf<HandOffs[number]>,
  ServicesOf<Tools[number]> | ServicesOf<HandOffs[number]>
>
export function make<Output extends Codec, E, R>(
  { check, handOffs = [], instructions, name, output, tools }: Options<
    Output,
    ReadonlyArray<AgentTool<E, R>>,
    ReadonlyArray<HandOff<Output["Type"], E, R>>
  >
): Agent<Output["Type"], E, R> {
  return {
    name,
    instructions,
    tools,
    handOffs,
    answer: Tool.make("answer", {
      description: "Ends your work. Say here how it went: nothing else that you say is read.",
      parameters: output
    }),
    accept: accept(output, check)
  }
}

/** Lets an agent give its task to another one, which is told `task`, or the input, and knows nothing else of what was said. */
export const handOff = <Input extends Codec, Output, E, R>(options: {
  /** The name of the other one, from which that of the tool is made. */
  readonly name: string
  readonly to: () => Agent<Output, E, R>
  /** When it is to be taken, for the model. */
  readonly description: string
  readonly input: Input
  readonly check?: (input: Input["Type"]) => string | undefined
  readonly task?: (input: Input["Type"]) => Schema.Json
}): HandOff<Output, E, R> => {
  const read = accept(options.input, options.check)
  const encode = Schema.encodeResult(Schema.toCodecJson(options.input))
  return {
    tool: Tool.make(`hand_off_to_${options.name}`, { description: options.description, parameters: options.input }),
    to: options.to,
    accept: (params) =>
      Result.flatMap(read(params), (input) =>
        options.task === undefined
          ? Result.mapError(encode(input), ({ message }) => message)
          : Result.succeed(options.task(input)))
  }
}

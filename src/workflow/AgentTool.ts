/** Activities as tools of an agent: what the model asks for is done durably, once, and recorded. */
import { Effect, Exit, Option, Result, Schema } from "effect"
import type { Tool } from "effect/ai"
import { Activity } from "effect/workflow"
import type { ActivityLimit } from "./ActivityLimit.ts"
import type { ActivityRetry } from "./ActivityRetry.ts"
import type { ActivityTimedOut, ActivityTimeouts } from "./ActivityTimeouts.ts"
import { type CallStatus, toolCalled } from "./AgentMetrics.ts"
import * as DurableActivity from "./DurableActivity.ts"

/** A schema that passes through the journal by itself. */
export type Codec = Schema.Codec<unknown, unknown>

/** A tool of `effect/ai` whose schemas ask for no services. */
export type PlainTool<
  Params extends Codec = Codec,
  Success extends Codec = Codec,
  Failure extends Codec = Codec
> = Tool.Tool<string, {
  readonly parameters: Params
  readonly success: Success
  readonly failure: Failure
  readonly failureMode: Tool.FailureMode
}>

/** What the model is told of a call. */
export interface Called {
  readonly result: Schema.Json
  readonly isFailure: boolean
}

/** A tool that an agent may be given. */
export interface AgentTool<E = unknown, R = unknown> {
  readonly tool: PlainTool
  /** Whether its success is what the agent was there for: then the agent is at its end, and the model is asked no more. */
  readonly ends: boolean
  /** Carries out a call; `place` is one that no other call of the run has, for the names of its steps. */
  readonly call: (params: unknown, place: string) => Effect.Effect<Called, E, R>
}

/** So much of what is wrong with arguments is told. */
const mostToldCharacters = 1000

/** The parameters of a call, or what the model is told that is wrong with them. */
export const readParams = <S extends Codec>(schema: S, params: unknown): Result.Result<S["Type"], string> =>
  Schema.decodeUnknownResult(Schema.toCodecJson(schema), { errors: "all", onExcessProperty: "error" })(params).pipe(
    Result.mapError(({ message }) => message.slice(0, mostToldCharacters))
  )

/** A call that is not carried out, recorded for the sake of the counts. */
export const refused = (tool: string, place: string, why: string) =>
  Effect.map(
    Activity.make({ name: `refused ${place}`, execute: toolCalled(tool, "refused") }),
    (): Called => ({ result: { refused: why }, isFailure: true })
  )

const encoded = <S extends Codec>(schema: S, value: S["Type"]): Effect.Effect<Schema.Json> =>
  Effect.orDie(Schema.encodeEffect(Schema.toCodecJson(schema))(value))

/** What the model is told of how it went; errors that are none of the tool's failures are left. */
const told = <Success extends Codec, Failure extends Codec, E, R>(
  { failureSchema, successSchema }: { readonly successSchema: Success; readonly failureSchema: Failure },
  work: Effect.Effect<Success["Type"], E, R>
) =>
  work.pipe(
    Effect.flatMap((value) => encoded(successSchema, value)),
    Effect.map((result): Called => ({ result, isFailure: false })),
    Effect.catchIf(Schema.is(failureSchema), (failure) =>
      Effect.map(encoded(failureSchema, failure), (result): Called => ({ result, isFailure: true })))
  )

const statusOf = <Failure extends Codec, E>(failureSchema: Failure, exit: Exit.Exit<unknown, E>): CallStatus =>
  Exit.isSuccess(exit)
    ? "success"
    : Option.exists(Exit.findErrorOption(exit), Schema.is(failureSchema))
    ? "failed"
    : "error"

/**
 * A tool whose handler is one durable activity, `<tool> <place>` in the journal.
 *
 * - A failure of the tool's own `failure` schema is told to the model, which may do something about it.
 * - An error of `error`, and `ActivityTimedOut`, end the run: nothing that a model does would mend them.
 * - Both are tried again first, as `retry` says; without it neither is.
 */
export const activity = <
  Params extends Codec,
  Success extends Codec,
  Failure extends Codec,
  Error extends Codec,
  R
>(
  tool: PlainTool<Params, Success, Failure>,
  options: {
    readonly error: Error
    readonly execute: (params: Params["Type"]) => Effect.Effect<Success["Type"], Failure["Type"] | Error["Type"], R>
    readonly retry?: ActivityRetry<Failure["Type"] | Error["Type"] | ActivityTimedOut> | undefined
    readonly limit?: ActivityLimit | undefined
    readonly ends?: boolean | undefined
  } & ActivityTimeouts
) => {
  const { ends, error, execute, heartbeat, limit, retry, startToClose } = options
  return make(tool, ends, (params, step) =>
    DurableActivity.make<Success, Schema.Union<readonly [Failure, Error]>, R>({
      name: step,
      success: tool.successSchema,
      error: Schema.Union([tool.failureSchema, error]),
      retry,
      limit,
      startToClose,
      heartbeat,
      execute: Effect.onExit(execute(params), (exit) => toolCalled(tool.name, statusOf(tool.failureSchema, exit)))
    }))
}

/** A tool whose handler is a part of the body: steps whose names are its own, or end with `place`, which no other call has. */
export const steps = <Params extends Codec, Success extends Codec, Failure extends Codec, E, R>(
  tool: PlainTool<Params, Success, Failure>,
  options: {
    readonly run: (params: Params["Type"], place: string) => Effect.Effect<Success["Type"], Failure["Type"] | E, R>
    readonly ends?: boolean | undefined
  }
) =>
  make(tool, options.ends, (params, step, place) => {
    const count = (status: CallStatus) => Activity.make({ name: step, execute: toolCalled(tool.name, status) })
    return options.run(params, place).pipe(
      // no finalizer: in a body that runs whenever it waits
      Effect.tap(() => count("success")),
      Effect.tapError((error) => count(statusOf(tool.failureSchema, Exit.fail(error))))
    )
  })

const make = <Params extends Codec, Success extends Codec, Failure extends Codec, E, R>(
  tool: PlainTool<Params, Success, Failure>,
  ends: boolean | undefined,
  work: (params: Params["Type"], step: string, place: string) => Effect.Effect<Success["Type"], E, R>
) => ({
  tool,
  ends: ends ?? false,
  call: (params: unknown, place: string) =>
    Result.match(readParams(tool.parametersSchema, params), {
      onFailure: (why) => refused(tool.name, place, why),
      onSuccess: (read) => told(tool, work(read, `${tool.name} ${place}`, place))
    })
})

/** What a tool answers that could not do what it was asked to: told to the model as the tool's result, so that it can mend it. */
import { Effect, Option, Predicate, Schema } from "effect"
import { HttpClientError, type HttpClientResponse } from "effect/http"

export class ToolFailure extends Schema.TaggedError<ToolFailure>()("ToolFailure", {
  /** That of the API's problem, such as `not_found`, `provider_busy` or `invalid_request`; stable. */
  code: Schema.String,
  message: Schema.String,
  /** What mends it: a command, or a sentence. */
  fix: Schema.optionalKey(Schema.String),
  /** Whether the same call may do it later. */
  retryable: Schema.Boolean,
  /** Seconds to wait before that. */
  retryAfter: Schema.optionalKey(Schema.Natural)
}) {}

/** No Glider is at work that could be asked. */
export const notRunning = (message: string, fix?: string): ToolFailure =>
  new ToolFailure({ code: "not_running", message, retryable: true, ...fix === undefined ? {} : { fix } })

/** A refusal of the API, as far as it matters here. */
const Problem = Schema.Struct({
  code: Schema.String,
  status: Schema.Int,
  detail: Schema.String,
  fix: Schema.optionalKey(Schema.String),
  retry_after_seconds: Schema.optionalKey(Schema.Finite)
})

const isProblem = Schema.is(Problem)
const readProblem = Schema.decodeUnknownOption(Problem)

/** Refusals that another try may not meet. */
const passing: ReadonlySet<number> = new Set([408, 409, 425, 429, 502, 503, 504])

/** Codes of such a status that stay until somebody does something. */
const lasting: ReadonlySet<string> = new Set(["sign_in_needed", "run_conflict", "store_damaged"])

const told = (problem: typeof Problem.Type, after: number | undefined = problem.retry_after_seconds): ToolFailure =>
  new ToolFailure({
    code: problem.code,
    message: problem.detail,
    retryable: passing.has(problem.status) && !lasting.has(problem.code),
    ...problem.fix === undefined ? {} : { fix: problem.fix },
    ...after === undefined || !Number.isFinite(after) ? {} : { retryAfter: Math.max(0, Math.ceil(after)) }
  })

/** A refusal that the contract does not have, such as that of the rate limit. */
const undeclared = (response: HttpClientResponse.HttpClientResponse): Effect.Effect<ToolFailure> =>
  Effect.map(Effect.option(response.json), (body) => {
    const after = Number.parseInt(response.headers["retry-after"] ?? "", 10)
    return Option.match(Option.flatMap(body, readProblem), {
      onNone: () =>
        new ToolFailure({
          code: "unexpected_answer",
          message: `Glider answered with status ${response.status}, as this version does not expect.`,
          fix: "stop glider run and start it again: it may be of another version",
          retryable: false
        }),
      onSome: (problem) => told(problem, Number.isNaN(after) ? problem.retry_after_seconds : after)
    })
  })

/** Whatever a call of the API may fail with. */
export const failureOf = (error: unknown): Effect.Effect<ToolFailure> => {
  if (isProblem(error)) return Effect.succeed(told(error))
  if (HttpClientError.isHttpClientError(error)) {
    return error.response === undefined
      ? Effect.succeed(notRunning("Glider does not answer.", "glider run"))
      : undeclared(error.response)
  }
  const message = Predicate.hasProperty(error, "message") ? String(error.message) : String(error)
  return Effect.succeed(
    Schema.isSchemaError(error)
      ? new ToolFailure({
        code: "unexpected_answer",
        message: "Glider does not answer as this version expects.",
        fix: "stop glider run and start it again: it may be of another version",
        retryable: false
      })
      : new ToolFailure({ code: "failed", message, retryable: false })
  )
}

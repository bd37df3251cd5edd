/** What an answer of a language model's server means that is no answer of the model. */
import { type DateTime, Option, Schema } from "effect"
import { AiError } from "effect/ai"
import { keyVariable } from "./ModelKey.ts"
import { readRefusal } from "./ProviderRefusal.ts"
import { type ProviderResponse, retryAfter } from "./ProviderResponse.ts"

/** The words of both vendors, and of the servers that speak like them. */
const Named = Schema.Struct({
  error: Schema.Struct({
    type: Schema.optional(Schema.NullOr(Schema.String)),
    code: Schema.optional(Schema.Unknown),
    param: Schema.optional(Schema.NullOr(Schema.String))
  })
})

const named = Schema.decodeUnknownOption(Schema.fromJsonString(Named))

/** Parameters that some models refuse, by which they are found in a message that names none in a field of its own. */
const refusable = ["response_format", "max_completion_tokens", "max_tokens", "temperature"] as const

const parameterOf = (param: string | undefined, message: string): string | undefined =>
  refusable.find((name) => param?.startsWith(name) === true) ??
    // what is refused is named before what to use instead
    refusable.filter((name) => message.includes(name)).toSorted((a, b) => message.indexOf(a) - message.indexOf(b))[0] ??
    (/json_?schema|structured output/i.test(message) ? "response_format" : undefined)

/** Why an answer other than 2xx was given. */
export const modelRefusal = (response: ProviderResponse, model: string, now: DateTime.Utc): AiError.AiErrorReason => {
  const { headers, status, text } = response
  const { message } = readRefusal(text)
  const error = Option.getOrUndefined(named(text))?.error
  const description = message === "" ? `HTTP ${status}` : message
  switch (status) {
    case 401:
      // in words of our own: vendors repeat a part of the key
      return new AiError.AuthenticationError({
        kind: "InvalidKey",
        description: `the server refuses the key in ${keyVariable}, or asks for one`
      })
    case 403:
      return new AiError.AuthenticationError({ kind: "InsufficientPermissions", description })
    case 404:
      return new AiError.InvalidRequestError({
        description: `${description}: is the model ${model} known there, and base_url of [ai] right?`
      })
    case 429: {
      if (error?.code === "insufficient_quota" || error?.type === "insufficient_quota") {
        return new AiError.QuotaExhaustedError({})
      }
      return new AiError.RateLimitError({ retryAfter: Option.getOrUndefined(retryAfter(headers, now)) })
    }
    case 408:
    case 425:
      return new AiError.InternalProviderError({ description })
  }
  if (status >= 500) return new AiError.InternalProviderError({ description })
  if (status < 400) return new AiError.InvalidResponseError({ description: `an unexpected HTTP ${status}` })
  return new AiError.InvalidRequestError({
    description,
    parameter: parameterOf(error?.param ?? undefined, message)
  })
}

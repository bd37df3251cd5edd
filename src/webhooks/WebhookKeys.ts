/** The secrets by which messages are signed, as they are given from outside. */
import { Effect, Option, Schema } from "effect"
import { webhookVariables } from "../config/WebhookKeys.ts"
import type { Secrets } from "../services/Secrets.ts"
import { type SigningKey, signingKey } from "./Signature.ts"

/** A secret of webhooks is missing, or is none. */
export class WebhookSecretError extends Schema.TaggedError<WebhookSecretError>()("WebhookSecretError", {
  variable: Schema.String,
  message: Schema.String,
  fix: Schema.String
}) {}

/** The keys of these variables, of which the first has to be there; files are read at each call, so a secret is changed without a restart. */
export const keysOf = Effect.fnUntraced(function*(
  secrets: Secrets["Service"],
  [current, ...others]: readonly [current: string, ...others: ReadonlyArray<string>]
): Effect.fn.Return<ReadonlyArray<SigningKey>, WebhookSecretError> {
  const keys: Array<SigningKey> = []
  for (const variable of [current, ...others]) {
    const text = yield* secrets.find(variable).pipe(
      Effect.mapError(({ message }) =>
        new WebhookSecretError({ variable, message, fix: "set one of them, and only one" })
      )
    )
    if (Option.isNone(text)) {
      if (variable !== current) continue
      return yield* new WebhookSecretError({
        variable,
        message: `${variable} is not set: messages cannot be signed, and none is taken or sent without`,
        fix: `set ${variable} or ${variable}_FILE to whsec_ and 24 to 64 random bytes in base64`
      })
    }
    const key = signingKey(text.value)
    if (Option.isNone(key)) {
      return yield* new WebhookSecretError({
        variable,
        message: `${variable} is no secret of Standard Webhooks`,
        fix: "it is whsec_ and 24 to 64 random bytes in base64: echo whsec_$(head -c 32 /dev/urandom | base64)"
      })
    }
    keys.push(key.value)
  }
  return keys
})

/** Those of an endpoint: while one takes the place of another, it is signed with both. */
export const endpointKeys = (secrets: Secrets["Service"], name: string) => keysOf(secrets, webhookVariables(name))

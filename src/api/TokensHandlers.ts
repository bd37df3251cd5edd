import { DateTime, Effect, Option } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { ApiTokens } from "../store/ApiTokens.ts"
import { Api } from "./Api.ts"
import { CreatedToken } from "./Messages.ts"
import { InvalidRequest, NotFound } from "./Problems.ts"
import { storeFailed } from "./Translate.ts"

export const tokensHandlers = HttpApiBuilder.group(
  Api,
  "tokens",
  Effect.fn(function*(handlers) {
    const tokens = yield* ApiTokens
    return handlers.handleAll({
      list: () => Effect.mapError(tokens.all, storeFailed),
      create: Effect.fnUntraced(function*({ payload: { expiresAt, name, scopes } }) {
        if (expiresAt !== undefined && !DateTime.isGreaterThan(expiresAt, yield* DateTime.now)) {
          const message = "The token would have expired already."
          return yield* new InvalidRequest({ detail: message, details: [{ pointer: "/payload/expiresAt", message }] })
        }
        const made = yield* Effect.mapError(
          tokens.create({ name, scopes: [...new Set(scopes)], expiresAt: Option.fromUndefinedOr(expiresAt) }),
          storeFailed
        )
        return new CreatedToken(made)
      }),
      revoke: Effect.fnUntraced(function*({ params }) {
        const was = yield* Effect.mapError(tokens.revoke(params.id), storeFailed)
        if (!was) {
          return yield* new NotFound({ detail: `There is no token ${params.id}.`, fix: "glider token list" })
        }
      })
    })
  })
)

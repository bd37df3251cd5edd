import { Effect, Redacted } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { Accounts } from "../accounts/Accounts.ts"
import { Api } from "./Api.ts"
import { Account, Revoked, SignIn } from "./Messages.ts"
import { signInFailed, storeFailed } from "./Translate.ts"

export const connectionsHandlers = HttpApiBuilder.group(
  Api,
  "connections",
  Effect.fn(function*(handlers) {
    const accounts = yield* Accounts
    return handlers.handleAll({
      list: () =>
        accounts.status.pipe(
          Effect.map((all) => all.map((status) => new Account({ ...status }))),
          Effect.mapError(storeFailed)
        ),
      begin: ({ params }) =>
        accounts.begin(params.provider).pipe(
          Effect.map(({ state, ...addresses }) =>
            new SignIn({ ...addresses, state: Redacted.make(state, { label: "state" }) })
          ),
          Effect.mapError(signInFailed)
        ),
      complete: ({ params, payload }) =>
        accounts.complete({
          provider: params.provider,
          state: Redacted.value(payload.state),
          redirected: Redacted.value(payload.answer)
        }).pipe(
          Effect.catchTag("SurrealError", (error) => Effect.fail(storeFailed(error))),
          Effect.catchTags({
            AccountsError: (error) => Effect.fail(signInFailed(error)),
            ProviderError: (error) => Effect.fail(signInFailed(error))
          })
        ),
      revoke: ({ params }) =>
        accounts.revoke(params.provider).pipe(
          Effect.map((revocation) => new Revoked({ ...revocation })),
          Effect.catchTags({
            SurrealError: (error) => Effect.fail(storeFailed(error)),
            AccountsError: (error) => Effect.fail(signInFailed(error)),
            ProviderError: (error) => Effect.fail(signInFailed(error))
          })
        )
    })
  })
)

import { Effect, Option, Redacted } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { Accounts, type SignIn as Begun } from "../accounts/Accounts.ts"
import { BrowserSignIn } from "../accounts/BrowserSignIn.ts"
import { Api } from "./Api.ts"
import { Account, Revoked, SignIn } from "./Messages.ts"
import { originOf } from "./SessionCookie.ts"
import { signInFailed, storeFailed } from "./Translate.ts"

const told = ({ state, ...addresses }: Begun) => ({
  ...addresses,
  state: Redacted.make(state, { label: "state" })
})

export const connectionsHandlers = HttpApiBuilder.group(
  Api,
  "connections",
  Effect.fn(function*(handlers) {
    const accounts = yield* Accounts
    const browser = yield* BrowserSignIn
    return handlers.handleAll({
      list: () =>
        accounts.status.pipe(
          Effect.map((all) => all.map((status) => new Account({ ...status }))),
          Effect.mapError(storeFailed)
        ),
      begin: Effect.fnUntraced(function*({ params: { provider }, payload, request }) {
        if (payload?.callback === true) {
          const begun = browser.begin(provider, `${originOf(request)}${payload.return_to ?? "/"}`)
          const { problem, signIn } = yield* Effect.mapError(begun, signInFailed)
          const callback = Option.match(problem, {
            onNone: () => ({ callback: true }),
            onSome: (reason) => ({ callback: false, reason })
          })
          return new SignIn({ ...told(signIn), ...callback })
        }
        // whoever begins it receives its end
        yield* browser.stop(provider)
        return new SignIn(told(yield* Effect.mapError(accounts.begin(provider), signInFailed)))
      }),
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

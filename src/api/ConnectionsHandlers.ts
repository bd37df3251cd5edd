import { Effect, Option, Redacted } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { Accounts, type SignIn as Begun } from "../accounts/Accounts.ts"
import type { AccountsError } from "../accounts/AccountsError.ts"
import { BrowserSignIn } from "../accounts/BrowserSignIn.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { Api } from "./Api.ts"
import { Account, Revoked, SignIn } from "./Messages.ts"
import { originOf } from "./SessionCookie.ts"
import { signInFailed, storeFailed } from "./Translate.ts"

const told = ({ state, ...addresses }: Begun) => ({
  ...addresses,
  state: Redacted.make(state, { label: "state" })
})

const notBegun = (error: AccountsError | SurrealError) =>
  error._tag === "SurrealError" ? storeFailed(error) : signInFailed(error)

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
        const name = Option.fromUndefinedOr(payload?.connection)
        if (payload?.callback === true) {
          const begun = browser.begin(provider, `${originOf(request)}${payload.return_to ?? "/"}`, name)
          const { problem, signIn } = yield* Effect.mapError(begun, notBegun)
          const callback = Option.match(problem, {
            onNone: () => ({ callback: true }),
            onSome: (reason) => ({ callback: false, reason })
          })
          return new SignIn({ ...told(signIn), ...callback })
        }
        // whoever begins it receives its end
        yield* browser.stop(provider)
        return new SignIn(told(yield* Effect.mapError(accounts.begin(provider, name), notBegun)))
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
      revoke: ({ params, query }) =>
        accounts.revoke(params.provider, Option.fromUndefinedOr(query.connection)).pipe(
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

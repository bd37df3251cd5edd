import { Effect, Option, Redacted, Schema } from "effect"
import { Provider, providerTitle } from "../domain/Provider.ts"
import { signInCommand } from "../services/OAuthAnswer.ts"
import { AccountsError, Denied, Refused, UnknownSignIn, Unreadable, WrongState } from "./AccountsError.ts"
import { type PendingSignIn, type PendingSignIns, sameState } from "./PendingSignIns.ts"
import { bareAddress, readRedirect, type Redirect } from "./Redirect.ts"

/**
 * What ends a sign-in: the state that `begin` gave, with the address the browser was sent to, or whatever of it a person
 * has pasted, down to the code alone.
 */
export const Completion = Schema.Struct({
  provider: Provider,
  state: Schema.NonEmptyString,
  redirected: Schema.NonEmptyString.check(Schema.isMaxLength(8192))
})
export type Completion = typeof Completion.Type

/** The code of a completion, with the sign-in it belongs to, which is over with this. */
export const codeOf = Effect.fnUntraced(function*(pending: PendingSignIns["Service"], completion: Completion) {
  const { provider } = completion
  const redirect = yield* readRedirect(completion.redirected).pipe(
    Option.match({ onNone: () => Effect.fail(unreadable(provider)), onSome: Effect.succeed })
  )
  const found = yield* pending.find(completion.state)
  if (!Option.exists(redirect.state, (state) => sameState(completion.state, state)) && !isBareCode(redirect)) {
    const command = signInCommand(provider, Option.flatMap(found, ({ name }) => name))
    return yield* failure(
      provider,
      new WrongState({ message: `this answer belongs to another sign-in; run: ${command}` })
    )
  }
  if (Option.isNone(found) || found.value.provider !== provider) return yield* unknown(provider)
  const signIn = found.value
  // a slip in pasting may be mended: the sign-in stays under way
  if (Option.exists(redirect.address, (address) => !isRedirectUri(address, signIn))) return yield* unreadable(provider)
  if (Option.isNone(redirect.code) && Option.isNone(redirect.error)) return yield* unreadable(provider)
  if (!(yield* pending.end(signIn))) return yield* unknown(provider)
  const command = signInCommand(provider, signIn.name)
  if (Option.exists(redirect.issuer, (issuer) => !isIssuer(issuer, signIn))) {
    return yield* failure(
      provider,
      new WrongState({ message: `this answer comes from another sign-in server; run: ${command}` })
    )
  }
  if (Option.isSome(redirect.error)) {
    return yield* refused(signIn, redirect.error.value, redirect.errorDescription)
  }
  if (Option.isNone(redirect.code)) return yield* unreadable(provider)
  return {
    signIn,
    code: Redacted.make(redirect.code.value, { label: "code" }),
    granted: Option.map(redirect.scope, (scope) => scope.split(/[ ,+]+/).filter((word) => word !== ""))
  }
})

const isBareCode = ({ code, error, state }: Redirect): boolean =>
  Option.isNone(state) && Option.isSome(code) && Option.isNone(error)

const isRedirectUri = (address: string, { redirectUri }: PendingSignIn): boolean => {
  const url = URL.parse(redirectUri)
  return url !== null && bareAddress(url) === address
}

/** An issuer is an origin, with a path at the most: the authorize page must lie there. */
const isIssuer = (issuer: string, { authorizeUrl }: PendingSignIn): boolean =>
  URL.parse(issuer)?.origin === URL.parse(authorizeUrl)?.origin

const failure = (provider: Provider, reason: AccountsError["reason"]): AccountsError =>
  new AccountsError({ provider, reason })

const unknown = (provider: Provider): AccountsError =>
  failure(
    provider,
    new UnknownSignIn({
      message: `no such sign-in is under way: it took longer than ten minutes, or was used; run: ${
        signInCommand(provider)
      }, for a further account with --connection <name>`
    })
  )

const unreadable = (provider: Provider): AccountsError =>
  failure(
    provider,
    new Unreadable({
      message:
        "this is not the address the browser ended at: paste the whole of it, from http to the end, or the code alone"
    })
  )

const refused = (
  { name, provider }: PendingSignIn,
  error: string,
  description: Option.Option<string>
): AccountsError => {
  const title = providerTitle[provider]
  if (error === "access_denied") {
    return failure(
      provider,
      new Denied({
        message: `the sign-in was declined at ${title}; to connect it after all, run: ${signInCommand(provider, name)}`
      })
    )
  }
  const words = [error, ...Option.toArray(description)].join(": ").replace(/[^\x20-\x7e]+/g, " ").slice(0, 200)
  return failure(provider, new Refused({ message: `${title} ended the sign-in: ${words}` }))
}

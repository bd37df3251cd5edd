/** Why a sign-in, or its end, did not go through, with the commands that help. */
import { Effect, Option } from "effect"
import type { ConnectionName } from "../domain/Connection.ts"
import { type Provider, providerTitle } from "../domain/Provider.ts"
import { syncScopes } from "../services/OAuth.ts"
import { signInCommand } from "../services/OAuthAnswer.ts"
import type { CipherError } from "../services/TokenCipher.ts"
import type { StoredConnection } from "../store/Connections.ts"
import {
  AccountsError,
  KeyProblem,
  MissingScope,
  NameTaken,
  NoRefreshToken,
  NotConnected,
  OtherUser
} from "./AccountsError.ts"

type Name = Option.Option<ConnectionName>

/** Without these a sign-in is of no use at all; without others a part of a sync is. */
export const indispensable: { readonly [P in Provider]: string | undefined } = {
  google: syncScopes.google[0],
  spotify: syncScopes.spotify[0],
  oura: "personal"
}

const failure = (provider: Provider, reason: AccountsError["reason"]): AccountsError =>
  new AccountsError({ provider, reason })

export const otherUser = (
  { connection: { name, provider, userId } }: StoredConnection,
  newUserId: string
): AccountsError => {
  const which = Option.match(name, { onNone: () => "", onSome: (name) => ` --connection ${name}` })
  return failure(
    provider,
    new OtherUser({
      message:
        `${providerTitle[provider]} is connected as ${userId}, and this sign-in is of ${newUserId}; to change over, ` +
        `run: glider auth revoke ${provider}${which}, then: ${signInCommand(provider, name)}; ` +
        `to have both, run: glider auth ${provider} --connection <name>`
    })
  )
}

export const otherName = ({ connection: { name, provider, userId } }: StoredConnection, wanted: Name): AccountsError =>
  failure(
    provider,
    new NameTaken({
      message: `${userId} is connected already, ${
        Option.match(name, {
          onNone: () => `as the first account of ${providerTitle[provider]}`,
          onSome: (name) => `as ${name}`
        })
      }${
        Option.match(wanted, { onNone: () => "", onSome: (wanted) => `, and not as ${wanted}` })
      }; to sign it in again, run: ${signInCommand(provider, name)}`
    })
  )

export const nameTaken = (provider: Provider, name: ConnectionName, other: Provider): AccountsError =>
  failure(
    provider,
    new NameTaken({ message: `${name} is the name of an account at ${providerTitle[other]}; take another name` })
  )

export const noRefreshToken = (provider: Provider, name: Name): AccountsError =>
  failure(
    provider,
    new NoRefreshToken({
      message:
        `${providerTitle[provider]} gave no refresh token; remove the app's access in your account there, then run: ` +
        signInCommand(provider, name)
    })
  )

export const missingScope = (provider: Provider, name: Name): AccountsError =>
  failure(
    provider,
    new MissingScope({
      message: `the permission ${indispensable[provider] ?? ""} was not granted; run: ${
        signInCommand(provider, name)
      } and leave it ticked`
    })
  )

export const notConnected = (provider: Provider, name: Name): AccountsError =>
  failure(
    provider,
    new NotConnected({
      message: `${
        Option.match(name, {
          onNone: () => `${providerTitle[provider]} is not connected`,
          onSome: (name) => `no account at ${providerTitle[provider]} is connected as ${name}`
        })
      }; to connect it, run: ${signInCommand(provider, name)}`
    })
  )

export const keyProblem = (provider: Provider, { message }: CipherError): Effect.Effect<never, AccountsError> =>
  Effect.fail(failure(provider, new KeyProblem({ message })))

import { Clock, Context, Duration, Effect, Layer, Option, Redacted } from "effect"
import { timingSafeEqual } from "node:crypto"
import type { Provider } from "../domain/Provider.ts"
import type { Authorization } from "../services/OAuth.ts"

/** A sign-in whose browser has not come back yet. */
export interface PendingSignIn extends Authorization {
  readonly provider: Provider
}

/** How long the person has to agree, and how long the browser is waited for: as long as the codes of the providers live. */
export const patience = Duration.minutes(10)

/** More than anybody opens at once; the oldest goes first. */
const most = 32

/** Sign-ins under way, in memory: each is good once and for ten minutes. */
export class PendingSignIns extends Context.Service<PendingSignIns, {
  readonly add: (signIn: PendingSignIn) => Effect.Effect<void>
  /** The sign-in of that state. */
  readonly find: (state: string) => Effect.Effect<Option.Option<PendingSignIn>>
  /** Ends a sign-in; `false` when somebody else was faster. */
  readonly end: (signIn: PendingSignIn) => Effect.Effect<boolean>
}>()("glider/accounts/PendingSignIns") {
  static readonly layer = Layer.sync(PendingSignIns, () => {
    let pending: ReadonlyArray<{ readonly signIn: PendingSignIn; readonly until: number }> = []
    return PendingSignIns.of({
      add: (signIn) =>
        Effect.map(Clock.currentTimeMillis, (now) => {
          const alive = pending.filter(({ until }) => until > now)
          pending = [...alive.slice(1 - most), { signIn, until: now + Duration.toMillis(patience) }]
        }),
      find: (state) =>
        Effect.map(Clock.currentTimeMillis, (now) => {
          const found = pending.find(({ signIn, until }) =>
            until > now && sameState(Redacted.value(signIn.state), state)
          )
          return Option.fromUndefinedOr(found?.signIn)
        }),
      end: (ended) =>
        Effect.sync(() => {
          const before = pending.length
          pending = pending.filter(({ signIn }) => signIn !== ended)
          return pending.length < before
        })
    })
  })
}

const utf8 = new TextEncoder()

/** Compares in a time that does not tell how much of a guess was right. */
export const sameState = (known: string, given: string): boolean => {
  const [a, b] = [utf8.encode(known), utf8.encode(given)]
  return a.length === b.length && timingSafeEqual(a, b)
}

import { Context, Deferred, Effect, Exit, Fiber, Layer, Option, Scope, Semaphore } from "effect"
import type { HttpServerResponse } from "effect/http"
import type { ConnectionName } from "../domain/Connection.ts"
import { type Provider, providerTitle } from "../domain/Provider.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { Accounts, type SignIn } from "./Accounts.ts"
import type { AccountsError } from "./AccountsError.ts"
import { page, receive } from "./Callback.ts"
import { patience } from "./PendingSignIns.ts"

/** A sign-in that has begun, and whether this process waits for the browser itself. */
export interface Begun {
  readonly signIn: SignIn
  /** Why nothing can be received here: the person then pastes where the browser ended. None when the browser is waited for. */
  readonly problem: Option.Option<string>
}

/**
 * Sign-ins of which the server receives the end itself, so that a person never leaves the browser. One a provider: the
 * next one that begins, of whatever kind, ends the wait of the one before.
 */
export class BrowserSignIn extends Context.Service<BrowserSignIn, {
  /** Begins a sign-in and waits beside the caller for the browser, whose last page then leads to that address. */
  readonly begin: (
    provider: Provider,
    returnTo: string,
    name?: Option.Option<ConnectionName>
  ) => Effect.Effect<Begun, AccountsError | SurrealError>
  /** Frees the port, for a sign-in that somebody else receives. */
  readonly stop: (provider: Provider) => Effect.Effect<void>
}>()("glider/accounts/BrowserSignIn") {
  static readonly layer = Layer.effect(
    BrowserSignIn,
    Effect.gen(function*() {
      const accounts = yield* Accounts
      const scope = yield* Scope.Scope
      const oneAtATime = yield* Semaphore.make(1)
      const waits = new Map<Provider, Scope.Closeable>()

      const end = Effect.fnUntraced(function*(provider: Provider) {
        const wait = waits.get(provider)
        waits.delete(provider)
        if (wait !== undefined) yield* Scope.close(wait, Exit.void)
      })

      /** Completes the sign-in and says how that went, whether or not the browser stays for the answer. */
      const complete = Effect.fnUntraced(
        function*({ state }: SignIn, provider: Provider, redirected: string, to: string) {
          const completion = accounts.complete({ provider, state, redirected }).pipe(
            Effect.match({
              onFailure: ({ message }) => ended(provider, to, message),
              onSuccess: ({ userId }) => connected(provider, to, userId)
            })
          )
          return yield* Fiber.join(yield* Effect.forkIn(completion, scope))
        }
      )

      const wait = Effect.fnUntraced(function*(provider: Provider, signIn: SignIn, to: string) {
        const own = yield* Scope.fork(scope)
        waits.set(provider, own)
        const done = yield* Deferred.make<void>()
        const { redirectUri, state } = signIn
        const received = yield* receive({ provider, redirectUri, state }, (address) =>
          Effect.gen(function*() {
            // told when the page is on its way
            yield* Effect.addFinalizer(() => Deferred.succeed(done, undefined))
            return yield* complete(signIn, provider, address.href, to)
          })).pipe(Scope.provide(own), Effect.result)
        if (received._tag === "Failure") {
          yield* end(provider)
          return Option.some(
            `Glider cannot listen at ${redirectUri}: another program uses its port, or it is no address of this machine.`
          )
        }
        yield* Deferred.await(done).pipe(
          Effect.timeoutOption(patience),
          Effect.andThen(oneAtATime.withPermit(Effect.suspend(() =>
            // another may have begun, and ended this one, by now
            waits.get(provider) === own ? end(provider) : Effect.void
          ))),
          Effect.forkIn(scope)
        )
        return Option.none()
      }, Effect.uninterruptible)

      const begin = Effect.fn("BrowserSignIn.begin")(function*(
        provider: Provider,
        returnTo: string,
        name: Option.Option<ConnectionName> = Option.none()
      ) {
        yield* end(provider)
        const signIn = yield* accounts.begin(provider, name)
        return { signIn, problem: yield* wait(provider, signIn, returnTo) }
      }, oneAtATime.withPermit)

      return BrowserSignIn.of({ begin, stop: (provider) => oneAtATime.withPermit(end(provider)) })
    })
  )
}

const connected = (provider: Provider, address: string, userId: string): HttpServerResponse.HttpServerResponse =>
  page(200, `${providerTitle[provider]} is connected`, `The account is ${userId}. This page leads back to Glider.`, {
    address,
    byItself: true
  })

/** Stays until the person has read it. */
const ended = (provider: Provider, address: string, why: string): HttpServerResponse.HttpServerResponse =>
  page(200, `${providerTitle[provider]} was not connected`, why, { address, byItself: false })

/** Waits on this machine for the browser's redirect (RFC 8252, 7.3). For a program with a person in front of it. */
import { NodeHttpServer } from "@effect/platform-node"
import { Deferred, Duration, Effect, Option, type Scope } from "effect"
import { HttpMiddleware, HttpServerRequest, HttpServerResponse } from "effect/http"
import { createServer } from "node:http"
import type { ConnectionName } from "../domain/Connection.ts"
import { type Provider, providerTitle } from "../domain/Provider.ts"
import { signInCommand } from "../services/OAuthAnswer.ts"
import { AccountsError, CallbackTimedOut, CallbackUnavailable } from "./AccountsError.ts"
import { patience, sameState } from "./PendingSignIns.ts"

/** Which redirect is waited for: the address and the state that `Accounts.begin` gave. */
export interface Expected {
  readonly provider: Provider
  /** What the account is to be called; none for the first of its provider. */
  readonly name?: Option.Option<ConnectionName>
  readonly redirectUri: string
  readonly state: string
}

/**
 * Listens on 127.0.0.1 at the port of the redirect address until the scope ends. The redirect with the expected state is
 * answered as `arrived` says, from its address; everything else that calls is turned away.
 */
export const receive = Effect.fnUntraced(function*(
  { provider, redirectUri, state }: Expected,
  arrived: (address: URL) => Effect.Effect<HttpServerResponse.HttpServerResponse, never, Scope.Scope>
) {
  const failure = (reason: AccountsError["reason"]) => new AccountsError({ provider, reason })
  const address = yield* Option.match(loopback(redirectUri), {
    onNone: () =>
      Effect.fail(failure(
        new CallbackUnavailable({
          message:
            `${redirectUri} is not http on 127.0.0.1, so nothing can be received there; use --no-browser, or correct ` +
            `redirect_uri of [provider.${provider}]`
        })
      )),
    onSome: Effect.succeed
  })
  const http = createServer()
  const server = yield* NodeHttpServer.make(() => http, {
    host: "127.0.0.1",
    port: Number(address.port === "" ? 80 : address.port),
    disablePreemptiveShutdown: true
  }).pipe(
    Effect.mapError(() =>
      failure(
        new CallbackUnavailable({
          message:
            `port ${address.port} of 127.0.0.1 is taken; end the program that uses it, use --no-browser, or set another ` +
            `redirect_uri in [provider.${provider}]`
        })
      )
    )
  )
  // browsers keep connections open that would hold the end of the scope up
  yield* Effect.addFinalizer(() => Effect.sync(() => http.closeAllConnections()))

  const answer = Effect.gen(function*() {
    const request = yield* HttpServerRequest.HttpServerRequest
    // a name that only resolves to this machine is an attack (DNS rebinding)
    if (request.headers["host"] !== address.host) {
      return page(421, "Wrong address", "Nothing is served under this name.")
    }
    const url = URL.parse(request.url, address.origin)
    if (url === null || url.pathname !== address.pathname) return page(404, "Not found", "There is nothing here.")
    if (request.method !== "GET") return page(405, "Not allowed", "Only a browser's redirect is expected here.")
    if (!sameState(state, url.searchParams.get("state") ?? "")) {
      return page(
        400,
        "Another sign-in",
        "This answer does not belong to the sign-in under way. Begin again where you began."
      )
    }
    return yield* arrived(url)
  })
  yield* server.serve(answer).pipe(
    Effect.provideService(HttpMiddleware.TracerDisabledWhen, () => true) // the address holds the code
  )
})

/**
 * Listens there until the scope ends. Gives an effect that waits for the redirect with the expected state and answers with
 * the whole address; what else calls does not end the wait.
 */
export const listen = Effect.fn("Callback.listen")(function*(expected: Expected) {
  const { name, provider } = expected
  const arrived = yield* Deferred.make<string>()
  yield* receive(expected, (url) =>
    Effect.gen(function*() {
      // told when the page is on its way: whoever waits may end the listener at once
      yield* Effect.addFinalizer(() => Deferred.succeed(arrived, url.href))
      const title = providerTitle[provider]
      const error = url.searchParams.get("error")
      return error === null
        ? page(200, `${title} has answered`, "You can close this window and return to the terminal.")
        : page(
          200,
          `${title} was not connected`,
          `It answered: ${error}. You can close this window and return to the terminal.`
        )
    }))

  return Deferred.await(arrived).pipe(
    Effect.timeoutOrElse({
      duration: patience,
      orElse: () =>
        Effect.fail(
          new AccountsError({
            provider,
            reason: new CallbackTimedOut({
              message: `the browser did not come back within ${Duration.format(patience)}; run: ${
                signInCommand(provider, name)
              }`
            })
          })
        )
    })
  )
})

/** The address, when it is one that this machine can listen on. */
const loopback = (redirectUri: string): Option.Option<URL> =>
  Option.filter(
    Option.fromNullOr(URL.parse(redirectUri)),
    ({ hostname, protocol }) => protocol === "http:" && (hostname === "127.0.0.1" || hostname === "localhost")
  )

const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)

/** Where the page leads, and whether it goes there by itself. */
export interface Onward {
  readonly address: string
  readonly byItself: boolean
}

/** What a person sees whose browser came back. */
export const page = (
  status: number,
  title: string,
  text: string,
  onward?: Onward
): HttpServerResponse.HttpServerResponse => {
  const address = escaped(onward?.address ?? "")
  const refresh = onward?.byItself === true ? `<meta http-equiv="refresh" content="1;url=${address}">` : ""
  const link = onward === undefined ? "" : `<p><a href="${address}">Back to Glider</a></p>`
  return HttpServerResponse.text(
    `<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><meta name="color-scheme" content="light dark">${refresh}<title>Glider: ${
      escaped(title)
    }</title></head>
<body><h1>${escaped(title)}</h1><p>${escaped(text)}</p>${link}</body>
</html>
`,
    {
      status,
      contentType: "text/html; charset=utf-8",
      headers: {
        "cache-control": "no-store",
        "connection": "close",
        "content-security-policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff"
      }
    }
  )
}

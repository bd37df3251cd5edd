/**
 * `googleapis` over the way that all providers share: the library writes the request, `ProviderHttp` carries it. So one
 * place knows about tokens, time-outs, gates and errors; the library's own transport, sign-in and repetitions stay
 * unused, and with them everything in it that would touch a disk or another address.
 */
import { Effect, Exit, Option, Ref } from "effect"
import { HttpClientRequest } from "effect/http"
import type { calendar_v3 } from "googleapis/build/src/apis/calendar/index.js"
import { BadRequest, type ProviderError } from "../domain/ProviderError.ts"
import type { Exchange, ProviderHttp } from "./ProviderHttp.ts"

/** What every call of a method of the library is given. */
export type LibraryOptions = Required<Pick<calendar_v3.Options, "fetchImplementation" | "retry">>

/** The JSON of the answer to the request that a method of the library writes, or why there is none. */
export const through = Effect.fnUntraced(function*(
  http: ProviderHttp,
  operation: string,
  exchange: Exchange,
  method: (options: LibraryOptions) => Promise<unknown>
) {
  const context = yield* Effect.context<never>()
  const outcome = yield* Ref.make(Option.none<Exit.Exit<unknown, ProviderError>>())
  const carry = (address: string | URL) =>
    Effect.exit(exchange(HttpClientRequest.get(address))).pipe(
      Effect.flatMap((exit) => Ref.set(outcome, Option.some(exit))),
      Effect.map(() => new Response(null, { status: 204 })) // the answer goes past the library, not through it
    )
  yield* Effect.tryPromise({
    try: (signal) =>
      method({
        retry: false,
        fetchImplementation: (address) =>
          Effect.runPromiseWith(context)(carry(address instanceof Request ? address.url : address), { signal })
      }),
    catch: () =>
      http.error(operation, new BadRequest({ status: 0, message: "the request cannot be written from its parameters" }))
  })
  return yield* Option.getOrElse(
    yield* Ref.get(outcome),
    () => Exit.die(new Error(`googleapis made no request for ${operation}`))
  )
})

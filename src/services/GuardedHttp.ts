import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import { Context, Effect, Layer, Option, Result, Schema, type Scope } from "effect"
import { HttpClient, type HttpClientError, type HttpClientRequest, type HttpClientResponse } from "effect/http"
import { lookup, type LookupAddress, type LookupOptions } from "node:dns"
import { isIP, type LookupFunction } from "node:net"
import { LatestConfig } from "../Config.ts"
import { type AddressGuard, AddressRefused, make as guardOf } from "../domain/AddressGuard.ts"

/** Finds the addresses of a host. */
type FindAddresses = (
  host: string,
  answer: (error: Error | null, addresses: ReadonlyArray<string>) => void
) => void

/** How the addresses of a host are found: as the system does it. */
export class HostLookup extends Context.Reference<FindAddresses>("glider/services/GuardedHttp/HostLookup", {
  defaultValue: () => (host, answer) =>
    lookup(
      host,
      { all: true },
      (error, found) => answer(error, error === null ? found.map(({ address }) => address) : [])
    )
}) {}

/**
 * The way to servers that somebody has named, a receiver of webhooks say. Only the public internet is called, and what
 * `[network] allowed_private` names: a name is looked up once for each connection, and the connection goes to an address of that
 * very answer which was judged. Redirects are not followed, proxies not used, and connections not kept.
 */
export class GuardedHttp extends Context.Service<GuardedHttp, {
  /** Sends the request. Closing the scope cuts the answer. */
  readonly execute: (
    request: HttpClientRequest.HttpClientRequest
  ) => Effect.Effect<
    HttpClientResponse.HttpClientResponse,
    HttpClientError.HttpClientError | AddressRefused,
    Scope.Scope
  >
}>()("glider/services/GuardedHttp") {
  static readonly layer = Layer.effect(
    GuardedHttp,
    Effect.gen(function*() {
      const guard = guardIn(yield* LatestConfig)
      const agent = yield* NodeHttpClient.makeAgent({
        keepAlive: false,
        lookup: guardedLookup(guard, yield* HostLookup)
      })
      const client = HttpClient.withScope(
        yield* NodeHttpClient.makeNodeHttp.pipe(Effect.provideService(NodeHttpClient.HttpAgent, agent))
      )

      const execute = Effect.fnUntraced(function*(request: HttpClientRequest.HttpClientRequest) {
        const url = URL.parse(request.url)
        const refused = Option.flatMap(Option.fromNullishOr(url), (asked) => guard().refusal(asked))
        if (Option.isSome(refused)) return yield* refused.value
        return yield* client.execute(request).pipe(
          Effect.provideService(HttpClient.TracerPropagationEnabled, false), // our trace is no business of others
          // an address may bear a secret, which a span would tell
          Effect.provideService(HttpClient.TracerDisabledWhen, () => true),
          Effect.mapError((error) => Option.getOrElse(refusalIn(error, 5), () => error))
        )
      })
      return GuardedHttp.of({ execute })
    })
  )
}

/** The guard of the config as the last reload has it. */
export const guardIn = (config: LatestConfig["Service"]): () => AddressGuard => {
  let made: { readonly allowed: ReadonlyArray<string>; readonly guard: AddressGuard } | undefined
  return () => {
    const allowed = config.now().network?.allowedPrivate ?? nothing
    if (made?.allowed !== allowed) made = { allowed, guard: guardOf(allowed) }
    return made.guard
  }
}

const nothing: ReadonlyArray<string> = []

/** The lookup of a connection: it gives the connection nothing but what may be called. */
export const guardedLookup =
  (guard: () => AddressGuard, find: FindAddresses): LookupFunction => (host, options, answer) =>
    find(host, (error, addresses) => {
      const open = error === null ? guard().permitted(host, ofFamily(addresses, options.family)) : Result.fail(error)
      if (Result.isFailure(open)) return answer(open.failure, [])
      const found = open.success.map((address): LookupAddress => ({ address, family: isIP(address) }))
      const [first] = found
      if (options.all === true || first === undefined) return answer(null, found)
      return answer(null, first.address, first.family)
    })

const ofFamily = (addresses: ReadonlyArray<string>, family: LookupOptions["family"]): ReadonlyArray<string> => {
  const wanted = family === 4 || family === "IPv4" ? 4 : family === 6 || family === "IPv6" ? 6 : undefined
  return wanted === undefined ? addresses : addresses.filter((address) => isIP(address) === wanted)
}

const isRefused = Schema.is(AddressRefused)

/** The refusal that a connection has failed with, which lies a few causes deep. */
const refusalIn = (failure: unknown, depth: number): Option.Option<AddressRefused> => {
  if (isRefused(failure)) return Option.some(failure)
  if (depth === 0 || typeof failure !== "object" || failure === null) return Option.none()
  if ("reason" in failure) return refusalIn(failure.reason, depth - 1)
  return "cause" in failure ? refusalIn(failure.cause, depth - 1) : Option.none()
}

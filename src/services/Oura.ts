import { Context, DateTime, Duration, Effect, Layer, Option, Schema, Stream } from "effect"
import { type HttpClient, HttpClientRequest } from "effect/http"
import { RateLimiter } from "effect/persistence"
import { CurrentConfig } from "../Config.ts"
import type { ConnectionId } from "../domain/Connection.ts"
import { Malformed, type ProviderError } from "../domain/ProviderError.ts"
import type { OuraDataType } from "../domain/Task.ts"
import type { AccessTokens } from "./AccessTokens.ts"
import type { CircuitBreakers } from "./CircuitBreakers.ts"
import type { ProviderGate } from "./ProviderGate.ts"
import * as ProviderHttp from "./ProviderHttp.ts"

/** A collection of documents that have an `id` and a `day`. */
export type OuraDocumentType = Exclude<OuraDataType, "heartrate">

/** Oura's API v2: collections, each element of a stream being the items of one page as sent. */
export class Oura extends Context.Service<Oura, {
  /**
   * The documents between two local days (`YYYY-MM-DD`), sent as they are. Each type compares the bounds with an anchor
   * of its own, so ask from a day before to two days after and filter on `day`.
   */
  readonly documents: (
    connection: ConnectionId,
    type: OuraDocumentType,
    window: { readonly startDate: string; readonly endDate: string }
  ) => Stream.Stream<ReadonlyArray<unknown>, ProviderError>
  /**
   * The heart-rate rows between two instants, asked in windows of less than 30 days, oldest first. A row on the seam of
   * two windows is listed in both.
   */
  readonly heartrate: (
    connection: ConnectionId,
    window: { readonly from: DateTime.Utc; readonly to: DateTime.Utc }
  ) => Stream.Stream<ReadonlyArray<unknown>, ProviderError>
}>()("glider/services/Oura") {
  static readonly layer: Layer.Layer<
    Oura,
    never,
    HttpClient.HttpClient | AccessTokens | ProviderGate | CircuitBreakers | CurrentConfig
  > = Layer.effect(
    Oura,
    Effect.gen(function*() {
      const { apiUrl } = (yield* CurrentConfig).providers.oura
      const limiter = yield* RateLimiter.RateLimiter
      const http = yield* ProviderHttp.make("oura", Effect.orDie(RateLimiter.sleep(limiter, budget)))
      const collection = `${apiUrl}/usercollection`

      const page = Effect.fn("Oura.page")(
        function*(connection: ConnectionId, type: OuraDataType, window: Window, token: Option.Option<string>) {
          yield* Effect.annotateCurrentSpan({ data_type: type })
          const urlParams = { ...window, next_token: Option.getOrUndefined(token) }
          return yield* http.call(connection, type, (exchange) =>
            Effect.flatMap(
              exchange(HttpClientRequest.get(`${collection}/${type}`, { urlParams })),
              http.decode(type, Collection)
            ))
        }
      )

      /** All pages of a window. A token that comes again would lead in a circle for ever. */
      const pages = (connection: ConnectionId, type: OuraDataType, window: Window) =>
        Stream.paginate(
          { token: Option.none<string>(), seen: new Set<string>() },
          Effect.fnUntraced(function*({ seen, token }) {
            const { data, next_token } = yield* page(connection, type, window, token)
            const next = Option.filter(Option.fromNullishOr(next_token), (text) => text !== "")
            if (Option.isNone(next)) return [[data], Option.none()] as const
            if (seen.has(next.value)) {
              return yield* http.error(type, new Malformed({ message: "its pages lead in a circle" }))
            }
            if (seen.size >= mostPages) {
              return yield* http.error(type, new Malformed({ message: `more than ${mostPages} pages in one window` }))
            }
            return [[data], Option.some({ token: next, seen: new Set([...seen, next.value]) })] as const
          })
        )

      return Oura.of({
        documents: (connection, type, { endDate, startDate }) =>
          pages(connection, type, { start_date: startDate, end_date: endDate }),
        heartrate: (connection, { from, to }) =>
          Stream.flatMap(
            Stream.fromIterable(heartrateWindows(from, to)),
            (window) => pages(connection, "heartrate", window)
          )
      })
    })
  ).pipe(Layer.provide(RateLimiter.layer), Layer.provide(RateLimiter.layerStoreMemory))
}

/**
 * 5000 requests in any 5 minutes are allowed. A bucket of 2400 that refills as fast lets at most 4800 through in any 5
 * minutes, which leaves room for whatever else uses the same application.
 */
const budget = { key: "oura", algorithm: "token-bucket", limit: 2400, window: Duration.minutes(5) } as const

/** A window of a month holds some ten pages; beyond this something is wrong. */
const mostPages = 1000

/** At most 30 days of heart rate are answered at once. */
const longestWindow = Duration.days(29)

type Window = { readonly [bound: string]: string }

/** Windows that touch, oldest first; `Z` times, since the `+` of an offset does not survive every query string. */
const heartrateWindows = (from: DateTime.Utc, to: DateTime.Utc): ReadonlyArray<Window> => {
  const windows: Array<Window> = []
  for (let start = from; DateTime.isLessThan(start, to);) {
    const end = DateTime.min(DateTime.addDuration(start, longestWindow), to)
    windows.push({ start_datetime: DateTime.formatIso(start), end_datetime: DateTime.formatIso(end) })
    start = end
  }
  return windows
}

const Collection = Schema.Struct({
  data: Schema.Array(Schema.Unknown),
  next_token: Schema.optional(Schema.NullOr(Schema.String))
})

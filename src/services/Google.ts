import { Context, Data, DateTime, Effect, Layer, Option, Schema } from "effect"
import type { HttpClient } from "effect/http"
import { CurrentConfig } from "../Config.ts"
import type { ConnectionId } from "../domain/Connection.ts"
import type { ProviderError } from "../domain/ProviderError.ts"
import type { AccessTokens } from "./AccessTokens.ts"
import type { CircuitBreakers } from "./CircuitBreakers.ts"
import { through } from "./GoogleTransport.ts"
import type { ProviderGate } from "./ProviderGate.ts"
import * as ProviderHttp from "./ProviderHttp.ts"

/** What a listing of events is to contain. One listing, with all its pages, keeps to one of the two. */
export type EventsListing = Data.TaggedEnum<{
  /** Every event that ends after `timeMin`. */
  readonly Full: { readonly timeMin: DateTime.Utc }
  /** Every event that ends after `timeMin` and begins before `timeMax`. */
  readonly Range: { readonly timeMin: DateTime.Utc; readonly timeMax: DateTime.Utc }
  /** What changed since the listing whose last page gave the token. */
  readonly Incremental: { readonly syncToken: string }
}>
export const EventsListing = Data.taggedEnum<EventsListing>()

/** One page of a listing. */
export interface EventsRequest {
  /** As in the calendar's settings, unencoded, or `primary`. */
  readonly calendarId: string
  /** None for the first page. */
  readonly pageToken: Option.Option<string>
  readonly listing: EventsListing
  /** Events on a page, 250 to 2500; `eventsOnPage` otherwise. */
  readonly maxResults?: number
}

/**
 * Google allows 2500, but a page larger than `ProviderHttp.largestAnswer` would hold its calendar up for good: so each
 * event may take 64 kB on average.
 */
export const eventsOnPage = 500

/** A page of events as sent; the absence of `nextPageToken` alone ends a listing, an empty page does not. */
export interface EventsPage {
  readonly items: ReadonlyArray<unknown>
  readonly nextPageToken: Option.Option<string>
  /** On the last page only. */
  readonly nextSyncToken: Option.Option<string>
  /** The calendar's IANA time zone. */
  readonly timeZone: Option.Option<string>
}

/** Google Calendar v3, read only. */
export class Google extends Context.Service<Google, {
  /**
   * One page of events: recurring ones as instances, deleted ones as tombstones. Fails with `CursorExpired` when the
   * sync token is dead and a full listing is due.
   */
  readonly events: (connection: ConnectionId, request: EventsRequest) => Effect.Effect<EventsPage, ProviderError>
}>()("glider/services/Google") {
  /** The library, 70 ms of loading, is imported when the layer is built and not before. */
  static readonly layer: Layer.Layer<
    Google,
    never,
    HttpClient.HttpClient | AccessTokens | ProviderGate | CircuitBreakers | CurrentConfig
  > = Layer.effect(
    Google,
    Effect.gen(function*() {
      const { apiUrl } = (yield* CurrentConfig).providers.google
      const http = yield* ProviderHttp.make("google")
      const { calendar } = yield* Effect.promise(() => import("./GoogleLibrary.ts"))
      const api = calendar({ version: "v3", rootUrl: apiUrl, universeDomain: "googleapis.com" })

      const events = Effect.fn("Google.events")(function*(connection: ConnectionId, request: EventsRequest) {
        const { items, nextPageToken, nextSyncToken, timeZone } = yield* http.call(
          connection,
          "events",
          (exchange) =>
            through(http, "events", exchange, (options) => api.events.list(parameters(request), options)).pipe(
              Effect.flatMap(http.decode("events", Events))
            )
        )
        return {
          items: items ?? [],
          nextPageToken: named(nextPageToken),
          nextSyncToken: named(nextSyncToken),
          timeZone: named(timeZone)
        }
      })

      return Google.of({ events })
    })
  )
}

/**
 * All parameters but the page token stay the same on every page, and `singleEvents` and `showDeleted` for the life of a
 * sync token, which cannot stand beside `timeMin` or `orderBy`.
 */
const parameters = ({ calendarId, listing, maxResults = eventsOnPage, pageToken }: EventsRequest) => ({
  calendarId,
  singleEvents: true,
  showDeleted: true,
  maxResults,
  ...EventsListing.$match(listing, {
    Full: ({ timeMin }) => ({ timeMin: DateTime.formatIso(timeMin) }),
    Range: ({ timeMax, timeMin }) => ({
      timeMin: DateTime.formatIso(timeMin),
      timeMax: DateTime.formatIso(timeMax)
    }),
    Incremental: ({ syncToken }) => ({ syncToken })
  }),
  ...Option.match(pageToken, { onNone: () => ({}), onSome: (token) => ({ pageToken: token }) })
})

const named = (text: string | null | undefined): Option.Option<string> =>
  Option.filter(Option.fromNullishOr(text), (word) => word !== "")

const Words = Schema.optional(Schema.NullOr(Schema.String))

const Events = Schema.Struct({
  kind: Schema.Literal("calendar#events"),
  items: Schema.optional(Schema.Array(Schema.Unknown)),
  nextPageToken: Words,
  nextSyncToken: Words,
  timeZone: Words
})

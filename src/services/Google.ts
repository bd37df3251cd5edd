import { Context, Data, type DateTime, type Effect, type Option, type Redacted } from "effect"
import type { ConnectionId } from "../domain/Connection.ts"
import type { ProviderError } from "../domain/ProviderError.ts"
import type { ProviderProfile } from "./ProviderProfile.ts"

/** What a listing of events is to contain. One listing, with all its pages, keeps to one of the two. */
export type EventsListing = Data.TaggedEnum<{
  /** Every event that ends after `timeMin`. */
  readonly Full: { readonly timeMin: DateTime.Utc }
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
  /** Events on a page, 250 to 2500; 2500 otherwise. */
  readonly maxResults?: number
}

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
  /** Who the token belongs to: the id is that of the primary calendar. Asked once, at the sign-in. */
  readonly profile: (token: Redacted.Redacted<string>) => Effect.Effect<ProviderProfile, ProviderError>
  /**
   * One page of events: recurring ones as instances, deleted ones as tombstones. Fails with `CursorExpired` when the
   * sync token is dead and a full listing is due.
   */
  readonly events: (connection: ConnectionId, request: EventsRequest) => Effect.Effect<EventsPage, ProviderError>
}>()("glider/services/Google") {}

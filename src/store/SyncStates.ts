import { Context, type DateTime, Effect, Layer, Option, Schema } from "effect"
import type { ConnectionId } from "../domain/Connection.ts"
import type { OuraDataType } from "../domain/Task.ts"
import { Surreal } from "../services/Surreal.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { Instant, OptionalInstant, recordId } from "../services/SurrealValue.ts"
import type { Cursor } from "./Write.ts"

/** Where the listening history of a connection stands. */
export interface SpotifyState {
  readonly lastSyncAt: DateTime.Utc
  /** The newest play stored so far; none while there was never one. */
  readonly latestPlayedAt: Option.Option<DateTime.Utc>
  /** Plays on the last answer. */
  readonly tracksFetched: number
}

/** A full listing that is under way. */
export interface GoogleListing {
  readonly number: number
  /** It asks for what ends after this. */
  readonly from: DateTime.Utc
  /** Live events listed so far. */
  readonly listed: number
}

/** Where one calendar of a connection stands. */
export interface GoogleState {
  /** From the last page of the last listing that came to its end. */
  readonly syncToken: Option.Option<string>
  readonly lastSync: Option.Option<DateTime.Utc>
  /** What the last full listing asked for: events that ended before this were never listed. */
  readonly coveredFrom: Option.Option<DateTime.Utc>
  /**
   * Listings begun so far, of everything or of changes. They are counted, so that the marks of one never pass for those
   * of another, whatever the clock says.
   */
  readonly listings: number
  /** The page reached, of the full listing or, without one, of the changes since `syncToken`. */
  readonly pageToken: Option.Option<string>
  readonly listing: Option.Option<GoogleListing>
  /** Events that the listing under way told but that could not be read, so they are not gone. */
  readonly unreadable: ReadonlyArray<string>
}

/** Where one data type of a connection at Oura stands. */
export interface OuraState {
  readonly lastSyncStart: DateTime.Utc
  /** Everything before this was asked for at least once. */
  readonly lastSyncEnd: DateTime.Utc
  readonly lastSyncAt: DateTime.Utc
  readonly recordsFetched: number
  readonly recordsStored: number
}

export const spotifyCursor = (connection: ConnectionId, state: SpotifyState): Cursor => ({
  table: "spotify_sync_state",
  key: [connection],
  fields: {
    connection,
    last_sync_at: state.lastSyncAt,
    latest_played_at: Option.getOrUndefined(state.latestPlayedAt),
    tracks_fetched: state.tracksFetched
  }
})

/** What the rows that a listing tells are marked with. */
export const listingMark = (number: number): string => String(number)

export const googleCursor = (connection: ConnectionId, calendarId: string, state: GoogleState): Cursor => ({
  table: "google_calendar_sync_state",
  key: [connection, calendarId],
  fields: {
    connection,
    calendar_id: calendarId,
    sync_token: Option.getOrUndefined(state.syncToken),
    last_sync: Option.getOrUndefined(state.lastSync),
    covered_from: Option.getOrUndefined(state.coveredFrom),
    page_token: Option.getOrUndefined(state.pageToken),
    listings: state.listings,
    listing: Option.getOrUndefined(Option.map(state.listing, ({ number }) => number)),
    listing_from: Option.getOrUndefined(Option.map(state.listing, ({ from }) => from)),
    listed: Option.getOrUndefined(Option.map(state.listing, ({ listed }) => listed)),
    unreadable: state.unreadable
  }
})

export const ouraCursor = (connection: ConnectionId, type: OuraDataType, state: OuraState): Cursor => ({
  table: "oura_sync_state",
  key: [connection, type],
  fields: {
    connection,
    data_type: type,
    last_sync_start: state.lastSyncStart,
    last_sync_end: state.lastSyncEnd,
    last_sync_at: state.lastSyncAt,
    records_fetched: state.recordsFetched,
    records_stored: state.recordsStored
  }
})

/** Where each sync stands, read. States are written by the commit of the page that justifies them. */
export class SyncStates extends Context.Service<SyncStates, {
  /** None before the first sync. */
  readonly spotify: (connection: ConnectionId) => Effect.Effect<Option.Option<SpotifyState>, SurrealError>
  /** None before the first sync of that calendar. */
  readonly google: (
    connection: ConnectionId,
    calendarId: string
  ) => Effect.Effect<Option.Option<GoogleState>, SurrealError>
  /** None before the first sync of that data type. */
  readonly oura: (
    connection: ConnectionId,
    type: OuraDataType
  ) => Effect.Effect<Option.Option<OuraState>, SurrealError>
}>()("glider/store/SyncStates") {
  static readonly layer: Layer.Layer<SyncStates, never, Surreal> = Layer.effect(
    SyncStates,
    Effect.gen(function*() {
      const surreal = yield* Surreal
      const one = <S extends Schema.Top>(row: S, table: string, ...key: ReadonlyArray<string>) =>
        surreal.query(Schema.Array(row), "SELECT * FROM $ids", { ids: [recordId(table, key)] }).pipe(
          Effect.map((rows) => Option.fromUndefinedOr(rows[0]))
        )
      const spotify = Effect.fn("SyncStates.spotify")(function*(connection: ConnectionId) {
        const row = yield* one(SpotifyRow, "spotify_sync_state", connection)
        return Option.map(row, (row): SpotifyState => ({
          lastSyncAt: row.last_sync_at,
          latestPlayedAt: row.latest_played_at,
          tracksFetched: row.tracks_fetched
        }))
      })
      const google = Effect.fn("SyncStates.google")(function*(connection: ConnectionId, calendarId: string) {
        const row = yield* one(GoogleRow, "google_calendar_sync_state", connection, calendarId)
        return Option.map(row, (row): GoogleState => ({
          syncToken: row.sync_token,
          lastSync: row.last_sync,
          coveredFrom: row.covered_from,
          listings: row.listings,
          pageToken: row.page_token,
          listing: Option.all({
            number: row.listing,
            from: row.listing_from,
            listed: Option.orElseSome(row.listed, () => 0)
          }),
          unreadable: Option.getOrElse(row.unreadable, () => [])
        }))
      })
      const oura = Effect.fn("SyncStates.oura")(function*(connection: ConnectionId, type: OuraDataType) {
        const row = yield* one(OuraRow, "oura_sync_state", connection, type)
        return Option.map(row, (row): OuraState => ({
          lastSyncStart: row.last_sync_start,
          lastSyncEnd: row.last_sync_end,
          lastSyncAt: row.last_sync_at,
          recordsFetched: row.records_fetched,
          recordsStored: row.records_stored
        }))
      })
      return SyncStates.of({ spotify, google, oura })
    })
  )
}

const text = Schema.OptionFromOptionalNullOr(Schema.String)
const number = Schema.OptionFromOptionalNullOr(Schema.Finite)

const SpotifyRow = Schema.Struct({
  last_sync_at: Instant,
  latest_played_at: OptionalInstant,
  tracks_fetched: Schema.Finite
})

const GoogleRow = Schema.Struct({
  sync_token: text,
  last_sync: OptionalInstant,
  covered_from: OptionalInstant,
  page_token: text,
  listings: Schema.Finite,
  listing: number,
  listing_from: OptionalInstant,
  listed: number,
  unreadable: Schema.OptionFromOptionalNullOr(Schema.Array(Schema.String))
})

const OuraRow = Schema.Struct({
  last_sync_start: Instant,
  last_sync_end: Instant,
  last_sync_at: Instant,
  records_fetched: Schema.Finite,
  records_stored: Schema.Finite
})

/** The parts of the `Sandbox` service, its options and the values that go in and out. */
import type { DateTime, Duration, Effect, Schema } from "effect"
import type { AppliedFault, FaultRule, Peer, Provider, RandomPlan } from "./FaultRules.ts"
import type { SandboxMisuse } from "./SandboxMisuse.ts"

/** A JSON object as a provider serves it. */
export type JsonObject = { readonly [key: string]: Schema.Json }

/** How a sandbox is set up. Everything has a default. */
export interface SandboxOptions {
  /** What the world is grown from. `"glider"` otherwise. */
  readonly seed?: string
  /** The port on 127.0.0.1; any free one otherwise. */
  readonly port?: number
  /** The instant at which the clock starts; the end of the year otherwise. */
  readonly start?: DateTime.DateTime.Input
  /** `manual` (otherwise): the clock stands until moved. `follow`: it also goes as the surrounding clock goes. */
  readonly clock?: "manual" | "follow"
  /** The OAuth clients that are known; `sandbox-client` and `sandbox-secret` otherwise. */
  readonly clients?: { readonly [P in Provider]?: Partial<ClientCredentials> }
  /** Stands in every token, code and generated secret, so that a test can search for it. None otherwise. */
  readonly secretMarker?: string
  /** Spotify's records as before 2026, with `popularity` and `available_markets`. */
  readonly spotifyLegacyFields?: boolean
  /** Google's consent screen in status Testing: refresh tokens die after 7 days and say so. */
  readonly googleTesting?: boolean
  /** Rows on a page of Oura: 1000 of `heartrate` and 100 of the others otherwise. */
  readonly ouraPageSize?: { readonly heartrate?: number; readonly documents?: number }
}

/** An OAuth client as registered with a provider. */
export interface ClientCredentials {
  readonly id: string
  readonly secret: string
  /** The registered redirect addresses; any loopback literal and any https address when absent. */
  readonly redirectUris?: ReadonlyArray<string>
}

/** What goes into `[provider.*]` of the config to reach the sandbox. */
export interface ProviderAddresses {
  readonly spotify: { readonly api_url: string; readonly authorize_url: string; readonly token_url: string }
  readonly google: {
    readonly api_url: string
    readonly authorize_url: string
    readonly token_url: string
    readonly revoke_url: string
  }
  readonly oura: {
    readonly api_url: string
    readonly authorize_url: string
    readonly token_url: string
    readonly revoke_url: string
  }
}

/** What a token endpoint gave. */
export interface IssuedTokens {
  readonly accessToken: string
  readonly refreshToken: string
  readonly scope: string
  readonly expiresAt: DateTime.Utc
}

/** The sandbox's own time. */
export interface SandboxClock {
  readonly now: Effect.Effect<DateTime.Utc>
  readonly set: (instant: DateTime.DateTime.Input) => Effect.Effect<void, SandboxMisuse>
  readonly advance: (duration: Duration.Input) => Effect.Effect<void>
}

/** What the person does at the next sign-ins: deny, grant only these scopes, or sign in as another user. Absent: grants what is asked. */
export interface ConsentAnswer {
  readonly deny?: boolean
  readonly scope?: string
  /** An id that the provider gives in place of the person's own; at Google an address. */
  readonly user?: string
}

/** The accounts and tokens behind the three OAuth servers. */
export interface SandboxTokens {
  /** Grants tokens as a finished sign-in would. The default scope is everything a sync reads. */
  readonly issue: (
    provider: Provider,
    options?: { readonly scope?: string; readonly expiresIn?: Duration.Input }
  ) => Effect.Effect<IssuedTokens>
  readonly consent: (provider: Provider, answer: ConsentAnswer) => Effect.Effect<void>
  /** All access tokens are expired from now on; refreshing helps. */
  readonly expireAccessTokens: (provider: Provider) => Effect.Effect<void>
  /** All access and refresh tokens are dead from now on; only a new sign-in helps. */
  readonly revokeTokens: (provider: Provider) => Effect.Effect<void>
}

/** The year of listening. A play exists from `visibleFrom` on. */
export interface SandboxListening {
  /** Adds a play; the track is the catalogue's first unless named by uri. Visible at once unless said otherwise. */
  readonly addPlay: (play: {
    readonly playedAt: string
    readonly visibleFrom?: string
    readonly trackUri?: string
  }) => Effect.Effect<JsonObject, SandboxMisuse>
  /** The full `spotify:track:` uris of the catalogue. */
  readonly trackUris: ReadonlyArray<string>
}

/** The playlists of Spotify: `playlistIds` are the person's own, of which the second has 250 tracks. */
export interface SandboxPlaylists {
  readonly playlistIds: ReadonlyArray<string>
  /** Somebody else's: its tracks are not shown, and it cannot be changed. */
  readonly foreignPlaylistId: string
  /** The uris in a playlist, in its order; one may be there more than once. */
  readonly tracksIn: (playlistId: string) => Effect.Effect<ReadonlyArray<string>, SandboxMisuse>
  /** As another app of the person would. */
  readonly addTrack: (playlistId: string, uri: string) => Effect.Effect<void, SandboxMisuse>
  readonly removeTrack: (playlistId: string, uri: string) => Effect.Effect<void, SandboxMisuse>
}

/** How an event is named: its calendar (an id or `primary`) and its own id, of a series or of one instance. */
export interface EventAddress {
  readonly calendarId: string
  readonly eventId: string
}

/** A start or end as the provider writes it: `date` for all-day events, `dateTime` with offset otherwise. */
export type EventTime = { readonly date: string } | { readonly dateTime: string; readonly timeZone?: string }

/** The two calendars. Every change bears the sandbox's present instant as `updated`. */
export interface SandboxCalendar {
  /** The ids of the calendars; the first is the primary one and an e-mail address, the second contains `#` and `@`. */
  readonly calendarIds: ReadonlyArray<string>
  /** Adds a single event or, with `recurrence` (`weekly` or `daily`, so many times), a series. Answers its id. */
  readonly addEvent: (event: {
    readonly calendarId?: string
    readonly eventId?: string
    readonly summary?: string
    readonly description?: string
    readonly location?: string
    readonly start: EventTime
    readonly end: EventTime
    readonly recurrence?: { readonly frequency: "daily" | "weekly"; readonly count: number }
  }) => Effect.Effect<string, SandboxMisuse>
  /** Moves a single event or one instance of a series. */
  readonly moveEvent: (
    address: EventAddress & { readonly start: EventTime; readonly end: EventTime }
  ) => Effect.Effect<void, SandboxMisuse>
  /** Gives a single event, a series or one instance another title. */
  readonly renameEvent: (address: EventAddress & { readonly summary: string }) => Effect.Effect<void, SandboxMisuse>
  /**
   * Cancels a single event, a whole series (its id) or one instance (`<series>_<original start>`). With
   * `singleEvents=true` a cancelled series is told as one tombstone an instance, or, with `tombstone: "master"`, as one
   * tombstone that names the series alone.
   */
  readonly cancelEvent: (
    address: EventAddress & { readonly tombstone?: "instances" | "master" }
  ) => Effect.Effect<void, SandboxMisuse>
  /** Brings a cancelled single event, series or instance back. */
  readonly restoreEvent: (address: EventAddress) => Effect.Effect<void, SandboxMisuse>
  /** Every sync token given out so far (of one calendar, or of all) is answered 410 from now on. */
  readonly invalidateSyncTokens: (calendarId?: string) => Effect.Effect<void>
}

/** The nine kinds of Oura record that are served. */
export type OuraType =
  | "heartrate"
  | "daily_stress"
  | "daily_activity"
  | "daily_readiness"
  | "daily_sleep"
  | "daily_spo2"
  | "sleep"
  | "session"
  | "workout"

/** The year of the ring. Documents are named by `id`, heart-rate rows by `timestamp`. */
export interface SandboxRing {
  /** Adds a row as it is to be served. Visible at once unless said otherwise. */
  readonly addRow: (
    type: OuraType,
    row: JsonObject,
    visibleFrom?: DateTime.DateTime.Input
  ) => Effect.Effect<void, SandboxMisuse>
  /** Replaces the fields given of a document, as a recomputation does. */
  readonly replaceRow: (type: OuraType, id: string, fields: JsonObject) => Effect.Effect<void, SandboxMisuse>
  /** Removes a document or a heart-rate row. */
  readonly deleteRow: (type: OuraType, id: string) => Effect.Effect<void, SandboxMisuse>
}

/** The fault switches. */
export interface SandboxFaults {
  readonly script: (...rules: ReadonlyArray<FaultRule>) => Effect.Effect<void>
  /** Replaces the random plan. */
  readonly random: (plan: RandomPlan) => Effect.Effect<void>
  /** No more faults of either sort. What was broken for good (an expired token, a dead sync token) stays so. */
  readonly clear: Effect.Effect<void>
  readonly applied: Effect.Effect<ReadonlyArray<AppliedFault>>
}

/** What the providers would serve now, record by record, in the very form they are served, without faults. */
export interface SandboxTruth {
  /** The plays within reach: the last 50, newest first. */
  readonly plays: Effect.Effect<ReadonlyArray<JsonObject>>
  /** Every play visible now with `from <= played_at < to`, oldest first, also those out of reach. */
  readonly playsBetween: (
    from: DateTime.DateTime.Input,
    to: DateTime.DateTime.Input
  ) => Effect.Effect<ReadonlyArray<JsonObject>>
  /** The live events of a calendar, instances for series, within the window as `timeMin` and `timeMax` take it. */
  readonly events: (
    calendarId: string,
    window?: { readonly timeMin?: DateTime.DateTime.Input; readonly timeMax?: DateTime.DateTime.Input }
  ) => Effect.Effect<ReadonlyArray<JsonObject>, SandboxMisuse>
  /** Documents by local `day`, both ends included. */
  readonly oura: (
    type: Exclude<OuraType, "heartrate">,
    days: { readonly from: string; readonly to: string }
  ) => Effect.Effect<ReadonlyArray<JsonObject>>
  /** Heart-rate rows with `from <= timestamp <= to`. */
  readonly heartrate: (
    from: DateTime.DateTime.Input,
    to: DateTime.DateTime.Input
  ) => Effect.Effect<ReadonlyArray<JsonObject>>
}

/** One request as it was answered. Secrets are cut out of the query; bodies are not kept. */
export interface LoggedRequest {
  /** The sandbox's instant, RFC 3339. */
  readonly at: string
  readonly provider: Peer
  readonly method: string
  readonly path: string
  readonly query: { readonly [name: string]: string }
  /** `grant_type` of a call to a token endpoint. */
  readonly grantType?: string
  /** 0 when no status was sent. */
  readonly status: number
  /** The tag of the fault that was applied. */
  readonly fault?: string
}

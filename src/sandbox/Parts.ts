/** Puts a sandbox together from its options and a clock; nothing here listens yet. */
import { type DateTime, Effect } from "effect"
import { authorize } from "./Authorize.ts"
import { makeCalendars } from "./Calendar.ts"
import type { ClockHandle } from "./Clock.ts"
import type { ClientCredentials, SandboxOptions, SandboxTruth } from "./Contract.ts"
import { makeEventLists } from "./EventList.ts"
import type { Call, Reply, Route } from "./Exchange.ts"
import type { Endpoint, Provider } from "./FaultRules.ts"
import { makeFaults } from "./Faults.ts"
import { googleRoutes } from "./GoogleRoutes.ts"
import { dayLength, dayText, parseDay, toInstant, utcText } from "./Instants.ts"
import { makeListening } from "./Listening.ts"
import { modelRoutes } from "./ModelRoutes.ts"
import { makeModelScript } from "./ModelScript.ts"
import { ouraNotFound, ouraRoutes } from "./OuraRoutes.ts"
import { playlistRoutes } from "./PlaylistRoutes.ts"
import { makePlaylists } from "./Playlists.ts"
import { googleNotFound, modelError } from "./Refusals.ts"
import { makeRequestLog } from "./RequestLog.ts"
import { makeRing } from "./Ring.ts"
import { SandboxMisuse } from "./SandboxMisuse.ts"
import { spotifyNotFound, spotifyRoutes } from "./SpotifyRoutes.ts"
import { revokeEndpoint, tokenEndpoint } from "./TokenEndpoint.ts"
import { makeTokens } from "./Tokens.ts"
import { trackRoutes } from "./TrackRoutes.ts"
import { versionsOf } from "./Versions.ts"
import { makeWorld } from "./World.ts"

type PerProvider<A> = { readonly [P in Provider]: A }

const clientOf = (options: SandboxOptions, provider: Provider): ClientCredentials => ({
  id: "sandbox-client",
  secret: `sandbox-secret${options.secretMarker === undefined ? "" : `-${options.secretMarker}`}`,
  ...options.clients?.[provider]
})

/** Where the OAuth endpoints of each provider are. */
export const endpoints = {
  spotify: { authorize: "/spotify/authorize", token: "/spotify/api/token" },
  google: { authorize: "/google/o/oauth2/v2/auth", token: "/google/token", revoke: "/google/revoke" },
  oura: { authorize: "/oura/oauth/authorize", token: "/oura/oauth/token", revoke: "/oura/oauth/revoke" }
} as const

export const makeParts = (options: SandboxOptions, clock: ClockHandle, url: () => string) => {
  const { ouraPageSize, seed = "glider" } = options
  const now = clock.read
  const world = makeWorld(seed)
  const credentials: PerProvider<ClientCredentials> = {
    spotify: clientOf(options, "spotify"),
    google: clientOf(options, "google"),
    oura: clientOf(options, "oura")
  }
  const tokens = makeTokens({
    seed,
    marker: options.secretMarker ?? "",
    googleTesting: options.googleTesting === true,
    clientIds: { spotify: credentials.spotify.id, google: credentials.google.id, oura: credentials.oura.id },
    now
  })
  const listening = makeListening(world, options.spotifyLegacyFields === true, now)
  const findable = [...versionsOf(listening.tracks), ...listening.tracks]
  const playlists = makePlaylists(seed, findable, now)
  const calendars = makeCalendars(world, now)
  const lists = makeEventLists({ calendars, seed, now })
  const ring = makeRing(world, now)
  const at = (): string => utcText(now())
  const model = {
    script: makeModelScript(),
    key: `sandbox-model-key${options.secretMarker === undefined ? "" : `-${options.secretMarker}`}`
  }

  const oauth = (provider: Provider): ReadonlyArray<Route> => {
    const client = credentials[provider]
    const route = (
      method: Route["method"],
      path: `/${string}`,
      endpoint: Endpoint,
      answer: (call: Call) => Reply
    ): Route => ({ method, path, provider, endpoint, answer })
    const paths = endpoints[provider]
    const revoke = provider === "spotify" ? undefined : revokeEndpoint(provider, tokens)
    return [
      route("GET", paths.authorize, "authorize", authorize(provider, client, tokens, now)),
      route("POST", paths.token, "token", tokenEndpoint(provider, client, tokens, now)),
      ...("revoke" in paths && revoke !== undefined
        ? [route("POST", paths.revoke, "revoke", revoke), route("GET", paths.revoke, "revoke", revoke)]
        : [])
    ]
  }

  const known: ReadonlyArray<Route> = [
    ...spotifyRoutes({ listening, tokens, url, now }),
    ...trackRoutes({ tracks: findable, tokens, url }),
    ...playlistRoutes({ playlists, tokens, url, legacy: options.spotifyLegacyFields === true }),
    ...googleRoutes({ calendars, lists, tokens }),
    ...ouraRoutes({
      ring,
      tokens,
      now,
      seed,
      pageSize: { heartrate: ouraPageSize?.heartrate ?? 1000, documents: ouraPageSize?.documents ?? 100 }
    }),
    ...modelRoutes({ ...model, at }),
    ...oauth("spotify"),
    ...oauth("google"),
    ...oauth("oura")
  ]

  const instant = (input: DateTime.DateTime.Input): number => toInstant(input) ?? NaN

  const truth: SandboxTruth = {
    plays: Effect.sync(() => listening.feed(now()).map((play) => play.json)),
    playsBetween: (from, to) =>
      Effect.sync(() => listening.between(now(), instant(from), instant(to)).map((play) => play.json)),
    events: Effect.fn("Sandbox.truth.events")(function*(calendarId, window = {}) {
      const book = calendars.book(calendarId)
      if (book === undefined) {
        return yield* new SandboxMisuse({ message: `No calendar ${calendarId}.` })
      }
      return lists.live(book, {
        timeMin: window.timeMin === undefined ? undefined : instant(window.timeMin),
        timeMax: window.timeMax === undefined ? undefined : instant(window.timeMax)
      })
    }),
    oura: (type, days) =>
      Effect.sync(() => {
        const [from, to] = [parseDay(days.from) ?? NaN, parseDay(days.to) ?? NaN]
        const wanted = new Set(
          Array.from({ length: Math.max(0, to - from + 1) || 0 }, (_, index) => dayText(from + index))
        )
        return ring.documents(now(), type, (from - 2) * dayLength, (to + 3) * dayLength, true)
          .map((row) => row.json)
          .filter((row) => wanted.has(String(row["day"])))
      }),
    heartrate: (from, to) => Effect.sync(() => ring.heartrate(now(), instant(from), instant(to)).map((row) => row.json))
  }

  return {
    calendars,
    credentials,
    faults: makeFaults(seed, at),
    known,
    lists,
    listening,
    log: makeRequestLog(at),
    model,
    playlists,
    ring,
    tokens,
    truth,
    /** What each provider says to a path it does not have. */
    unknown: [
      { provider: "spotify", path: "/spotify/*", reply: spotifyNotFound },
      { provider: "google", path: "/calendar/*", reply: googleNotFound },
      { provider: "google", path: "/google/*", reply: googleNotFound },
      { provider: "oura", path: "/oura/*", reply: ouraNotFound },
      { provider: "model", path: "/model/*", reply: modelError("openai", 404, "Unknown request URL") }
    ] as const
  }
}

export type Parts = ReturnType<typeof makeParts>

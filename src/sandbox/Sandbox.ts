/**
 * Stand-ins for Spotify, Google Calendar and Oura, OAuth included, and for a language model, on one loopback HTTP server: for `glider run --demo`,
 * `glider sandbox` and the tests. They behave as the real ones are documented and recorded to behave, hold a believable
 * year of data, have a clock of their own, and can be made to fail in every way the real ones do.
 *
 * Everything they serve is a function of the seed, the mutations made and the instant of the sandbox's clock: what is
 * visible is what would exist at that instant. Times are RFC 3339 text with an offset where they go into a record, and
 * `DateTime` where they speak of the sandbox itself.
 */
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import { Context, DateTime, Effect, Layer } from "effect"
import { HttpMiddleware, HttpRouter, HttpServer, type HttpServerError } from "effect/http"
import { createServer } from "node:http"
import { makeClock } from "./Clock.ts"
import type * as Contract from "./Contract.ts"
import { controlRoutes } from "./Control.ts"
import type { Provider } from "./FaultRules.ts"
import { toInstant } from "./Instants.ts"
import type { SandboxModel } from "./ModelScript.ts"
import { endpoints, makeParts } from "./Parts.ts"
import { providerRoutes } from "./Serve.ts"
import { home, yearEnd, yearStart } from "./World.ts"

/** A running sandbox. */
export class Sandbox extends Context.Service<Sandbox, {
  /** The origin, `http://127.0.0.1:<port>`. */
  readonly url: string
  /** The provider addresses for `config.toml`. */
  readonly providerAddresses: Contract.ProviderAddresses
  /** The OAuth clients that are accepted. */
  readonly credentials: { readonly [P in Provider]: Contract.ClientCredentials }
  /** The year that the world holds before its clock goes on. */
  readonly year: { readonly start: DateTime.Utc; readonly end: DateTime.Utc; readonly timeZone: string }
  /** The sandbox's own clock. */
  readonly clock: Contract.SandboxClock
  /** Tokens and consent. */
  readonly tokens: Contract.SandboxTokens
  /** Changes to the plays. */
  readonly listening: Contract.SandboxListening
  /** The playlists of Spotify, and changes that other apps make to them. */
  readonly playlists: Contract.SandboxPlaylists
  /** Changes to the calendars. */
  readonly calendar: Contract.SandboxCalendar
  /** Changes to the ring's records. */
  readonly ring: Contract.SandboxRing
  /** The fault switches. */
  readonly faults: Contract.SandboxFaults
  /** The language model. */
  readonly model: SandboxModel
  /** What would be served now. */
  readonly truth: Contract.SandboxTruth
  /** Every request so far, oldest first (the last 50,000). */
  readonly requests: Effect.Effect<ReadonlyArray<Contract.LoggedRequest>>
}>()("glider/sandbox/Sandbox") {
  /** Starts the server on 127.0.0.1 and stops it with the scope, cutting what is still open. */
  static readonly layer = (options: Contract.SandboxOptions = {}): Layer.Layer<Sandbox, HttpServerError.ServeError> =>
    Layer.effect(Sandbox, start(options)).pipe(
      // Its spans would bear the codes and tokens of the sign-in in their URLs.
      Layer.provide(Layer.succeed(HttpMiddleware.TracerDisabledWhen, () => true))
    )
}

const addresses = (url: string): Contract.ProviderAddresses => ({
  spotify: {
    api_url: `${url}/spotify/v1`,
    authorize_url: `${url}${endpoints.spotify.authorize}`,
    token_url: `${url}${endpoints.spotify.token}`
  },
  google: {
    api_url: url,
    authorize_url: `${url}${endpoints.google.authorize}`,
    token_url: `${url}${endpoints.google.token}`,
    revoke_url: `${url}${endpoints.google.revoke}`
  },
  oura: {
    api_url: `${url}/oura/v2`,
    authorize_url: `${url}${endpoints.oura.authorize}`,
    token_url: `${url}${endpoints.oura.token}`,
    revoke_url: `${url}${endpoints.oura.revoke}`
  }
})

const start = Effect.fnUntraced(function*(options: Contract.SandboxOptions) {
  const begin = toInstant(options.start ?? yearEnd)
  if (begin === undefined) {
    return yield* Effect.die(`start is not an instant: ${String(options.start)}`)
  }
  const clock = yield* makeClock(begin, options.clock === "follow")
  const year = { start: DateTime.makeUnsafe(yearStart), end: DateTime.makeUnsafe(yearEnd), timeZone: home }
  const server = createServer({ keepAliveTimeout: 65_000 }) // longer than any client keeps an idle connection
  const http = yield* NodeHttpServer.make(() => server, {
    host: "127.0.0.1",
    port: options.port ?? 0,
    disablePreemptiveShutdown: true
  })
  yield* Effect.addFinalizer(() =>
    Effect.sync(() => {
      server.close()
      server.closeAllConnections() // idle connections of clients, and requests that hang on purpose
    })
  )
  const url = HttpServer.formatAddress(http.address)
  const parts = makeParts(options, clock, () => url)
  const providerAddresses = addresses(url)
  const sandbox = Sandbox.of({
    url,
    providerAddresses,
    credentials: parts.credentials,
    year,
    clock: { now: clock.now, set: clock.set, advance: clock.advance },
    tokens: parts.tokens.service,
    listening: parts.listening,
    playlists: parts.playlists,
    calendar: parts.calendars,
    ring: parts.ring,
    faults: parts.faults.service,
    model: {
      ...parts.model.script.service,
      key: parts.model.key,
      baseUrl: { openai: `${url}/model/openai/v1`, anthropic: `${url}/model/anthropic/v1` }
    },
    truth: parts.truth,
    requests: Effect.sync(parts.log.all)
  })
  const control = controlRoutes({
    ...sandbox,
    facts: () => ({
      url,
      year: { start: DateTime.formatIso(year.start), end: DateTime.formatIso(year.end), time_zone: year.timeZone },
      calendars: [...parts.calendars.calendarIds],
      playlists: [...parts.playlists.playlistIds],
      providers: {
        spotify: { ...providerAddresses.spotify },
        google: { ...providerAddresses.google },
        oura: { ...providerAddresses.oura }
      },
      model: { ...sandbox.model.baseUrl }
    })
  })
  yield* http.serve(yield* HttpRouter.toHttpEffect(Layer.mergeAll(providerRoutes(parts), control)))
  return sandbox
})

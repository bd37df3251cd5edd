import { NodeHttpClient, NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { DateTime, Duration, Effect, Layer, Option, Redacted, Ref, Stream } from "effect"
import { FetchHttpClient, type HttpClient } from "effect/http"
import { ChildProcess, ChildProcessSpawner } from "effect/process"
import { type ConnectionId, connectionId } from "../../src/domain/Connection.ts"
import { Provider } from "../../src/domain/Provider.ts"
import type { Fault } from "../../src/sandbox/FaultRules.ts"
import { Sandbox } from "../../src/sandbox/Sandbox.ts"
import { AccessTokens } from "../../src/services/AccessTokens.ts"
import { EventsListing, Google } from "../../src/services/Google.ts"
import { Oura } from "../../src/services/Oura.ts"
import { RequestTimeouts } from "../../src/services/ProviderHttp.ts"
import { Spotify } from "../../src/services/Spotify.ts"
import * as FastClock from "../support/FastClock.ts"
import { config, gates } from "../support/ProviderTest.ts"

const noon = "2026-11-20T12:00:00Z"

/** The sandbox's own tokens; a renewal is a new grant. */
const sandboxTokens = Layer.effect(
  AccessTokens,
  Effect.gen(function*() {
    const { tokens } = yield* Sandbox
    const issue = (connection: ConnectionId) =>
      Effect.map(
        tokens.issue(Provider.literals.find((name) => connection.startsWith(name)) ?? "spotify"),
        ({ accessToken }) => Redacted.make(accessToken)
      )
    const held = yield* Ref.make<ReadonlyMap<ConnectionId, Redacted.Redacted<string>>>(new Map())
    const renew = (connection: ConnectionId) =>
      Effect.tap(issue(connection), (token) => Ref.update(held, (before) => new Map([...before, [connection, token]])))
    return AccessTokens.of({
      get: (connection) =>
        Effect.flatMap(Ref.get(held), (tokensHeld) => {
          const token = tokensHeld.get(connection)
          return token === undefined ? renew(connection) : Effect.succeed(token)
        }),
      renew
    })
  })
)

const sandboxConfig = Layer.unwrap(
  Effect.map(
    Sandbox,
    ({ providerAddresses: { google, oura, spotify } }) =>
      config({ spotify: spotify.api_url, google: google.api_url, oura: oura.api_url })
  )
)

const clients = (transport: Layer.Layer<HttpClient.HttpClient>) =>
  Layer.mergeAll(Spotify.layer, Oura.layer, Google.layer).pipe(
    Layer.provide([transport, sandboxTokens, gates, sandboxConfig]),
    Layer.provideMerge(Sandbox.layer({ start: noon, ouraPageSize: { heartrate: 3000, documents: 7 } })),
    Layer.provideMerge(FastClock.layer(noon)),
    Layer.provideMerge(Layer.succeed(RequestTimeouts, { request: Duration.hours(2), total: Duration.hours(2) }))
  )

const spotifyId = connectionId("spotify", "me")
const ouraId = connectionId("oura", "me")
const googleId = connectionId("google", "me")

const plays = Effect.flatMap(Spotify, (spotify) => spotify.recentlyPlayed(spotifyId))

const sleep = Effect.flatMap(Oura, (oura) =>
  Effect.map(
    Stream.runCollect(oura.documents(ouraId, "daily_sleep", { startDate: "2026-10-01", endDate: "2026-11-19" })),
    (pages) => pages.flat()
  ))

/** The documents of the same days as the sandbox holds them. */
const nights = Effect.flatMap(
  Sandbox,
  ({ truth }) =>
    Effect.map(
      truth.oura("daily_sleep", { from: "2026-10-01", to: "2026-11-19" }),
      (held): ReadonlyArray<unknown> => held
    )
)

const heartrate = Effect.flatMap(Oura, (oura) =>
  Effect.map(
    Stream.runCollect(oura.heartrate(ouraId, {
      from: DateTime.makeUnsafe("2026-08-20T00:00:00Z"),
      to: DateTime.makeUnsafe(noon)
    })),
    (pages) => pages.flat()
  ))

const from = DateTime.makeUnsafe("2026-10-21T00:00:00Z")

/** All pages of a listing; the last page's token. */
const events = Effect.fnUntraced(function*(calendarId: string, listing: EventsListing) {
  const google = yield* Google
  const items: Array<unknown> = []
  for (let pageToken = Option.none<string>();;) {
    const page = yield* google.events(googleId, { calendarId, pageToken, listing, maxResults: 250 })
    items.push(...page.items)
    if (Option.isNone(page.nextPageToken)) return { items, syncToken: page.nextSyncToken }
    pageToken = page.nextPageToken
  }
})

/** What a client meets and must get over by itself. */
const passing: ReadonlyArray<Fault> = [
  { _tag: "Status", status: 500 },
  { _tag: "Status", status: 502, body: "html" },
  { _tag: "Status", status: 503, body: "empty" },
  { _tag: "Status", status: 429, retryAfter: { _tag: "Seconds", seconds: 7 } },
  { _tag: "Status", status: 429, retryAfter: { _tag: "Date", seconds: 30 } },
  { _tag: "Status", status: 429, retryAfter: { _tag: "Garbage", text: "later" } },
  { _tag: "Reset" },
  { _tag: "ResetMidBody" },
  { _tag: "Truncated" },
  { _tag: "MalformedJson" },
  { _tag: "Html" },
  { _tag: "WrongContentType" },
  { _tag: "TokenExpired" },
  { _tag: "TokenRevoked" }
]

for (
  const [name, transport] of [
    ["undici", NodeHttpClient.layerUndici],
    ["node:http", NodeHttpClient.layerNodeHttp],
    ["fetch", FetchHttpClient.layer]
  ] as const
) {
  describe(`the clients over ${name}`, () => {
    it.live("bring what the providers hold", () =>
      Effect.gen(function*() {
        const { calendar, truth } = yield* Sandbox
        assert.deepStrictEqual<ReadonlyArray<unknown>>(yield* plays, yield* truth.plays)
        assert.deepStrictEqual(yield* sleep, yield* nights)
        const rows = yield* heartrate
        const held = yield* truth.heartrate("2026-08-20T00:00:00Z", noon)
        assert.isAbove(held.length, 10_000)
        assert.deepStrictEqual(
          [...new Set(rows.map((row) => JSON.stringify(row)))],
          held.map((row) => JSON.stringify(row))
        )
        for (const calendarId of calendar.calendarIds) {
          const { items, syncToken } = yield* events(calendarId, EventsListing.Full({ timeMin: from }))
          assert.sameDeepMembers(
            items.filter((item) => !JSON.stringify(item).includes("\"status\":\"cancelled\"")),
            [...(yield* truth.events(calendarId, { timeMin: from }))]
          )
          assert.isTrue(Option.isSome(syncToken))
        }
      }).pipe(Effect.provide(clients(transport))))

    it.live("get over every fault that passes, one by one", () =>
      Effect.gen(function*() {
        const { faults, truth } = yield* Sandbox
        const slowDown: Fault = { _tag: "Status", status: 403, reason: "rateLimitExceeded" } // Google's own way
        for (const fault of [...passing, slowDown]) {
          yield* faults.script({ fault, provider: "google" })
          assert.isNotEmpty((yield* events("primary", EventsListing.Full({ timeMin: from }))).items)
        }
        for (const fault of passing) {
          yield* faults.script({ fault, provider: "spotify" }, { fault, provider: "oura" })
          assert.deepStrictEqual<ReadonlyArray<unknown>>(yield* plays, yield* truth.plays, JSON.stringify(fault))
          assert.deepStrictEqual(yield* sleep, yield* nights, JSON.stringify(fault))
        }
        assert.lengthOf(yield* faults.applied, passing.length * 3 + 1)
      }).pipe(Effect.provide(clients(transport))))
  })
}

describe("the clients over the wire", () => {
  it.live("see exactly what changed since a sync token, and that a dead one is dead", () =>
    Effect.gen(function*() {
      const { calendar } = yield* Sandbox
      const { syncToken } = yield* events("primary", EventsListing.Full({ timeMin: from }))
      const listing = EventsListing.Incremental({ syncToken: Option.getOrElse(syncToken, () => "") })
      assert.deepStrictEqual((yield* events("primary", listing)).items, [])
      const id = yield* calendar.addEvent({
        summary: "Tea",
        start: { dateTime: "2026-11-21T10:00:00Z" },
        end: { dateTime: "2026-11-21T11:00:00Z" }
      })
      const { items: [added] } = yield* events("primary", listing)
      assert.include(JSON.stringify(added), id)
      yield* calendar.invalidateSyncTokens()
      assert.strictEqual((yield* Effect.flip(events("primary", listing))).reason._tag, "CursorExpired")
      const garbage = EventsListing.Incremental({ syncToken: "not-a-token" })
      assert.strictEqual((yield* Effect.flip(events("primary", garbage))).reason._tag, "CursorExpired")
    }).pipe(Effect.provide(clients(NodeHttpClient.layerUndici))))

  it.live("ask Google through a library that writes no file and opens no connection of its own", () =>
    Effect.gen(function*() {
      const { string } = yield* ChildProcessSpawner.ChildProcessSpawner
      const printed = yield* string(ChildProcess.make(process.execPath, [
        "--permission",
        "--allow-fs-read=*",
        "--no-warnings",
        `${import.meta.dirname}/../support/GoogleAlone.ts`
      ]))
      assert.strictEqual(printed.trim(), "[{\"id\":\"a\"}]")
    }).pipe(Effect.provide(NodeServices.layer)))
})

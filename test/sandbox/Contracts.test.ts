import { assert, describe, it } from "@effect/vitest"
import { Effect, type Schema } from "effect"
import { existsSync, readFileSync } from "node:fs"
import { Sandbox } from "../../src/sandbox/Sandbox.ts"
import { ask, at, list, text, written } from "./Ask.ts"
import { type Allowance, differences } from "./SchemaWalker.ts"

const folder = new URL("../../../shared/contracts/", import.meta.url)
const absent = !existsSync(folder)

const contract = (name: string): Schema.Json => JSON.parse(readFileSync(new URL(name, folder), "utf8"))

const conforms = (
  document: Schema.Json,
  schemas: ReadonlyArray<string>,
  value: Schema.Json | undefined,
  schema: Schema.Json | undefined,
  allowance?: Allowance
): void => {
  assert.isDefined(schema)
  assert.deepStrictEqual(differences(document, schemas, value, schema, allowance).slice(0, 5), [])
}

/** The typed branch of an Oura answer; the other is what `fields=` makes. */
const typed = (document: Schema.Json, path: string): Schema.Json | undefined => {
  const schema = at(document, "paths", path, "get", "responses", "200", "content", "application/json", "schema")
  return at(schema, "anyOf", 0) ?? schema
}

describe("the stand-ins against the providers' contracts", () => {
  it.effect.skipIf(absent)(
    "Oura's collections and documents have the types of its OpenAPI document",
    () =>
      Effect.gen(function*() {
        const document = contract("oura-api-v2.openapi-1.35.json")
        const { providerAddresses, tokens } = yield* Sandbox
        const { accessToken: token } = yield* tokens.issue("oura")
        const get = (path: string, query: Record<string, string> = {}) =>
          Effect.map(
            ask(`${providerAddresses.oura.api_url}/usercollection/${path}`, { token, query }),
            ({ json }) => json
          )
        const schemas = ["components", "schemas"]
        for (
          const type of [
            "daily_stress",
            "daily_activity",
            "daily_readiness",
            "daily_sleep",
            "daily_spo2",
            "sleep",
            "session",
            "workout"
          ]
        ) {
          const page = yield* get(type, { start_date: "2026-10-20", end_date: "2026-11-21" })
          assert.isNotEmpty(list(page, "data"), type)
          conforms(document, schemas, page, typed(document, `/v2/usercollection/${type}`))
          const one = yield* get(`${type}/${text(page, "data", 0, "id")}`)
          conforms(document, schemas, one, typed(document, `/v2/usercollection/${type}/{document_id}`))
        }
        const rows = yield* get("heartrate", {
          start_datetime: "2026-11-01T00:00:00Z",
          end_datetime: "2026-11-19T00:00:00Z"
        })
        conforms(document, schemas, rows, typed(document, "/v2/usercollection/heartrate"))
        conforms(document, schemas, yield* get("personal_info"), typed(document, "/v2/usercollection/personal_info"))
        const unread = yield* get("sleep", { start_date: "x" })
        const validation = at(document, "components", "schemas", "HTTPValidationError", "properties", "detail", "items")
        list(unread, "detail").forEach((detail) =>
          assert.deepStrictEqual(differences(document, schemas, detail, validation), [".input: unknown"])
        )
      }).pipe(Effect.provide(Sandbox.layer({ ouraPageSize: { documents: 20 } })))
  )

  it.effect.skipIf(absent)(
    "Google's lists and events have the types of its discovery document",
    () =>
      Effect.gen(function*() {
        const document = contract("google-calendar.v3.discovery.json")
        const { calendar, tokens, url } = yield* Sandbox
        const { accessToken: token } = yield* tokens.issue("google")
        const get = (path: string, query: Record<string, string> = {}) =>
          Effect.map(ask(`${url}/calendar/v3${path}`, { token, query }), ({ json }) => json)
        const schema = (name: string) => at(document, "schemas", name)
        conforms(document, ["schemas"], yield* get("/users/me/calendarList"), schema("CalendarList"))
        conforms(document, ["schemas"], yield* get("/calendars/primary"), schema("Calendar"))
        for (const calendarId of calendar.calendarIds) {
          for (const singleEvents of ["true", "false"]) {
            const path = `/calendars/${encodeURIComponent(calendarId)}/events`
            const page = yield* get(path, { singleEvents, showDeleted: "true", maxResults: "2500" })
            assert.isNotEmpty(list(page, "items"))
            conforms(document, ["schemas"], page, schema("Events"))
          }
        }
      }).pipe(Effect.provide(Sandbox.layer()))
  )

  it.effect.skipIf(absent)(
    "Spotify's feed has the types of its OpenAPI document, but for what is null in practice",
    () =>
      Effect.gen(function*() {
        const document = contract("spotify-web-api.official.openapi.json")
        const { clock, providerAddresses, tokens } = yield* Sandbox
        const schema = at(document, "components", "schemas", "CursorPagingPlayHistoryObject")
        const allowance: Allowance = {
          nullable: [
            ".next",
            ".cursors",
            ".items.context",
            ".items.track.preview_url",
            ...["id", "href"].map((key) => `.items.track.${key}`), // a local file has none of these
            ...["album_type", "href", "id", "release_date", "release_date_precision", "uri"].map((key) =>
              `.items.track.album.${key}`
            ),
            ...["href", "id", "uri"].map((key) => `.items.track.artists.${key}`)
          ],
          absent: ["available_markets", "total_tracks"] // development mode since 2026; local files
        }
        let local = 0
        for (let days = 0; days < 60; days += 2) {
          const { accessToken } = yield* tokens.issue("spotify")
          const page = yield* ask(`${providerAddresses.spotify.api_url}/me/player/recently-played`, {
            token: accessToken,
            query: { limit: "50" }
          })
          assert.isNotEmpty(list(page.json, "items"))
          local += list(page.json, "items").filter((item) => at(item, "track", "is_local") === true).length
          conforms(document, ["components", "schemas"], page.json, schema, allowance)
          yield* clock.advance("2 days")
        }
        assert.isAbove(local, 0)
      }).pipe(Effect.provide(Sandbox.layer({ start: "2026-09-01T20:00:00Z" })))
  )

  it.effect.skipIf(absent)(
    "Spotify's search and playlists have the types of its OpenAPI document",
    () =>
      Effect.gen(function*() {
        const document = contract("spotify-web-api.fixed.openapi.json")
        const { playlists, providerAddresses, tokens } = yield* Sandbox
        const { accessToken: token } = yield* tokens.issue("spotify", { scope: "playlist-read-private" })
        const get = (path: string, query: Record<string, string> = {}) =>
          Effect.map(ask(`${providerAddresses.spotify.api_url}${path}`, { token, query }), ({ json }) => json)
        const schemas = ["components", "schemas"]
        const [id = ""] = playlists.playlistIds
        const nullable = [".next", ".previous", ".preview_url"]
        const absentOnes = ["available_markets", "popularity", "track", "linked_from"]
        const kinds = [
          ["PagingPlaylistTrackObject", yield* get(`/playlists/${id}/items`), [".items.item.preview_url"]],
          ["PlaylistObject", yield* get(`/playlists/${id}`), [
            ".items.next",
            ".items.previous",
            ".items.items.item.preview_url"
          ]],
          ["PagingPlaylistObject", yield* get("/me/playlists"), []],
          [
            "PagingTrackObject",
            at(yield* get("/search", { q: "track:river", type: "track" }), "tracks"),
            [".items.preview_url"]
          ]
        ] as const
        for (const [name, json, more] of kinds) {
          const schema = at(document, ...schemas, name)
          conforms(document, schemas, json, schema, { nullable: [...nullable, ...more], absent: absentOnes })
        }
      }).pipe(Effect.provide(Sandbox.layer()))
  )

  it.effect.skipIf(absent)("the token endpoints give every error body that is on record", () =>
    Effect.gen(function*() {
      const document = contract("oauth-endpoints.json")
      const { wording } = yield* Effect.promise(() => import("../../src/sandbox/TokenEndpoint.ts"))
      for (const provider of ["spotify", "google"] as const) {
        const given = Object.values(wording[provider]).map(({ body, status }) => written({ status, body }))
        for (const error of list(document, provider, "errors")) {
          assert.include(given, written({ status: at(error, "status"), body: at(error, "body") }))
        }
      }
      for (const error of list(document, "oura", "errors")) {
        const same = Object.values(wording.oura).some(({ body, status }) =>
          typeof body === "object" && status === at(error, "status") && body["title"] === at(error, "body", "title") &&
          body["error"] === at(error, "body", "error")
        )
        assert.isTrue(same, written(error))
      }
    }))
})

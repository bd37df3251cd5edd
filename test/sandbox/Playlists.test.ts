import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { Sandbox } from "../../src/sandbox/Sandbox.ts"
import { ask, type Asking, at, list, text } from "./Ask.ts"

const everything = "playlist-read-private playlist-modify-private playlist-modify-public"

const asking = Effect.fnUntraced(function*(path: string, more: Asking & { readonly scope?: string } = {}) {
  const { providerAddresses, tokens } = yield* Sandbox
  const { scope = everything, ...rest } = more
  const { accessToken } = yield* tokens.issue("spotify", { scope })
  return yield* ask(`${providerAddresses.spotify.api_url}${path}`, { token: accessToken, ...rest })
})

const titles = (json: Parameters<typeof at>[0]) =>
  list(json, "tracks", "items").map((item) => `${text(item, "artists", 0, "name")} – ${text(item, "name")}`)

describe("the stand-in for Spotify's search", () => {
  it.effect("lists versions among the plain recording, five unless asked for and ten at most", () =>
    Effect.gen(function*() {
      const found = yield* asking("/search", { query: { q: "track:Karma Police artist:Radiohead", type: "track" } })
      assert.include(titles(found.json), "Radiohead – Karma Police")
      assert.isAbove(titles(found.json).filter((title) => title.startsWith("Radiohead – Karma Police")).length, 0)
      const many = yield* asking("/search", { query: { q: "the", type: "track" } })
      assert.lengthOf(list(many.json, "tracks", "items"), 5)
      assert.include(text(many.json, "tracks", "next"), "offset=5")
      assert.lengthOf(
        list((yield* asking("/search", { query: { q: "the", type: "track", limit: "10" } })).json, "tracks", "items"),
        10
      )
      const refused = yield* asking("/search", { query: { q: "the", type: "track", limit: "11" } })
      assert.deepStrictEqual(refused.json, { error: { status: 400, message: "Invalid limit" } })
    }).pipe(Effect.provide(Sandbox.layer())))

  it.effect("finds by the ISRC alone, without diacritics, and nothing when a field has another value", () =>
    Effect.gen(function*() {
      const one = yield* asking("/search", { query: { q: "track:Hoppipolla artist:Sigur Ros", type: "track" } })
      assert.include(titles(one.json), "Sigur Rós – Hoppípolla")
      const plain = list(one.json, "tracks", "items").find((item) => text(item, "name") === "Hoppípolla")
      const isrc = text(plain, "external_ids", "isrc")
      const by = yield* asking("/search", { query: { q: `isrc:${isrc}`, type: "track" } })
      assert.deepStrictEqual(titles(by.json), ["Sigur Rós – Hoppípolla"])
      const none = yield* asking("/search", { query: { q: "track:Hoppipolla artist:Radiohead", type: "track" } })
      assert.deepStrictEqual(titles(none.json), [])
      const track = yield* asking(`/tracks/${text(plain, "id")}`)
      assert.strictEqual(text(track.json, "external_ids", "isrc"), isrc)
      assert.strictEqual((yield* asking("/tracks/nonsense")).status, 400)
      assert.strictEqual((yield* asking("/tracks/AAAAAAAAAAAAAAAAAAAAAA")).status, 404)
    }).pipe(Effect.provide(Sandbox.layer())))
})

describe("the stand-in for Spotify's playlists", () => {
  it.effect("adds again what is there already, with another snapshot each time, and takes every occurrence out", () =>
    Effect.gen(function*() {
      const { listening, playlists } = yield* Sandbox
      const [id = ""] = playlists.playlistIds
      const [uri = ""] = listening.trackUris.slice(-1)
      const before = yield* playlists.tracksIn(id)
      const add = asking(`/playlists/${id}/items`, { body: { uris: [uri], position: 0 } })
      const [first, second] = [yield* add, yield* add]
      assert.deepStrictEqual([first.status, second.status], [201, 201])
      assert.notStrictEqual(text(first.json, "snapshot_id"), text(second.json, "snapshot_id"))
      assert.deepStrictEqual(yield* playlists.tracksIn(id), [uri, uri, ...before])
      const removed = yield* asking(`/playlists/${id}/items`, { method: "DELETE", body: { items: [{ uri }] } })
      assert.strictEqual(removed.status, 200)
      assert.deepStrictEqual(yield* playlists.tracksIn(id), before.filter((one) => one !== uri))
    }).pipe(Effect.provide(Sandbox.layer())))

  it.effect("pages through the whole of a long one, fifty at most", () =>
    Effect.gen(function*() {
      const { playlists } = yield* Sandbox
      const [, id = ""] = playlists.playlistIds
      const seen: Array<string> = []
      for (let offset = 0; offset < 250; offset += 50) {
        const page = yield* asking(`/playlists/${id}/items`, { query: { limit: "50", offset: String(offset) } })
        seen.push(...list(page.json, "items").map((item) => text(item, "item", "uri")))
        assert.strictEqual(at(page.json, "next") === null, offset === 200)
        assert.strictEqual(at(page.json, "total"), 250)
      }
      assert.deepStrictEqual(seen, [...yield* playlists.tracksIn(id)])
      assert.strictEqual((yield* asking(`/playlists/${id}/items`, { query: { limit: "51" } })).status, 400)
    }).pipe(Effect.provide(Sandbox.layer())))

  it.effect("refuses what the scope or the owner does not allow, the former addresses, and what is no track", () =>
    Effect.gen(function*() {
      const { listening, playlists } = yield* Sandbox
      const [id = "", , open = ""] = playlists.playlistIds
      const [uri = ""] = listening.trackUris
      const status = (path: string, more: Asking & { readonly scope?: string } = {}) =>
        Effect.map(asking(path, more), (answer) => answer.status)
      const body = { uris: [uri] }
      assert.strictEqual(yield* status(`/playlists/${id}/items`, { body, scope: "playlist-modify-public" }), 403)
      assert.strictEqual(yield* status(`/playlists/${open}/items`, { body, scope: "playlist-modify-public" }), 201)
      assert.strictEqual(yield* status(`/playlists/${playlists.foreignPlaylistId}/items`), 403)
      assert.strictEqual(yield* status(`/playlists/${playlists.foreignPlaylistId}/items`, { body }), 403)
      assert.strictEqual(yield* status(`/playlists/${id}/tracks`), 403)
      assert.strictEqual(yield* status(`/playlists/AAAAAAAAAAAAAAAAAAAAAA/items`), 404)
      assert.strictEqual(yield* status(`/playlists/${id}/items`, { body: { uris: ["spotify:track:made-up"] } }), 400)
      assert.strictEqual(yield* status(`/playlists/${id}/items`, { body: { uris: [uri], position: 999 } }), 400)
      assert.strictEqual(yield* status("/me/playlists", { scope: "user-read-recently-played" }), 403)
      const mine = yield* asking("/me/playlists")
      assert.lengthOf(list(mine.json, "items"), 4)
    }).pipe(Effect.provide(Sandbox.layer())))

  it.effect("bears the names of before 2026 when asked to", () =>
    Effect.gen(function*() {
      const { playlists } = yield* Sandbox
      const [id = ""] = playlists.playlistIds
      const page = yield* asking(`/playlists/${id}/items`)
      assert.isUndefined(at(page.json, "items", 0, "item"))
      assert.strictEqual(text(page.json, "items", 0, "track", "uri"), (yield* playlists.tracksIn(id))[0])
    }).pipe(Effect.provide(Sandbox.layer({ spotifyLegacyFields: true }))))
})

import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect, Option, Schema } from "effect"
import { Play, PlayFromSpotify } from "../../src/domain/Play.ts"

const decode = Schema.decodeUnknownEffect(PlayFromSpotify)

const item = {
  track: {
    album: {
      album_type: "album",
      id: "2up3OPMp9Tb4dAKM2erWXQ",
      name: "Quiet Rooms",
      release_date: "1981-12",
      release_date_precision: "month",
      artists: []
    },
    artists: [{
      id: "0TnOYISbd1XYRBk9myaseg",
      name: "Wim Mertens",
      type: "artist",
      uri: "spotify:artist:0TnOYISbd1XYRBk9myaseg"
    }],
    disc_number: 1,
    duration_ms: 207_959,
    explicit: false,
    external_ids: { isrc: "USVT10300001" },
    id: "11dFghVXANMlKmJXsNCbNl",
    is_local: false,
    name: "Struggle for Pleasure",
    preview_url: null,
    track_number: 1,
    type: "track",
    uri: "spotify:track:11dFghVXANMlKmJXsNCbNl"
  },
  played_at: "2026-11-08T00:43:42.942Z",
  context: { type: "album", uri: "spotify:album:2up3OPMp9Tb4dAKM2erWXQ", href: "https://x", external_urls: {} }
}

const local = {
  ...item,
  context: null,
  track: {
    album: { id: null, name: "Demo 2019", artists: [] },
    artists: [{ id: null, name: "Kapela Sousedi", type: "artist", uri: null }],
    duration_ms: 214_000,
    id: null,
    is_local: true,
    name: "Zkouška ve sklepě",
    type: "track",
    uri: "spotify:local:Kapela+Sousedi:Demo+2019:Zkou%C5%A1ka:214"
  }
}

describe("domain/Play", () => {
  it.effect("reads a play of the 2026 shape", () =>
    Effect.gen(function*() {
      const play = yield* decode(item)
      assert.deepStrictEqual(
        play,
        new Play({
          kind: "track",
          uri: "spotify:track:11dFghVXANMlKmJXsNCbNl",
          playedAt: DateTime.makeUnsafe("2026-11-08T00:43:42.942Z"),
          id: Option.some("11dFghVXANMlKmJXsNCbNl"),
          name: Option.some("Struggle for Pleasure"),
          artistNames: ["Wim Mertens"],
          artistIds: ["0TnOYISbd1XYRBk9myaseg"],
          albumName: Option.some("Quiet Rooms"),
          albumId: Option.some("2up3OPMp9Tb4dAKM2erWXQ"),
          durationMillis: Option.some(207_959),
          explicit: Option.some(false),
          popularity: Option.none(),
          contextUri: Option.some("spotify:album:2up3OPMp9Tb4dAKM2erWXQ")
        })
      )
    }))

  it.effect("reads the shape of before 2026, with popularity and markets", () =>
    Effect.gen(function*() {
      const old = { ...item, track: { ...item.track, popularity: 61, available_markets: ["CZ"], linked_from: {} } }
      assert.deepStrictEqual((yield* decode(old)).popularity, Option.some(61))
    }))

  it.effect("reads an answer that says item where it said track", () =>
    Effect.gen(function*() {
      const { track, ...rest } = item
      assert.deepStrictEqual(yield* decode({ ...rest, item: track }), yield* decode(item))
    }))

  it.effect("keeps local files, which have no ids", () =>
    Effect.gen(function*() {
      const play = yield* decode(local)
      assert.strictEqual(play.kind, "local")
      assert.deepStrictEqual(play.id, Option.none())
      assert.deepStrictEqual(play.artistNames, ["Kapela Sousedi"])
      assert.deepStrictEqual(play.artistIds, [])
      assert.deepStrictEqual(play.albumId, Option.none())
      assert.strictEqual(play.key[1], local.track.uri)
    }))

  it.effect("keeps episodes, which have neither album nor artists", () =>
    Effect.gen(function*() {
      const track = {
        type: "episode",
        id: "5Xt5DXGzch68nYYamXrNxZ",
        uri: "spotify:episode:5Xt5DXGzch68nYYamXrNxZ",
        name: "12"
      }
      const play = yield* decode({ ...item, track })
      assert.strictEqual(play.kind, "episode")
      assert.deepStrictEqual(play.artistNames, [])
      assert.deepStrictEqual(play.albumName, Option.none())
    }))

  it.effect("makes the uri from the id where there is none", () =>
    Effect.gen(function*() {
      const play = yield* decode({ ...item, track: { ...item.track, uri: null } })
      assert.strictEqual(play.uri, "spotify:track:11dFghVXANMlKmJXsNCbNl")
    }))

  it.effect("gives one instant one key, with its fraction or without", () =>
    Effect.gen(function*() {
      const short = yield* decode({ ...item, played_at: "2026-11-08T00:43:42Z" })
      const long = yield* decode({ ...item, played_at: "2026-11-08T00:43:42.000Z" })
      assert.deepStrictEqual(short.key, long.key)
      assert.deepStrictEqual(short.key, [1_794_098_622_000, "spotify:track:11dFghVXANMlKmJXsNCbNl"])
    }))

  it.effect("leaves names as they were sent: right to left, emoji, composed or not", () =>
    Effect.gen(function*() {
      for (const name of ["مقطوعة", "👩‍👩‍👧‍👦 family", "Cafe\u0301", "Caf\u00e9", "  spaces  "]) {
        const play = yield* decode({ ...item, track: { ...item.track, name } })
        assert.deepStrictEqual(play.name, Option.some(name))
      }
    }))

  it.effect.prop(
    "tells plays apart by instant and full uri, and by nothing else",
    { a: Play, b: Play },
    ({ a, b }) => {
      const same = a.playedAt.epochMilliseconds === b.playedAt.epochMilliseconds && a.uri === b.uri
      return Effect.sync(() => {
        assert.strictEqual(a.key.join("|") === b.key.join("|"), same)
        assert.deepStrictEqual(new Play({ ...b, playedAt: a.playedAt, uri: a.uri }).key, a.key)
      })
    }
  )

  it.effect("refuses what tells neither when nor what", () =>
    Effect.gen(function*() {
      const { track: _, ...trackless } = item
      const bad = [
        { ...item, played_at: null },
        { ...item, played_at: "yesterday" },
        { ...item, played_at: "2026-11-08T00:43:42" },
        { ...item, track: null },
        trackless,
        { ...item, track: { ...item.track, uri: null, id: null } }
      ]
      for (const each of bad) assert.isTrue((yield* Effect.exit(decode(each)))._tag === "Failure")
    }))
})

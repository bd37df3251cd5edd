import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect, Option, Schema } from "effect"
import { StreamedPlayFromExport } from "../../src/domain/StreamedPlay.ts"
import { streamed } from "../support/Histories.ts"

const decode = Schema.decodeUnknownEffect(StreamedPlayFromExport)

const ended = "2026-03-10T10:03:00Z"

describe("domain/StreamedPlay", () => {
  it.effect("is told apart by its end, its address and its length, whatever else a later export says", () =>
    Effect.gen(function*() {
      const one = yield* decode(streamed("a", ended, 180_000))
      const later = yield* decode({
        ts: ended,
        ms_played: 180_000,
        spotify_track_uri: "spotify:track:a",
        username: "x"
      })
      assert.deepStrictEqual(one.key, [DateTime.makeUnsafe(ended).epochMilliseconds, "spotify:track:a", 180_000])
      assert.deepStrictEqual(later.key, one.key)
    }))

  it.effect("is of a track, an episode, a chapter of a book or a file of the person's own", () =>
    Effect.gen(function*() {
      const of = (more: { readonly [name: string]: unknown }) =>
        Effect.map(
          decode(streamed("a", ended, 1, { spotify_track_uri: null, ...more })),
          ({ artist, kind, name, uri }) => [kind, uri, Option.getOrNull(name), Option.getOrNull(artist)]
        )
      assert.deepStrictEqual(
        yield* of({ spotify_episode_uri: "spotify:episode:e", episode_name: "One", episode_show_name: "Show" }),
        ["episode", "spotify:episode:e", "One", "Show"]
      )
      assert.deepStrictEqual(
        yield* of({
          audiobook_chapter_uri: "spotify:chapter:c",
          audiobook_chapter_title: "1",
          audiobook_title: "Book"
        }),
        ["episode", "spotify:chapter:c", "1", "Book"]
      )
      assert.deepStrictEqual(
        yield* of({ spotify_track_uri: "spotify:local:Can:Demo:a:180" }),
        ["local", "spotify:local:Can:Demo:a:180", "a", "Can"]
      )
      assert.isTrue((yield* Effect.exit(of({})))._tag === "Failure")
    }))

  it.effect("knows when it was heard offline, in seconds or in milliseconds, where it was", () =>
    Effect.gen(function*() {
      const of = (more: { readonly [name: string]: unknown }) =>
        Effect.map(
          decode(streamed("a", ended, 1, more)),
          ({ offlineAt }) => Option.getOrNull(Option.map(offlineAt, DateTime.toEpochMillis))
        )
      assert.strictEqual(yield* of({ offline: true, offline_timestamp: 1_700_000_000 }), 1_700_000_000_000)
      assert.strictEqual(yield* of({ offline: true, offline_timestamp: 1_700_000_000_123 }), 1_700_000_000_123)
      assert.isNull(yield* of({ offline: false, offline_timestamp: 1_700_000_000 }))
      assert.isNull(yield* of({ offline: true, offline_timestamp: 0 }))
    }))
})

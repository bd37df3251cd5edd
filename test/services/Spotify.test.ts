import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer } from "effect"
import { TestClock } from "effect/testing"
import { connectionId } from "../../src/domain/Connection.ts"
import { Spotify } from "../../src/services/Spotify.ts"
import * as HttpStub from "../support/HttpStub.ts"
import { surroundings } from "../support/ProviderTest.ts"

const me = connectionId("spotify", "me")

const spotify = (...answers: ReadonlyArray<HttpStub.Answer>) =>
  Spotify.layer.pipe(Layer.provideMerge(HttpStub.layer(answers)), Layer.provide(surroundings))

const recentlyPlayed = Effect.flatMap(Spotify, (service) => service.recentlyPlayed(me))

/** A play as sent before February 2026, with what was removed since. */
const oldPlay = {
  track: { id: "t1", name: "Quiet Rooms", popularity: 12, available_markets: ["DE"], uri: "spotify:track:t1" },
  played_at: "2026-01-08T00:43:42.942Z",
  context: null
}

/** A play as sent since, with a field nobody knows. */
const newPlay = {
  track: { id: "t2", name: "Zoë 👩‍🚀 e\u0301", uri: "spotify:track:t2", tomorrow: { nested: [1, null] } },
  played_at: "2026-11-08T00:43:42Z"
}

describe("Spotify", () => {
  it.effect("asks once for the last 50 plays and gives them as sent, of the old shape and of the new", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* recentlyPlayed, [newPlay, oldPlay])
      const [request] = yield* HttpStub.requests
      assert.strictEqual(request?.path, "/v1/me/player/recently-played")
      assert.deepStrictEqual(request?.query, { limit: "50" })
    }).pipe(Effect.provide(spotify({
      json: {
        items: [newPlay, oldPlay],
        next: "https://x.test?before=1",
        cursors: { after: "2", before: "1" },
        limit: 50
      }
    }))))

  it.effect("takes an empty feed without cursors, and a private session's 204, for no plays", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* recentlyPlayed, [])
      assert.deepStrictEqual(yield* recentlyPlayed, [])
    }).pipe(Effect.provide(spotify({ json: { items: [], next: null, cursors: null } }, { status: 204 }))))

  it.effect("takes JSON of another shape for a failed request, and repeats it", () =>
    Effect.gen(function*() {
      const fiber = yield* Effect.forkChild(recentlyPlayed, { startImmediately: true })
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual(yield* Fiber.join(fiber), [oldPlay])
      assert.lengthOf(yield* HttpStub.requests, 4)
    }).pipe(
      Effect.provide(spotify({ json: { items: {} } }, { json: [] }, { json: null }, { json: { items: [oldPlay] } }))
    ))
})

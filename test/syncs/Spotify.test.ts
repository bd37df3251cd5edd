import { assert, layer } from "@effect/vitest"
import { DateTime, Effect, Layer, Metric, Option, Ref, Schema } from "effect"
import { NeedsAuth, ProviderError } from "../../src/domain/ProviderError.ts"
import { Spotify } from "../../src/services/Spotify.ts"
import { Surreal } from "../../src/services/Surreal.ts"
import { Instant } from "../../src/services/SurrealValue.ts"
import { Plays } from "../../src/store/Plays.ts"
import { SyncStates } from "../../src/store/SyncStates.ts"
import { spotifySync } from "../../src/syncs/Spotify.ts"
import { connected, countOf, runSync, syncedStore } from "./SyncTest.ts"

const table = "spotify_listening_history"

const play = (playedAt: string, id = "11dFghVXANMlKmJXsNCbNl") => ({
  played_at: playedAt,
  context: null,
  track: { type: "track", id, uri: `spotify:track:${id}`, name: "Song", artists: [{ id: "a", name: "A" }], album: null }
})

/** So many plays, a minute apart, the oldest at `from`; newest first. */
const plays = (count: number, from: string) =>
  Array.from(
    { length: count },
    (_, index) => play(DateTime.formatIso(DateTime.add(DateTime.makeUnsafe(from), { minutes: index })))
  ).toReversed()

/** Syncs against these answers, one after the other. */
const syncs = Effect.fnUntraced(function*(userId: string, ...answers: ReadonlyArray<ReadonlyArray<unknown>>) {
  const connection = connected("spotify", userId)
  const left = yield* Ref.make(answers)
  const spotify = Layer.mock(Spotify, {
    recentlyPlayed: () =>
      Ref.modify(left, ([first, ...rest]) => [first, rest]).pipe(
        Effect.flatMap((answer) => answer === undefined ? Effect.die("one request too many") : Effect.succeed(answer))
      )
  })
  const sync = yield* Effect.provide(spotifySync, spotify)
  const outcomes = yield* Effect.forEach(
    answers,
    () => Effect.map(runSync(sync, connection), ({ counts }) => counts[table])
  )
  return { connection, outcomes }
})

const gaps = Effect.fnUntraced(function*(connection: string) {
  const surreal = yield* Surreal
  return yield* surreal.query(
    Schema.Array(Schema.Struct({ from: Instant, to: Instant })),
    "SELECT from, to FROM sync_gap WHERE connection = $connection ORDER BY from",
    { connection }
  )
})

layer(syncedStore)("syncs/Spotify", (it) => {
  it.effect("stores a page once, however often it is read", () =>
    Effect.gen(function*() {
      const page = plays(50, "2026-11-08T10:00:00Z")
      const { connection, outcomes } = yield* syncs("twice", page, page)
      assert.deepStrictEqual(outcomes.map((counts) => [counts?.read, counts?.created, counts?.unchanged]), [
        [50, 50, 0],
        [50, 0, 50]
      ])
      assert.strictEqual(yield* countOf(table, connection), 50)
    }))

  it.effect("stores a play that surfaces late with an old time", () =>
    Effect.gen(function*() {
      const before = plays(20, "2026-11-08T10:00:00Z")
      const { outcomes } = yield* syncs("late", before, [...before, play("2026-11-08T07:00:00.123Z")])
      assert.strictEqual(outcomes[1]?.created, 1)
      assert.strictEqual(outcomes[1]?.gaps, 0)
    }))

  it.effect("keeps a short track played twice within 30 seconds, and two tracks of one instant", () =>
    Effect.gen(function*() {
      const { connection, outcomes } = yield* syncs("repeats", [
        play("2026-11-08T10:00:00.000Z"),
        play("2026-11-08T10:00:12.000Z"),
        play("2026-11-08T10:00:00.000Z", "2TpxZ7JUBn3uw46aR7qd6V")
      ])
      assert.strictEqual(outcomes[0]?.created, 3)
      assert.strictEqual(yield* countOf(table, connection), 3)
    }))

  it.effect("takes a play listed twice in one answer for one", () =>
    Effect.gen(function*() {
      const { connection, outcomes } = yield* syncs("double", [
        play("2026-11-08T10:00:00.000Z"),
        play("2026-11-08T10:00:00Z")
      ])
      assert.deepStrictEqual([outcomes[0]?.read, outcomes[0]?.created], [2, 1])
      assert.strictEqual(yield* countOf(table, connection), 1)
    }))

  it.effect("keeps a bad record aside and stores the rest", () =>
    Effect.gen(function*() {
      const items = [...plays(49, "2026-11-08T10:00:00Z"), { played_at: "2026-11-08T09:00:00Z", track: null }]
      const { connection, outcomes } = yield* syncs("bad", items, items)
      assert.deepStrictEqual([outcomes[0]?.created, outcomes[0]?.quarantined], [49, 1])
      assert.strictEqual(yield* countOf(table, connection), 49)
      assert.strictEqual(yield* countOf("quarantine", connection), 1)
    }))

  it.effect("keeps local files and episodes, and counts them by kind", () =>
    Effect.gen(function*() {
      const local = { type: "track", id: null, is_local: true, uri: "spotify:local:a:b:c:10", name: "Tape" }
      const episode = { type: "episode", id: "e", uri: "spotify:episode:e", name: "12" }
      const { connection } = yield* syncs("kinds", [
        { played_at: "2026-11-08T10:00:00Z", track: local },
        { played_at: "2026-11-08T11:00:00Z", track: episode },
        play("2026-11-08T12:00:00Z")
      ])
      const stored = yield* Effect.flatMap(Plays, (plays) =>
        plays.between(connection.id, {
          from: DateTime.makeUnsafe("2026-11-08T10:00:00Z"),
          to: DateTime.makeUnsafe("2026-11-08T12:00:00.001Z")
        }))
      assert.deepStrictEqual(stored.map(({ kind }) => kind), ["local", "episode", "track"])
      const snapshot = yield* Metric.snapshot
      const kinds = snapshot.filter(({ id }) => id === "glider_spotify_plays_total").map(({ attributes }) =>
        attributes?.["kind"]
      )
      assert.includeMembers(kinds, ["local", "episode", "track"])
    }))

  it.effect("stores the gap before a full page that does not reach back, and only once", () =>
    Effect.gen(function*() {
      const later = plays(50, "2026-11-08T14:00:00Z")
      const { connection, outcomes } = yield* syncs("gap", plays(50, "2026-11-08T10:00:00Z"), later, later)
      assert.deepStrictEqual(outcomes.map((counts) => counts?.gaps), [0, 1, 0])
      assert.deepStrictEqual(yield* gaps(connection.id), [{
        from: DateTime.makeUnsafe("2026-11-08T10:49:00Z"),
        to: DateTime.makeUnsafe("2026-11-08T14:00:00Z")
      }])
      const snapshot = yield* Metric.snapshot
      assert.isTrue(
        snapshot.some(({ attributes, id }) => id === "glider_gaps_total" && attributes?.["stream"] === table)
      )
    }))

  it.effect("takes an empty answer for no news, and remembers where it was", () =>
    Effect.gen(function*() {
      const { connection, outcomes } = yield* syncs("empty", plays(3, "2026-11-08T10:00:00Z"), [], [])
      assert.deepStrictEqual(outcomes.map((counts) => counts?.deleted), [0, 0, 0])
      assert.strictEqual(yield* countOf(table, connection), 3)
      const state = yield* Effect.flatMap(SyncStates, (states) => states.spotify(connection.id))
      assert.deepStrictEqual(
        Option.flatMap(state, ({ latestPlayedAt }) => latestPlayedAt),
        Option.some(DateTime.makeUnsafe("2026-11-08T10:02:00Z"))
      )
    }))

  it.effect("goes on from a position that was written down, asking once", () =>
    Effect.gen(function*() {
      const connection = connected("spotify", "position")
      const asked = yield* Ref.make(0)
      const spotify = Layer.mock(Spotify, {
        recentlyPlayed: () => Effect.as(Ref.update(asked, (count) => count + 1), plays(3, "2026-11-08T10:00:00Z"))
      })
      const cut = yield* runSync(yield* Effect.provide(spotifySync, spotify), connection, { pages: 0 })
      assert.deepStrictEqual([cut.reached.length, yield* Ref.get(asked)], [1, 0])
      const rest = yield* runSync(yield* Effect.provide(spotifySync, spotify), connection, { from: cut.reached[0] })
      assert.deepStrictEqual([rest.counts[table]?.created, rest.reached, yield* Ref.get(asked)], [3, [], 1])
    }))

  it.effect("leaves everything as it was when Spotify refuses", () =>
    Effect.gen(function*() {
      const connection = connected("spotify", "refused")
      const error = new ProviderError({
        provider: "spotify",
        operation: "recently-played",
        reason: new NeedsAuth({ message: "sign in again" })
      })
      const sync = yield* Effect.provide(spotifySync, Layer.mock(Spotify, { recentlyPlayed: () => Effect.fail(error) }))
      assert.deepStrictEqual((yield* runSync(sync, connection)).errors, { [table]: "NeedsAuth" })
      assert.deepStrictEqual(
        yield* Effect.flatMap(SyncStates, (states) => states.spotify(connection.id)),
        Option.none()
      )
    }))
})

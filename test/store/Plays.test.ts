import { assert, layer } from "@effect/vitest"
import { DateTime, Effect, Layer, Option } from "effect"
import { connectionId } from "../../src/domain/Connection.ts"
import { Play } from "../../src/domain/Play.ts"
import { Commit } from "../../src/store/Commit.ts"
import { playRow, Plays, playsTable } from "../../src/store/Plays.ts"
import { Write } from "../../src/store/Write.ts"
import { storeTest } from "../support/StoreTest.ts"

const at = (text: string) => DateTime.makeUnsafe(text)
const me = connectionId("spotify", "me")

const play = (playedAt: string, uri = "spotify:track:a", more: Partial<Play> = {}) =>
  new Play({
    kind: "track",
    uri,
    playedAt: at(playedAt),
    id: Option.some("a"),
    name: Option.some("Cafe\u0301 👩‍👩‍👧 مقطوعة"),
    artistNames: ["A", "B"],
    artistIds: ["a", "b"],
    albumName: Option.some("Album"),
    albumId: Option.some("album"),
    durationMillis: Option.some(207_959),
    explicit: Option.some(false),
    popularity: Option.some(61),
    contextUri: Option.some("spotify:album:album"),
    ...more
  })

const bare = {
  kind: "local",
  id: Option.none(),
  name: Option.none(),
  artistNames: [],
  artistIds: [],
  albumName: Option.none(),
  albumId: Option.none(),
  durationMillis: Option.none(),
  explicit: Option.none(),
  popularity: Option.none(),
  contextUri: Option.none()
} as const

const write = (...writes: ReadonlyArray<Write>) =>
  Effect.flatMap(
    Commit,
    (commit) => commit.page({ stream: playsTable, read: 0, writes, cursor: Option.none(), fraction: Option.none() })
  )

const upsert = (connection: typeof me, plays: ReadonlyArray<Play>) =>
  Write.Upsert({
    table: playsTable,
    rows: plays.map((play) => playRow(connection, play, { uri: play.uri, nothing: null })),
    listing: Option.none()
  })

const between = (from: string, to: string) =>
  Effect.flatMap(Plays, (plays) => plays.between(me, { from: at(from), to: at(to) }))

layer(Layer.mergeAll(Plays.layer, Commit.layer).pipe(Layer.provideMerge(storeTest)))("store/Plays", (it) => {
  it.effect("gives back every play as it was, in the order of time", () =>
    Effect.gen(function*() {
      const plays = [
        play("2026-11-08T00:00:00Z"),
        play("2026-11-08T00:00:00Z", "spotify:local:it's \"quoted\":⟩:`x`:1", bare),
        play("2026-11-08T00:00:00.001Z")
      ]
      yield* write(upsert(me, plays.toReversed()))
      const stored = yield* between("2026-11-08T00:00:00Z", "2026-11-08T00:00:01Z")
      assert.deepStrictEqual(stored, [...plays].toSorted((a, b) => a.key[0] - b.key[0] || (a.uri < b.uri ? -1 : 1)))
    }))

  it.effect("takes the beginning of a range in, leaves its end out, and shows no other account's plays", () =>
    Effect.gen(function*() {
      const times = ["2026-12-01T00:00:00Z", "2026-12-01T12:00:00Z", "2026-12-02T00:00:00Z"]
      yield* write(upsert(me, times.map((time) => play(time))))
      yield* write(upsert(connectionId("spotify", "me2"), [play("2026-12-01T13:00:00Z")]))
      const stored = yield* between("2026-12-01T00:00:00Z", "2026-12-02T00:00:00Z")
      assert.deepStrictEqual(stored.map(({ playedAt }) => playedAt), times.slice(0, 2).map(at))
    }))

  it.effect("does not show what is gone", () =>
    Effect.gen(function*() {
      const gone = play("2027-01-01T00:00:00Z")
      yield* write(upsert(me, [gone, play("2027-01-01T00:01:00Z")]))
      yield* write(Write.Tombstone({ table: playsTable, keys: [[me, ...gone.key]] }))
      assert.lengthOf(yield* between("2027-01-01T00:00:00Z", "2027-01-02T00:00:00Z"), 1)
    }))
})

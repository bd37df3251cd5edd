import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Layer, Option, Scope } from "effect"
import { anyDeadLetter } from "../../src/domain/DeadLetter.ts"
import { RunControl } from "../../src/engine/RunControl.ts"
import { Sandbox } from "../../src/sandbox/Sandbox.ts"
import { DeadLetters } from "../../src/store/DeadLetters.ts"
import { Runs } from "../../src/store/Runs.ts"
import { MusicBatch } from "../../src/workflows/MusicBatch.ts"
import { catalogueSongs } from "../support/CatalogueSongs.ts"
import { musicProcess, musicServices, musicWorld } from "../support/MusicWorld.ts"

type Payload = Parameters<typeof MusicBatch.execute>[0]

const noSuch = (number: number) => ({ track_name: `Xyzzy of the Unwritten Sea ${number}`, artist: "Nobody At All" })

/** A playlist, what is in it, and songs that are not. */
const playlist = Effect.gen(function*() {
  const { playlists } = yield* Sandbox
  const [id = ""] = playlists.playlistIds
  const before = yield* playlists.tracksIn(id)
  const songs = catalogueSongs.filter(({ uri }) => !before.includes(uri))
  const added = Effect.map(playlists.tracksIn(id), (all) => all.slice(before.length))
  return { id, before, songs, added }
})

const start = (batch: Payload) => MusicBatch.execute(batch, { discard: true })

const rowOf = (id: string) => Effect.map(Effect.flatMap(Runs, (runs) => runs.get(id)), Option.getOrThrow)

const childrenOf = Effect.fnUntraced(function*(id: string, count: number) {
  const runs = yield* Runs
  const rows = yield* Effect.forEach(Array.from({ length: count }, (_, index) => `${id}-track-${index}`), runs.get)
  return rows.flatMap((row) => Option.toArray(row))
})

const done = (id: string, count: number, least: number) =>
  Effect.repeat(
    Effect.map(childrenOf(id, count), (rows) => rows.filter(({ finishedAt }) => Option.isSome(finishedAt)).length),
    { until: (over) => over >= least }
  )

describe("a batch of songs", () => {
  it.live(
    "adds all that there are, a few at once and in groups, and tells of each what became of it",
    () =>
      Effect.gen(function*() {
        const { added, id, songs } = yield* playlist
        const tracks = songs.slice(0, 25).map(({ track }, index) => index === 4 || index === 17 ? noSuch(index) : track)
        const batch: Payload = { key: "25", tracks, playlist_id: id, group_pause_seconds: 1 }
        const result = yield* MusicBatch.execute(batch)
        assert.deepInclude(result, { total_tracks: 25, successful_syncs: 23, failed_syncs: 2 })
        const run = yield* MusicBatch.executionId(batch)
        assert.deepStrictEqual(
          result.individual_results.map((
            { index, run_id, status, track }
          ) => [index, run_id, status, track.track_name]),
          tracks.map((track, index) => [
            index,
            `${run}-track-${index}`,
            index === 4 || index === 17 ? "failed" : "completed",
            track.track_name
          ])
        )
        assert.strictEqual(result.individual_results[4]?.message, "Spotify finds nothing by that name")
        const uris = yield* added
        assert.lengthOf(uris, 23)
        assert.strictEqual(new Set(uris).size, 23)
        assert.deepStrictEqual(
          uris.toSorted(),
          result.individual_results.flatMap(({ spotify_track_uri = [] }) => spotify_track_uri).toSorted()
        )
        const rows = yield* childrenOf(run, 25)
        const instants = rows.map(({ finishedAt, parent, startedAt }) => {
          assert.deepStrictEqual(parent, Option.some(run))
          return { from: startedAt.epochMilliseconds, to: Option.getOrThrow(finishedAt).epochMilliseconds }
        })
        const atOnce = instants.map(({ from }) => instants.filter((one) => one.from <= from && from < one.to).length)
        assert.isAtMost(Math.max(...atOnce), 2)
        const { entries } = Option.getOrThrow(yield* (yield* Runs).history(run))
        assert.deepStrictEqual(
          entries.flatMap((entry) => entry._tag === "Timer" && entry.name.includes("pause") ? [entry.name] : []),
          ["DurableClock/pause 1", "DurableClock/pause 2"]
        )
        const row = yield* rowOf(run)
        assert.strictEqual(row.status, "partial")
        assert.include(Option.getOrThrow(row.error).message, "2 of 25 tracks were not added")
        assert.deepInclude(row.progress, { done: 25, total: 25, message: "25 of 25 tracks are done" })
        const letters = yield* (yield* DeadLetters).list({ filter: anyDeadLetter, after: Option.none(), limit: 10 })
        assert.deepStrictEqual(
          letters.letters.map(({ id }) => id).toSorted(),
          [`run:${run}-track-17`, `run:${run}-track-4`]
        )
      }).pipe(Effect.provide(musicWorld)),
    60_000
  )

  it.live(
    "of all or nothing takes out what it had added when one fails, and leaves what was there before",
    () =>
      Effect.gen(function*() {
        const { added, id, songs } = yield* playlist
        const tracks = songs.slice(0, 4).map(({ track }) => track)
        const [first] = tracks
        assert.isDefined(first)
        yield* MusicBatch.execute({ key: "before", tracks: [first], playlist_id: id })
        const before = yield* added
        assert.lengthOf(before, 1)
        const batch: Payload = { key: "all", tracks: [...tracks, noSuch(1), ...tracks], playlist_id: id, atomic: true }
        const error = yield* Effect.flip(MusicBatch.execute(batch))
        assert.strictEqual(error._tag, "BatchFailed")
        assert.match(
          error.message,
          /^none of the 9 tracks stays, for not all could be added; 4 \(Xyzzy of the Unwritten Sea 1/
        )
        assert.deepStrictEqual(yield* added, before)
        const letters = yield* (yield* DeadLetters).list({ filter: anyDeadLetter, after: Option.none(), limit: 10 })
        assert.deepStrictEqual(letters.letters.map(({ id }) => id), [`run:${yield* MusicBatch.executionId(batch)}`])
      }).pipe(Effect.provide(musicWorld)),
    60_000
  )

  it.live(
    "that is cancelled begins no more, takes back what is under way, and leaves what was done",
    () =>
      Effect.gen(function*() {
        const { added, id, songs } = yield* playlist
        const { faults, requests } = yield* Sandbox
        const control = yield* RunControl
        const tracks = songs.slice(0, 6).map(({ track }) => track)
        const run = yield* start({ key: "cancelled", tracks, playlist_id: id, concurrency: 1, group_size: 3 })
        yield* done(run, 6, 1)
        yield* faults.script({ fault: { _tag: "Slow", seconds: 1 }, provider: "spotify", path: "/items" })
        yield* Effect.repeat(requests, { until: (all) => all.some(({ fault }) => fault === "Slow") })
        assert.isTrue(yield* control.cancel(run, "safe"))
        assert.strictEqual(Option.getOrThrow(yield* control.ended(run)).state, "cancelled")
        const rows = yield* childrenOf(run, 6)
        assert.isBelow(rows.length, 6)
        const completed = rows.filter(({ status }) => status === "completed")
        assert.isTrue(rows.every(({ status }) => status === "completed" || status === "cancelled"))
        assert.lengthOf(rows.filter(({ status }) => status === "cancelled"), 1)
        assert.isAtLeast(completed.length, 1)
        assert.lengthOf(yield* added, completed.length)
      }).pipe(Effect.provide(musicWorld)),
    60_000
  )

  it.live(
    "does not wait with the others for a song that waits for a person, and with its end it does",
    () =>
      Effect.gen(function*() {
        const { added, id, songs } = yield* playlist
        const [one, two] = songs.map(({ track }) => track)
        assert.isDefined(one)
        assert.isDefined(two)
        const demo = { track_name: "Teardrop (Demo)", artist: "Massive Attack" }
        const batch: Payload = { key: "r", tracks: [demo, one, two], playlist_id: id, concurrency: 1, group_size: 2 }
        const run = yield* start({ ...batch, group_pause_seconds: 0 })
        yield* done(run, 3, 2)
        const waits = Effect.map(rowOf(run), ({ progress, state }) => [state, progress] as const)
        const [, progress] = yield* Effect.repeat(waits, {
          until: ([state, said]) => state === "waiting" && JSON.stringify(said).includes("2 of 3")
        })
        assert.deepInclude(progress, { message: "2 of 3 tracks are done, 1 of them wait, as for a person" })
        assert.lengthOf(yield* added, 2)
        assert.isTrue(yield* (yield* RunControl).signal(`${run}-track-0`, "review", "approved"))
        yield* (yield* RunControl).ended(run)
        assert.strictEqual((yield* rowOf(run)).status, "completed")
        assert.lengthOf(yield* added, 3)
      }).pipe(Effect.provide(musicWorld)),
    60_000
  )

  it.live("goes on in the next process, and adds nothing twice", () =>
    Effect.gen(function*() {
      const { added, id, songs } = yield* playlist
      const tracks = songs.slice(0, 8).map(({ track }) => track)
      const batch: Payload = { key: "restart", tracks, playlist_id: id, group_size: 4, group_pause_seconds: 1 }
      const first = yield* Scope.make()
      const services = yield* Layer.buildWithScope(Layer.fresh(musicProcess), first)
      const run = yield* Effect.provide(start(batch), services)
      yield* done(run, 8, 2)
      yield* Scope.close(first, Exit.void)
      assert.isTrue(Option.isNone((yield* rowOf(run)).finishedAt))
      const result = yield* Effect.provide(MusicBatch.execute(batch), Layer.fresh(musicProcess))
      assert.deepInclude(result, { total_tracks: 8, successful_syncs: 8 })
      const uris = yield* added
      assert.lengthOf(uris, 8)
      assert.strictEqual(new Set(uris).size, 8)
    }).pipe(Effect.provide(musicServices)), 60_000)
})

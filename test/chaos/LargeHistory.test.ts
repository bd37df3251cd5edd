import { NodeServices } from "@effect/platform-node"
import { assert, layer } from "@effect/vitest"
import { Clock, Context, DateTime, Effect, Layer } from "effect"
import * as DurableEngine from "../../src/engine/DurableEngine.ts"
import { Candidates } from "../../src/imports/Candidates.ts"
import { draw } from "../../src/sandbox/Seeded.ts"
import { CrashPoint } from "../../src/services/CrashPoint.ts"
import { CandidateRows } from "../../src/store/CandidateRows.ts"
import { Commit } from "../../src/store/Commit.ts"
import { ImportCoverage } from "../../src/store/ImportCoverage.ts"
import { ListeningDays } from "../../src/store/ListeningDays.ts"
import * as Import from "../../src/workflows/Import.ts"
import { at, play, plays, spotify, stored } from "../records/RecordsWorld.ts"
import { killsOf, seed } from "../support/Chaos.ts"
import { fileIn, type Streamed, streamed, zipped } from "../support/Histories.ts"
import { storeTest } from "../support/StoreTest.ts"
import { temporaryFolder } from "../support/TemporaryFolder.ts"

class Folder extends Context.Service<Folder, string>()("glider/test/LargeHistory/Folder") {}

const world = Layer.unwrap(Effect.map(Folder, Import.layer)).pipe(
  Layer.provideMerge(DurableEngine.layer()),
  Layer.provideMerge(Candidates.layer),
  Layer.provideMerge(Layer.mergeAll(CandidateRows.layer, ImportCoverage.layer, Commit.layer, ListeningDays.layer)),
  Layer.provide(CrashPoint.layer),
  Layer.provideMerge(storeTest),
  Layer.provideMerge(Layer.effect(Folder, temporaryFolder)),
  Layer.provideMerge(NodeServices.layer)
)

const first = at("2015-01-01T06:00:00Z").epochMilliseconds

/** What somebody has heard, as the export tells it, and as the feed has told it in the last third of the time. */
const heard = (seed: number, count: number) => {
  const from = draw("history", seed)
  const streams: Array<Streamed> = []
  const polled: Array<ReturnType<typeof play>> = []
  let [now, counted, track] = [first, 0, "t0"]
  for (let index = 0; index < count; index++) {
    now += from.chance(0.06) ? from.int(600, 30_000) * 1000 : from.int(0, 4) * 1000
    if (!from.chance(0.06)) track = `t${from.int(0, 800)}`
    const seconds = from.chance(0.12) ? from.int(0, 29) : from.int(31, 320)
    const pause = from.chance(0.03) ? from.int(20, 900) * 1000 : 0
    const isPrivate = from.chance(0.02)
    const isEpisode = from.chance(0.01)
    const end = now + pause + seconds * 1000
    const uri = isEpisode ? `spotify:episode:${track}` : `spotify:track:${track}`
    streams.push(streamed(track, end, seconds * 1000, {
      incognito_mode: isPrivate,
      skipped: seconds < 30,
      ...isEpisode ? { spotify_track_uri: null, spotify_episode_uri: uri, episode_name: track } : {}
    }))
    if (seconds >= 30) {
      counted++
      if (!isPrivate && !isEpisode && index > count * 0.66 && from.chance(0.93)) {
        // the feed has stamped plays with their starts at first, and later with their ends
        const stamp = index < count * 0.83 ? now + from.int(0, 900) : end + from.int(0, 900)
        polled.push(play(track, DateTime.formatIso(DateTime.makeUnsafe(stamp)), { millis: seconds * 1000 }))
      }
    }
    now = end
  }
  return { streams, polled, counted }
}

layer(world, { excludeTestServices: true, timeout: "20 minutes" })("a history of many years", (it) => {
  it.effect("comes in once, is merged with what was polled, and loses and doubles nothing", () =>
    Effect.gen(function*() {
      const count = yield* killsOf(100_000)
      const { counted, polled, streams } = heard(yield* seed, count)
      for (let index = 0; index < polled.length; index += 50) yield* stored(plays, ...polled.slice(index, index + 50))
      const part = 16_000
      const archive = zipped(
        Array.from({ length: Math.ceil(count / part) }, (_, index) => [
          `Spotify Extended Streaming History/Streaming_History_Audio_${index}.json`,
          JSON.stringify(streams.slice(index * part, (index + 1) * part))
        ])
      )
      const imported = Effect.fnUntraced(function*(upload: string) {
        yield* fileIn(Import.uploadFolder(yield* Folder), upload, archive)
        const begun = yield* Clock.currentTimeMillis
        const result = yield* Import.Import.execute({ key: upload, upload, file: "history.zip", connection: spotify })
        const seconds = ((yield* Clock.currentTimeMillis) - begun) / 1000
        yield* Effect.logInfo(`${count} streams in ${seconds.toFixed(1)} s, ${(count / seconds).toFixed(0)} a second`)
        return result
      })
      const total = Effect.flatMap(
        ListeningDays,
        (days) => Effect.map(days.between(spotify, { from: 0, to: 4e12 }), (all) => all.length)
      )
      const one = yield* imported("one")
      assert.deepInclude(one, { records: count, created: count, quarantined: 0, failed: 0, review: 0 })
      assert.strictEqual(one.merged, polled.length)
      assert.strictEqual(one.counted, counted - polled.length)
      assert.strictEqual(yield* total, counted)
      const two = yield* imported("two")
      assert.deepInclude(two, { records: count, created: 0, updated: 0, unchanged: count, merged: 0, counted: 0 })
      assert.strictEqual(yield* total, counted)
      assert.lengthOf(yield* (yield* ImportCoverage).of(plays, spotify), 1)
    }))
})

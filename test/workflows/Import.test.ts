import { NodeServices } from "@effect/platform-node"
import { assert, layer } from "@effect/vitest"
import { Context, DateTime, Effect, FileSystem, Layer, Option, Schema } from "effect"
import * as DurableEngine from "../../src/engine/DurableEngine.ts"
import { RunControl } from "../../src/engine/RunControl.ts"
import { CandidateReviews } from "../../src/imports/CandidateReviews.ts"
import { Candidates } from "../../src/imports/Candidates.ts"
import { CrashPoint } from "../../src/services/CrashPoint.ts"
import { Surreal } from "../../src/services/Surreal.ts"
import type { SurrealError } from "../../src/services/SurrealError.ts"
import { CandidateRows } from "../../src/store/CandidateRows.ts"
import { Commit } from "../../src/store/Commit.ts"
import { Connections } from "../../src/store/Connections.ts"
import { ImportCoverage } from "../../src/store/ImportCoverage.ts"
import { ListeningDays } from "../../src/store/ListeningDays.ts"
import { Tracks } from "../../src/store/Tracks.ts"
import { candidateKeeper } from "../../src/workflows/CandidateKeeper.ts"
import * as Import from "../../src/workflows/Import.ts"
import { RunNews } from "../../src/workflows/RunNews.ts"
import { connection } from "../api/Served.ts"
import { at, play, plays, spotify, stored } from "../records/RecordsWorld.ts"
import { fileIn, streamed, zipped } from "../support/Histories.ts"
import { memoryStoreTest } from "../support/StoreTest.ts"
import { temporaryFolder } from "../support/TemporaryFolder.ts"
import { until } from "../support/Turns.ts"

class Folder extends Context.Service<Folder, string>()("glider/test/Import/Folder") {}

const world = Layer.unwrap(Effect.map(Folder, Import.layer)).pipe(
  Layer.provideMerge(DurableEngine.layer()),
  Layer.provideMerge(Layer.merge(Candidates.layer, CandidateReviews.layer)),
  Layer.provideMerge(
    Layer.mergeAll(CandidateRows.layer, ImportCoverage.layer, Commit.layer, ListeningDays.layer, Tracks.layer)
  ),
  Layer.provide(CrashPoint.layer),
  Layer.provideMerge(memoryStoreTest),
  Layer.provideMerge(Layer.effect(Folder, temporaryFolder)),
  Layer.provideMerge(NodeServices.layer)
)

/** The one account. */
const accounts = Layer.mock(Connections, {
  ofProvider: () =>
    Effect.succeed([{
      connection,
      refreshExpiresAt: Option.none(),
      tokens: { access_token: Option.none(), refresh_token: Option.none() },
      version: 1,
      lease: Option.none()
    }])
})

let number = 0

const uploaded = Effect.fnUntraced(function*(bytes: Uint8Array | string) {
  const upload = `upload-${number++}`
  const path = yield* fileIn(Import.uploadFolder(yield* Folder), upload, bytes)
  return { path, payload: { key: upload, upload, file: "my_spotify_data.zip", connection: spotify } }
})

const imported = Effect.fnUntraced(function*(bytes: Uint8Array | string) {
  const { payload } = yield* uploaded(bytes)
  return yield* Import.Import.execute(payload)
})

const name = (number: number) => `Spotify Extended Streaming History/Streaming_History_Audio_2026_${number}.json`

const clean = Effect.flatMap(Surreal, (surreal) =>
  Effect.forEach(
    [
      plays,
      "spotify_streaming_history",
      "candidate_review",
      "import_coverage",
      "listening_day",
      "listening_track",
      "quarantine",
      "first_record"
    ],
    (table) => surreal.execute(`DELETE ${table}`),
    { discard: true }
  ))

/** What is counted: when, for how many seconds, and what. */
const counted = Effect.flatMap(
  ListeningDays,
  (days) =>
    Effect.map(days.between(spotify, { from: 0, to: 4e12 }), (all) =>
      all.map(({ at, duration, uri }) => [
        DateTime.formatIso(DateTime.makeUnsafe(at)).slice(11, 19),
        duration / 1000,
        uri.split(":").at(-1)
      ]))
)

const query = <S extends Schema.Codec<unknown, unknown>>(shape: S, sql: string) =>
  Effect.flatMap(Surreal, (surreal) => surreal.query(Schema.Array(shape), sql))

const statuses = query(
  Schema.Tuple([Schema.String, Schema.String]),
  "SELECT VALUE [track_name ?? track_uri, status] FROM spotify_streaming_history"
)

layer(world, { excludeTestServices: true })("workflows/Import", (it) => {
  it.effect("brings what the feed has not given, counts what it has once, and brings nothing the second time", () =>
    Effect.gen(function*() {
      yield* clean
      yield* stored(plays, play("a", "2026-03-10T10:00:01.250Z"), play("b", "2026-03-10T10:03:00Z"))
      const history = JSON.stringify([
        streamed("a", "2026-03-10T10:03:00Z", 179_000),
        streamed("b", "2026-03-10T10:05:00Z", 120_000, { skipped: true, reason_end: "fwdbtn" }),
        streamed("c", "2026-03-10T10:09:00Z", 180_000),
        streamed("d", "2026-03-10T10:09:05Z", 5_000)
      ])
      const bytes = zipped([[name(0), history], ["ReadMeFirst.pdf", "%PDF"]])
      const first = yield* imported(bytes)
      assert.deepInclude(first, { files: 1, records: 4, created: 4, merged: 2, counted: 1, skipped: 1, review: 0 })
      const once = [["10:00:01", 179, "a"], ["10:03:00", 120, "b"], ["10:06:00", 180, "c"]]
      assert.deepStrictEqual(yield* counted, once)
      const second = yield* imported(bytes)
      assert.deepInclude(second, { records: 4, created: 0, unchanged: 4, merged: 0, counted: 0, skipped: 0 })
      assert.deepStrictEqual(yield* counted, once)
      assert.deepStrictEqual(yield* statuses, [["a", "merged"], ["b", "merged"], ["c", "processed"], ["d", "skipped"]])
    }))

  it.effect("leaves both originals as they were, each with the name of the other", () =>
    Effect.gen(function*() {
      yield* clean
      yield* stored(plays, play("a", "2026-03-10T10:00:00Z"))
      yield* imported(JSON.stringify([streamed("a", "2026-03-10T10:03:00Z", 180_000)]))
      const Both = Schema.Struct({ raw: Schema.Unknown, key: Schema.Unknown, other: Schema.Unknown })
      const [polled] = yield* query(Both, `SELECT _raw AS raw, record::id(id) AS key, streamed AS other FROM ${plays}`)
      const [stream] = yield* query(
        Both,
        "SELECT _raw AS raw, record::id(id) AS key, play AS other FROM spotify_streaming_history"
      )
      assert.deepStrictEqual(polled?.raw, { name: "a" })
      assert.deepStrictEqual(stream?.raw, streamed("a", "2026-03-10T10:03:00Z", 180_000))
      assert.deepStrictEqual([polled?.other, stream?.other], [stream?.key, polled?.key])
    }))

  it.effect("a play that is stamped with its end is counted from its start, also after a sync reads it again", () =>
    Effect.gen(function*() {
      yield* clean
      const polled = [play("a", "2026-03-10T10:03:00Z"), play("a", "2026-03-10T10:06:00Z")]
      yield* stored(plays, ...polled)
      yield* imported(JSON.stringify([
        streamed("a", "2026-03-10T10:03:00Z", 180_000),
        streamed("a", "2026-03-10T10:06:00Z", 180_000),
        streamed("b", "2026-03-10T10:09:00Z", 180_000)
      ]))
      const told = [["10:00:00", 180, "a"], ["10:03:00", 180, "a"], ["10:06:00", 180, "b"]]
      // which of the two ends is meant cannot be known here: what counts is that there are three, and none twice
      assert.lengthOf(yield* counted, 3)
      yield* clean
      yield* stored(plays, play("z", "2026-03-10T09:59:00Z"), ...polled)
      yield* imported(JSON.stringify([
        streamed("z", "2026-03-10T09:59:00Z", 180_000),
        streamed("a", "2026-03-10T10:03:00Z", 180_000),
        streamed("a", "2026-03-10T10:06:00Z", 180_000),
        streamed("b", "2026-03-10T10:09:00Z", 180_000)
      ]))
      assert.deepStrictEqual(yield* counted, [["09:56:00", 180, "z"], ...told])
      const changed = polled.map((row) => ({ ...row, raw: { name: "as it is called now" } }))
      assert.deepInclude(yield* stored(plays, ...changed), { updated: 2 })
      assert.deepStrictEqual(yield* counted, [["09:56:00", 180, "z"], ...told])
    }))

  it.effect("what a later sync brings of a day that was imported is merged with it", () =>
    Effect.gen(function*() {
      yield* clean
      const ended = DateTime.subtract(yield* DateTime.now, { days: 2 })
      const text = DateTime.formatIso(ended).replace(/\.\d+Z$/, "Z")
      yield* imported(JSON.stringify([streamed("a", text, 180_000), streamed("b", text, 60_000)]))
      assert.lengthOf(yield* counted, 2)
      const since = yield* DateTime.now
      const started = DateTime.subtract(at(text), { minutes: 3 })
      yield* stored(plays, play("a", DateTime.formatIso(DateTime.add(started, { milliseconds: 400 }))))
      assert.lengthOf(yield* counted, 3)
      const candidates = yield* Candidates
      assert.strictEqual(yield* candidates.reconsider(spotify, since), 2)
      assert.deepInclude(yield* candidates.process(), { merged: 1, counted: 1 })
      assert.lengthOf(yield* counted, 2)
      assert.deepStrictEqual(
        yield* query(Schema.String, `SELECT VALUE deleted_by FROM ${plays} WHERE deleted_at != NONE`),
        ["merge"]
      )
      assert.strictEqual(yield* candidates.reconsider(spotify, yield* DateTime.now), 0)
    }))

  it.effect("what a later sync brings is compared with all that it may be, also with what ended most of a day before", () =>
    Effect.gen(function*() {
      yield* clean
      const played = DateTime.subtract(yield* DateTime.now, { days: 2 })
      const text = (hours: number) => DateTime.formatIso(DateTime.subtract(played, { hours })).replace(/\.\d+Z$/, "Z")
      yield* imported(
        JSON.stringify([
          streamed("a", text(0), 60_000),
          streamed("b", text(20), 60_000),
          streamed("c", text(30), 60_000)
        ])
      )
      const since = yield* DateTime.now
      yield* stored(plays, play("d", text(0)), play("e", text(1)))
      assert.strictEqual(yield* (yield* Candidates).reconsider(spotify, since), 2)
      yield* (yield* Candidates).processAll()
    }))

  it.effect("what a process did not come to compare before it ended is compared by the next daemon", () =>
    Effect.gen(function*() {
      yield* clean
      const { comparedUntil } = yield* CandidateRows
      const ended = DateTime.subtract(yield* DateTime.now, { days: 2 })
      const text = DateTime.formatIso(ended).replace(/\.\d+Z$/, "Z")
      yield* imported(JSON.stringify([streamed("a", text, 180_000)]))
      const daemon = Effect.fnUntraced(function*(isDone: Effect.Effect<boolean, SurrealError>) {
        const keeper = candidateKeeper({ recovers: true }).pipe(Layer.provide([accounts, RunNews.layer]))
        yield* Effect.scoped(Effect.andThen(Layer.build(keeper), until(() => isDone)))
      })
      yield* daemon(Effect.map(comparedUntil(spotify), Option.isSome))
      // a sync has brought it, and nobody heard of that
      yield* stored(plays, play("a", DateTime.formatIso(DateTime.subtract(at(text), { minutes: 2, seconds: 59 }))))
      yield* daemon(
        Effect.map(statuses, (all) => all.some(([, status]) => status === "merged")).pipe(
          Effect.provideService(Surreal, yield* Surreal)
        )
      )
    }))

  it.effect("asks a person where two may be one, and does as they say", () =>
    Effect.gen(function*() {
      yield* clean
      // in the middle of the stream, of the same track: started again, or on another device
      yield* stored(plays, play("a", "2026-03-10T10:04:00Z"), play("b", "2026-03-10T12:04:00Z"))
      const history = [streamed("a", "2026-03-10T10:08:00Z", 480_000), streamed("b", "2026-03-10T12:08:00Z", 480_000)]
      assert.deepInclude(yield* imported(JSON.stringify(history)), { merged: 0, counted: 0, review: 2 })
      assert.lengthOf(yield* counted, 2)
      const reviews = yield* CandidateReviews
      const open = yield* reviews.list("open", 10)
      const [one, two] = [open[0]?.key ?? [], open[1]?.key ?? []]
      yield* reviews.answer(one, "approved")
      yield* reviews.answer(two, "rejected")
      assert.deepStrictEqual(yield* counted, [["10:04:00", 480, "a"], ["12:00:00", 480, "b"], ["12:04:00", 180, "b"]])
      assert.strictEqual((yield* Effect.flip(reviews.answer(one, "rejected"))).message, "it was approved before")
      assert.strictEqual(
        (yield* Effect.flip(reviews.answer(["x", 1, "y", 2], "approved"))).message,
        "nobody is asked about such a stream"
      )
      assert.deepStrictEqual(yield* reviews.list("open", 10), [])
      // a play that comes later asks nothing again that was answered
      const since = yield* DateTime.now
      yield* stored(plays, play("c", "2026-03-10T12:30:00Z"))
      const candidates = yield* Candidates
      yield* candidates.reconsider(spotify, since)
      yield* candidates.process()
      assert.strictEqual((yield* reviews.get(two)).state, "rejected")
      assert.lengthOf(yield* counted, 4)
      assert.deepStrictEqual((yield* reviews.get(one)).raw, { stream: history[0], play: { name: "a" } })
    }))

  it.effect("keeps what it cannot read with its place, and reads the rest", () =>
    Effect.gen(function*() {
      yield* clean
      const good = JSON.stringify(streamed("a", "2026-03-10T10:03:00Z", 180_000))
      const nobody = JSON.stringify({ ...streamed("x", "2026-03-10T10:06:00Z", 1), spotify_track_uri: null })
      const text = `[${good}, {"ts": oops}, 7, ${nobody}, {"ts": "yesterday"}]`
      assert.deepInclude(yield* imported(text), { records: 5, created: 1, quarantined: 4, counted: 1 })
      const kept = yield* query(
        Schema.Tuple([Schema.String, Schema.String]),
        "SELECT VALUE [problem, raw] FROM quarantine"
      )
      assert.lengthOf(kept, 4)
      const place = `my_spotify_data.zip, record 2, byte ${good.length + 3}`
      assert.deepInclude(kept, [`${place}: it is no JSON`, "\"{\\\"ts\\\": oops}\""])
    }))

  it.effect("a file that breaks off gives what is there, covers nothing, and the run is partial", () =>
    Effect.gen(function*() {
      yield* clean
      const text = JSON.stringify([
        streamed("a", "2026-03-10T10:03:00Z", 180_000),
        streamed("b", "2026-03-10T10:06:00Z", 180_000)
      ])
      const result = yield* imported(text.slice(0, -40))
      assert.deepInclude(result, { created: 1, quarantined: 1 })
      assert.match(result.faults[0] ?? "", /its end is missing/)
      assert.deepStrictEqual(yield* (yield* ImportCoverage).of(plays, spotify), [])
    }))

  it.effect("a part whose bytes are damaged gives what was read of it, the others all that they have, and the run is partial", () =>
    Effect.gen(function*() {
      yield* clean
      const day = (day: number) => JSON.stringify([streamed("a", `2026-03-${day}T10:00:00Z`, 60_000)])
      const result = yield* imported(zipped([[name(0), day(10), { sum: 1 }], [name(1), day(12)]]))
      assert.deepInclude(result, { files: 2, created: 2, counted: 2 })
      assert.lengthOf(result.faults, 1)
      assert.match(result.faults[0] ?? "", /_0\.json, byte \d+: its bytes are not those that were packed/)
      const covered = yield* (yield* ImportCoverage).of(plays, spotify)
      assert.deepStrictEqual(covered.map(({ to }) => DateTime.formatIso(DateTime.makeUnsafe(to)).slice(8, 13)), [
        "12T10"
      ])
    }))

  it.effect("covers the time of files that follow each other as one, and leaves out what lies between others", () =>
    Effect.gen(function*() {
      yield* clean
      const day = (day: number) =>
        JSON.stringify([
          streamed("a", `2026-03-${day}T10:00:00Z`, 60_000),
          streamed("b", `2026-03-${day}T20:00:00Z`, 60_000)
        ])
      yield* imported(zipped([[name(3), day(16)], [name(0), day(10)], [name(1), day(12)]]))
      const covered = yield* (yield* ImportCoverage).of(plays, spotify)
      assert.deepStrictEqual(
        covered.map(({ from, to }) => [from, to].map((at) => DateTime.formatIso(DateTime.makeUnsafe(at)).slice(8, 16))),
        [["10T09:59", "12T20:00"], ["16T09:59", "16T20:00"]]
      )
    }))

  it.effect("removes the file once it is read, and keeps it where it fails, for another try", () =>
    Effect.gen(function*() {
      yield* clean
      const fs = yield* FileSystem.FileSystem
      const good = yield* uploaded(JSON.stringify([streamed("a", "2026-03-10T10:03:00Z", 180_000)]))
      yield* Import.Import.execute(good.payload)
      assert.isFalse(yield* fs.exists(good.path))
      const bad = yield* uploaded("no export")
      const failed = yield* Effect.flip(Import.Import.execute(bad.payload))
      assert.include(failed.message, "it is neither a zip archive nor a list in JSON")
      assert.isTrue(yield* fs.exists(bad.path))
    }))

  it.effect("opens no file but those that were uploaded", () =>
    Effect.gen(function*() {
      const control = yield* RunControl
      for (const upload of ["../settings", "/etc/passwd", "a/b", ""]) {
        const input = { key: "k", upload, file: "f", connection: spotify }
        const refused = yield* Effect.flip(control.start("import", input, Option.none()))
        assert.strictEqual(refused._tag, "InvalidInput")
      }
    }))
})

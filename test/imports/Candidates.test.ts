import { assert, layer } from "@effect/vitest"
import { Clock, DateTime, Effect, Layer, Logger, Schema } from "effect"
import { TestClock } from "effect/testing"
import { StreamedPlayFromExport } from "../../src/domain/StreamedPlay.ts"
import { Candidates } from "../../src/imports/Candidates.ts"
import { CrashPoint } from "../../src/services/CrashPoint.ts"
import { Surreal } from "../../src/services/Surreal.ts"
import { CandidateRows } from "../../src/store/CandidateRows.ts"
import { Commit } from "../../src/store/Commit.ts"
import { ImportCoverage } from "../../src/store/ImportCoverage.ts"
import { streamedRow, streamedTable } from "../../src/store/StreamedPlays.ts"
import { play, plays, spotify, stored } from "../records/RecordsWorld.ts"
import { streamed } from "../support/Histories.ts"
import { memoryStoreTest } from "../support/StoreTest.ts"

const world = Candidates.layer.pipe(
  Layer.provideMerge(Layer.mergeAll(CandidateRows.layer, ImportCoverage.layer, Commit.layer)),
  Layer.provide(CrashPoint.layer),
  Layer.provideMerge(memoryStoreTest),
  Layer.provideMerge(Logger.layer([])) // what fails on purpose says so at length
)

const start = DateTime.makeUnsafe("2026-03-10T10:00:00Z").epochMilliseconds

const decode = Schema.decodeUnknownEffect(StreamedPlayFromExport)

/** Streams as an import has brought them, in an empty store. */
const brought = Effect.fnUntraced(function*(...names: ReadonlyArray<string>) {
  const surreal = yield* Surreal
  for (const table of [plays, streamedTable, "listening_day", "listening_track"]) {
    yield* surreal.execute(`DELETE ${table}`)
  }
  for (const [index, name] of names.entries()) {
    const raw = streamed(name, start + 240_000 * (index + 1), 240_000)
    yield* stored(streamedTable, streamedRow(spotify, yield* decode(raw), raw))
  }
})

const statuses = Effect.flatMap(
  Surreal,
  (surreal) => surreal.query(Schema.Array(Schema.String), `SELECT VALUE status FROM ${streamedTable}`)
)

const now = Effect.map(Clock.currentTimeMillis, (millis) => DateTime.makeUnsafe(millis))

layer(world)("imports/Candidates", (it) => {
  it.effect("looks at so many as it is asked to, and says whether there may be more", () =>
    Effect.gen(function*() {
      yield* brought("a", "b", "c")
      const candidates = yield* Candidates
      assert.deepInclude(yield* candidates.process(2), { counted: 2, hasMore: true })
      assert.deepStrictEqual(yield* statuses, ["processed", "processed", "new"])
      assert.deepInclude(yield* candidates.process(2), { counted: 1, hasMore: false })
      assert.deepInclude(yield* candidates.process(2), { counted: 0, hasMore: false })
    }))

  it.effect("takes up again what somebody took who is gone, all of it and not only the first, after ten minutes", () =>
    Effect.gen(function*() {
      yield* brought("a", "b", "c")
      const candidates = yield* Candidates
      const rows = yield* CandidateRows
      assert.lengthOf(yield* rows.claim(10, "gone", yield* now), 3)
      assert.deepInclude(yield* candidates.process(), { counted: 0 })
      assert.deepStrictEqual(yield* statuses, ["processing", "processing", "processing"])
      yield* TestClock.adjust("11 minutes")
      assert.deepInclude(yield* candidates.process(), { counted: 3 })
      assert.deepStrictEqual(yield* statuses, ["processed", "processed", "processed"])
    }))

  it.effect("gives up what was taken five times by nobody who came to an end", () =>
    Effect.gen(function*() {
      yield* brought("a", "b")
      const rows = yield* CandidateRows
      for (let attempt = 1; attempt <= 5; attempt++) {
        assert.lengthOf(yield* rows.claim(10, `gone ${attempt}`, yield* now), 2)
        yield* TestClock.adjust("11 minutes")
        yield* rows.recover(yield* now)
      }
      assert.deepStrictEqual(yield* statuses, ["failed", "failed"])
      assert.deepInclude(yield* rows.counts, { failed: 2, new: 0 })
    }))

  it.effect("a candidate that cannot be looked at has failed, and those beside it have not", () =>
    Effect.gen(function*() {
      yield* brought("a", "b")
      yield* stored(plays, play("x", "2026-03-10T10:00:00Z"))
      const surreal = yield* Surreal
      // the play of the first cannot be written: its name is refused
      yield* surreal.execute(`DEFINE FIELD OVERWRITE track_name ON ${plays} TYPE option<string> ASSERT $value != 'a'`)
      const candidates = yield* Candidates
      assert.deepInclude(yield* candidates.process(), { counted: 1, failed: 1 })
      assert.deepStrictEqual(yield* statuses, ["failed", "processed"])
      yield* surreal.execute(`DEFINE FIELD OVERWRITE track_name ON ${plays} TYPE option<string>`)
    }))
})

import { NodeServices } from "@effect/platform-node"
import { assert, layer } from "@effect/vitest"
import { Context, DateTime, Effect, Layer, Logger, Option, Schema } from "effect"
import { RunJournal } from "../../src/engine/JournalSurreal.ts"
import { Candidates } from "../../src/imports/Candidates.ts"
import { CrashPoint } from "../../src/services/CrashPoint.ts"
import { Surreal } from "../../src/services/Surreal.ts"
import { CandidateRows } from "../../src/store/CandidateRows.ts"
import { Commit } from "../../src/store/Commit.ts"
import { ImportCoverage } from "../../src/store/ImportCoverage.ts"
import { ListeningDays } from "../../src/store/ListeningDays.ts"
import * as Import from "../../src/workflows/Import.ts"
import { ChunkSize } from "../../src/workflows/ImportSteps.ts"
import { at, play, plays, spotify, stored } from "../records/RecordsWorld.ts"
import { begin, type Crash } from "../support/EngineLives.ts"
import { fileIn, streamed, zipped } from "../support/Histories.ts"
import { memoryStoreTest } from "../support/StoreTest.ts"
import { temporaryFolder } from "../support/TemporaryFolder.ts"

class Folder extends Context.Service<Folder, string>()("glider/test/ImportCrash/Folder") {}

const world = Layer.mergeAll(Candidates.layer, RunJournal.layer).pipe(
  Layer.provideMerge(Layer.mergeAll(CandidateRows.layer, ImportCoverage.layer, Commit.layer, ListeningDays.layer)),
  Layer.provide(CrashPoint.layer),
  Layer.provideMerge(memoryStoreTest),
  Layer.provideMerge(Layer.effect(Folder, temporaryFolder)),
  Layer.provideMerge(NodeServices.layer),
  Layer.provideMerge(Logger.layer([])) // that runs go on is told each time
)

const start = at("2026-03-10T08:00:00Z").epochMilliseconds

/** Ten streams of four minutes in two files, of which every second was polled. */
const parts = [0, 1].map((part) =>
  JSON.stringify(
    Array.from({ length: 5 }, (_, index) =>
      streamed(`t${part * 5 + index}`, start + (part * 5 + index + 1) * 240_000, 240_000))
  )
)

const archive = zipped(parts.map((text, part) => [`Streaming_History_Audio_2026_${part}.json`, text] as const))

const polled = [0, 2, 4, 6, 8].map((index) => {
  const row = play(`t${index}`, DateTime.formatIso(DateTime.makeUnsafe(start + index * 240_000 + 500)), {
    millis: 240_000
  })
  return row
})

let told = 0

/** An import whose process ends at a commit, and goes on in another one. */
const story = Effect.fnUntraced(function*(crash: Crash) {
  const surreal = yield* Surreal
  for (const table of [plays, "spotify_streaming_history", "import_coverage", "listening_day", "listening_track"]) {
    yield* surreal.execute(`DELETE ${table}`)
  }
  yield* stored(plays, ...polled)
  const folder = yield* Folder
  const journal = yield* RunJournal
  const upload = `story-${told++}`
  yield* fileIn(Import.uploadFolder(folder), upload, archive)
  const payload = { key: upload, upload, file: "history.zip", connection: spotify }
  const handlers = Import.layer(folder).pipe(Layer.provide(Layer.succeed(ChunkSize, 2)))
  const first = yield* begin(journal, { handlers, crash })
  const ended = yield* first.attempt(Import.Import.execute(payload))
  let result = Option.getOrUndefined(ended)
  if (result === undefined) {
    const second = yield* begin(journal, { handlers })
    result = yield* second.do(Import.Import.execute(payload))
    yield* second.stop
  } else yield* first.stop
  const days = yield* ListeningDays
  const rows = yield* surreal.query(
    Schema.Array(Schema.String),
    "SELECT VALUE status FROM spotify_streaming_history"
  )
  return {
    crashed: first.isDead(),
    records: result.records,
    counted: (yield* days.between(spotify, { from: 0, to: 4e12 })).map(({ uri }) => uri.split(":").at(-1)).join(" "),
    statuses: rows.toSorted().join(" "),
    covered: (yield* (yield* ImportCoverage).of(plays, spotify)).length
  }
})

layer(world, { excludeTestServices: true })("an import whose process ends", (it) => {
  for (const applied of [false, true]) {
    it.effect(`at any commit, ${applied ? "after" : "before"} the store has it, goes on where it was and loses nothing`, () =>
      Effect.gen(function*() {
        const found: Array<string> = []
        let commits = 0
        for (let crashed = true; crashed;) {
          const one = yield* story({ at: ++commits, applied })
          crashed = one.crashed
          const wrong = [
            one.records === 10 ? "" : `it tells of ${one.records} records`,
            one.counted === "t0 t1 t2 t3 t4 t5 t6 t7 t8 t9" ? "" : `it counts ${one.counted}`,
            one.statuses === `${"merged ".repeat(5)}${"processed ".repeat(5)}`.trim() ? "" : `they are ${one.statuses}`,
            one.covered === 1 ? "" : `it covers ${one.covered} stretches`
          ].filter((text) => text !== "")
          found.push(...wrong.map((text) => `commit ${commits}: ${text}`))
        }
        assert.deepStrictEqual(found, [])
        assert.isAbove(commits, 8)
      }))
  }
})

/** Writes the prepared store, as syncs would: `node Fill.ts <data folder>`. A process of its own, for a store is opened once. */
import { NodeRuntime, NodeServices } from "@effect/platform-node"
import { Array as Arr, DateTime, Effect, Layer, Option, type Schema } from "effect"
import { mkdirSync } from "node:fs"
import { CalendarEventFromGoogle } from "../../../../src/domain/CalendarEvent.ts"
import { HeartRateFromOura } from "../../../../src/domain/HeartRate.ts"
import { OuraDocument, type OuraDocumentType, type OuraRecord } from "../../../../src/domain/OuraDocument.ts"
import { PlayFromSpotify } from "../../../../src/domain/Play.ts"
import { RunJournal } from "../../../../src/engine/JournalSurreal.ts"
import { Surreal } from "../../../../src/services/Surreal.ts"
import { Commit } from "../../../../src/store/Commit.ts"
import { Connections } from "../../../../src/store/Connections.ts"
import { eventRow, eventsTable } from "../../../../src/store/GoogleEvents.ts"
import { Migrations } from "../../../../src/store/Migrations.ts"
import { documentRow, heartRateRow, ouraTable } from "../../../../src/store/OuraRecords.ts"
import { playRow, playsTable } from "../../../../src/store/Plays.ts"
import { type Row, Write } from "../../../../src/store/Write.ts"
import { type ReadRecord, readRecords } from "../../../../src/syncs/ReadRecords.ts"
import { accounts, connected } from "./Accounts.ts"
import { calendar, events } from "./Calendar.ts"
import { failed, gaps, unreadable } from "./Failures.ts"
import { plays } from "./Music.ts"
import { heartRates, nights, stress, workouts } from "./Ring.ts"

const [folder = ""] = process.argv.slice(2)
mkdirSync(folder, { recursive: true, mode: 0o700 })

const store = Migrations.layer.pipe(
  Layer.provideMerge(Surreal.layer({
    url: `rocksdb://${folder}/store`,
    namespace: "glider",
    database: "glider",
    credentials: Option.none()
  }))
)

const layer = Layer.mergeAll(Commit.layer, Connections.layer, RunJournal.layer).pipe(
  Layer.provideMerge(store),
  Layer.provide(NodeServices.layer)
)

/** Reads what a provider sends; all of it can be read. */
const read = <A>(schema: Schema.ConstraintDecoder<A>, items: ReadonlyArray<unknown>) => {
  const { records, unreadable: left } = readRecords(schema, items)
  if (left.length > 0) throw new Error(left.map(({ problem }) => problem).join("\n"))
  return records
}

const documents = (type: OuraDocumentType, all: ReadonlyArray<ReadRecord<OuraRecord>>) => ({
  table: ouraTable(type),
  rows: all.map(({ raw, record }) => documentRow(accounts.oura, record, raw))
})

const tables = (today: string): ReadonlyArray<{ readonly table: string; readonly rows: ReadonlyArray<Row> }> => [
  {
    table: eventsTable,
    rows: read(CalendarEventFromGoogle, events(today))
      .map(({ raw, record }) => eventRow(accounts.google, calendar, record, raw))
  },
  {
    table: playsTable,
    rows: read(PlayFromSpotify, plays).map(({ raw, record }) => playRow(accounts.spotify, record, raw))
  },
  {
    table: ouraTable("heartrate"),
    rows: read(HeartRateFromOura, heartRates).map(({ raw, record }) => heartRateRow(accounts.oura, record, raw))
  },
  documents("daily_stress", read(OuraDocument.daily_stress, stress)),
  documents("workout", read(OuraDocument.workout, workouts)),
  documents("sleep", read(OuraDocument.sleep, nights))
]

const fill = Effect.gen(function*() {
  const commit = yield* Commit
  const page = (stream: string, writes: ReadonlyArray<Write>) =>
    commit.page({ stream, read: 0, writes, cursor: Option.none(), fraction: Option.none() })
  yield* connected
  for (const { rows, table } of tables(DateTime.formatIsoDateUtc(yield* DateTime.now))) {
    for (const part of Arr.chunksOf(rows, 100)) {
      yield* page(table, [Write.Upsert({ table, rows: part, listing: Option.none() })])
    }
  }
  yield* page(playsTable, [unreadable, ...gaps])
  yield* failed
})

// an engine that was open keeps the process alive: the exit is explicit
NodeRuntime.runMain(Effect.provide(fill, layer), {
  teardown: (exit) => process.exit(exit._tag === "Success" ? 0 : 1)
})

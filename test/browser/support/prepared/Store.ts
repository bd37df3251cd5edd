/** Writes a store as syncs would, from what the providers send. In a process of its own, for a store is opened once. */
import { NodeRuntime, NodeServices } from "@effect/platform-node"
import { Array as Arr, DateTime, Effect, Layer, Option, type Schema } from "effect"
import { mkdirSync } from "node:fs"
import { CalendarEventFromGoogle } from "../../../../src/domain/CalendarEvent.ts"
import { HeartRateFromOura } from "../../../../src/domain/HeartRate.ts"
import { OuraDocument, type OuraRecord } from "../../../../src/domain/OuraDocument.ts"
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
import { readRecords } from "../../../../src/syncs/ReadRecords.ts"
import { accounts, calendar, connected, cursors } from "./Accounts.ts"

const documentTypes = ["daily_sleep", "daily_readiness", "daily_activity", "daily_stress", "sleep", "workout"] as const

/** What the providers send: all of it can be read. */
export interface Sent extends Partial<Record<typeof documentTypes[number], ReadonlyArray<unknown>>> {
  readonly events?: ReadonlyArray<unknown>
  readonly plays?: ReadonlyArray<unknown>
  readonly heartRates?: ReadonlyArray<unknown>
}

const read = <A>(schema: Schema.ConstraintDecoder<A>, items: ReadonlyArray<unknown> = []) => {
  const { records, unreadable } = readRecords(schema, items)
  if (unreadable.length > 0) throw new Error(unreadable.map(({ problem }) => problem).join("\n"))
  return records
}

const documents = (sent: Sent) =>
  documentTypes.map((type) => ({
    table: ouraTable(type),
    rows: read<OuraRecord>(OuraDocument[type], sent[type]).map(({ raw, record }) =>
      documentRow(accounts.oura, record, raw)
    )
  }))

const tables = (sent: Sent): ReadonlyArray<{ readonly table: string; readonly rows: ReadonlyArray<Row> }> => [
  {
    table: eventsTable,
    rows: read(CalendarEventFromGoogle, sent.events).map(({ raw, record }) =>
      eventRow(accounts.google, calendar, record, raw)
    )
  },
  {
    table: playsTable,
    rows: read(PlayFromSpotify, sent.plays).map(({ raw, record }) => playRow(accounts.spotify, record, raw))
  },
  {
    table: ouraTable("heartrate"),
    rows: read(HeartRateFromOura, sent.heartRates).map(({ raw, record }) => heartRateRow(accounts.oura, record, raw))
  },
  ...documents(sent)
]

const page = Effect.fnUntraced(function*(stream: string, writes: ReadonlyArray<Write>) {
  const commit = yield* Commit
  return yield* commit.page({ stream, read: 0, writes, cursor: Option.none(), fraction: Option.none() })
})

/** The store of the folder that the command line names: first what is sent, part by part, then what else there is. */
export const write = <E, F = never>(
  sent: Effect.Effect<ReadonlyArray<Sent>, E>,
  writes: ReadonlyArray<Write> = [],
  more: Effect.Effect<void, F, RunJournal | Commit | Surreal> = Effect.void
): void => {
  const [folder = ""] = process.argv.slice(2)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const surreal = Surreal.layer({
    url: `rocksdb://${folder}/store`,
    namespace: "glider",
    database: "glider",
    credentials: Option.none()
  })
  const layer = Layer.mergeAll(Commit.layer, Connections.layer, RunJournal.layer).pipe(
    Layer.provideMerge(Migrations.layer),
    Layer.provideMerge(surreal),
    Layer.provide(NodeServices.layer)
  )
  const filled = Effect.gen(function*() {
    yield* connected
    for (const { rows, table } of (yield* sent).flatMap(tables)) {
      for (const part of Arr.chunksOf(rows, 500)) {
        yield* page(table, [Write.Upsert({ table, rows: part, listing: Option.none() })])
      }
    }
    if (writes.length > 0) yield* page(playsTable, writes)
    const commit = yield* Commit
    for (const cursor of cursors(yield* DateTime.now)) {
      yield* commit.page({
        stream: cursor.table,
        read: 0,
        writes: [],
        cursor: Option.some(cursor),
        fraction: Option.none()
      })
    }
    yield* more
  })
  // an engine that was open keeps the process alive: the exit is explicit
  NodeRuntime.runMain(Effect.provide(filled, layer), {
    teardown: (exit) => process.exit(exit._tag === "Success" ? 0 : 1)
  })
}

/**
 * One round of the store's benchmark, in a process of its own: a durable store cannot be opened twice in one process.
 *
 * `node bench/StoreRound.ts <plays|heartrate> <records>` prints its `StoreFigures` as JSON on standard output.
 */
import { NodeRuntime, NodeServices } from "@effect/platform-node"
import { Array as Arr, Clock, Console, DateTime, Effect, FileSystem, Layer, Logger, Option, Schema } from "effect"
import { connectionId } from "../src/domain/Connection.ts"
import { PlayFromSpotify } from "../src/domain/Play.ts"
import { Sandbox } from "../src/sandbox/Sandbox.ts"
import { Surreal } from "../src/services/Surreal.ts"
import { Commit } from "../src/store/Commit.ts"
import { content } from "../src/store/CommitStatements.ts"
import { Migrations } from "../src/store/Migrations.ts"
import { playRow, playsTable } from "../src/store/Plays.ts"
import type { Row } from "../src/store/Write.ts"
import { readRecords } from "../src/syncs/ReadRecords.ts"
import { heartrate, type Load, pageOf } from "./Loads.ts"
import { StoreFigures, Workload } from "./StoreFigures.ts"

/** Records in a page: Oura's answers of 30 days of heart rate are larger, Spotify's smaller. */
const pageSize = 1000

/** Rows in one bare INSERT: the size at which the engine is fastest. */
const bareBatch = 500

/** The sandbox's year of plays, over and over, each time a year earlier. */
const plays = Effect.gen(function*() {
  const { truth, year } = yield* Sandbox
  const items = yield* truth.playsBetween(year.start, year.end)
  const connection = connectionId("spotify", "bench")
  const length = DateTime.toEpochMillis(year.end) - DateTime.toEpochMillis(year.start)
  const item = (index: number): unknown => {
    const play = Arr.getUnsafe(items, index % items.length)
    const at = DateTime.subtract(DateTime.makeUnsafe(String(play["played_at"])), {
      milliseconds: Math.floor(index / items.length) * length
    })
    return { ...structuredClone(play), played_at: DateTime.formatIso(at) }
  }
  return {
    table: playsTable,
    rows: (from, count) =>
      readRecords(PlayFromSpotify, Arr.makeBy(count, (index) => item(from + index))).records
        .map(({ raw, record }) => playRow(connection, record, raw))
  } satisfies Load
}).pipe(Effect.provide(Sandbox.layer()))

/** Adds up the time of the measured effects alone: as it passes, in milliseconds, and of all threads, in microseconds. */
const stopwatch = () => {
  let millis = 0
  let cpuMicros = 0
  return {
    millis: () => millis,
    cpuMicros: () => cpuMicros,
    measure: Effect.fnUntraced(function*<A, E, R>(effect: Effect.Effect<A, E, R>) {
      const before = yield* Clock.currentTimeNanos
      const cpu = process.cpuUsage()
      const result = yield* effect
      millis += Number((yield* Clock.currentTimeNanos) - before) / 1e6
      const { system, user } = process.cpuUsage(cpu)
      cpuMicros += system + user
      return result
    })
  }
}

const round = Effect.fn("bench.storeRound")(function*(workload: Workload, records: number) {
  const load = workload === "plays" ? yield* plays : heartrate
  const commit = yield* Commit
  const surreal = yield* Surreal
  const starts = Arr.makeBy(Math.ceil(records / pageSize), (index) => index * pageSize)
  const pages = (visit: (rows: ReadonlyArray<Row>) => Effect.Effect<void, unknown>) =>
    Effect.forEach(starts, (from) => Effect.suspend(() => visit(load.rows(from, Math.min(pageSize, records - from)))), {
      discard: true
    })

  const first = stopwatch()
  let created = 0
  yield* pages((rows) =>
    Effect.map(first.measure(commit.page(pageOf(load.table, rows))), (counts) => {
      created += counts.created
    })
  )
  const second = stopwatch()
  let unchanged = 0
  yield* pages((rows) =>
    Effect.map(second.measure(commit.page(pageOf(load.table, rows))), (counts) => {
      unchanged += counts.unchanged
    })
  )

  // What a program without Glider would do: the same rows, already made, into a table without a schema.
  const bare = stopwatch()
  let bytes = 0
  const at = yield* DateTime.now
  yield* surreal.execute("DEFINE TABLE bare SCHEMALESS")
  yield* pages((rows) => {
    const contents = rows.map((row) =>
      content({ _tag: "Upsert", table: "bare", rows, listing: Option.none() }, row, at)
    )
    bytes += contents.reduce((sum, row) => sum + JSON.stringify(row).length, 0)
    return Effect.forEach(
      Arr.chunksOf(contents, bareBatch),
      (batch) => bare.measure(surreal.execute("INSERT INTO bare $rows RETURN NONE", { rows: batch })),
      { discard: true }
    )
  })
  const perSecond = (millis: number) => Math.round(records / millis * 1000)
  const figures = new StoreFigures({
    created,
    unchanged,
    bytesPerRow: Math.round(bytes / records),
    firstPass: perSecond(first.millis()),
    secondPass: perSecond(second.millis()),
    bareInsert: perSecond(bare.millis()),
    cpuMicrosPerRecord: Math.round(first.cpuMicros() / records)
  })
  yield* Console.log(yield* Schema.encodeEffect(StoreFigures.json)(figures))
})

/** The store as `glider run` opens it: RocksDB, fsync at every commit. */
const durableStore = Layer.unwrap(Effect.gen(function*() {
  const fs = yield* FileSystem.FileSystem
  const folder = yield* fs.makeTempDirectoryScoped({ prefix: "glider-bench-" })
  return Surreal.layer({
    url: `rocksdb://${folder}/store`,
    namespace: "glider",
    database: "glider",
    credentials: Option.none()
  })
}))

const Arguments = Schema.Tuple([Workload, Schema.NumberFromString])

Schema.decodeUnknownEffect(Arguments)(process.argv.slice(2)).pipe(
  Effect.flatMap(([workload, records]) => round(workload, records)),
  Effect.provide(
    Commit.layer.pipe(
      Layer.provideMerge(Migrations.layer),
      Layer.provideMerge(durableStore),
      Layer.provideMerge(NodeServices.layer),
      Layer.provideMerge(Logger.layer([Logger.defaultLogger]))
    )
  ),
  // an engine that was open keeps the process alive: the exit is explicit
  (program) => NodeRuntime.runMain(program, { teardown: (exit) => process.exit(exit._tag === "Success" ? 0 : 1) })
)

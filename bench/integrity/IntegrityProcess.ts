/**
 * A part of the integrity benchmark, in a process of its own: `node bench/integrity/IntegrityProcess.ts <part> <folder> <records>`
 * prints its `IntegrityFigures`.
 */
import { NodeRuntime, NodeServices } from "@effect/platform-node"
import { Array as Arr, Clock, Console, Effect, FileSystem, Layer, Option, Schema } from "effect"
import { DeepChecks } from "../../src/api/DeepChecks.ts"
import { LastBackup } from "../../src/backup/Backups.ts"
import { examine } from "../../src/services/StoreExamination.ts"
import { filesOf } from "../../src/services/StoreFiles.ts"
import { keep } from "../../src/services/StoreWitness.ts"
import { Surreal } from "../../src/services/Surreal.ts"
import { Commit } from "../../src/store/Commit.ts"
import { Migrations } from "../../src/store/Migrations.ts"
import { heartrate, pageOf } from "../Loads.ts"
import { CannotRun } from "../Processes.ts"
import { IntegrityFigures, Part } from "./IntegrityFigures.ts"

const pageSize = 500

const storeIn = (folder: string, isInspected: boolean) =>
  Migrations.layer.pipe(
    Layer.provideMerge(Surreal.layer({
      url: `rocksdb://${folder}`,
      namespace: "glider",
      database: "glider",
      credentials: Option.none(),
      isInspected
    }))
  )

const timed = Effect.fnUntraced(function*<A, E, R>(effect: Effect.Effect<A, E, R>) {
  const before = yield* Clock.currentTimeNanos
  const result = yield* effect
  return { result, millis: Number((yield* Clock.currentTimeNanos) - before) / 1e6 }
})

/** Commits of pages, as a sync makes them; without its witness the store is opened as the copy of a damaged one is. */
const commits = (folder: string, records: number, isInspected: boolean) =>
  Effect.gen(function*() {
    const commit = yield* Commit
    const pages = Arr.makeBy(Math.ceil(records / pageSize), (index) => index * pageSize)
      .map((from) => pageOf(heartrate.table, heartrate.rows(from, Math.min(pageSize, records - from))))
    const each = yield* Effect.forEach(pages, (page) => timed(commit.page(page)))
    return { millis: each.reduce((sum, { millis }) => sum + millis, 0), bytes: 0, rows: records, files: 0 }
  }).pipe(Effect.provide(Commit.layer.pipe(Layer.provideMerge(storeIn(folder, isInspected)))))

const compare = Effect.fnUntraced(function*(folder: string) {
  const { millis, result: { bytes, damage, files } } = yield* timed(examine(folder))
  if (damage.length > 0) return yield* new CannotRun({ message: damage.join("; ") })
  return { millis, bytes, rows: 0, files }
})

const deep = (folder: string) =>
  Effect.gen(function*() {
    const { checks } = yield* DeepChecks
    const { millis, result } = yield* timed(checks)
    const rows = result.find(({ name }) => name === "rows")?.message ?? ""
    const [, count] = /^(\d+) rows of \d+ tables can be read$/.exec(rows) ?? []
    if (count === undefined) return yield* new CannotRun({ message: rows })
    const files = yield* filesOf(folder)
    return {
      millis,
      bytes: [...files.values()].reduce((sum, size) => sum + size, 0),
      rows: Number(count),
      files: files.size
    }
  }).pipe(
    Effect.provide(DeepChecks.layer.pipe(
      Layer.provide(Layer.succeed(LastBackup, Option.none())),
      Layer.provideMerge(storeIn(folder, false))
    ))
  )

const carryOut = Effect.fnUntraced(function*(part: Part, folder: string, records: number) {
  yield* Effect.flatMap(FileSystem.FileSystem, (fs) => fs.makeDirectory(folder, { recursive: true }))
  switch (part) {
    case "witnessed":
    case "unwitnessed":
      return yield* commits(folder, records, part === "unwitnessed")
    case "compare":
      return yield* compare(folder)
    case "compare-young":
      // as if it had been killed before anybody looked at its files
      yield* Effect.flatMap(keep(folder, {}), ({ begin }) => begin)
      return yield* compare(folder)
    case "deep":
      return yield* deep(folder)
  }
})

Schema.decodeUnknownEffect(Schema.Tuple([Part, Schema.String, Schema.NumberFromString]))(process.argv.slice(2)).pipe(
  Effect.flatMap(([part, folder, records]) => carryOut(part, folder, records)),
  Effect.flatMap(Schema.encodeEffect(IntegrityFigures)),
  Effect.flatMap(Console.log),
  Effect.provide(NodeServices.layer),
  // an engine that was open keeps the process alive: the exit is explicit
  (program) => NodeRuntime.runMain(program, { teardown: (exit) => process.exit(exit._tag === "Success" ? 0 : 1) })
)

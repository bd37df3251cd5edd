import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem, Layer, Option, PlatformError, Result } from "effect"
import { backupsIn } from "../../src/backup/Backups.ts"
import { verify } from "../../src/backup/ReadBackup.ts"
import { CurrentConfig } from "../../src/Config.ts"
import { anyDeadLetter } from "../../src/domain/DeadLetter.ts"
import * as DurableEngine from "../../src/engine/DurableEngine.ts"
import { RunControl } from "../../src/engine/RunControl.ts"
import { DeadLetters } from "../../src/store/DeadLetters.ts"
import { Runs } from "../../src/store/Runs.ts"
import { SyncRuns } from "../../src/store/SyncRuns.ts"
import * as BackUp from "../../src/workflows/BackUp.ts"
import { checkInput } from "../../src/workflows/Catalogue.ts"
import { Retries } from "../../src/workflows/Retries.ts"
import { RunNews } from "../../src/workflows/RunNews.ts"
import * as RunRecords from "../../src/workflows/RunRecords.ts"
import { configOf } from "../api/Served.ts"
import { memoryStoreTest } from "../support/StoreTest.ts"
import { temporaryFolder } from "../support/TemporaryFolder.ts"

/** Whether the disk is full: what is written to a file then fails as Node fails. */
let isFull = false

const noSpace = PlatformError.systemError({
  _tag: "Unknown",
  module: "FileSystem",
  method: "writeAll",
  description: "ENOSPC: no space left on device, write"
})

const disk = Layer.effect(
  FileSystem.FileSystem,
  Effect.map(FileSystem.FileSystem, (fs) => ({
    ...fs,
    open: (path: string, options?: Parameters<typeof fs.open>[1]) =>
      Effect.map(fs.open(path, options), (file) =>
        new Proxy(file, {
          get: (of, name) => name === "writeAll" && isFull ? () => Effect.fail(noSpace) : Reflect.get(of, name, of)
        }))
  }))
)

const engine = DurableEngine.layer().pipe(
  Layer.provide(RunRecords.layer({ storeRunStatus: false })),
  Layer.provide(RunNews.layer)
)

const world = (folder: string) =>
  Retries.layer.pipe(
    Layer.provideMerge(BackUp.layer(folder)),
    Layer.provideMerge(engine),
    Layer.provideMerge(Layer.mergeAll(DeadLetters.layer, Runs.layer, SyncRuns.layer)),
    Layer.provideMerge(memoryStoreTest),
    Layer.provideMerge(Layer.succeed(CurrentConfig, configOf({ host: "127.0.0.1", port: 1 }))),
    Layer.provideMerge(Layer.provide(disk, NodeServices.layer)),
    Layer.provideMerge(NodeServices.layer)
  )

/** A tick of the nightly schedule, and how it ended. */
const night = Effect.fnUntraced(function*(number: number, input: object = {}) {
  const control = yield* RunControl
  const checked = Result.getOrThrow(checkInput("backup", { key: "backup", ...input }))
  const id = yield* control.start("backup", checked, Option.some(`glider.backup@${number}`))
  yield* control.ended(id)
  return Option.getOrThrow(yield* Effect.flatMap(Runs, (runs) => runs.get(id)))
})

const letters = Effect.flatMap(
  DeadLetters,
  ({ list }) => Effect.map(list({ filter: anyDeadLetter, limit: 10, after: Option.none() }), ({ letters }) => letters)
)

describe("a nightly backup", () => {
  it.live("is a file that reads back, and removes only what is older than it", () =>
    Effect.gen(function*() {
      const folder = yield* temporaryFolder
      yield* Effect.gen(function*() {
        const fs = yield* FileSystem.FileSystem
        yield* fs.makeDirectory(`${folder}/backups`)
        const old = ["scheduled-2020-01-01T03-30-00Z.jsonl.gz", "scheduled-2020-01-02T03-30-00Z.jsonl.gz"]
        yield* Effect.forEach(old, (name) => fs.writeFileString(`${folder}/backups/${name}`, "x"))
        assert.strictEqual((yield* night(1, { keep: 2 })).state, "completed")
        const [newest, kept, ...others] = yield* backupsIn(`${folder}/backups`)
        assert.isEmpty(others)
        assert.include(kept?.path, old[1])
        assert.isAbove((yield* verify(newest?.path ?? "")).manifest.rows, 0)
      }).pipe(Effect.provide(world(folder)))
    }).pipe(Effect.scoped))

  it.live("that finds the disk full, or no folder to write to, fails, waits as a dead letter, and is made once it is tried again", () =>
    Effect.gen(function*() {
      const folder = yield* temporaryFolder
      yield* Effect.gen(function*() {
        const fs = yield* FileSystem.FileSystem
        isFull = true
        const full = yield* night(1)
        assert.strictEqual(full.state, "failed")
        const { fix, message, tag } = Option.getOrThrow(full.error)
        assert.strictEqual(tag, "BackupUnreachable")
        assert.include(message, "no space left on device")
        assert.deepStrictEqual(
          fix,
          Option.some("see that the folder may be written to and the disk is not full, or name another file")
        )
        // neither a part of it nor a name that promises one
        assert.deepStrictEqual(yield* fs.readDirectory(`${folder}/backups`), [])

        isFull = false
        yield* fs.writeFileString(`${folder}/a-file`, "x")
        const nowhere = yield* night(2, { folder: "a-file/backups" })
        assert.strictEqual(nowhere.state, "failed")
        assert.include(Option.getOrThrow(nowhere.error).message, "cannot be written")

        assert.lengthOf(yield* letters, 2)
        const again = yield* Effect.flatMap(Retries, ({ retry }) => retry(full.id, Option.none()))
        yield* Effect.flatMap(RunControl, ({ ended }) => ended(again))
        const row = yield* Effect.flatMap(Runs, (runs) => runs.get(again))
        assert.strictEqual(Option.getOrThrow(row).state, "completed")
        assert.lengthOf(yield* backupsIn(`${folder}/backups`), 1)
        assert.lengthOf(yield* letters, 1)
      }).pipe(Effect.provide(world(folder)))
    }).pipe(Effect.scoped))
})

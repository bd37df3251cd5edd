import { NodeServices } from "@effect/platform-node"
import { assert, layer } from "@effect/vitest"
import { DateTime, Effect, FileSystem, Layer, Option } from "effect"
import { DeepChecks } from "../../src/api/DeepChecks.ts"
import { LastBackup } from "../../src/backup/Backups.ts"
import { Surreal } from "../../src/services/Surreal.ts"
import { storeTest } from "../support/StoreTest.ts"
import { temporaryFolder } from "../support/TemporaryFolder.ts"

const read = { files: 3, bytes: 2_000_000 }

/** What the deep doctor says of a store whose files are so, and whose newest backup is at a path. */
const said = Effect.fnUntraced(function*(damage: ReadonlyArray<string>, path: string) {
  const surreal = yield* Surreal
  const kept = { path, at: DateTime.makeUnsafe(0), bytes: 1, scheduled: true }
  const deep = DeepChecks.layer.pipe(
    Layer.provide(Layer.mergeAll(
      Layer.succeed(Surreal, Surreal.of({ ...surreal, recheck: Effect.succeedSome({ ...read, damage }) })),
      Layer.succeed(LastBackup, Option.some(Effect.succeedSome(kept)))
    ))
  )
  const checks = yield* Effect.provide(Effect.flatMap(DeepChecks, ({ checks }) => checks), deep)
  return checks.map(({ message, name, state }) => `${name} ${state}: ${message}`)
})

layer(storeTest.pipe(Layer.provideMerge(NodeServices.layer)))("doctor --deep", (it) => {
  it.effect("tells of files that are not as they were written, and of a newest backup that is none", () =>
    Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const path = `${yield* temporaryFolder}/backup.jsonl.gz`
      yield* fs.writeFileString(path, "no backup")
      const [files, rows, backup] = yield* said(["000017.sst is not as it was written"], path)
      assert.strictEqual(files, "files problem: 000017.sst is not as it was written")
      assert.match(rows ?? "", /^rows ok: [1-9]\d* rows of [1-9]\d* tables can be read$/)
      assert.match(backup ?? "", /^newest backup problem: .*backup\.jsonl\.gz/)
    }))

  it.effect("says how much it has read of files that are", () =>
    Effect.gen(function*() {
      const [files] = yield* said([], "/nowhere/backup.jsonl.gz")
      assert.strictEqual(files, "files ok: 3 files of the store, 2.0 MB, are as they were written")
    }))
})

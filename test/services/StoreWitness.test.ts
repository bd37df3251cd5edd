import { NodeServices } from "@effect/platform-node"
import { assert, layer } from "@effect/vitest"
import { Effect, FileSystem } from "effect"
import { TestClock } from "effect/testing"
import { examine } from "../../src/services/StoreExamination.ts"
import { keep } from "../../src/services/StoreWitness.ts"
import { temporaryFolder } from "../support/TemporaryFolder.ts"

layer(NodeServices.layer)("services/StoreWitness", (it) => {
  it.effect("reads what was seen of the files again while the store is open, and tells of a byte that has changed", () =>
    Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const folder = `${yield* temporaryFolder}/store`
      yield* fs.makeDirectory(folder)
      const log = `${folder}/000004.log`
      yield* fs.writeFileString(log, "what was written")
      yield* fs.writeFileString(`${folder}/MANIFEST-000005`, "which files there are")
      const keeper = yield* keep(folder, {})
      assert.deepStrictEqual(yield* keeper.recheck, { files: 0, bytes: 0, damage: [] })
      yield* keeper.renew
      assert.deepStrictEqual(yield* keeper.recheck, { files: 2, bytes: 37, damage: [] })
      // what comes after it is no change of what was seen
      yield* fs.writeFileString(log, "what was written, and more")
      assert.deepStrictEqual((yield* keeper.recheck).damage, [])
      yield* fs.writeFileString(log, "what was writtem, and more")
      assert.deepStrictEqual((yield* keeper.recheck).damage, ["000004.log is not as it was written"])
      // a log whose records stand in tables is removed
      yield* fs.remove(log)
      assert.deepStrictEqual(yield* keeper.recheck, { files: 1, bytes: 21, damage: [] })
    }))

  it.effect("keeps what it knows of a folder that is gone, and of a log whose records stand in no table yet", () =>
    Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const folder = `${yield* temporaryFolder}/store`
      yield* fs.makeDirectory(folder)
      // of a manifest that names nothing, each log is the first
      yield* fs.writeFileString(`${folder}/MANIFEST-000005`, "")
      yield* fs.writeFileString(`${folder}/CURRENT`, "MANIFEST-000005\n")
      yield* fs.writeFileString(`${folder}/000004.log`, "")
      const keeper = yield* keep(folder, {})
      yield* keeper.renew
      yield* fs.remove(`${folder}/000004.log`)
      yield* keeper.renew
      assert.deepStrictEqual((yield* examine(folder)).damage, ["000004.log is missing"])
      yield* fs.remove(folder, { recursive: true })
      for (const effect of [keeper.renew, keeper.close]) {
        yield* TestClock.withLive(effect)
        assert.deepStrictEqual((yield* examine(folder)).damage, ["all of its files are gone"])
      }
    }))
})

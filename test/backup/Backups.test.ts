import { NodeServices } from "@effect/platform-node"
import { assert, it } from "@effect/vitest"
import { Effect, FileSystem } from "effect"
import { backupsIn, removeOld } from "../../src/backup/Backups.ts"
import { temporaryFolder } from "../support/TemporaryFolder.ts"

it.effect("only what a schedule has made is removed by one, the oldest first", () =>
  Effect.gen(function*() {
    const fs = yield* FileSystem.FileSystem
    const folder = yield* temporaryFolder
    const names = [
      "scheduled-2026-11-01T03-30-00Z.jsonl.gz",
      "scheduled-2026-11-02T03-30-00Z.jsonl.gz",
      "scheduled-2026-11-03T03-30-00Z.jsonl.gz",
      "scheduled-2026-11-04T03-30-00Z.jsonl.gz.part",
      "glider-2026-10-01T09-00-00Z.jsonl.gz",
      "before-schema-0009-2026-09-01T09-00-00Z.jsonl.gz",
      "notes.txt"
    ]
    yield* Effect.forEach(names, (name) => fs.writeFileString(`${folder}/${name}`, "x"))
    assert.strictEqual(yield* removeOld(folder, 2), 1)
    const left = (yield* backupsIn(folder)).map(({ path }) => path.slice(folder.length + 1))
    assert.deepStrictEqual(left, [names[2], names[1], names[4], names[5]])
    assert.deepStrictEqual((yield* fs.readDirectory(folder)).toSorted(), names.slice(1).toSorted())
    assert.deepStrictEqual(yield* backupsIn(`${folder}/nowhere`), [])
  }).pipe(Effect.provide(NodeServices.layer)))

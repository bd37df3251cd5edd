import { NodeServices } from "@effect/platform-node"
import { assert, it } from "@effect/vitest"
import { DateTime, Effect, FileSystem, Layer } from "effect"
import { TestClock } from "effect/testing"
import type { RunStatus } from "../../src/domain/Run.ts"
import { Runs } from "../../src/store/Runs.ts"
import { uploadFolder } from "../../src/workflows/Import.ts"
import { sweep } from "../../src/workflows/UploadSweep.ts"
import { temporaryFolder } from "../support/TemporaryFolder.ts"

const nameOf = (letter: string) => `import-${letter.repeat(24)}`

const runs = Layer.mock(Runs, {
  statuses: (ids) =>
    Effect.succeed(new Map(ids.filter((id) => id === nameOf("a")).map((id): [string, RunStatus] => [id, "failed"])))
})

it.effect("an upload that belongs to no run is removed after a day, and nothing else is", () =>
  Effect.gen(function*() {
    const fs = yield* FileSystem.FileSystem
    const folder = yield* temporaryFolder
    assert.strictEqual(yield* sweep(folder), 0)
    yield* fs.makeDirectory(uploadFolder(folder))
    for (const name of [nameOf("a"), nameOf("b"), "a-file-of-mine"]) {
      yield* fs.writeFileString(`${uploadFolder(folder)}/${name}`, "[]")
    }
    const { mtime } = yield* fs.stat(`${uploadFolder(folder)}/${nameOf("b")}`)
    assert.isTrue(mtime._tag === "Some")
    if (mtime._tag === "Some") yield* TestClock.setTime(DateTime.fromDateUnsafe(mtime.value).epochMilliseconds)
    assert.strictEqual(yield* sweep(folder), 0)
    yield* TestClock.adjust("25 hours")
    assert.strictEqual(yield* sweep(folder), 1)
    assert.sameMembers(yield* fs.readDirectory(uploadFolder(folder)), [nameOf("a"), "a-file-of-mine"])
  }).pipe(Effect.provide(Layer.merge(runs, NodeServices.layer))))

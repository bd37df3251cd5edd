import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem, Layer, Option, Result, Stream } from "effect"
import { linesOf, tablesOf } from "../../src/backup/Dump.ts"
import { type Manifest, Tally } from "../../src/backup/Format.ts"
import { Sandbox } from "../../src/sandbox/Sandbox.ts"
import { examine } from "../../src/services/StoreExamination.ts"
import { Surreal } from "../../src/services/Surreal.ts"
import { killsOf, seed } from "../support/Chaos.ts"
import { type Randomness, randomness } from "../support/RandomQueries.ts"
import { copied, leftStores } from "../support/StoresOfProcesses.ts"

const world = Layer.mergeAll(Sandbox.layer({ seed: "bit flips", start: "2026-09-15T06:00:00Z" }), NodeServices.layer)

/** As `glider run` opens it; without fsync, nothing looks at the witness, and a process may open many. */
const opened = (folder: string, sync: { readonly sync?: "never" } = {}) =>
  Layer.fresh(Surreal.layer({
    url: `rocksdb://${folder}`,
    namespace: "glider",
    database: "glider",
    credentials: Option.none(),
    ...sync
  }))

/** What all rows come to, as the engine alone gives them. */
const rowsOf = (folder: string) =>
  Effect.gen(function*() {
    const { query } = yield* Surreal
    const tally = new Tally()
    for (const table of yield* tablesOf(query)) {
      yield* Stream.runForEach(linesOf(query, table), (lines) =>
        Effect.sync(() => {
          for (const line of lines) tally.row(table, line)
        }))
    }
    return tally.manifest()
  }).pipe(Effect.provide(opened(folder, { sync: "never" })))

interface Place {
  readonly file: string
  readonly at: number
}

/** Of every second flip each file is as likely as the others, of those between each byte. */
const drawPlace = (random: Randomness, files: ReadonlyArray<readonly [string, number]>, byFile: boolean): Place => {
  if (byFile) {
    const [file, size] = random.pick(files)
    return { file, at: random.below(size) }
  }
  let at = random.below(files.reduce((sum, [, size]) => sum + size, 0))
  for (const [file, size] of files) {
    if (at < size) return { file, at }
    at -= size
  }
  throw new Error("beyond all files")
}

const flip = Effect.fnUntraced(function*(path: string, at: number, bit: number) {
  const fs = yield* FileSystem.FileSystem
  const bytes = yield* fs.readFile(path)
  bytes[at] = (bytes[at] ?? 0) ^ 1 << bit
  yield* fs.writeFile(path, bytes)
})

/** Every file with something in it, and what is written down of them. */
const filesIn = Effect.fnUntraced(function*(folder: string) {
  const fs = yield* FileSystem.FileSystem
  const names = [...yield* fs.readDirectory(folder), "../store.witness"]
  const files = yield* Effect.forEach(
    names,
    (name) => Effect.map(fs.stat(`${folder}/${name}`), ({ size }) => [name, Number(size)] as const)
  )
  return files.filter(([, size]) => size > 0)
})

/** What became of a store with a flipped bit: with the witness, and in the hands of the engine alone. */
interface Outcome {
  readonly what: string
  readonly isTold: boolean
  readonly alone: "same" | "refused" | "lost"
}

const tried = Effect.fnUntraced(function*(folder: string, whole: Manifest, what: string) {
  const { damage } = yield* examine(folder)
  if (damage.length > 0) {
    const { reason } = yield* Effect.flip(Effect.scoped(Layer.build(opened(folder))))
    assert.strictEqual(reason._tag, "StoreDamaged", `${what}: ${reason.message}`)
  }
  const alone = yield* Effect.result(rowsOf(folder))
  const outcome: Outcome = {
    what: `${what}: ${damage[0] ?? "not told"}`,
    isTold: damage.length > 0,
    alone: Result.isFailure(alone)
      ? alone.failure.reason._tag === "StoreUnavailable" ? "refused" : "lost"
      : alone.success.sha256 === whole.sha256
      ? "same"
      : "lost"
  }
  return outcome
})

describe("a bit that is flipped in a store", () => {
  it.live("is harmless or told before the store is opened, wherever it is", () =>
    Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const first = yield* seed
      const random = randomness(first)
      const root = yield* fs.makeTempDirectoryScoped({ prefix: "glider-flips-" })
      const left = yield* leftStores(root, first)
      // fewer may all fall where the engine alone loses nothing
      const flips = Math.max(8, yield* killsOf(100))
      const outcomes: Array<Outcome> = []
      for (const [index, { folder, name }] of left.entries()) {
        // each in a folder of its own: a store that was closed may still remove files for a moment
        const whole = yield* copied(folder, `${root}/whole-${name}/store`).pipe(Effect.andThen(rowsOf))
        assert.isAbove(whole.rows, 1000, name)
        const files = yield* filesIn(folder)
        for (let number = index; number < flips; number += left.length) {
          const copy = yield* copied(folder, `${root}/${number}/store`)
          const { at, file } = drawPlace(random, files, number % 8 < 4)
          const bit = random.below(8)
          yield* flip(`${copy}/${file}`, at, bit)
          outcomes.push(yield* tried(copy, whole, `${name}, ${file}, bit ${bit} of byte ${at}`))
          yield* fs.remove(`${root}/${number - left.length}`, { recursive: true, force: true })
        }
      }
      assert.lengthOf(outcomes, flips)
      const lost = outcomes.filter(({ alone }) => alone === "lost")
      const silent = lost.filter(({ isTold }) => !isTold)
      assert.deepStrictEqual(silent, [], `GLIDER_CHAOS_SEED=${first}`)
      // what the engine alone does with the same flips: were it harmless, this would show nothing
      assert.isAtLeast(
        lost.length,
        Math.max(1, flips / 10),
        outcomes.map(({ alone, what }) => `${what}, ${alone}`).join("\n")
      )
      yield* Effect.logInfo(`${flips} flips, of which the engine alone lost rows by ${lost.length} without a word`)
    }).pipe(Effect.scoped, Effect.provide(world)))
})

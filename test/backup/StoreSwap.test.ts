import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, FileSystem, Option } from "effect"
import { buildPlace, settle, swap } from "../../src/backup/StoreSwap.ts"
import { witnessFile } from "../../src/services/StoreWitness.ts"
import { temporaryFolder } from "../support/TemporaryFolder.ts"

/** A file system on which the process ends at one of its changes: that one is done, or not, and nothing after it. */
const endingAt = (fs: FileSystem.FileSystem, end: { readonly at: number; readonly done: boolean }) => {
  let count = 0
  const change = <E>(work: Effect.Effect<void, E>) =>
    Effect.suspend(() => {
      const number = count++
      if (number < end.at) return work
      return number === end.at && end.done ? Effect.andThen(work, Effect.die("killed")) : Effect.die("killed")
    })
  const killed: FileSystem.FileSystem = {
    ...fs,
    rename: (from, to) => change(fs.rename(from, to)),
    remove: (path, options) => change(fs.remove(path, options))
  }
  return { killed, changesMade: () => count }
}

/** A store, its witness, and one that was built to take its place. */
const prepared = Effect.fnUntraced(function*(withOld: boolean) {
  const fs = yield* FileSystem.FileSystem
  const folder = yield* temporaryFolder
  const store = `${folder}/store`
  const put = Effect.fnUntraced(function*(place: string, what: string) {
    yield* fs.makeDirectory(place)
    yield* fs.writeFileString(`${place}/CURRENT`, what)
    yield* fs.writeFileString(witnessFile(place), what)
  })
  if (withOld) yield* put(store, "old")
  yield* put(yield* buildPlace(store), "new")
  return { folder, store }
})

/** What the next start finds, once it has ended what was cut short. */
const found = Effect.fnUntraced(function*(store: string) {
  const fs = yield* FileSystem.FileSystem
  yield* settle(store)
  const text = (path: string) => Effect.option(fs.readFileString(path))
  return { current: yield* text(`${store}/CURRENT`), witness: yield* text(witnessFile(store)) }
})

describe("a restore that is killed", () => {
  for (const withOld of [true, false]) {
    const before = withOld ? "the old store or the new one" : "no store or the new one"
    it.live(`leaves ${before}, each with no other's witness, whichever step was the last`, () =>
      Effect.gen(function*() {
        const fs = yield* FileSystem.FileSystem
        const ends: Array<string> = []
        for (let at = 0;; at++) {
          let complete = true
          for (const done of [false, true]) {
            const { folder, store } = yield* prepared(withOld)
            const { changesMade, killed } = endingAt(fs, { at, done })
            const exit = yield* Effect.exit(Effect.provideService(swap(store), FileSystem.FileSystem, killed))
            const { current, witness } = yield* found(store)
            const end = Option.getOrElse(current, () => "none")
            ends.push(end)
            assert.include(withOld ? ["old", "new"] : ["none", "new"], end, `change ${at}, done: ${done}`)
            assert.isTrue(
              Option.isNone(witness) || Option.contains(witness, end) || end === "none",
              `change ${at}, done: ${done}: the witness is of another store`
            )
            // nothing of the old one is lost in any case
            if (withOld && end === "new") {
              const kept = (yield* fs.readDirectory(folder)).filter((name) =>
                /^store-before-restore-[\dTZ-]+$/.test(name)
              )
              assert.lengthOf(kept, 1)
              assert.strictEqual(yield* fs.readFileString(`${folder}/${kept[0]}/CURRENT`), "old")
            }
            // the next restore clears away what is left, and takes its place
            if (end === "none" || end === "old") {
              yield* fs.makeDirectory(yield* buildPlace(store))
              yield* fs.writeFileString(`${store}-restoring/CURRENT`, "next")
              yield* swap(store)
              assert.strictEqual(yield* fs.readFileString(`${store}/CURRENT`), "next")
            }
            if (Exit.isFailure(exit) || changesMade() > at) complete = false
          }
          if (complete) break
        }
        assert.isAbove(ends.length, 6)
        assert.strictEqual(ends.at(-1), "new")
        assert.strictEqual(ends[0], withOld ? "old" : "none")
      }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)))
  }
})

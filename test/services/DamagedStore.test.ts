import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, FileSystem, Layer, Option, Schedule, Schema, type Scope } from "effect"
import { createHash } from "node:crypto"
import { copy, sweep } from "../../src/services/DamagedStore.ts"
import { isHeld } from "../../src/services/StoreHolder.ts"
import { Surreal } from "../../src/services/Surreal.ts"
import { temporaryFolder } from "../support/TemporaryFolder.ts"

const open = (folder: string) =>
  Layer.build(
    Layer.fresh(Surreal.layer({
      url: `rocksdb://${folder}`,
      namespace: "glider",
      database: "glider",
      credentials: Option.none(),
      sync: "never",
      isInspected: true
    }))
  ).pipe(Effect.map((services) => Context.get(services, Surreal)))

/** Uses a store until it is at rest again: the engine's threads give its lock back a moment after it is closed. */
const using = <A, E>(folder: string, use: (surreal: Surreal["Service"]) => Effect.Effect<A, E>) =>
  Effect.scoped(Effect.flatMap(open(folder), use)).pipe(
    Effect.tap(Effect.repeat(isHeld(folder), { schedule: Schedule.spaced("10 millis"), while: (held) => held }))
  )

const insert = (surreal: Surreal["Service"], count: number) =>
  surreal.execute("INSERT INTO thing $rows RETURN NONE", {
    rows: Array.from({ length: count }, (_, n) => ({ n, text: "x".repeat(500) }))
  })

const rowsIn = (surreal: Surreal["Service"]) =>
  surreal.query(Schema.Array(Schema.Finite), "RETURN [array::len(SELECT VALUE n FROM thing)]")

/** A store that has tables and a log: what was written before it was opened last, and since. */
const storeIn = Effect.fnUntraced(function*(home: string) {
  const folder = `${home}/store`
  for (const count of [300, 40]) yield* using(folder, (surreal) => insert(surreal, count))
  return folder
})

const sums = Effect.fnUntraced(function*(folder: string) {
  const fs = yield* FileSystem.FileSystem
  const names = (yield* fs.readDirectory(folder)).toSorted()
  return yield* Effect.forEach(names, (name) =>
    Effect.map(
      fs.readFile(`${folder}/${name}`),
      (bytes) => `${name} ${createHash("sha256").update(bytes).digest("hex")}`
    ))
})

const run = <A, E>(test: Effect.Effect<A, E, Layer.Success<typeof NodeServices.layer> | Scope.Scope>) =>
  Effect.provide(Effect.scoped(test), NodeServices.layer)

describe("a copy of a damaged store", () => {
  it.live("has what the store has, and whatever becomes of it, the store stays as it is", () =>
    run(Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const home = yield* temporaryFolder
      const store = yield* storeIn(home)
      const before = yield* sums(store)
      assert.isTrue(before.some((file) => file.includes(".sst ")))
      yield* Effect.scoped(Effect.gen(function*() {
        const folder = yield* copy(store)
        assert.strictEqual(folder, `${store}-inspect-${process.pid}`)
        const tables = (yield* fs.readDirectory(folder)).filter((name) => name.endsWith(".sst"))
        assert.isAbove(tables.length, 0)
        for (const name of tables) {
          const [one, other] = [yield* fs.stat(`${folder}/${name}`), yield* fs.stat(`${store}/${name}`)]
          assert.deepStrictEqual(one.ino, other.ino) // takes no room
        }
        const surreal = yield* open(folder)
        assert.deepStrictEqual(yield* rowsIn(surreal), [340])
        yield* insert(surreal, 300)
        yield* surreal.execute("DELETE thing WHERE n < 100")
        yield* surreal.execute("ALTER SYSTEM COMPACT")
        assert.deepStrictEqual(yield* sums(store), before)
      }))
      assert.deepStrictEqual(yield* fs.readDirectory(home), ["store"])
      assert.deepStrictEqual(yield* sums(store), before)
      assert.deepStrictEqual(yield* using(store, rowsIn), [340])
    })))

  it.effect("is made of real copies where the file system knows no links", () =>
    run(Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const store = `${yield* temporaryFolder}/store`
      yield* fs.makeDirectory(store)
      for (const name of ["000012.sst", "000013.log", "LOCK", "LOG", "LOG.old.1"]) {
        yield* fs.writeFileString(`${store}/${name}`, name)
      }
      const linkless = { ...fs, link: () => fs.access("/nowhere") }
      const folder = yield* Effect.provideService(copy(store), FileSystem.FileSystem, linkless)
      assert.deepStrictEqual((yield* fs.readDirectory(folder)).toSorted(), ["000012.sst", "000013.log"])
      assert.strictEqual(yield* fs.readFileString(`${folder}/000012.sst`), "000012.sst")
      yield* fs.writeFileString(`${folder}/000012.sst`, "changed")
      assert.strictEqual(yield* fs.readFileString(`${store}/000012.sst`), "000012.sst")
    })))

  it.effect("that a process has left goes at the next start, and no other", () =>
    run(Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const home = yield* temporaryFolder
      const gone = "store-inspect-99999999"
      const stays = [
        "store",
        "store-inspect-",
        "store-inspect-x",
        `store-inspect-${process.ppid}`,
        "other-inspect-99999999"
      ]
      for (const name of [...stays, gone, `store-inspect-${process.pid}`]) {
        yield* fs.makeDirectory(`${home}/${name}/in`, { recursive: true })
      }
      yield* fs.writeFileString(`${home}/${gone}.pid`, "99999999\n")
      yield* sweep(`${home}/store`)
      assert.deepStrictEqual((yield* fs.readDirectory(home)).toSorted(), stays.toSorted())
    })))
})

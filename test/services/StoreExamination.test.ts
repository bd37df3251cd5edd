import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem, Layer, Option, type PlatformError, Schedule, Schema, type Scope } from "effect"
import { examine } from "../../src/services/StoreExamination.ts"
import { filesOf } from "../../src/services/StoreFiles.ts"
import { keep, witnessFile } from "../../src/services/StoreWitness.ts"
import { Surreal } from "../../src/services/Surreal.ts"
import { randomness } from "../support/RandomQueries.ts"
import { temporaryFolder } from "../support/TemporaryFolder.ts"

/** The engine lets go of a folder a moment after it was closed. */
const open = (folder: string) =>
  Layer.build(
    Layer.fresh(Surreal.layer({
      url: `rocksdb://${folder}`,
      namespace: "glider",
      database: "glider",
      credentials: Option.none(),
      sync: "never"
    }))
  ).pipe(
    Effect.retry({
      schedule: Schedule.spaced("20 millis"),
      times: 500,
      while: ({ reason }) => reason._tag === "StoreHeld"
    })
  )

const write = (count: number) =>
  Effect.flatMap(Surreal, (surreal) =>
    surreal.execute("INSERT INTO thing $rows", {
      rows: Array.from({ length: count }, (_, n) => ({ n, text: `row ${n}` }))
    }))

/** A copy of a store; again when the engine has removed a file meanwhile, as it does also for a moment after it was closed. */
const copied = Effect.fnUntraced(function*(from: string, to: string) {
  const fs = yield* FileSystem.FileSystem
  yield* Effect.andThen(fs.remove(to, { recursive: true, force: true }), fs.copy(from, to)).pipe(
    Effect.retry({
      schedule: Schedule.spaced("20 millis"),
      times: 100,
      while: ({ reason }) => reason._tag === "NotFound"
    })
  )
})

/**
 * A store of two sessions, the last of them closed; beside it, copies of its folder as a kill would have left it, and as it
 * was after the first session.
 */
const twoSessions = Effect.gen(function*() {
  const fs = yield* FileSystem.FileSystem
  const home = yield* temporaryFolder
  const [folder, killed, older] = [`${home}/store`, `${home}/killed`, `${home}/older`]
  for (const last of [false, true]) {
    const { damage, notes, seen } = yield* examine(folder)
    assert.deepStrictEqual([damage, notes], [[], []])
    const keeper = yield* keep(folder, seen)
    yield* fs.makeDirectory(folder, { recursive: true })
    yield* keeper.begin
    yield* Effect.scoped(Effect.gen(function*() {
      const services = yield* open(folder)
      yield* keeper.renew
      yield* Effect.provide(write(200), services)
      // tables that the engine made when it opened the store are seen once they are whole
      yield* Effect.replicateEffect(Effect.andThen(keeper.renew, write(1).pipe(Effect.provide(services))), 5)
      yield* keeper.renew
      yield* keeper.renew
      // what nobody has looked at yet
      yield* Effect.provide(write(200), services)
      if (last) {
        yield* copied(folder, killed)
        yield* fs.copy(witnessFile(folder), witnessFile(killed))
      }
    }))
    yield* keeper.close
    if (!last) yield* copied(folder, older)
  }
  return { folder, killed, older, fs }
})

const flipped = Effect.fnUntraced(function*(path: string, at: number, bit: number) {
  const fs = yield* FileSystem.FileSystem
  const bytes = yield* fs.readFile(path)
  bytes[at] = (bytes[at] ?? 0) ^ 1 << bit
  yield* fs.writeFile(path, bytes)
})

const rows = (folder: string) =>
  Effect.scoped(Effect.gen(function*() {
    const surreal = yield* Effect.provide(Surreal, yield* open(folder))
    return yield* surreal.query(Schema.Array(Schema.Finite), "SELECT VALUE n FROM thing")
  }))

const run = <A, E>(test: Effect.Effect<A, E, FileSystem.FileSystem | Scope.Scope>) =>
  Effect.provide(Effect.scoped(test), NodeServices.layer)

describe("the files of a store", () => {
  it.live("are as they were left, closed or killed", () =>
    run(Effect.gen(function*() {
      const { folder, killed } = yield* twoSessions
      for (const one of [folder, killed]) {
        const { damage, files, notes } = yield* examine(one)
        assert.deepStrictEqual([damage, notes], [[], []])
        assert.isAtLeast(files, 3)
        assert.lengthOf(yield* rows(one), 810)
      }
    })))

  it.live("tell of any bit that is flipped", () =>
    run(Effect.gen(function*() {
      const random = randomness(7)
      const { folder, killed } = yield* twoSessions
      for (const one of [folder, killed]) {
        const files = [...yield* filesOf(one)].filter(([, size]) => size > 0)
        const silent: Array<string> = []
        for (let flip = 0; flip < 60; flip++) {
          const [name, size] = random.pick(files)
          const [at, bit] = [random.below(size), random.below(8)]
          yield* flipped(`${one}/${name}`, at, bit)
          if ((yield* examine(one)).damage.length === 0) silent.push(`${name} ${at} of ${size}`)
          yield* flipped(`${one}/${name}`, at, bit)
        }
        // of a killed process the last record may be one that it had not finished
        assert.deepStrictEqual(silent, [], one)
        assert.deepStrictEqual((yield* examine(one)).damage, [])
      }
    })))

  it.live("tell of a bit that is flipped in a table which nobody had looked at before the process was killed", () =>
    run(Effect.gen(function*() {
      const random = randomness(8)
      const { killed } = yield* twoSessions
      yield* Effect.flatMap(keep(killed, {}), ({ begin }) => begin)
      assert.deepStrictEqual((yield* examine(killed)).damage, [])
      const tables = [...yield* filesOf(killed)].filter(([name]) => name.endsWith(".sst"))
      for (const [name, size] of tables) {
        const [at, bit] = [random.below(size - 53), random.below(8)]
        yield* flipped(`${killed}/${name}`, at, bit)
        assert.match((yield* examine(killed)).damage.join("\n"), new RegExp(`^${name} is not as it was written, at`))
        yield* flipped(`${killed}/${name}`, at, bit)
      }
    })))

  it.live("are none yet when the process was killed before the engine began", () =>
    run(Effect.gen(function*() {
      const folder = `${yield* temporaryFolder}/store`
      yield* Effect.flatMap(FileSystem.FileSystem, (fs) => fs.makeDirectory(folder))
      yield* Effect.flatMap(keep(folder, {}), ({ begin }) => begin)
      assert.deepStrictEqual(yield* examine(folder), {
        damage: [],
        notes: [],
        seen: {},
        accepted: [],
        files: 0,
        bytes: 0
      })
    })))

  it.live("tell what is missing, cut off, or of another time", () =>
    run(Effect.gen(function*() {
      const { folder, fs, killed, older } = yield* twoSessions
      const names = [...(yield* filesOf(folder)).keys()]
      const [log = "", manifest = ""] = [
        names.find((name) => name.endsWith(".log")),
        names.find((name) => name.startsWith("M"))
      ]
      const harmed = Effect.fnUntraced(
        function*(one: string, harm: (copy: string) => Effect.Effect<void, PlatformError.PlatformError>) {
          const copy = `${yield* temporaryFolder}/store`
          yield* fs.copy(one, copy)
          yield* fs.copy(witnessFile(one), witnessFile(copy))
          yield* harm(copy)
          return (yield* examine(copy)).damage.join("\n")
        }
      )
      assert.match(yield* harmed(folder, (copy) => fs.remove(`${copy}/${log}`)), /log is missing/)
      assert.match(yield* harmed(killed, (copy) => fs.remove(`${copy}/CURRENT`)), /CURRENT is missing/)
      assert.match(
        yield* harmed(folder, (copy) => fs.remove(copy, { recursive: true })),
        /^all of its files are gone$/
      )
      assert.match(yield* harmed(killed, (copy) => fs.truncate(`${copy}/${manifest}`, 10)), /has lost \d+ of/)
      for (const one of [folder, killed]) {
        const told = yield* harmed(one, (copy) =>
          Effect.andThen(fs.remove(copy, { recursive: true }), fs.copy(older, copy)))
        assert.match(told, /an older one than was there before/)
      }
      assert.match(
        yield* harmed(killed, (copy) =>
          fs.writeFileString(`${copy}/CURRENT`, "MANIFEST-000001\n")),
        /CURRENT/
      )
    })))

  it.live("that another program has changed since they were closed are only told of", () =>
    run(Effect.gen(function*() {
      const { folder } = yield* twoSessions
      yield* Effect.scoped(Effect.flatMap(open(folder), (services) => Effect.provide(write(10), services)))
      const { damage, notes } = yield* examine(folder)
      assert.deepStrictEqual(damage, [])
      assert.match(notes.join("\n"), /was written to after Glider had closed it/)
    })))

  it.live("that the engine itself cannot read are not said to be another process's", () =>
    run(Effect.gen(function*() {
      const { folder, fs } = yield* twoSessions
      for (const name of (yield* filesOf(folder)).keys()) {
        if (!name.endsWith(".sst")) continue
        const bytes = yield* fs.readFile(`${folder}/${name}`)
        yield* fs.writeFile(`${folder}/${name}`, bytes.fill(0x55, 0, Math.floor(bytes.length / 2)))
      }
      const { reason } = yield* Effect.flip(Effect.scoped(open(folder)))
      assert.strictEqual(reason._tag, "StoreUnavailable")
      assert.match(reason.message, /block/)
    })))

  it.live("are looked at anew where nothing is known of them, and a broken note of them is no damage", () =>
    run(Effect.gen(function*() {
      const { folder, fs } = yield* twoSessions
      yield* flipped(witnessFile(folder), 40, 2)
      const broken = yield* examine(folder)
      assert.deepStrictEqual(broken.damage, [])
      assert.match(broken.notes.join("\n"), /cannot be read, and is begun anew/)
      yield* fs.remove(witnessFile(folder))
      assert.match((yield* examine(folder)).notes.join("\n"), /nothing was written down/)
    })))
})

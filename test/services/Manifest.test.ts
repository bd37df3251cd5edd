import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem, Option, Schedule } from "effect"
import { crc32c, masked } from "../../src/services/Crc32c.ts"
import { type Named, namedBy } from "../../src/services/Manifest.ts"
import { examine } from "../../src/services/StoreExamination.ts"
import { bytesFrom, filesOf } from "../../src/services/StoreFiles.ts"
import { accept, keep, witnessFile } from "../../src/services/StoreWitness.ts"
import { Surreal } from "../../src/services/Surreal.ts"
import { session } from "../support/StoreSession.ts"
import { temporaryFolder } from "../support/TemporaryFolder.ts"

/** Rows, some of which the engine keeps beside its tables; those of the round before are written over, so that they become garbage. */
const write = (round: number) =>
  Effect.flatMap(
    Surreal,
    (surreal) =>
      surreal.execute(
        "FOR $row IN $rows { UPSERT type::record('thing', $row.n) SET text = $row.text, large = $row.large }",
        {
          rows: Array.from({ length: 40 }, (_, n) => ({
            n: n + (round % 2) * 20,
            text: `round ${round}`,
            large: n % 4 === 0 ? Array.from({ length: 600 }, (_, part) => `${round} ${n} ${part}`) : []
          }))
        }
      )
  )

/** The tables and values of a folder: those that are there, and those that its manifest names. */
const compared = Effect.fnUntraced(function*(folder: string) {
  const fs = yield* FileSystem.FileSystem
  const files = yield* filesOf(folder)
  const current = (yield* fs.readFileString(`${folder}/CURRENT`)).trim()
  const { files: named, firstLog } = yield* Effect.fromOption(namedBy(yield* bytesFrom(`${folder}/${current}`, 0)))
  const there = [...files].filter(([name]) => /\.(sst|blob)$/.test(name))
  return { files, named, firstLog, there }
})

describe("the manifest of a store", () => {
  it.live("names the tables and values that there are, with their sizes, whatever was merged meanwhile", () =>
    Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const home = yield* temporaryFolder
      let numbers = new Set<string>()
      for (let round = 0; round < 6; round++) {
        // the engine lets go of a folder a moment after it was closed
        const [before, folder] = [`${home}/${round - 1}`, `${home}/${round}`]
        if (round > 0) yield* fs.copy(before, folder)
        yield* session(folder, write(round))
        // what is not named yet is in the making, or about to be removed
        const { files, firstLog, named, there } = yield* compared(folder).pipe(
          Effect.repeat({
            schedule: Schedule.spaced("20 millis"),
            until: ({ named, there }) => there.length === named.size,
            times: 200
          })
        )
        assert.sameDeepMembers(there, [...named])
        assert.isTrue([...files.keys()].some((name) => name.endsWith(".log") && Number.parseInt(name) >= firstLog))
        numbers = new Set([...numbers, ...there.map(([name]) => name)])
      }
      const folder = `${home}/5`
      const { there } = yield* compared(folder)
      assert.isAbove(numbers.size, there.length, "files that were merged into others")
      assert.includeMembers(there.map(([name]) => name.replace(/^\d+/, "")), [".sst", ".blob"])

      // as after a kill: nothing was written down of these files, and none was closed
      yield* Effect.flatMap(keep(folder, {}), ({ begin }) => begin)
      assert.deepStrictEqual((yield* examine(folder)).damage, [])
      for (const [name, size] of there) {
        const bytes = yield* fs.readFile(`${folder}/${name}`)
        yield* fs.remove(`${folder}/${name}`)
        assert.deepStrictEqual((yield* examine(folder)).damage, [`${name} is missing`])
        yield* fs.writeFile(`${folder}/${name}`, bytes.subarray(0, -1))
        assert.deepStrictEqual((yield* examine(folder)).damage, [`${name} has ${size - 1} bytes in place of ${size}`])
        yield* fs.writeFile(`${folder}/${name}`, bytes)
      }
      // nobody is told of values before their end is written
      const [values = "", size = 0] = there.find(([name]) => name.endsWith(".blob")) ?? []
      const whole = yield* fs.readFile(`${folder}/${values}`)
      yield* fs.writeFile(`${folder}/${values}`, whole.map((byte, at) => at < size - 32 ? byte : 0))
      assert.match((yield* examine(folder)).damage.join(), new RegExp(`^${values} is not as it was written, at byte`))

      // what a person has accepted is held against the store no more
      yield* fs.remove(`${folder}/${values}`)
      yield* accept(folder)
      assert.deepStrictEqual((yield* examine(folder)).damage, [])
      const keeper = yield* keep(folder, {}, (yield* examine(folder)).accepted)
      yield* keeper.renew
      assert.deepStrictEqual((yield* examine(folder)).damage, [])
      yield* fs.writeFile(`${folder}/${values}`, whole)
      // in the making, or left over by a cut of the power: nobody has named it
      yield* fs.writeFile(`${folder}/999999.sst`, new Uint8Array(4096))
      assert.deepStrictEqual((yield* examine(folder)).damage, [])
      yield* fs.remove(witnessFile(folder))
    }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)))

  it("that says what is not known here is left alone, and what may be passed over is", () => {
    const record = (edit: ReadonlyArray<number>): Buffer => {
      const body = Buffer.of(1, ...edit)
      const head = Buffer.alloc(6)
      head.writeUInt32LE(masked(crc32c(body)))
      head.writeUInt16LE(edit.length, 4)
      return Buffer.concat([head, body])
    }
    const log = [2, 7]
    const named = Option.some<Named>({ files: new Map(), firstLog: 7 })
    assert.deepStrictEqual(namedBy(record(log)), named)
    assert.deepStrictEqual(namedBy(record([0x81, 0x40, 1, 0xff, ...log])), named)
    assert.deepStrictEqual(namedBy(record([99, 1, ...log])), Option.none())
    assert.deepStrictEqual(namedBy(record([1, 200])), Option.none(), "a text beyond the end")
  })
})

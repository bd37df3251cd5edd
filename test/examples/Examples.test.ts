import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem, Stream } from "effect"
import { ChildProcess } from "effect/process"
import { filesIn, textOf } from "../docs/Repository.ts"
import { compileCache } from "../support/BuiltGlider.ts"
import { temporaryFolder } from "../support/TemporaryFolder.ts"

const examples = filesIn("examples", ".ts").filter((path) => !path.startsWith("examples/support/"))

/** What an example prints, line by line; requires that it ends well by itself, and leaves no temporary file behind. */
const linesOf = Effect.fnUntraced(
  function*(path: string, ...args: ReadonlyArray<string>) {
    const fs = yield* FileSystem.FileSystem
    const temporary = yield* temporaryFolder
    const child = yield* ChildProcess.make(process.execPath, [path, ...args], {
      stdin: "ignore",
      env: { TMPDIR: temporary, NODE_COMPILE_CACHE: compileCache },
      extendEnv: true
    })
    const [out, err] = yield* Effect.all(
      [Stream.mkString(Stream.decodeText(child.stdout)), Stream.mkString(Stream.decodeText(child.stderr))],
      { concurrency: 2 }
    )
    assert.strictEqual(Number(yield* child.exitCode), 0, `${out}${err}`)
    assert.deepStrictEqual(yield* fs.readDirectory(temporary), [])
    return out.trimEnd().split("\n")
  },
  Effect.scoped,
  Effect.provide(NodeServices.layer)
)

describe.concurrent("the examples", () => {
  it("begin with the command that runs them", () => {
    assert.isAbove(examples.length, 4)
    for (const path of examples) {
      assert.match(textOf(path), new RegExp(`^// npm exec -- node ${path}( \\[folder\\])?\n/\\*\\*`), path)
    }
  })

  it("are all in this test", () => {
    const own = textOf("test/examples/Examples.test.ts")
    for (const path of examples) assert.include(own, `"${path}"`)
  })

  it.live("agent: is told what failed, tries again what may go well, and repeats nothing on the same folder", () =>
    Effect.gen(function*() {
      const folder = yield* temporaryFolder
      const bought = "bought: true, blue, since red was sold out"
      assert.deepStrictEqual(yield* linesOf("examples/agent.ts", folder), [
        "  the model is asked, the first time",
        "  buy red lamp",
        "  the model is asked, the second time",
        "  buy blue lamp",
        "  buy blue lamp",
        "  the model is asked, the third time",
        bought
      ])
      assert.deepStrictEqual(yield* linesOf("examples/agent.ts", folder), [bought])
    }))

  it.live("order: undoes what was done when the last step fails for good, and repeats nothing on the same folder", () =>
    Effect.gen(function*() {
      const folder = yield* temporaryFolder
      const sent = ["order 1001: a lamp to Bergen", "order 1001 is on its way as parcel-1001"]
      const failed = ["order 1002: a chair to Atlantis", "order 1002 failed: NoCourier: no courier goes to Atlantis"]
      assert.deepStrictEqual(yield* linesOf("examples/order.ts", folder), [
        sent[0],
        "  reserve: a lamp is put aside",
        "  charge: the card is charged",
        "  ship: handed over",
        sent[1],
        failed[0],
        "  reserve: a chair is put aside",
        "  charge: the card is charged",
        "  ship: attempt 1, no courier",
        "  ship: attempt 2, no courier",
        "  ship: attempt 3, no courier",
        "  refund: the money goes back",
        "  release: a chair is back on the shelf",
        failed[1]
      ])
      assert.deepStrictEqual(yield* linesOf("examples/order.ts", folder), [...sent, ...failed])
    }))

  it.live("approval: pays what a person approves, and ends the wait when nobody answers", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* linesOf("examples/approval.ts"), [
        "hotel: a letter asks for 240 euros",
        "yacht: a letter asks for 240000 euros",
        "hotel: paid",
        "hotel: approved",
        "yacht: nobody answered"
      ])
    }))

  it.live("fan-out: runs twenty children, each once, and gathers what they give", () =>
    Effect.gen(function*() {
      const lines = yield* linesOf("examples/fan-out.ts")
      assert.strictEqual(lines.pop(), "the book: 21900 words, and chapter 7 is the longest")
      const chapters = lines.map((line) => Number(/^chapter (\d+): \d+ words$/.exec(line)?.[1]))
      assert.sameOrderedMembers(
        chapters.toSorted((one, other) => one - other),
        Array.from({ length: 20 }, (_, index) => index + 1)
      )
    }))

  it.live("poller: looks until its source is ready, and is seen and found meanwhile", () =>
    Effect.gen(function*() {
      const lines = yield* linesOf("examples/poller.ts")
      const [seen, said] = [true, false].map((seen) => lines.filter((line) => line.startsWith("  seen") === seen))
      assert.deepStrictEqual(said, [
        "the export is ordered",
        "look 1: not yet",
        "look 2: not yet",
        "look 3: not yet",
        "look 4: ready",
        "found by its attributes: export"
      ])
      // how often one looks from outside is a matter of time, so not all of it need be seen
      assert.include(seen?.at(-1) ?? "", `"done":4`)
    }))

  it.live("survives-a-crash: repeats what was under way, and nothing that was finished", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* linesOf("examples/survives-a-crash.ts"), [
        "first  | begins: pack the boxes",
        "first  | done:   pack the boxes",
        "first  | begins: load the van",
        "first  | done:   load the van",
        "first  | begins: drive",
        "first  | killed with SIGKILL",
        "second | begins: drive",
        "second | done:   drive",
        "second | begins: unpack",
        "second | done:   unpack",
        "second | at home in Bergen",
        "pack the boxes: begun once",
        "load the van: begun once",
        "drive: begun 2 times",
        "unpack: begun once"
      ])
    }))
})

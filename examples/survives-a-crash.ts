// npm exec -- node examples/survives-a-crash.ts
/**
 * A process is killed in the middle of a workflow, as by a power cut, and another one goes on with it: what was finished is
 * not done again, and what was under way begins again.
 *
 * It starts itself twice, each time on the same folder. With a folder as its argument it is one of those processes.
 */
import { NodeRuntime, NodeServices } from "@effect/platform-node"
import { Console, Effect, FileSystem, Layer, Schema, Stream } from "effect"
import { ChildProcess } from "effect/process"
import { Activity, Workflow } from "effect/workflow"
import { fileURLToPath } from "node:url"
import * as DurableSleep from "../src/workflow/DurableSleep.ts"
import * as Example from "./support/Example.ts"

const Move = Workflow.make("move", {
  payload: { house: Schema.String, ledger: Schema.String },
  success: Schema.String,
  idempotencyKey: ({ house }) => house
})

const steps = ["pack the boxes", "load the van", "drive", "unpack"] as const

/** Each step leaves a line in a file, so that it can be counted how often it was done. */
const step = (ledger: string, name: (typeof steps)[number]) =>
  Activity.make({
    name,
    execute: Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      yield* Effect.orDie(fs.writeFileString(ledger, `${name}\n`, { flag: "a" }))
      yield* Console.log(`begins: ${name}`)
      yield* Effect.sleep("500 millis")
      yield* Console.log(`done:   ${name}`)
    })
  })

const moves = Move.toLayer(Effect.fnUntraced(function*({ house, ledger }) {
  yield* step(ledger, "pack the boxes")
  yield* DurableSleep.sleep({ name: "a night", duration: "300 millis" })
  yield* step(ledger, "load the van")
  yield* step(ledger, "drive")
  yield* step(ledger, "unpack")
  return `at home in ${house}`
})).pipe(Layer.provide(NodeServices.layer)) // what the activities need of the world

/** One process: it asks for the run, which begins or goes on. */
const oneProcess = (folder: string) =>
  Example.run(
    [moves],
    Effect.flatMap(Move.execute({ house: "Bergen", ledger: `${folder}/ledger.txt` }), Console.log)
  )

/** Starts a process on the folder, and kills it as soon as it says that. */
const start = Effect.fnUntraced(function*(title: string, folder: string, killAt?: string) {
  const child = yield* ChildProcess.make(process.execPath, [fileURLToPath(import.meta.url), folder], {
    stderr: "inherit"
  })
  yield* child.stdout.pipe(
    Stream.decodeText(),
    Stream.splitLines,
    Stream.takeUntil((line) => line === killAt),
    Stream.runForEach((line) => Console.log(`${title} | ${line}`))
  )
  if (killAt === undefined) return yield* child.exitCode
  yield* child.kill({ killSignal: "SIGKILL" })
  return yield* Console.log(`${title} | killed with SIGKILL`)
}, Effect.scoped)

const twoProcesses = Effect.gen(function*() {
  const fs = yield* FileSystem.FileSystem
  const folder = yield* fs.makeTempDirectoryScoped({ prefix: "glider-example-" })
  yield* start("first ", folder, "begins: drive")
  yield* start("second", folder)
  const ledger = yield* fs.readFileString(`${folder}/ledger.txt`)
  for (const step of steps) {
    const times = ledger.split("\n").filter((line) => line === step).length
    yield* Console.log(`${step}: begun ${times === 1 ? "once" : `${times} times`}`)
  }
})

const folder = process.argv[2]
if (folder === undefined) NodeRuntime.runMain(twoProcesses.pipe(Effect.scoped, Effect.provide(NodeServices.layer)))
else oneProcess(folder)

/** What `glider run` holds of the machine's memory when there is nothing to do. */
import { Effect, FileSystem } from "effect"
import { bundle, installation } from "./Installation.ts"
import { node, residentMegabytes } from "./Processes.ts"
import { type Outcome, promise, type Sizes } from "./Report.ts"

const tables = `[sync.google_calendar]
interval_seconds = 1800

[sync.spotify]
interval_seconds = 120

[sync.oura]
interval_seconds = 3600`

const emptyNode = "setInterval(() => {}, 1e9)"

/** The engine with the memory Glider gives it, and nothing stored. */
const emptyStore = (folder: string) =>
  `import { Surreal } from "surrealdb"
import { createNodeEngines } from "@surrealdb/node"
const client = new Surreal({ engines: createNodeEngines() })
await client.connect("rocksdb://${folder}?sync=every", { namespace: "glider", database: "glider" })
await client.query("DEFINE TABLE note; CREATE note:1")
${emptyNode}`

const engineMemory = {
  SURREAL_ROCKSDB_BLOCK_CACHE_SIZE: String(32 * 1024 * 1024),
  SURREAL_ROCKSDB_WRITE_BUFFER_SIZE: String(16 * 1024 * 1024),
  SURREAL_ROCKSDB_MAX_WRITE_BUFFER_NUMBER: "4"
}

/** The memory of a process a while after its start. */
const resident = Effect.fnUntraced(function*(
  seconds: number,
  args: ReadonlyArray<string>,
  env?: { readonly [name: string]: string }
) {
  const { pid } = yield* node(args, env)
  yield* Effect.sleep(`${seconds} seconds`)
  return yield* residentMegabytes(Number(pid))
}, Effect.scoped)

export const idle = Effect.fn("bench.idle")(function*({ idleSeconds }: Sizes) {
  const fs = yield* FileSystem.FileSystem
  const folder = yield* fs.makeTempDirectoryScoped({ prefix: "glider-bench-" })
  const empty = yield* resident(2, ["-e", emptyNode])
  const store = yield* resident(4, ["--input-type=module", "-e", emptyStore(`${folder}/store`)], engineMemory)
  let requests = 0
  const { environment, where } = yield* installation(tables, () => {
    requests++
  })
  const glider = yield* resident(idleSeconds, [bundle, "run", ...where], environment)
  const outcome: Outcome = {
    promises: [
      promise({
        what: `resident memory of glider run ${idleSeconds} s after its start`,
        unit: "MB",
        bound: "below",
        promised: 200,
        measured: glider
      })
    ],
    figures: { emptyNode: empty, emptyStore: store, requestsOfTheFirstSyncs: requests }
  }
  return outcome
}, Effect.scoped)

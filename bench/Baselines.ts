/** What of a process's memory is not Glider's. */
import { Effect } from "effect"
import { node, residentMegabytes } from "./Processes.ts"

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
export const resident = Effect.fnUntraced(function*(
  seconds: number,
  args: ReadonlyArray<string>,
  env?: { readonly [name: string]: string }
) {
  const { pid } = yield* node(args, env)
  yield* Effect.sleep(`${seconds} seconds`)
  return yield* residentMegabytes(Number(pid))
}, Effect.scoped)

/** Of a Node that does nothing, and of one that has opened an embedded store in that folder and nothing else. */
export const baselines = Effect.fnUntraced(function*(folder: string) {
  return {
    emptyNode: yield* resident(2, ["-e", emptyNode]),
    emptyStore: yield* resident(4, ["--input-type=module", "-e", emptyStore(`${folder}/empty`)], engineMemory)
  }
})

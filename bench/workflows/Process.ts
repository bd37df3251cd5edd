/** What the processes of this benchmark have in common: what they are told, what they say, and the store they open. */
import { NodeRuntime, NodeServices } from "@effect/platform-node"
import { Console, Context, Effect, Layer, Option, Schema } from "effect"
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import { Surreal } from "../../src/services/Surreal.ts"
import { Migrations } from "../../src/store/Migrations.ts"

/** Runs a process that is told what to do by its argument, as JSON. An open engine keeps it alive: the exit is explicit. */
export const main = <S extends Schema.Codec<unknown, unknown>, E>(
  setup: S,
  program: (setup: S["Type"]) => Effect.Effect<void, E, NodeServices.NodeServices>
) =>
  Schema.decodeUnknownEffect(Schema.fromJsonString(setup))(process.argv[2]).pipe(
    Effect.flatMap(program),
    Effect.provide(NodeServices.layer),
    (running) => NodeRuntime.runMain(running, { teardown: (exit) => process.exit(exit._tag === "Success" ? 0 : 1) })
  )

/** Says something on standard output, as one line of JSON. */
export const say = <S extends Schema.Codec<unknown, unknown>>(schema: S, value: S["Type"]) =>
  Effect.flatMap(Schema.encodeEffect(Schema.fromJsonString(schema))(value), Console.log)

/** What was asked of the store so far. */
export class Asked extends Context.Service<Asked, {
  readonly counts: () => { readonly commits: number; readonly reads: number; readonly busyMillis: number }
}>()("glider/bench/workflows/Asked") {}

/** Counts queries and transactions, and the time during which at least one transaction was under way. */
const counted = Layer.effectContext(Effect.map(Surreal, (surreal) => {
  let [commits, reads, busyMillis, underWay, since] = [0, 0, 0, 0, 0]
  const begin = () => {
    commits++
    if (underWay++ === 0) since = performance.now()
  }
  const end = Effect.sync(() => {
    if (--underWay === 0) busyMillis += performance.now() - since
  })
  const watched = Surreal.of({
    ...surreal,
    query: (result, sql, vars) =>
      Effect.suspend(() => {
        reads++
        return surreal.query(result, sql, vars)
      }),
    transaction: (statements) =>
      Effect.suspend(() => {
        begin()
        return Effect.ensuring(surreal.transaction(statements), end)
      })
  })
  return Context.make(Surreal, watched).pipe(
    Context.add(Asked, { counts: () => ({ commits, reads, busyMillis }) })
  )
}))

/** The store as `glider run` opens it, RocksDB with an fsync at every commit; `opened` is told when each part is there. */
export const store = (folder: string, opened: (part: "store" | "schema") => void = () => {}) => {
  const target = { url: `rocksdb://${folder}`, namespace: "glider", database: "glider", credentials: Option.none() }
  const marked = (part: "store" | "schema") => Layer.effectDiscard(Effect.sync(() => opened(part)))
  return marked("schema").pipe(
    Layer.provideMerge(counted),
    Layer.provideMerge(Migrations.layer),
    Layer.provideMerge(marked("store")),
    Layer.provideMerge(Surreal.layer(target))
  )
}

const Count = Schema.Array(Schema.Struct({ count: Schema.Natural }))

/** How many runs are in that state, as the store has it. */
export const countRuns = Effect.fnUntraced(function*(state: string) {
  const surreal = yield* Surreal
  const [found] = yield* surreal.query(Count, "SELECT count() FROM run WHERE state = $state GROUP ALL", { state })
  return found?.count ?? 0
})

/** Bytes that this process has had written to the disk; on Linux what `/proc/self/io` calls `write_bytes`. */
export const bytesWritten = (): number => process.resourceUsage().fsWrite * 512

/** Collects what is garbage, and gives how much memory the objects take that are left. */
export const collected = (): number => {
  setFlagsFromString("--expose-gc")
  const collect: unknown = runInNewContext("gc")
  if (typeof collect === "function") collect()
  return process.memoryUsage().heapUsed
}

export const megabytes = (bytes: number): number => Math.round(bytes / 1e6)

import { NodeServices } from "@effect/platform-node"
import { Effect, Layer, Option, Schema } from "effect"
import { Surreal } from "../../src/services/Surreal.ts"
import { Migrations } from "../../src/store/Migrations.ts"
import { temporaryFolder } from "./TemporaryFolder.ts"

/** The real embedded engine in a folder of its own; without fsync, as a process may then open more than one. */
export const surrealTest = Layer.unwrap(Effect.gen(function*() {
  const folder = yield* temporaryFolder
  return Surreal.layer({
    url: `rocksdb://${folder}/store`,
    namespace: "glider",
    database: "glider",
    credentials: Option.none(),
    sync: "never"
  })
})).pipe(Layer.provide(NodeServices.layer))

/** The real embedded engine with the schema of the product. */
export const storeTest = Migrations.layer.pipe(Layer.provideMerge(surrealTest))

/** The engine in memory, which opens ten times as fast: where many tests have a store each and none opens it again. */
export const memoryStoreTest = Migrations.layer.pipe(
  Layer.provideMerge(
    Surreal.layer({ url: "mem://", namespace: "glider", database: "glider", credentials: Option.none() })
  ),
  Layer.provide(NodeServices.layer)
)

/** All that a store holds, as text in which to look for what must not be there. */
export const heldText = Effect.gen(function*() {
  const surreal = yield* Surreal
  const { tables } = yield* surreal.query(
    Schema.Struct({ tables: Schema.Record(Schema.String, Schema.Unknown) }),
    "INFO FOR DB"
  )
  const rows = yield* Effect.forEach(
    Object.keys(tables),
    (table) => surreal.query(Schema.Array(Schema.Unknown), `SELECT * FROM ${table}`)
  )
  return JSON.stringify(rows)
})

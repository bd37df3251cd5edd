import { NodeServices } from "@effect/platform-node"
import { Effect, FileSystem, Layer, Option } from "effect"
import { Surreal } from "../../src/services/Surreal.ts"
import { Migrations } from "../../src/store/Migrations.ts"

/** The real embedded engine in a folder of its own; without fsync, as a process may then open more than one. */
export const surrealTest = Layer.unwrap(Effect.gen(function*() {
  const fs = yield* FileSystem.FileSystem
  const folder = yield* fs.makeTempDirectoryScoped({ prefix: "glider-test-" })
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

/** What every example stands on: the durable engine over a store in a folder. */
import { NodeRuntime, NodeServices } from "@effect/platform-node"
import { Effect, Layer, Logger, Option, Runtime } from "effect"
import type { WorkflowEngine } from "effect/workflow"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import * as DurableEngine from "../../src/engine/DurableEngine.ts"
import { Surreal } from "../../src/services/Surreal.ts"
import { Migrations } from "../../src/store/Migrations.ts"
import { Runs } from "../../src/store/Runs.ts"

/** One that goes with the example. The store may still write for a moment after it is closed, hence the retries. */
const temporaryFolder = Effect.acquireRelease(
  Effect.promise(() => mkdtemp(join(tmpdir(), "glider-example-"))),
  (folder) => Effect.promise(() => rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 }))
)

/** The folder of the first argument, which stays for the next start; without one, a temporary folder. */
const folder = Effect.suspend(() => {
  const given = process.argv[2]
  return given === undefined ? temporaryFolder : Effect.succeed(resolve(given))
})

/** An embedded SurrealDB, each commit with an fsync. */
const store = Layer.unwrap(Effect.map(folder, (folder) =>
  Surreal.layer({
    url: `rocksdb://${folder}/store`,
    namespace: "glider",
    database: "glider",
    credentials: Option.none()
  }))).pipe(Layer.provide(NodeServices.layer), Layer.orDie)

/** `Glider.ts` puts the same together for the product: an engine over a migrated store. */
const engine = Layer.merge(DurableEngine.layer(), Runs.layer).pipe(
  Layer.provideMerge(Migrations.layer),
  Layer.provideMerge(store),
  Layer.orDie
)

/** What an example may ask for. */
export type Services = Layer.Success<typeof engine>

/** Registers the workflows, runs the program to its end, closes the store and ends the process. */
export const run = <A, E>(
  workflows: ReadonlyArray<Layer.Layer<never, never, WorkflowEngine.WorkflowEngine>>,
  program: Effect.Effect<A, E, Services>
): void =>
  NodeRuntime.runMain(
    program.pipe(
      Effect.provide(Layer.provideMerge(Layer.mergeAll(Layer.empty, ...workflows), engine)),
      Effect.provide(Logger.layer([Logger.withConsoleError(Logger.formatLogFmt)]))
    ),
    // a store that was open keeps the process alive
    { teardown: (exit) => Runtime.defaultTeardown(exit, (code) => process.exit(code)) }
  )

import { Effect, Layer } from "effect"
import { WorkflowEngine } from "effect/workflow"
import * as DurableEngine from "../../src/engine/DurableEngine.ts"
import * as JournalMemory from "../../src/engine/JournalMemory.ts"
import { engineSuite } from "../support/engineSuite.ts"
import { memoryStoreTest } from "../support/StoreTest.ts"

engineSuite("Effect's own engine in memory", WorkflowEngine.layerMemory)

engineSuite(
  "the durable engine over a journal in memory",
  Layer.unwrap(Effect.sync(() => DurableEngine.layerMemory(JournalMemory.make())))
)

engineSuite(
  "the durable engine over SurrealDB",
  DurableEngine.layer().pipe(Layer.provide(memoryStoreTest), Layer.orDie)
)

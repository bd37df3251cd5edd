/** What the processes of this benchmark are made of: Glider as `glider run` has it, but for its config file and its API. */
import { Effect, FileSystem, Layer, Logger, Schema } from "effect"
import { Aead, Digest, SecureRandom } from "effect/crypto"
import { FetchHttpClient } from "effect/http"
import { Workflow } from "effect/workflow"
import { CurrentConfig } from "../../src/Config.ts"
import { Settings } from "../../src/config/Settings.ts"
import type { ScheduleDefinition } from "../../src/domain/ScheduleDefinition.ts"
import * as Glider from "../../src/Glider.ts"
import { Scheduler } from "../../src/Scheduler.ts"
import * as HeapTrim from "../../src/services/HeapTrim.ts"
import { body } from "../../src/workflow/Body.ts"
import { store } from "../workflows/Process.ts"

/** A workflow that is over at once. */
const Nothing = Workflow.make("nothing", {
  payload: { key: Schema.String },
  success: Schema.Void,
  idempotencyKey: ({ key }) => key
})

const nothing = Nothing.toLayer(body(() => Effect.void))

/** A config as short as can be; what is scheduled is said elsewhere. */
const config = (folder: string) =>
  Layer.unwrap(Effect.gen(function*() {
    const fs = yield* FileSystem.FileSystem
    const path = `${folder}/config.toml`
    yield* fs.writeFileString(path, "[sync.spotify]\ninterval_seconds = 120\n")
    return CurrentConfig.layer(path)
  }))

/** What goes wrong is told, and nothing else: standard output is for the figures. */
const quiet = Logger.layer([
  Logger.make(({ logLevel, message }) => {
    if (logLevel === "Warn" || logLevel === "Error" || logLevel === "Fatal") {
      process.stderr.write(`${String(message)}\n`)
    }
  })
])

/** Everything behind the supervisor, over the real store. */
export const glider = (folder: string) =>
  Layer.mergeAll(nothing, Layer.provide(HeapTrim.layer, HeapTrim.Heap.layer)).pipe(
    Layer.provideMerge(Glider.layer(folder, { recovers: true })),
    Layer.provideMerge(store(`${folder}/store`)),
    Layer.provideMerge(Layer.mergeAll(config(folder), Settings.layer)),
    Layer.provide([FetchHttpClient.layer, Aead.layerWebCrypto, Digest.layerWebCrypto]),
    Layer.provide(SecureRandom.layerWebCrypto),
    Layer.provideMerge(quiet)
  )

/** The supervisor of those schedules, which are made anew whenever they are asked for, as they are of a config. */
export const supervisor = (definitions: () => ReadonlyArray<ScheduleDefinition>) => {
  const wanted = Effect.sync(definitions)
  return Scheduler.layer(Effect.succeed({ definitions: wanted, reread: wanted }))
}

/** The tables alone. */
export const tables = (folder: string) => Layer.provideMerge(store(`${folder}/store`), quiet)

export const configured = config

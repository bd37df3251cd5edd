/** Every service behind the API, put together. Loaded only by commands that need the store. */
import { NodeHttpServer } from "@effect/platform-node"
import { Effect, Layer, Option } from "effect"
import { Aead, Digest, SecureRandom } from "effect/crypto"
import { FetchHttpClient } from "effect/http"
import { ConfigInForce } from "../api/ConfigInForce.ts"
import { ApiToken } from "../api/GuardLayers.ts"
import { About } from "../api/Overview.ts"
import { listening, serving } from "../api/Server.ts"
import { CurrentConfig } from "../Config.ts"
import { configPath, DataFolder } from "../config/Places.ts"
import { Settings } from "../config/Settings.ts"
import { Runner } from "../engine/Runner.ts"
import * as Glider from "../Glider.ts"
import { Scheduler } from "../Scheduler.ts"
import { ProviderGate } from "../services/ProviderGate.ts"
import { Surreal } from "../services/Surreal.ts"
import { isRemote } from "../services/SurrealEngine.ts"
import { Migrations } from "../store/Migrations.ts"
import { Runs } from "../store/Runs.ts"
import { Syncs } from "../syncs/Syncs.ts"
import { version } from "./Version.ts"

/** Where config and data are, as the flags say. */
export interface Where {
  readonly config: Option.Option<string>
  readonly dataDir: Option.Option<string>
}

/** The config in force, the data folder and the settings of the environment. */
export const places = ({ config, dataDir }: Where) =>
  Layer.mergeAll(
    Layer.unwrap(Effect.map(configPath(config), CurrentConfig.layer)),
    DataFolder.layer(dataDir),
    Settings.layer
  )

const surreal = Layer.unwrap(Effect.gen(function*() {
  const { store } = yield* CurrentConfig
  const { storeUrl } = yield* DataFolder
  const { credentials } = yield* Settings
  return Surreal.layer({
    url: Option.getOrElse(store.url, () => storeUrl),
    namespace: store.namespace,
    database: store.database,
    credentials
  })
}))

const glider = Layer.unwrap(Effect.map(DataFolder, ({ path }) => Glider.layer(path)))

/** The rooms behind the API, without a scheduler. */
const rooms = Layer.mergeAll(ConfigInForce.layer, ApiToken.layer).pipe(
  Layer.provideMerge(glider),
  Layer.provideMerge(Migrations.layer),
  Layer.provideMerge(surreal),
  Layer.provide([FetchHttpClient.layer, Aead.layerWebCrypto, Digest.layerWebCrypto]),
  Layer.provide(SecureRandom.layerWebCrypto)
)

/**
 * Tells the runs that a process which is gone left `running`. Whoever opens an embedded store knows that no other process
 * has it; of a remote one only the daemon may say so.
 */
const recovered = Layer.effectDiscard(Effect.gen(function*() {
  const { store } = yield* CurrentConfig
  const { supervises } = yield* About
  if (!supervises && Option.exists(store.url, isRemote)) return
  const runs = yield* Runs
  const count = yield* runs.recover
  if (count > 0) yield* Effect.logWarning(`${count} runs were cut short when the last process ended`)
}))

const supervisor = Scheduler.layer(Effect.gen(function*() {
  const { current, reread } = yield* ConfigInForce
  const gate = yield* ProviderGate
  const runner = yield* Runner
  const syncs = yield* Syncs
  const { scheduler, tasks } = yield* current
  return {
    tasks,
    run: (task) =>
      Effect.flatMap(
        syncs.of(task),
        (sync) => runner.run({ task, trigger: "schedule", sync, onProgress: () => Effect.void })
      ),
    shutUntil: gate.shutUntil,
    reread: Effect.map(reread, (config) => config.tasks),
    grace: scheduler.grace
  }
}))

/** For a command of its own: nothing is scheduled. */
export const forCommand = Scheduler.layerIdle.pipe(
  Layer.provideMerge(recovered),
  Layer.provideMerge(Layer.succeed(About, { version, supervises: false })),
  Layer.provideMerge(rooms)
)

/** The services that a daemon has before it supervises anything. */
export type Rooms = Layer.Success<typeof rooms> | CurrentConfig

/**
 * For `glider run`: every enabled task under supervision, once the port is taken and `prepare` is done, and the API over
 * all of it.
 */
export const forDaemon = <E, R>(prepare: Effect.Effect<void, E, R>) =>
  serving.pipe(
    Layer.provideMerge(supervisor),
    Layer.provideMerge(Layer.effectDiscard(prepare)),
    Layer.provideMerge(recovered),
    Layer.provideMerge(Layer.succeed(About, { version, supervises: true })),
    Layer.provideMerge(rooms),
    Layer.provideMerge(listening),
    Layer.provideMerge(NodeHttpServer.layerHttpServices)
  )

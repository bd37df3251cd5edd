import { Context, Effect, type FileSystem, Layer, type Path, Ref } from "effect"
import { type ConfigFileError, CurrentConfig, type GliderConfig, load } from "../Config.ts"

/**
 * The config as the last reading has it. A reload takes over the tasks; what was opened at the start (store, addresses,
 * server) stays as it was until a restart.
 */
export class ConfigInForce extends Context.Service<ConfigInForce, {
  readonly current: Effect.Effect<GliderConfig>
  /** Reads the file again and takes over its tasks; with mistakes in it, everything stays as it is. */
  readonly reread: Effect.Effect<GliderConfig, ConfigFileError>
}>()("glider/api/ConfigInForce") {
  static readonly layer = Layer.effect(
    ConfigInForce,
    Effect.gen(function*() {
      const platform = yield* Effect.context<FileSystem.FileSystem | Path.Path>()
      const first = yield* CurrentConfig
      const config = yield* Ref.make(first)
      return ConfigInForce.of({
        current: Ref.get(config),
        reread: load(first.path).pipe(
          Effect.provideContext(platform),
          Effect.map((next) => ({ ...first, tasks: next.tasks })),
          Effect.tap((next) => Ref.set(config, next))
        )
      })
    })
  )
}

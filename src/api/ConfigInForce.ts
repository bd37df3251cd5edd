import { Context, Effect, type FileSystem, Layer, type Path, Ref } from "effect"
import { type ConfigFileError, CurrentConfig, type GliderConfig, load } from "../Config.ts"
import type { ScheduleDefinition } from "../domain/ScheduleDefinition.ts"
import { definitionsOf } from "../schedules/Definitions.ts"

/**
 * The config as the last reading has it. A reload takes over tasks and schedules; what was opened at the start (store, addresses,
 * server) stays as it was until a restart.
 */
export class ConfigInForce extends Context.Service<ConfigInForce, {
  readonly current: Effect.Effect<GliderConfig>
  /** The schedules that it defines. */
  readonly definitions: Effect.Effect<ReadonlyArray<ScheduleDefinition>, ConfigFileError>
  /** The schedules that the file defines by now. */
  readonly ahead: Effect.Effect<ReadonlyArray<ScheduleDefinition>, ConfigFileError>
  /** Reads the file again and takes over tasks and schedules; with mistakes in it, everything stays as it is. */
  readonly reread: Effect.Effect<ReadonlyArray<ScheduleDefinition>, ConfigFileError>
}>()("glider/api/ConfigInForce") {
  static readonly layer = Layer.effect(
    ConfigInForce,
    Effect.gen(function*() {
      const platform = yield* Effect.context<FileSystem.FileSystem | Path.Path>()
      const first = yield* CurrentConfig
      const config = yield* Ref.make(first)
      const defined = (of: GliderConfig) => Effect.provideContext(definitionsOf(of), platform)
      const next = Effect.map(
        Effect.provideContext(load(first.path), platform),
        ({ backup, schedules, tasks }) => ({ ...first, tasks, schedules, ...backup === undefined ? {} : { backup } })
      )
      return ConfigInForce.of({
        current: Ref.get(config),
        definitions: Effect.flatMap(Ref.get(config), defined),
        ahead: Effect.flatMap(next, defined),
        reread: Effect.flatMap(next, (read) => Effect.tap(defined(read), Ref.set(config, read)))
      })
    })
  )
}

import { Context, Effect, type FileSystem, Layer, type Path } from "effect"
import { type ConfigFileError, type GliderConfig, LatestConfig, load } from "../Config.ts"
import type { ScheduleDefinition } from "../domain/ScheduleDefinition.ts"
import { definitionsOf } from "../schedules/Definitions.ts"

/**
 * The config as the last reading has it. A reload takes over tasks, schedules, further accounts, calendars, alerts, reports, webhooks and who
 * may be called; what was opened at the start (store, addresses, server) stays as it was until a restart.
 */
export class ConfigInForce extends Context.Service<ConfigInForce, {
  readonly current: Effect.Effect<GliderConfig>
  /** The schedules that it defines. */
  readonly definitions: Effect.Effect<ReadonlyArray<ScheduleDefinition>, ConfigFileError>
  /** The schedules that the file defines by now. */
  readonly ahead: Effect.Effect<ReadonlyArray<ScheduleDefinition>, ConfigFileError>
  /** Reads the file again and takes over what may change; with mistakes in it, everything stays as it is. */
  readonly reread: Effect.Effect<ReadonlyArray<ScheduleDefinition>, ConfigFileError>
}>()("glider/api/ConfigInForce") {
  static readonly layer = Layer.effect(
    ConfigInForce,
    Effect.gen(function*() {
      const platform = yield* Effect.context<FileSystem.FileSystem | Path.Path>()
      const latest = yield* LatestConfig
      const first = yield* latest.get
      const defined = (of: GliderConfig) => Effect.provideContext(definitionsOf(of), platform)
      const next = Effect.map(
        Effect.provideContext(load(first.path), platform),
        (
          {
            alerts,
            backup,
            calendars = [],
            connections = [],
            inbox = [],
            network,
            reports,
            schedules,
            tasks,
            webhooks = []
          }
        ) => ({
          ...first,
          tasks,
          schedules,
          calendars,
          connections,
          webhooks,
          inbox,
          ...network === undefined ? {} : { network },
          ...backup === undefined ? {} : { backup },
          ...alerts === undefined ? {} : { alerts },
          ...reports === undefined ? {} : { reports }
        })
      )
      return ConfigInForce.of({
        current: latest.get,
        definitions: Effect.flatMap(latest.get, defined),
        ahead: Effect.flatMap(next, defined),
        reread: Effect.flatMap(next, (read) => Effect.tap(defined(read), latest.set(read)))
      })
    })
  )
}

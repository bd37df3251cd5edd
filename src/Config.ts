import {
  Context,
  type DateTime,
  type Duration,
  Effect,
  type FileSystem,
  Latch,
  Layer,
  type Option,
  type Path
} from "effect"
import type { AffinityRates } from "./config/AffinityKeys.ts"
import type { AiSettings } from "./config/AiSettings.ts"
import type { AlertSettings } from "./config/AlertKeys.ts"
import type { CalendarSource } from "./config/CalendarKeys.ts"
import type { ConnectionSettings } from "./config/ConnectionKeys.ts"
import type { JobSettings } from "./config/JobSettings.ts"
import type { ConfigFileError } from "./config/Mistake.ts"
import type { ReportSettings } from "./config/ReportKeys.ts"
import type { RetentionSettings } from "./config/RetentionKeys.ts"
import type { ScheduleSettings, WorkflowSchedule } from "./config/ScheduleSettings.ts"
import type { InboxSource, WebhookEndpoint } from "./config/WebhookKeys.ts"
import type { Provider } from "./domain/Provider.ts"
import type { OuraDataType, TaskName } from "./domain/Task.ts"

export { ConfigFileError } from "./config/Mistake.ts"

/** What every task has. */
interface TaskSettings extends ScheduleSettings {
  readonly name: TaskName
  /** How long a run may take before it is ended as failed. */
  readonly timeout: Duration.Duration
}

/** A `[sync.*]` table. */
export type Task =
  | TaskSettings & {
    readonly name: "google_calendar"
    readonly calendarIds: ReadonlyArray<string>
    readonly daysBack: number
  }
  | TaskSettings & { readonly name: "spotify" }
  | TaskSettings & {
    readonly name: "oura" | "oura_heartrate" | "oura_full"
    readonly lookbackDays: number
    readonly dataTypes: ReadonlyArray<OuraDataType>
  }

/** A `[provider.*]` table. */
export interface ProviderAddresses {
  readonly apiUrl: string
  readonly authorizeUrl: string
  readonly tokenUrl: string
  /** None where the provider offers no revocation: the token is only forgotten. */
  readonly revokeUrl: Option.Option<string>
  readonly redirectUri: string
}

/** A `[mcp.server.*]` table: a server of tools that is asked here. */
export interface ToolServer {
  readonly name: string
  readonly at:
    | {
      readonly _tag: "Command"
      readonly command: string
      readonly args: ReadonlyArray<string>
      /** Names of variables that are handed on to its process, besides those that every process needs. */
      readonly env: ReadonlyArray<string>
    }
    | { readonly _tag: "Url"; readonly url: string }
  /** `stateless`: begun anew for each call; `stateful`: kept between calls. */
  readonly mode: "stateless" | "stateful"
  /** Of its tools, those that may be called. */
  readonly tools: ReadonlyArray<string>
  /** How long one try of a call may take. */
  readonly timeout: Duration.Duration
  /** Calls at the same time. */
  readonly concurrency: number
  /** How often in a row it is begun again before it is given up for a while. */
  readonly restarts: number
}

/** `config.toml`, decoded. */
export interface GliderConfig {
  /** The file it came from. */
  readonly path: string
  readonly project: { readonly name: string }
  readonly scheduler: {
    readonly storeRunStatus: boolean
    readonly timezone: DateTime.TimeZone
    /** How long running syncs get to reach a safe point at SIGTERM. */
    readonly grace: Duration.Duration
    /** How long the outcomes of ticks are kept. */
    readonly ledger: Duration.Duration
    /** Expressions that fire more often are refused. */
    readonly leastInterval: Duration.Duration
    /** Schedules that one project may have. */
    readonly mostSchedules: number
  }
  readonly engine: {
    /** Runs at work at once, of all workflows together. */
    readonly concurrentRuns: number
    /** Runs of one workflow at work at once, by its name. */
    readonly concurrency: { readonly [workflow: string]: number }
    /** Runs of one workflow that start in a minute, by its name. */
    readonly startsPerMinute: { readonly [workflow: string]: number }
    /** Durable activities at work at once. */
    readonly concurrentActivities: number
    readonly activitiesPerSecond: number
    /** How long runs that are over are kept. */
    readonly retention: Duration.Duration
  }
  readonly server: {
    readonly host: string
    readonly port: number
    /** Names under which it is reached besides those of loopback and `host`; with a port where only that one is meant. */
    readonly allowedHosts: ReadonlyArray<string>
    /** Origins of web pages elsewhere that may use it. */
    readonly corsOrigins: ReadonlyArray<string>
    /** Of one client; 0 for any number. */
    readonly requestsPerMinute: number
    readonly maxBodyBytes: number
    /** Until an answer begins; what streams is not bound by it. */
    readonly requestTimeout: Duration.Duration
  }
  readonly dashboard: {
    /** The language (BCP 47) in which dates and numbers are written. */
    readonly locale: string
    /** 1 is Monday, 7 Sunday. */
    readonly weekStartsOn: number
  }
  readonly mcp: {
    /** Whether the server has `/mcp`. */
    readonly enabled: boolean
    /** Whether its tools may change something, for tokens that may. */
    readonly writes: boolean
    /** Servers elsewhere whose tools are used here. */
    readonly servers: ReadonlyArray<ToolServer>
  }
  readonly music: {
    /** Whether songs may be put into playlists. */
    readonly enabled: boolean
    /** How long the same request is the same run. */
    readonly idempotencyWindow: Duration.Duration
  }
  readonly store: { readonly url: Option.Option<string>; readonly namespace: string; readonly database: string }
  /** Without it there are no backups but those that somebody asks for. */
  readonly backup?: {
    /** Whether they are made by themselves. */
    readonly enabled: boolean
    /** When, in the zone of the scheduler. */
    readonly cron: string
    /** How many of them. */
    readonly keep: number
    /** `backups` in the data folder where it is none. */
    readonly folder: Option.Option<string>
    /** Whether one is made before the schema changes. */
    readonly beforeMigration: boolean
  }
  readonly retention?: RetentionSettings
  readonly affinity?: AffinityRates
  readonly reports?: ReportSettings
  readonly providers: { readonly [P in Provider]: ProviderAddresses }
  /** `[ai]`, where it names a provider. */
  readonly ai?: AiSettings
  /** Agents that put songs into playlists. */
  readonly agents: {
    readonly enabled: boolean
    readonly multiAgent: boolean
    readonly useMcp: boolean
    /** That of `[ai]` where it is none. */
    readonly model: Option.Option<string>
    readonly temperature: number
    readonly maxTurns: number
    /** The share of the requests of `/api/v1/sync` that agents run. */
    readonly rolloutPercent: number
  }
  readonly tasks: ReadonlyArray<Task>
  /** The `[schedule.*]` tables. */
  readonly schedules: ReadonlyArray<WorkflowSchedule>
  /** `[jobs]`; what it would say by itself where it is absent. */
  readonly jobs?: JobSettings
  readonly network?: {
    /** Hosts, addresses and networks that may be called though they are none of the public internet. */
    readonly allowedPrivate: ReadonlyArray<string>
  }
  /** The `[connection.*]` tables: further accounts. */
  readonly connections?: ReadonlyArray<ConnectionSettings>
  /** The `[calendar.*]` tables: calendars that are read again by themselves. */
  readonly calendars?: ReadonlyArray<CalendarSource>
  /** The `[webhook.*]` tables. */
  readonly webhooks?: ReadonlyArray<WebhookEndpoint>
  /** The `[inbox.*]` tables. */
  readonly inbox?: ReadonlyArray<InboxSource>
  /** `[alerts]`. */
  readonly alerts?: AlertSettings
}

/**
 * Reads the file at `path` with the environment laid over it. Strict: unknown keys, wrong kinds and contradictions are
 * all reported, each with its line and what was expected.
 *
 * Everything that reads TOML is loaded with the first call, so that commands without a config do not wait for it.
 */
export const load = (
  path: string
): Effect.Effect<GliderConfig, ConfigFileError, FileSystem.FileSystem | Path.Path> =>
  Effect.flatMap(Effect.promise(() => import("./config/Load.ts")), (module) => module.load(path))

/** The config of the start. */
export class CurrentConfig extends Context.Service<CurrentConfig, GliderConfig>()("glider/Config/CurrentConfig") {
  static readonly layer = (path: string) => Layer.effect(CurrentConfig, load(path))
}

/** The config as the last reload has it; of what was opened at the start (store, server, addresses) it says what it said then. */
export class LatestConfig extends Context.Service<LatestConfig, {
  readonly get: Effect.Effect<GliderConfig>
  /** The same, for those who are asked in the middle of a statement. */
  readonly now: () => GliderConfig
  readonly set: (config: GliderConfig) => Effect.Effect<void>
  /** Waits for the next reload. */
  readonly changed: Effect.Effect<void>
}>()("glider/Config/LatestConfig") {
  static readonly layer = Layer.effect(
    LatestConfig,
    Effect.gen(function*() {
      let config = yield* CurrentConfig
      const reloads = Latch.makeUnsafe()
      const now = () => config
      return LatestConfig.of({
        now,
        get: Effect.sync(now),
        set: (next) => Effect.andThen(Effect.sync(() => void (config = next)), reloads.release),
        changed: reloads.await
      })
    })
  )
}

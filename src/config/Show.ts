import { DateTime, Duration, Option } from "effect"
import { stringify } from "smol-toml"
import type { GliderConfig, ProviderAddresses, Task } from "../Config.ts"
import { durationText } from "../domain/DurationText.ts"
import { shownAgents } from "./AgentKeys.ts"
import { shownAlerts } from "./AlertKeys.ts"
import { shownCalendars } from "./CalendarKeys.ts"
import { shownConnections } from "./ConnectionKeys.ts"
import { shownJobs } from "./JobKeys.ts"
import { weekdays } from "./Locale.ts"
import { shownReports } from "./ReportKeys.ts"
import type { ScheduleSettings } from "./ScheduleSettings.ts"
import { shownWebhooks } from "./WebhookKeys.ts"

/** Settings of the environment as they may be shown: `shownEnvironment` in Settings.ts. */
type ShownEnvironment = { readonly [name: string]: string }

/** The keys of a config file with a value for each that has one. */
type Shown = { readonly [key: string]: unknown }

/**
 * The config in force as a config file that leaves nothing to defaults: reading it gives the same config. Settings of
 * the environment that the file cannot hold follow as comments.
 */
export const showToml = (config: GliderConfig, environment: ShownEnvironment): string =>
  [
    `# In force: ${config.path} with the environment laid over it`,
    "",
    stringify(shown(config)).trimEnd(),
    ...(Object.keys(environment).length === 0 ? [] : ["", "# From the environment"]),
    ...Object.entries(environment).map(([name, value]) => `# ${name} = ${JSON.stringify(value)}`),
    ""
  ].join("\n")

/** The same for programs: the file's path, its tables, and the environment's settings. */
export const showJson = (config: GliderConfig, environment: ShownEnvironment): Shown => ({
  path: config.path,
  config: shown(config),
  environment
})

const shown = (config: GliderConfig): Shown => ({
  project: config.project,
  scheduler: {
    store_run_status: config.scheduler.storeRunStatus,
    timezone: DateTime.zoneToString(config.scheduler.timezone),
    grace_seconds: Duration.toSeconds(config.scheduler.grace),
    ledger_days: Duration.toDays(config.scheduler.ledger),
    min_interval_seconds: Duration.toSeconds(config.scheduler.leastInterval),
    max_schedules: config.scheduler.mostSchedules
  },
  engine: {
    concurrent_runs: config.engine.concurrentRuns,
    concurrency: config.engine.concurrency,
    starts_per_minute: config.engine.startsPerMinute,
    concurrent_activities: config.engine.concurrentActivities,
    activities_per_second: config.engine.activitiesPerSecond,
    retention_days: Duration.toDays(config.engine.retention)
  },
  server: {
    host: config.server.host,
    port: config.server.port,
    allowed_hosts: config.server.allowedHosts,
    cors_origins: config.server.corsOrigins,
    requests_per_minute: config.server.requestsPerMinute,
    max_body_bytes: config.server.maxBodyBytes,
    request_timeout_seconds: Duration.toSeconds(config.server.requestTimeout)
  },
  dashboard: {
    locale: config.dashboard.locale,
    week_starts_on: weekdays[config.dashboard.weekStartsOn - 1] ?? "monday"
  },
  music: {
    enabled: config.music.enabled,
    idempotency_window_seconds: Duration.toSeconds(config.music.idempotencyWindow)
  },
  mcp: {
    enabled: config.mcp.enabled,
    writes: config.mcp.writes,
    ...config.mcp.servers.length === 0 ? {} : {
      server: Object.fromEntries(config.mcp.servers.map(({ at, name, timeout, ...rest }) => [name, {
        ...at._tag === "Url" ? { url: at.url } : { command: at.command, args: at.args, env: at.env },
        mode: rest.mode,
        tools: rest.tools,
        timeout_seconds: Duration.toSeconds(timeout),
        concurrency: rest.concurrency,
        restarts: rest.restarts
      }]))
    }
  },
  store: {
    ...present("url", config.store.url),
    namespace: config.store.namespace,
    database: config.store.database
  },
  ...config.backup === undefined ? {} : {
    backup: {
      enabled: config.backup.enabled,
      cron: config.backup.cron,
      keep: config.backup.keep,
      ...present("folder", config.backup.folder),
      before_migration: config.backup.beforeMigration
    }
  },
  ...config.retention === undefined ? {} : {
    retention: {
      ...Option.match(config.retention.raw, {
        onNone: () => ({}),
        onSome: (age) => ({ raw_days: Duration.toDays(age) })
      }),
      audit_days: Duration.toDays(config.retention.audit)
    }
  },
  ...config.affinity === undefined ? {} : { affinity: config.affinity },
  ...shownReports(config.reports),
  provider: {
    google: addresses(config.providers.google),
    spotify: addresses(config.providers.spotify),
    oura: addresses(config.providers.oura)
  },
  ...(config.ai === undefined ? {} : {
    ai: {
      provider: config.ai.provider,
      base_url: config.ai.baseUrl,
      model: config.ai.model,
      ...Option.match(config.ai.timeout, {
        onNone: () => ({}),
        onSome: (timeout) => ({ timeout_seconds: Duration.toSeconds(timeout) })
      })
    }
  }),
  agents: shownAgents(config.agents),
  sync: Object.fromEntries(config.tasks.map((task) => [task.name, table(task)])),
  ...config.schedules.length === 0 ? {} : {
    schedule: Object.fromEntries(
      config.schedules.map((schedule) => [
        schedule.id,
        { workflow: schedule.workflow, input: schedule.input, ...scheduleTable(schedule) }
      ])
    )
  },
  ...shownConnections(config.connections),
  ...shownCalendars(config.calendars),
  ...shownJobs(config.jobs),
  ...shownWebhooks(config),
  ...shownAlerts(config)
})

const present = (key: string, value: Option.Option<unknown>): Shown =>
  Option.match(value, { onNone: () => ({}), onSome: (given) => ({ [key]: given }) })

const addresses = (provider: ProviderAddresses): Shown => ({
  api_url: provider.apiUrl,
  authorize_url: provider.authorizeUrl,
  token_url: provider.tokenUrl,
  ...present("revoke_url", provider.revokeUrl),
  redirect_uri: provider.redirectUri
})

const span = (duration: Duration.Duration): string => durationText(Duration.toMillis(duration))

const instant = (at: DateTime.Utc): Date => DateTime.toDateUtc(at)

const scheduleTable = (schedule: ScheduleSettings): Shown => ({
  enabled: schedule.enabled,
  ...schedule.when._tag === "Interval"
    ? { interval_seconds: Duration.toSeconds(schedule.when.every) }
    : { cron: schedule.when.expression, timezone: schedule.timezone, dst: schedule.dst },
  jitter: span(schedule.jitter),
  overlap_policy: schedule.overlap,
  ...present("start_at", Option.map(schedule.startAt, instant)),
  ...present("end_at", Option.map(schedule.endAt, instant)),
  catch_up: schedule.catchUp,
  ...present("catch_up_window", Option.map(schedule.catchUpWindow, span)),
  ...present("max_runs", schedule.maxRuns),
  pause_on_failure: schedule.pauseOnFailure
})

const table = (task: Task): Shown => {
  const common = {
    ...scheduleTable(task),
    timeout_seconds: Duration.toSeconds(task.timeout)
  }
  switch (task.name) {
    case "google_calendar": {
      const [first, ...others] = task.calendarIds
      const calendars = others.length === 0 ? { calendar_id: first } : { calendar_ids: task.calendarIds }
      return { ...common, ...calendars, days_back: task.daysBack }
    }
    case "spotify":
      return common
    case "oura_heartrate":
      return { ...common, lookback_days: task.lookbackDays }
    case "oura":
    case "oura_full":
      return { ...common, lookback_days: task.lookbackDays, data_types: task.dataTypes }
  }
}

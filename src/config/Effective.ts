import { type DateTime, Duration, Option } from "effect"
import type { GliderConfig, ProviderAddresses, Task } from "../Config.ts"
import { durationMillis } from "../domain/DurationText.ts"
import { agentsOf } from "./AgentKeys.ts"
import { aiDefaults } from "./AiSettings.ts"
import { alertsOf } from "./AlertKeys.ts"
import { calendarsOf } from "./CalendarKeys.ts"
import type { ConfigFile } from "./ConfigFile.ts"
import { connectionsOf } from "./ConnectionKeys.ts"
import { jobsOf } from "./JobKeys.ts"
import { firstWeekday, weekdays } from "./Locale.ts"
import { reportsOf } from "./ReportKeys.ts"
import { retentionOf } from "./RetentionKeys.ts"
import { instantOf } from "./ScheduleKeys.ts"
import type { ScheduleSettings } from "./ScheduleSettings.ts"
import type { Settings } from "./Settings.ts"
import { inboxOf, webhooksOf } from "./WebhookKeys.ts"

/** What the file and the environment do not say. */
export interface Surroundings {
  /** The file's path. */
  readonly path: string
  /** The zone in force. */
  readonly timezone: DateTime.TimeZone
  /** The store's address with an absolute folder. */
  readonly storeUrl: Option.Option<string>
  /** The absolute folder of `[backup]`. */
  readonly backups: Option.Option<string>
}

/** The config in force: the environment goes before the file. */
export const effective = (file: ConfigFile, settings: Settings["Service"], around: Surroundings): GliderConfig => ({
  path: around.path,
  project: { name: file.project.name },
  scheduler: {
    storeRunStatus: file.scheduler.store_run_status,
    timezone: around.timezone,
    grace: Duration.seconds(file.scheduler.grace_seconds),
    ledger: Duration.days(file.scheduler.ledger_days),
    leastInterval: Duration.seconds(file.scheduler.min_interval_seconds),
    mostSchedules: file.scheduler.max_schedules
  },
  engine: {
    concurrentRuns: file.engine.concurrent_runs,
    concurrency: file.engine.concurrency,
    startsPerMinute: file.engine.starts_per_minute,
    concurrentActivities: file.engine.concurrent_activities,
    activitiesPerSecond: file.engine.activities_per_second,
    retention: Duration.days(file.engine.retention_days)
  },
  server: {
    host: file.server.host,
    port: file.server.port,
    allowedHosts: file.server.allowed_hosts,
    corsOrigins: file.server.cors_origins,
    requestsPerMinute: file.server.requests_per_minute,
    maxBodyBytes: file.server.max_body_bytes,
    requestTimeout: Duration.seconds(file.server.request_timeout_seconds)
  },
  dashboard: {
    locale: file.dashboard.locale,
    weekStartsOn: file.dashboard.week_starts_on === "locale"
      ? firstWeekday(file.dashboard.locale)
      : weekdays.indexOf(file.dashboard.week_starts_on) + 1
  },
  music: {
    enabled: file.music.enabled,
    idempotencyWindow: Duration.seconds(file.music.idempotency_window_seconds)
  },
  mcp: {
    enabled: file.mcp.enabled,
    writes: file.mcp.writes,
    servers: Object.entries(file.mcp.server).map(([name, table]) => ({
      name,
      at: table.command === undefined
        ? { _tag: "Url", url: table.url ?? "" }
        : { _tag: "Command", command: table.command, args: table.args, env: table.env },
      mode: table.mode,
      tools: table.tools,
      timeout: Duration.seconds(table.timeout_seconds),
      concurrency: table.concurrency,
      restarts: table.restarts
    }))
  },
  store: {
    url: around.storeUrl,
    namespace: Option.getOrElse(settings.store.namespace, () => file.store.namespace),
    database: Option.getOrElse(settings.store.database, () => file.store.database)
  },
  backup: {
    enabled: file.backup.enabled,
    cron: file.backup.cron,
    keep: file.backup.keep,
    folder: around.backups,
    beforeMigration: file.backup.before_migration
  },
  retention: retentionOf(file.retention),
  affinity: file.affinity,
  reports: reportsOf(file.reports),
  providers: {
    google: addresses(file.provider.google, settings.redirectUris.google),
    spotify: addresses(file.provider.spotify, settings.redirectUris.spotify),
    oura: addresses(file.provider.oura, settings.redirectUris.oura)
  },
  ...aiOf(file.ai),
  agents: agentsOf(file.agents),
  tasks: tasks(file.sync),
  schedules: Object.entries(file.schedule).map(([id, table]) => ({
    id,
    workflow: table.workflow,
    input: table.input,
    ...scheduleOf(table)
  })),
  connections: connectionsOf(file.connection),
  calendars: calendarsOf(file.calendar),
  jobs: jobsOf(file.jobs),
  network: { allowedPrivate: file.network.allowed_private },
  webhooks: webhooksOf(file.webhook),
  inbox: inboxOf(file.inbox),
  alerts: alertsOf(file.alerts)
})

const aiOf = (table: ConfigFile["ai"]): Pick<GliderConfig, "ai"> => {
  if (table?.provider === undefined) return {}
  const { baseUrl, model } = aiDefaults[table.provider]
  return {
    ai: {
      provider: table.provider,
      baseUrl: withoutSlash(table.base_url ?? baseUrl),
      model: table.model ?? model,
      timeout: Option.map(Option.fromUndefinedOr(table.timeout_seconds), Duration.seconds)
    }
  }
}

/** Paths are appended with a slash of their own. */
const withoutSlash = (address: string): string => address.replace(/\/+$/, "")

const addresses = (
  table: ConfigFile["provider"]["spotify"],
  redirectUri: Option.Option<string>
): ProviderAddresses => ({
  apiUrl: withoutSlash(table.api_url),
  authorizeUrl: table.authorize_url,
  tokenUrl: table.token_url,
  revokeUrl: Option.fromNullishOr(table.revoke_url),
  redirectUri: Option.getOrElse(redirectUri, () => table.redirect_uri)
})

type TaskTable = NonNullable<ConfigFile["sync"]["spotify"]>

type ScheduleTable = Omit<TaskTable, "timeout_seconds">

const span = (text: string): Duration.Duration => Duration.millis(Option.getOrElse(durationMillis(text), () => 0))

const scheduleOf = (table: ScheduleTable): ScheduleSettings => ({
  enabled: table.enabled,
  when: table.cron === undefined
    ? { _tag: "Interval", every: Duration.seconds(table.interval_seconds ?? NaN) }
    : { _tag: "Cron", expression: table.cron },
  timezone: table.timezone,
  dst: table.dst,
  jitter: span(table.jitter),
  overlap: table.overlap_policy,
  startAt: instantOf(table.start_at),
  endAt: instantOf(table.end_at),
  catchUp: table.catch_up,
  catchUpWindow: Option.map(Option.fromUndefinedOr(table.catch_up_window), span),
  maxRuns: Option.fromUndefinedOr(table.max_runs),
  pauseOnFailure: table.pause_on_failure
})

const settingsOf = (table: TaskTable) => ({
  ...scheduleOf(table),
  timeout: Duration.seconds(table.timeout_seconds)
})

const tasks = (sync: ConfigFile["sync"]): ReadonlyArray<Task> => [
  ...(sync.google_calendar === undefined ? [] : [{
    name: "google_calendar" as const,
    ...settingsOf(sync.google_calendar),
    calendarIds: sync.google_calendar.calendar_ids ?? [sync.google_calendar.calendar_id ?? "primary"],
    daysBack: sync.google_calendar.days_back
  }]),
  ...(sync.spotify === undefined ? [] : [{ name: "spotify" as const, ...settingsOf(sync.spotify) }]),
  ...(sync.oura === undefined ? [] : [{
    name: "oura" as const,
    ...settingsOf(sync.oura),
    lookbackDays: sync.oura.lookback_days,
    dataTypes: sync.oura.data_types
  }]),
  ...(sync.oura_heartrate === undefined ? [] : [{
    name: "oura_heartrate" as const,
    ...settingsOf(sync.oura_heartrate),
    lookbackDays: sync.oura_heartrate.lookback_days,
    dataTypes: ["heartrate" as const]
  }]),
  ...(sync.oura_full === undefined ? [] : [{
    name: "oura_full" as const,
    ...settingsOf(sync.oura_full),
    lookbackDays: sync.oura_full.lookback_days,
    dataTypes: sync.oura_full.data_types
  }])
]

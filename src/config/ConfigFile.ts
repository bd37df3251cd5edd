/** `config.toml`, key by key: what may stand there, what it means, and what holds when it is absent. */
import { Schema } from "effect"
import { OuraDataType } from "../domain/Task.ts"
import * as Addresses from "./Addresses.ts"
import { affinity } from "./AffinityKeys.ts"
import { agents } from "./AgentKeys.ts"
import { ai } from "./AiKeys.ts"
import { alerts } from "./AlertKeys.ts"
import { backup } from "./BackupKeys.ts"
import { calendar } from "./CalendarKeys.ts"
import { connection } from "./ConnectionKeys.ts"
import { jobs } from "./JobKeys.ts"
import {
  checked,
  Days,
  distinct,
  Flag,
  key,
  NonEmptyText,
  optional,
  positive,
  Seconds,
  Text,
  TimeZoneId,
  wholeNumber
} from "./Keys.ts"
import { isLocale, weekdays } from "./Locale.ts"
import { mcp } from "./McpKeys.ts"
import { reports } from "./ReportKeys.ts"
import { retention } from "./RetentionKeys.ts"
import { schedule, scheduleKeys } from "./ScheduleKeys.ts"
import { inbox, network, webhook } from "./WebhookKeys.ts"

const GraceSeconds = wholeNumber(0, 3600, "a whole number, 0 or more", "at most 3600 seconds, which is an hour")
const Port = wholeNumber(1, 65_535, "a port from 1 to 65535", "a port from 1 to 65535")
const DataTypes = distinct(OuraDataType, "a list of Oura's data types")

const taskKeys = {
  ...scheduleKeys,
  timeout_seconds: key(Seconds, "Seconds after which a run is ended as failed.", 900)
}
const lookbackDays = key(Days, "The trailing window that every sync reads again, in days: rings upload late.", 7)
const dataTypes = key(DataTypes, "What is read.", OuraDataType.literals)

const sync = Schema.Struct({
  google_calendar: optional(
    Schema.Struct({
      ...taskKeys,
      calendar_id: optional(NonEmptyText, "The calendar to read; \"primary\" when neither key is given."),
      calendar_ids: optional(
        distinct(NonEmptyText, "a list of calendar ids"),
        "Several calendars, in place of calendar_id."
      ),
      days_back: key(Days, "How many days before now a full listing begins.", 30)
    }),
    "Events of Google Calendar."
  ),
  spotify: optional(Schema.Struct(taskKeys), "Plays from Spotify."),
  oura: optional(
    Schema.Struct({ ...taskKeys, lookback_days: lookbackDays, data_types: dataTypes }),
    "Oura as one task, in place of oura_heartrate and oura_full."
  ),
  oura_heartrate: optional(Schema.Struct({ ...taskKeys, lookback_days: lookbackDays }), "Heart rate from Oura."),
  oura_full: optional(
    Schema.Struct({ ...taskKeys, lookback_days: lookbackDays, data_types: dataTypes }),
    "Oura's documents, with an interval of their own."
  )
})

const BaseAddress = checked(Addresses.baseAddress)
const HttpAddress = checked(Addresses.httpAddress)
const RedirectAddress = checked(Addresses.redirectAddress)

const meaning = {
  api: "The provider's data API.",
  authorize: "Where the browser goes to sign in.",
  token: "Where codes and refresh tokens are exchanged.",
  revoke: "Where tokens are revoked.",
  redirect: "Where the browser comes back to after signing in, as registered with the provider."
}

const provider = Schema.Struct({
  google: key(
    Schema.Struct({
      api_url: key(
        checked(Addresses.originAddress),
        `${meaning.api} /calendar/v3 is appended.`,
        "https://www.googleapis.com"
      ),
      authorize_url: key(HttpAddress, meaning.authorize, "https://accounts.google.com/o/oauth2/v2/auth"),
      token_url: key(HttpAddress, meaning.token, "https://oauth2.googleapis.com/token"),
      revoke_url: key(HttpAddress, meaning.revoke, "https://oauth2.googleapis.com/revoke"),
      redirect_uri: key(RedirectAddress, meaning.redirect, "http://127.0.0.1:8090/callback")
    }),
    "Where Google is reached.",
    {}
  ),
  spotify: key(
    Schema.Struct({
      api_url: key(BaseAddress, meaning.api, "https://api.spotify.com/v1"),
      authorize_url: key(HttpAddress, meaning.authorize, "https://accounts.spotify.com/authorize"),
      token_url: key(HttpAddress, meaning.token, "https://accounts.spotify.com/api/token"),
      revoke_url: optional(
        HttpAddress,
        `${meaning.revoke} Spotify has no such address: its tokens are only forgotten.`
      ),
      redirect_uri: key(
        checked(Addresses.spotifyRedirectAddress),
        `${meaning.redirect} Spotify takes 127.0.0.1 or [::1], not localhost.`,
        "http://127.0.0.1:8091/callback"
      )
    }),
    "Where Spotify is reached.",
    {}
  ),
  oura: key(
    Schema.Struct({
      api_url: key(BaseAddress, meaning.api, "https://api.ouraring.com/v2"),
      authorize_url: key(HttpAddress, meaning.authorize, "https://cloud.ouraring.com/oauth/authorize"),
      token_url: key(HttpAddress, meaning.token, "https://api.ouraring.com/oauth/token"),
      revoke_url: key(HttpAddress, meaning.revoke, "https://api.ouraring.com/oauth/revoke"),
      redirect_uri: key(RedirectAddress, meaning.redirect, "http://127.0.0.1:8092/callback")
    }),
    "Where Oura is reached.",
    {}
  )
})

const project = Schema.Struct({
  name: key(
    Text.check(Schema.isPattern(/^[a-z0-9-]+$/u, { expected: "small letters, digits and - only" })),
    "The first part of schedule ids.",
    "glider"
  )
})

const scheduler = Schema.Struct({
  store_run_status: key(Flag, "Whether the history of syncs is kept; else one leaves nothing once it is over.", true),
  timezone: optional(TimeZoneId, "The IANA zone in which days begin and end; the system's when absent."),
  grace_seconds: key(GraceSeconds, "Seconds that running syncs get to reach a safe point at SIGTERM.", 30),
  ledger_days: key(Days, "Days after which the outcomes of ticks are removed.", 365),
  min_interval_seconds: key(Seconds, "Schedules that fire more often are refused.", 1),
  max_schedules: key(
    wholeNumber(1, 1_000_000, positive, "at most 1000000"),
    "How many schedules there may be.",
    100_000
  )
})

const Count = wholeNumber(1, 1_000_000, positive, "at most 1000000")

const engine = Schema.Struct({
  concurrent_runs: key(Count, "How many runs are at work at once; the others wait for their turn.", 50),
  concurrency: key(
    Schema.Record(Schema.String, Count),
    "How many runs of one workflow are at work at once, by its name; without it only concurrent_runs bounds them.",
    {}
  ),
  starts_per_minute: key(
    Schema.Record(Schema.String, Count),
    "How many runs of one workflow start in a minute, by its name; the others wait for their turn.",
    {}
  ),
  concurrent_activities: key(Count, "How many durable activities are at work at once.", 100),
  activities_per_second: key(
    Count,
    "How many durable activities begin in a second. Syncs have limits of their own.",
    10
  ),
  retention_days: key(Days, "Days after which a run that is over is removed, with its journal; dead letters stay.", 30)
})

const listOf = (expectation: (text: string) => string | undefined, expected: string) =>
  Schema.Array(checked(expectation)).annotate({ expected })

const server = Schema.Struct({
  host: key(NonEmptyText, "The address it listens on.", "127.0.0.1"),
  port: key(Port, "The port it listens on.", 4747),
  allowed_hosts: key(
    listOf(Addresses.hostName, "a list of hosts"),
    "Names under which it is reached besides this machine's own, with a port where only that one is meant.",
    []
  ),
  cors_origins: key(
    listOf(Addresses.pageOrigin, "a list of origins"),
    "Origins of web pages elsewhere that may use it.",
    []
  ),
  requests_per_minute: key(
    wholeNumber(0, 1_000_000, "a whole number, 0 or more", "at most 1000000"),
    "How many requests of one client are answered in a minute; 0 for any number.",
    100
  ),
  max_body_bytes: key(
    wholeNumber(1024, 100_000_000, "at least 1024", "at most 100000000"),
    "How large the body of a request may be.",
    1_000_000
  ),
  request_timeout_seconds: key(
    wholeNumber(1, 3600, positive, "at most 3600 seconds, which is an hour"),
    "Seconds after which a request is given up; what streams is not bound by it.",
    30
  )
})

const dashboard = Schema.Struct({
  locale: key(
    checked((tag) => isLocale(tag) ? undefined : "a language tag such as \"en-GB\" or \"de\""),
    "How the page writes dates and numbers.",
    "en-GB"
  ),
  week_starts_on: key(
    Schema.Literals([...weekdays, "locale"]).annotate({ expected: "a weekday such as \"monday\", or \"locale\"" }),
    "The first day of a week; \"locale\" takes that of the language's country.",
    "monday"
  )
})

const music = Schema.Struct({
  enabled: key(
    Flag,
    "Whether songs may be put into playlists; then the sign-in to Spotify asks for that as well.",
    false
  ),
  idempotency_window_seconds: key(
    wholeNumber(0, 86_400, "a whole number, 0 or more", "at most 86400 seconds, which is a day"),
    "How long the same request for a song is the same run; 0 for never.",
    600
  )
})

const store = Schema.Struct({
  url: optional(
    checked(Addresses.storeAddress),
    "rocksdb://<folder>, mem://, ws://<host> or wss://<host>; a folder inside the data folder when absent."
  ),
  namespace: key(NonEmptyText, "SurrealDB's namespace.", "glider"),
  database: key(NonEmptyText, "SurrealDB's database.", "glider")
})

/** The whole file. Its encoded form is what may be written, its type the same with every default filled in. */
export const ConfigFile = Schema.Struct({
  project: key(project, "What this installation is called.", {}),
  scheduler: key(scheduler, "How syncs are run.", {}),
  engine: key(engine, "How workflows are run, and for how long they are kept.", {}),
  server: key(server, "The HTTP API.", {}),
  dashboard: key(dashboard, "How the page is read.", {}),
  music: key(music, "Songs that are put into playlists.", {}),
  mcp: key(mcp, "Tools for language models.", {}),
  store: key(store, "The SurrealDB that holds the records.", {}),
  backup: key(backup, "Copies of the store's records.", {}),
  retention: key(retention, "For how long what is kept.", {}),
  affinity: key(affinity, "How fast what was not met for long is forgotten.", {}),
  reports: key(reports, "What days and weeks were like.", {}),
  provider: key(provider, "The addresses of the providers; change them to use a local stand-in.", {}),
  ai: optional(ai, "The language model, where one is used."),
  agents: key(agents, "Agents that put songs into playlists.", {}),
  sync: key(sync, "What is synced, a table each.", {}),
  connection: key(connection, "Further accounts at a provider, a table each.", {}),
  calendar: key(calendar, "Calendars at an address that are read again by themselves, a table each.", {}),
  jobs: key(jobs, "Work that is done in the background.", {}),
  schedule: key(schedule, "Workflows that run by themselves, a table each.", {}),
  network: key(network, "What may be called besides the public internet.", {}),
  webhook: key(webhook, "Programs elsewhere that are told what happens, a table each.", {}),
  alerts: key(alerts, "What somebody should look at, and whom it is told.", {}),
  inbox: key(inbox, "Those who may tell Glider that there is something new, a table each.", {})
}).annotate({ description: "The configuration of Glider." })
export type ConfigFile = typeof ConfigFile.Type

import { assert, it } from "@effect/vitest"
import { DateTime, Duration, Effect, Layer, Option, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { Accounts } from "../../src/accounts/Accounts.ts"
import { AlertDesk } from "../../src/alerts/AlertDesk.ts"
import { ConfigInForce } from "../../src/api/ConfigInForce.ts"
import { Doctor } from "../../src/api/Doctor.ts"
import { Status } from "../../src/api/Messages.ts"
import { About, Overview } from "../../src/api/Overview.ts"
import { LastBackup } from "../../src/backup/Backups.ts"
import { CandidateReviews } from "../../src/imports/CandidateReviews.ts"
import { Ai } from "../../src/services/Ai.ts"
import { CircuitBreakers } from "../../src/services/CircuitBreakers.ts"
import { Secrets } from "../../src/services/Secrets.ts"
import { DeadLetters } from "../../src/store/DeadLetters.ts"
import { calendarConnection, ImportedCalendars } from "../../src/store/ImportedCalendars.ts"
import { Migrations } from "../../src/store/Migrations.ts"
import { Runs } from "../../src/store/Runs.ts"
import { WebhookDesk } from "../../src/webhooks/WebhookDesk.ts"
import { Reviews } from "../../src/workflows/Reviews.ts"
import { configOf } from "./Served.ts"

const made = DateTime.makeUnsafe("2026-11-25T03:30:00Z")

const noRuns = {
  running: 0,
  waiting: 0,
  parked: 0,
  stopped: 0,
  completed: 0,
  partial: 0,
  failed: 0,
  cancelled: 0,
  interrupted: 0,
  needs_auth: 0
}

/** Calendars as they were read when the backup was made, and a day before it. */
const calendars = [["holidays", 0], ["club", 24]].map(([name, hours]) => ({
  connection: calendarConnection(String(name)),
  name: String(name),
  address: Option.some("hash"),
  etag: Option.none(),
  last_modified: Option.none(),
  imported_at: made,
  read_at: Option.some(DateTime.subtract(made, { hours: Number(hours) }))
}))

/** What doctor says so many hours after the newest backup, where one is made each night. */
const saidAfter = Effect.fnUntraced(function*(hours: number, there = true) {
  yield* TestClock.setTime(made.epochMilliseconds + hours * 3_600_000)
  const newest = there ? Option.some({ path: "/b/one.jsonl.gz", at: made, bytes: 1, scheduled: true }) : Option.none()
  const doctor = Doctor.layer.pipe(Layer.provide(Layer.mergeAll(
    Layer.succeed(LastBackup, Option.some(Effect.succeed(newest))),
    Layer.mock(Accounts, { status: Effect.succeed([]) }),
    Layer.mock(CandidateReviews, { waiting: () => Effect.succeed(0) }),
    Layer.mock(CircuitBreakers, { all: Effect.succeed([]), protect: () => (call) => call }),
    Layer.mock(ConfigInForce, {
      current: Effect.succeed({
        ...configOf({ host: "127.0.0.1", port: 1 }),
        tasks: [],
        calendars: ["holidays", "club", "phone", "new"].map((name) => ({
          name,
          enabled: true,
          every: Duration.hours(6)
        })),
        backup: { enabled: true, cron: "30 3 * * *", keep: 7, folder: Option.none(), beforeMigration: true }
      })
    }),
    Layer.mock(ImportedCalendars, { all: Effect.succeed(calendars) }),
    Layer.mock(DeadLetters, { count: Effect.succeed({ runs: 0, records: 0, deliveries: 0, jobs: 0 }) }),
    Layer.mock(Migrations, { version: 13, applied: [] }),
    Layer.mock(Overview, {
      status: Effect.succeed(new Status({ version: "1.2.3", running: true, config: "config.toml", tasks: [] }))
    }),
    Layer.mock(Reviews, { list: () => Effect.succeed([]) }),
    Layer.mock(Runs, { counts: () => Effect.succeed(noRuns) }),
    Layer.mock(Secrets, {
      find: (variable) =>
        Effect.succeed(
          variable === "GLIDER_CALENDAR_NEW_URL"
            ? Option.none()
            : Option.some(Redacted.make("https://calendar.example.org/5ec7e7.ics"))
        )
    }),
    Layer.mock(AlertDesk, {
      list: () => Effect.succeed({ alerts: [], next: Option.none() }),
      sinks: Effect.succeed([{
        name: "phone",
        kind: "ntfy" as const,
        enabled: true,
        severity: "info" as const,
        to: "https://ntfy.sh/topic",
        problem: Option.some("it answered 503")
      }])
    }),
    Layer.mock(WebhookDesk, {
      list: Effect.succeed([{
        endpoint: {
          name: "home",
          enabled: true,
          url: "https://home.example/",
          events: ["*"],
          streams: [],
          format: "standard" as const,
          per: "page" as const,
          timeout: Duration.seconds(20)
        },
        state: {
          disabled: Option.some({ at: made.epochMilliseconds, why: "it answered 410 Gone" }),
          heldUntil: Option.none()
        },
        pending: 0,
        failed: 0
      }])
    }),
    Layer.succeed(About, { version: "1.2.3", supervises: true }),
    Ai.layerNone
  )))
  return yield* Effect.provide(Effect.flatMap(Doctor, ({ checks }) => checks), doctor)
})

/** That, of the backup alone. */
const backupAfter = Effect.fnUntraced(function*(hours: number, there?: boolean) {
  return (yield* saidAfter(hours, there)).flatMap(({ fix, message, name, state }) =>
    name === "backup" ? [`${state}: ${message}`, ...Option.toArray(fix)] : []
  )
})

it.effect("doctor warns of a backup that is older than twice its schedule, or missing", () =>
  Effect.gen(function*() {
    assert.deepStrictEqual(yield* backupAfter(47), ["ok: /b/one.jsonl.gz, read back"])
    assert.deepStrictEqual(yield* backupAfter(49), [
      "warning: the last one is of 2026-11-25T03:30:00.000Z, older than 2d",
      "glider db backup; why none was made by itself: glider runs list --workflow backup"
    ])
    assert.deepStrictEqual(yield* backupAfter(1, false), ["warning: there is no backup yet", "glider db backup"])
  }))

it.effect("doctor names who cannot be told alerts, and the webhook that is told nothing any more", () =>
  Effect.gen(function*() {
    const told = (yield* saidAfter(1)).filter(({ name }) => /^(alerts|webhook)/.test(name))
    assert.deepStrictEqual(told.map(({ message, name, state }) => `${state} ${name}: ${message}`), [
      "ok alerts: there are none",
      "problem alerts to phone: phone could not be told: it answered 503",
      "warning webhook home: it is told nothing since 2026-11-25T03:30:00.000Z: it answered 410 Gone"
    ])
  }))

it.effect("doctor says which calendars are not read as they should, and which have no address", () =>
  Effect.gen(function*() {
    const told = (yield* saidAfter(1)).filter(({ name }) => name.startsWith("calendar "))
    const jobs = Option.some("glider jobs list --type calendars.refresh")
    assert.deepStrictEqual(
      told.map(({ fix, message, name, state }) => [name, state, message, fix]),
      [
        ["calendar holidays", "ok", "it was last read at 2026-11-25T03:30:00.000Z", Option.none()],
        ["calendar club", "warning", "it was last read at 2026-11-24T03:30:00.000Z, and is to be read every 6h", jobs],
        ["calendar phone", "warning", "it was not read yet", jobs],
        [
          "calendar new",
          "problem",
          "its address is not known: GLIDER_CALENDAR_NEW_URL is not set",
          Option.some("export GLIDER_CALENDAR_NEW_URL=…, or GLIDER_CALENDAR_NEW_URL_FILE=<file>")
        ]
      ]
    )
  }))

/** What `GET /metrics` gives: everything that was counted, what is read at the moment, and the names that others asked for. */
import { Array as Arr, Context, DateTime, Duration, Effect, Layer, Metric, Option, Ref, Result } from "effect"
import { PrometheusMetrics } from "effect/observability"
import { Accounts } from "../accounts/Accounts.ts"
import { backupInterval } from "../alerts/BackupAge.ts"
import { LastBackup } from "../backup/Backups.ts"
import type { Task } from "../Config.ts"
import { TaskName, taskProvider } from "../domain/Task.ts"
import * as Series from "../Series.ts"
import { DamagedStore } from "../services/DamagedStore.ts"
import { DeadLetters } from "../store/DeadLetters.ts"
import { Runs } from "../store/Runs.ts"
import * as Timing from "../timing/Timing.ts"
import { recordLast } from "../workflows/RunMetrics.ts"
import { views } from "./AskedNames.ts"
import { ConfigInForce } from "./ConfigInForce.ts"
import { jobGauges } from "./JobGauges.ts"
import { About } from "./Overview.ts"
import { seen } from "./Views.ts"

/** Between two runs of a task; of a cron expression, at least. */
const secondsBetween = ({ dst, timezone, when }: Task, now: number): number =>
  when._tag === "Interval"
    ? Duration.toSeconds(when.every)
    : Result.match(Timing.parse(when.expression, timezone, dst), {
      onFailure: () => 0, // the config was checked
      onSuccess: (timing) => Timing.leastGap(timing, now) / 1000
    })

/** How long the store may take before a scrape does without it; 2 s. */
export class ScrapePatience extends Context.Reference<Duration.Duration>("glider/api/Scrape/ScrapePatience", {
  defaultValue: () => Duration.seconds(2)
}) {}

/** No more are counted: whoever has so many knows enough. */
const most = 10_000

const buildInfo = Series.gauge("glider_build_info", {
  description: "Always 1; which version this is",
  labels: ["version"]
})

const startedAt = Series.gauge("process_start_time_seconds", {
  description: "When the process began, in Unix seconds",
  labels: []
})

const memory = Series.gauge("process_resident_memory_bytes", {
  description: "Memory that the process has of the machine",
  labels: []
})

const storeUp = Series.gauge("glider_store_up", {
  description: "1 when the store answered this scrape, 0 when what is read from it is left out",
  labels: []
})

const storeDamaged = Series.gauge("glider_store_damaged", {
  description: "1 while the store's files are not as Glider left them, so that it is only read; else 0",
  labels: []
})

const letters = Series.gauge("glider_dlq_entries", {
  description:
    "Dead letters that wait for a person: runs, records that could not be read, events that a webhook did not take, jobs",
  labels: ["kind"]
})

const underWay = Series.gauge("glider_runs_unfinished", {
  description:
    "Runs that are not over, by where they stand (running, waiting, parked, stopped); at most 10000 are counted of one",
  labels: ["state"]
})

const signInNeeded = Series.gauge("glider_sign_in_needed", {
  description: "1 when only a new sign-in lets the connector go on, else 0; absent when it was never connected",
  labels: ["connector"]
})

const tokenExpiry = Series.gauge("glider_token_expiry_timestamp_seconds", {
  description: "When the access token ends; the daemon renews it before each use, in Unix seconds",
  labels: ["connector"]
})

const signInExpiry = Series.gauge("glider_sign_in_expiry_timestamp_seconds", {
  description: "When the sign-in itself ends, where the provider says so, in Unix seconds",
  labels: ["connector"]
})

const interval = Series.gauge("glider_sync_interval_seconds", {
  description: "The shortest interval of the connector's enabled tasks",
  labels: ["connector"]
})

const lastBackup = Series.gauge("glider_last_backup_timestamp_seconds", {
  description: "When the newest backup in the folder was made, each of which was read back, in Unix seconds",
  labels: []
})

const backupEvery = Series.gauge("glider_backup_interval_seconds", {
  description: "The longest time between two backups that [backup] sets; absent when it makes none by itself",
  labels: []
})

const successRate = Series.gauge("temporal_sync_success_rate", {
  description:
    "The share of syncs, of records and of songs, that completed, of those that did or failed since the process began; " +
    "NaN without any",
  labels: []
})

const totalOf = (name: string, all: ReadonlyArray<Metric.Metric.Snapshot>): number =>
  views.filter((view) => view.name === name).flatMap((view) => seen(view, all)).reduce(
    (sum, { state }) => "count" in state ? sum + Number(state.count) : sum,
    0
  )

const rateOf = (all: ReadonlyArray<Metric.Metric.Snapshot>): number => {
  const succeeded = totalOf("temporal_sync_success_total", all)
  return succeeded / (succeeded + totalOf("temporal_sync_failure_total", all))
}

const seconds = (at: DateTime.Utc): number => at.epochMilliseconds / 1000

/** The metrics of this process as Prometheus reads them. */
export class Scrape extends Context.Service<Scrape, {
  readonly text: Effect.Effect<string>
}>()("glider/api/Scrape") {
  static readonly layer = Layer.effect(
    Scrape,
    Effect.gen(function*() {
      const about = yield* About
      const accounts = yield* Accounts
      const backup = yield* LastBackup
      const config = yield* ConfigInForce
      const isDamaged = Option.isSome(yield* DamagedStore)
      const deadLetters = yield* DeadLetters
      const runs = yield* Runs
      const queued = yield* jobGauges
      const patience = yield* ScrapePatience
      const remembered = yield* Ref.make(false)

      /** Of before this process, once: what the newest runs of each task say of its connector. */
      const remember = Effect.gen(function*() {
        const ended = yield* Effect.forEach(TaskName.literals, runs.lastEnds)
        const byAge = ended.flat().toSorted((one, other) => one.cursor - other.cursor)
        yield* Effect.forEach(byAge, recordLast, { discard: true })
        yield* Ref.set(remembered, true)
      })

      const process = Effect.gen(function*() {
        yield* buildInfo.update({ version: about.version }, 1)
        const now = yield* DateTime.now
        yield* startedAt.update({}, Math.round(seconds(now) - globalThis.process.uptime()))
        yield* memory.update({}, globalThis.process.memoryUsage.rss())
        yield* storeDamaged.update({}, isDamaged ? 1 : 0)
        const current = yield* config.current
        yield* Effect.forEach(
          Option.toArray(backupInterval(current, now)),
          (millis) => backupEvery.update({}, millis / 1000)
        )
        const newest = Option.flatten(yield* Effect.transposeOption(backup))
        if (Option.isSome(newest)) yield* lastBackup.update({}, seconds(newest.value.at))
        const { tasks } = current
        const byConnector = Arr.groupBy(tasks.filter(({ enabled }) => enabled), ({ name }) => taskProvider[name])
        for (const [connector, own] of Object.entries(byConnector)) {
          const intervals = own.map((task) => secondsBetween(task, now.epochMilliseconds))
          yield* interval.update({ connector }, Math.min(...intervals))
        }
      })

      const store = Effect.gen(function*() {
        const waiting = yield* deadLetters.count
        const unfinished = yield* runs.unfinished(most)
        const standing = yield* accounts.status
        yield* letters.update({ kind: "run" }, waiting.runs)
        yield* letters.update({ kind: "record" }, waiting.records)
        yield* letters.update({ kind: "delivery" }, waiting.deliveries)
        yield* letters.update({ kind: "job" }, waiting.jobs)
        yield* queued
        yield* Effect.forEach(Object.entries(unfinished), ([state, count]) => underWay.update({ state }, count))
        const living = standing.flatMap(({ connection, signInEndsAt }) =>
          Option.isSome(connection) && connection.value.state !== "revoked"
            ? [{ ...connection.value, signInEndsAt }]
            : []
        )
        // of several accounts of a provider, the one that asks for a person first
        for (const [connector, own] of Object.entries(Arr.groupBy(living, ({ provider }) => provider))) {
          yield* signInNeeded.update({ connector }, own.some(({ state }) => state === "needs_auth") ? 1 : 0)
          const tokens = Arr.getSomes(own.map(({ expiresAt }) => expiresAt)).map(seconds)
          if (tokens.length > 0) yield* tokenExpiry.update({ connector }, Math.min(...tokens))
          const signIns = Arr.getSomes(own.map(({ signInEndsAt }) => signInEndsAt)).map(seconds)
          if (signIns.length > 0) yield* signInExpiry.update({ connector }, Math.min(...signIns))
        }
      })

      /** Nothing of the store is told while it is away: an old number would look like a new one. */
      const ifThere = <E>(read: Effect.Effect<void, E>) =>
        read.pipe(
          Effect.timeout(patience),
          Effect.match({ onFailure: () => 0, onSuccess: () => 1 }),
          Effect.flatMap((up) => storeUp.update({}, up))
        )

      const text = Effect.gen(function*() {
        const counted = yield* Metric.MetricRegistry
        yield* Effect.forEach(Series.families(), ({ sow }) => sow, { discard: true })
        if (!(yield* Ref.get(remembered))) yield* Effect.ignore(Effect.timeout(remember, patience))
        // what is read at the moment is told once: the next scrape may not find it
        return yield* Effect.andThen(process, Effect.andThen(ifThere(store), formatted)).pipe(
          Effect.provideService(Metric.MetricRegistry, new Map(counted))
        )
      }).pipe(Effect.withSpan("Scrape.text"))

      return Scrape.of({ text })
    })
  )
}

/** The registry at hand with the views of it, by name; a name without series is there with its meaning alone. */
const formatted = Effect.gen(function*() {
  const registry = yield* Metric.MetricRegistry
  const all = yield* Metric.snapshot
  yield* successRate.update({}, rateOf(all))
  for (const view of views) {
    for (const [at, { state, ...series }] of seen(view, all).entries()) {
      registry.set(`${view.name} ${at}`, {
        ...series,
        hooks: { get: () => state, update: () => undefined, modify: () => undefined }
      })
    }
  }
  const told = new Set([...registry.values()].map(({ id }) => id))
  const silent = [...Series.families(), ...views].filter(({ name }) => !told.has(name))
  const sorted = new Map([...registry].toSorted(([, one], [, other]) => one.id < other.id ? -1 : 1))
  const text = yield* Effect.provideService(PrometheusMetrics.format(), Metric.MetricRegistry, sorted)
  return text +
    silent.map(({ description, kind, name }) => `# HELP ${name} ${description}\n# TYPE ${name} ${kind.toLowerCase()}\n`)
      .join("")
})

/** Gives the syncs of further accounts, each by its interval and none at the same instant as all others. */
import { Clock, DateTime, Duration, Effect, Layer, Option } from "effect"
import { type GliderConfig, LatestConfig } from "../Config.ts"
import type { Connection, ConnectionId } from "../domain/Connection.ts"
import type { SourceRunKind } from "../domain/SourceRun.ts"
import { fraction } from "../domain/StableHash.ts"
import { Jobs } from "../jobs/Jobs.ts"
import * as Standing from "../jobs/Standing.ts"
import { Connections } from "../store/Connections.ts"
import { type HealthRow, SourceRuns, unknownHealth } from "../store/SourceRuns.ts"
import { planOf } from "../workflows/ConnectorPlan.ts"
import { ConnectorSync } from "../workflows/ConnectorSync.ts"
import { hinderedProviders } from "../workflows/Hindered.ts"
import { factsOf } from "../workflows/Quarantine.ts"

/** What is late begins within so much, so that not all begin at once after a pause of the machine. */
const hurry = Duration.toMillis(Duration.seconds(30))

/** Intervals without a success, after which a sync is given out of its turn. */
const late = 2

/** So many at a tick; the others at the next. */
export const mostAtOnce = 5000

/** A sync that is due. */
export interface Due {
  readonly connection: ConnectionId
  readonly kind: SourceRunKind
  readonly key: string
  readonly priority: number
  /** Epoch milliseconds. */
  readonly runAt: number
}

/**
 * What is due of an account. Time is cut into its intervals; in each of them there is one sync, under a key that is made of the interval
 * and its number, at a place that the account's id decides.
 */
export const dueOf = (
  connection: Connection,
  health: HealthRow,
  config: GliderConfig,
  now: number
): Option.Option<Due> => {
  const plan = planOf(connection, config)
  const { lastSuccessAt, quarantinedUntil } = factsOf(connection, health, config, now)
  const isQuarantined = Option.exists(quarantinedUntil, (until) => until > now)
  if (!plan.isSwept || !plan.isEnabled || connection.state !== "connected" || isQuarantined) return Option.none()
  const { id } = connection
  const interval = Math.max(60_000, Duration.toMillis(plan.interval))
  const bucket = Math.floor(now / interval)
  const isLate = Option.match(lastSuccessAt, {
    onNone: () => true,
    onSome: (at) => now - at > late * interval
  })
  const place = fraction(id)
  const seconds = interval / 1000
  return Option.some({
    connection: id,
    kind: isLate ? "catch_up" : plan.continuous ? "continuous" : "scheduled",
    key: plan.continuous ? `continuous_ingest:${id}:${bucket}` : `scheduled_sync:${id}:${seconds}:${bucket}`,
    priority: isLate ? 1 : 0,
    runAt: isLate ? now + Math.floor(place * Math.min(hurry, interval)) : Math.max(now, (bucket + place) * interval)
  })
}

const sweep = Effect.gen(function*() {
  const config = yield* LatestConfig
  const connections = yield* Connections
  const hindered = yield* hinderedProviders
  const jobs = yield* Jobs
  const runs = yield* SourceRuns
  /** What was given last: a sync that has failed for good frees its key, and is not due again before the next interval. */
  const given = new Map<ConnectionId, string>()

  return Effect.fn("SyncSweep.sweep")(function*() {
    const now = yield* Clock.currentTimeMillis
    const latest = yield* config.get
    const health = yield* runs.health
    const away = yield* hindered
    const due = (yield* connections.all).flatMap(({ connection }) =>
      away.has(connection.provider)
        ? []
        : Option.toArray(dueOf(connection, health.get(connection.id) ?? unknownHealth(connection.id), latest, now))
    ).filter(({ connection, key }) => given.get(connection) !== key)
    // those that wait for the longest first
    const first = due.toSorted((a, b) => b.priority - a.priority || a.runAt - b.runAt).slice(0, mostAtOnce)
    const enqueued = yield* jobs.enqueueAll(
      ConnectorSync,
      first.map(({ connection, key, kind, priority, runAt }) => ({
        payload: { connection, kind, due: runAt },
        key,
        priority,
        runAt: DateTime.makeUnsafe(runAt)
      }))
    )
    for (const { connection, key } of first) given.set(connection, key)
    return enqueued.filter(({ isNew }) => isNew).length
  })
})

/** The sweep, for a test that has thousands of accounts. */
export const makeSweep = sweep

export const layer = Layer.unwrap(Effect.map(sweep, (tick) =>
  Standing.sweep({
    name: "scheduled_sync_sweep",
    type: ConnectorSync.name,
    cron: "* * * * *",
    isEnabled: true,
    tick
  })))

/** Looks after accounts: syncs those out of turn that are stale or failing, and puts those away that fail all the time. */
import { Clock, DateTime, Duration, Effect, Layer, Schema } from "effect"
import { LatestConfig } from "../Config.ts"
import { HealthStatus, judged, patience } from "../domain/ConnectionHealth.ts"
import * as Job from "../jobs/Job.ts"
import { Jobs } from "../jobs/Jobs.ts"
import * as Standing from "../jobs/Standing.ts"
import * as Series from "../Series.ts"
import { SurrealError } from "../services/SurrealError.ts"
import { Connections } from "../store/Connections.ts"
import { SourceRuns, unknownHealth } from "../store/SourceRuns.ts"
import { ConnectorSync } from "../workflows/ConnectorSync.ts"
import { hinderedProviders } from "../workflows/Hindered.ts"
import { factsOf, Quarantine } from "../workflows/Quarantine.ts"

/** How long the ledger of syncs reaches back. */
const ledgerDays = 90

const states = Series.gauge("glider_connections", {
  description:
    "Connected accounts by how they are: healthy, waiting, stale, failing, quarantined, needs_auth or disabled",
  labels: ["status"]
})

export const HealthCheck = Job.make("connectors.health", {
  payload: Schema.Struct({}),
  success: Schema.Struct({
    checked: Schema.Natural,
    late: Schema.Natural,
    recovered: Schema.Natural,
    quarantined: Schema.Natural
  }),
  error: SurrealError,
  resource: () => "connectors",
  maxAttempts: 3
})

const check = Effect.gen(function*() {
  const config = yield* (yield* LatestConfig).get
  const connections = yield* Connections
  const jobs = yield* Jobs
  const away = yield* yield* hinderedProviders
  const quarantine = yield* Quarantine
  const runs = yield* SourceRuns
  const now = yield* Clock.currentTimeMillis
  const health = yield* runs.health
  const counts = { checked: 0, late: 0, recovered: 0, quarantined: 0 }
  const byStatus = new Map<string, number>()
  for (const { connection } of yield* connections.all) {
    if (connection.state === "revoked") continue
    const row = health.get(connection.id) ?? unknownHealth(connection.id)
    const verdict = judged(factsOf(connection, row, config, now), now)
    counts.checked++
    if (verdict.isLate) counts.late++
    byStatus.set(verdict.status, (byStatus.get(verdict.status) ?? 0) + 1)
    if (verdict.needsQuarantine) {
      yield* quarantine.judge(connection)
      counts.quarantined++
    }
    if (!verdict.needsRecovery || away.has(connection.provider)) continue
    // noted first: a sync out of turn that is lost with the process is given again after the pause, and never twice within it
    if (!(yield* runs.recovered(connection.id, now, now - Duration.toMillis(patience.cooldown)))) continue
    const payload = { connection: connection.id, kind: "recovery" as const, due: now }
    yield* jobs.enqueue(ConnectorSync, payload, { key: `recovery:${connection.id}:${now}`, priority: 1 })
    counts.recovered++
  }
  for (const status of HealthStatus.literals) yield* states.update({ status }, byStatus.get(status) ?? 0)
  const before = now - ledgerDays * 86_400_000
  while ((yield* runs.prune(before)) > 0) yield* Effect.yieldNow
  return counts
}).pipe(Effect.withSpan("HealthMonitor.check"))

const minutely = (at: DateTime.Zoned): string => DateTime.formatIso(at).slice(0, 16)

export const layer = Layer.merge(
  Job.toLayer(HealthCheck, () => check),
  Standing.toLayer(HealthCheck, {
    name: "connectors_health_monitor",
    cron: "*/5 * * * *",
    isEnabled: true,
    key: (at) => `connectors_health:${minutely(at)}`,
    payload: () => ({})
  })
)

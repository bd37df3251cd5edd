/** Accounts in a store, without their provider. */
import { Array as Arr, DateTime, Duration, Effect, Layer } from "effect"
import { CurrentConfig, LatestConfig } from "../../src/Config.ts"
import { connectionDefaults, type ConnectionSettings } from "../../src/config/ConnectionKeys.ts"
import { connectionId, ConnectionName, type ConnectionState } from "../../src/domain/Connection.ts"
import { AtWork } from "../../src/jobs/AtWork.ts"
import { Jobs } from "../../src/jobs/Jobs.ts"
import { JobTypes } from "../../src/jobs/JobTypes.ts"
import { StandingJobs } from "../../src/jobs/Standing.ts"
import { Surreal } from "../../src/services/Surreal.ts"
import { recordId } from "../../src/services/SurrealValue.ts"
import * as HealthMonitor from "../../src/standing/HealthMonitor.ts"
import { BackgroundJobs } from "../../src/store/BackgroundJobs.ts"
import * as CircuitBreakers from "../../src/store/CircuitBreakers.ts"
import { Connections } from "../../src/store/Connections.ts"
import * as ProviderGates from "../../src/store/ProviderGates.ts"
import { SourceRuns } from "../../src/store/SourceRuns.ts"
import { Quarantine } from "../../src/workflows/Quarantine.ts"
import { configOf } from "../api/Served.ts"
import { memoryStoreTest } from "../support/StoreTest.ts"

export const minute = 60_000
export const noon = Date.parse("2026-03-01T12:00:00Z")

export const settings = (name: string, given: Partial<ConnectionSettings> = {}): ConnectionSettings => ({
  ...connectionDefaults("spotify"),
  name: ConnectionName.make(name),
  ...given
})

export const config = {
  ...configOf({}),
  connections: [
    settings("hourly", { interval: Duration.hours(1) }),
    settings("live", { continuous: true }),
    settings("off", { enabled: false })
  ]
}

export const world = HealthMonitor.layer.pipe(
  Layer.provideMerge(Quarantine.layer),
  Layer.provideMerge(Jobs.layer),
  Layer.provideMerge(Layer.mergeAll(JobTypes.layer, AtWork.layer, StandingJobs.layer, BackgroundJobs.layer)),
  Layer.provideMerge(
    Layer.mergeAll(Connections.layer, SourceRuns.layer, LatestConfig.layer, ProviderGates.layer, CircuitBreakers.layer)
  ),
  Layer.provide(Layer.succeed(CurrentConfig, config)),
  Layer.provideMerge(memoryStoreTest)
)

/** Accounts that have been there for long. */
export const connected = Effect.fnUntraced(function*(
  names: ReadonlyArray<string | undefined>,
  state: ConnectionState = "connected"
) {
  const surreal = yield* Surreal
  const rows = names.map((name, index) => ({
    id: recordId("connection", [connectionId("spotify", name ?? "main")]),
    provider: "spotify",
    user_id: name ?? "main",
    name,
    state,
    scopes: [],
    connected_at: DateTime.makeUnsafe(noon - 100_000 * minute - index),
    token_version: 1
  }))
  yield* Effect.forEach(
    Arr.chunksOf(rows, 500),
    (rows) => surreal.execute("INSERT INTO connection $rows RETURN NONE", { rows }),
    { discard: true }
  )
})

export const idOf = (name: string) => connectionId("spotify", name)

export const ended = Effect.fnUntraced(function*(name: string, facts: Record<string, unknown>) {
  yield* (yield* Surreal).execute(
    "UPSERT $id SET connection = $connection, " +
      Object.keys(facts).map((key) => `${key} = $${key}`).join(", "),
    {
      id: recordId("connection_health", [idOf(name)]),
      connection: idOf(name),
      ...facts
    }
  )
})

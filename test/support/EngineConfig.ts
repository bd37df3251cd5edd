import { DateTime, Duration } from "effect"
import type { GliderConfig } from "../../src/Config.ts"

/** The `[engine]` of a config that does not mention it. */
export const engineDefaults: GliderConfig["engine"] = {
  concurrentRuns: 50,
  concurrency: {},
  startsPerMinute: {},
  concurrentActivities: 100,
  activitiesPerSecond: 10,
  retention: Duration.days(30)
}

/** The `[scheduler]` of a config that does not mention it, in UTC. */
export const schedulerDefaults: GliderConfig["scheduler"] = {
  storeRunStatus: true,
  timezone: DateTime.zoneMakeNamedUnsafe("UTC"),
  grace: Duration.seconds(30),
  ledger: Duration.days(365),
  leastInterval: Duration.seconds(1),
  mostSchedules: 100_000
}

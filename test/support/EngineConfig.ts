import { Duration } from "effect"
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

import { Duration, Option } from "effect"
import type { GliderConfig } from "../../src/Config.ts"

/** The `[server]` of a config that does not mention it. */
export const serverDefaults: GliderConfig["server"] = {
  host: "127.0.0.1",
  port: 4747,
  allowedHosts: [],
  corsOrigins: [],
  requestsPerMinute: 100,
  maxBodyBytes: 1_000_000,
  requestTimeout: Duration.seconds(30)
}

/** Nothing is put into playlists, as without a table of its own. */
export const musicDefaults: GliderConfig["music"] = { enabled: false, idempotencyWindow: Duration.minutes(10) }

/** Agents are switched off, as without a table of their own. */
export const agentsDefaults: GliderConfig["agents"] = {
  enabled: false,
  multiAgent: true,
  useMcp: false,
  model: Option.none(),
  temperature: 0.7,
  maxTurns: 10,
  rolloutPercent: 0
}

/** Tools for readers alone, and none from elsewhere, as without a table of its own. */
export const mcpDefaults: GliderConfig["mcp"] = { enabled: true, writes: false, servers: [] }

/** How the page is read, as without a table of its own. */
export const dashboardDefaults: GliderConfig["dashboard"] = { locale: "en-GB", weekStartsOn: 1 }

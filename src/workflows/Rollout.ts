/** Which requests agents run in place of the pipeline. */
import type { GliderConfig } from "../Config.ts"
import * as StableHash from "../domain/StableHash.ts"

/**
 * Whether agents run the request with this key: `rollout_percent` of all keys, always the same ones. A greater share only adds to
 * them. None where agents are switched off.
 */
export const isRunByAgents = (
  { enabled, rolloutPercent }: Pick<GliderConfig["agents"], "enabled" | "rolloutPercent">,
  key: string
): boolean => enabled && StableHash.fraction(`agents/${key}`) * 100 < rolloutPercent

/** The `[agents]` table: a language model that does with tools what `music_sync` does by rules. */
import { Option, Schema } from "effect"
import type { GliderConfig } from "../Config.ts"
import { Flag, key, NonEmptyText, optional, wholeNumber } from "./Keys.ts"

const expectedTemperature = "a number from 0 to 2"

export const agents = Schema.Struct({
  enabled: key(Flag, "Whether agents may be asked to put songs into playlists; [ai] names their model.", false),
  multi_agent: key(
    Flag,
    "Whether three agents share a task, each with the tools that it needs; else one has them all.",
    true
  ),
  use_mcp: key(Flag, "Whether agents may be given the tools of outside MCP servers that only read.", false),
  model: optional(NonEmptyText, "The model that agents ask; that of [ai] when absent."),
  temperature: key(
    Schema.Number.annotate({ expected: expectedTemperature }).check(
      Schema.isFinite({ expected: expectedTemperature }),
      Schema.isGreaterThanOrEqualTo(0, { expected: expectedTemperature }),
      Schema.isLessThanOrEqualTo(2, { expected: expectedTemperature })
    ),
    "How much the answers of the model vary.",
    0.7
  ),
  max_turns: key(
    wholeNumber(1, 100, "a whole number greater than 0", "at most 100"),
    "How many questions to the model a task may take.",
    10
  ),
  rollout_percent: key(
    wholeNumber(0, 100, "a whole number from 0 to 100", "at most 100"),
    "The share of the requests of /api/v1/sync that agents run in place of the rules; the same request is always on the same side.",
    0
  )
})
type Agents = typeof agents.Type

export const agentsOf = (file: Agents): GliderConfig["agents"] => ({
  enabled: file.enabled,
  multiAgent: file.multi_agent,
  useMcp: file.use_mcp,
  model: Option.fromUndefinedOr(file.model),
  temperature: file.temperature,
  maxTurns: file.max_turns,
  rolloutPercent: file.rollout_percent
})

export const shownAgents = (agents: GliderConfig["agents"]): Agents => ({
  enabled: agents.enabled,
  multi_agent: agents.multiAgent,
  use_mcp: agents.useMcp,
  ...Option.match(agents.model, { onNone: () => ({}), onSome: (model) => ({ model }) }),
  temperature: agents.temperature,
  max_turns: agents.maxTurns,
  rollout_percent: agents.rolloutPercent
})

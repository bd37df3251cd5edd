import { assert, describe, it } from "@effect/vitest"
import { Effect, Option } from "effect"
import { agentsDefaults } from "../support/ServerConfig.ts"
import { loadText } from "./Surroundings.ts"

/** A file has to have something to do. */
const sync = "[sync.spotify]\ninterval_seconds = 120"

const agentsOf = (table: string) => Effect.map(loadText(`${sync}\n[agents]\n${table}`), ({ agents }) => agents)

describe("the flags of agents", () => {
  it.effect("are off, and no request is run by agents, unless the file says so", () =>
    Effect.gen(function*() {
      const { agents } = yield* loadText(sync)
      assert.deepStrictEqual(agents, agentsDefaults)
      assert.deepStrictEqual([agents.enabled, agents.rolloutPercent], [false, 0])
    }))

  it.effect("are read, each by its key", () =>
    Effect.gen(function*() {
      const agents = yield* agentsOf([
        "enabled = true",
        "use_mcp = true",
        "multi_agent = false",
        "model = \"gpt-4o\"",
        "temperature = 0",
        "max_turns = 5",
        "rollout_percent = 25"
      ].join("\n"))
      assert.deepStrictEqual(agents, {
        enabled: true,
        useMcp: true,
        multiAgent: false,
        model: Option.some("gpt-4o"),
        temperature: 0,
        maxTurns: 5,
        rolloutPercent: 25
      })
    }))

  for (
    const [table, expected] of [
      ["temperature = 2.1", "agents.temperature: expected a number from 0 to 2, got 2.1"],
      ["temperature = nan", "agents.temperature: expected a number from 0 to 2"],
      ["max_turns = 0", "agents.max_turns: expected a whole number greater than 0, got 0"],
      ["rollout_percent = 101", "agents.rollout_percent: expected at most 100, got 101"],
      ["rollout_percent = -1", "agents.rollout_percent: expected a whole number from 0 to 100, got -1"],
      ["max_turn = 3", "agents.max_turn: unknown key, did you mean max_turns?"]
    ] as const
  ) {
    it.effect(`are refused with what was expected: ${table}`, () =>
      Effect.gen(function*() {
        const { message } = yield* Effect.flip(agentsOf(table))
        assert.include(message, expected)
      }))
  }
})

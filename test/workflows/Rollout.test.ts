import { assert, describe, it } from "@effect/vitest"
import { isRunByAgents } from "../../src/workflows/Rollout.ts"

const keys = Array.from({ length: 10_000 }, (_, index) => `sync-anonymous-${index}`)

const chosen = (rolloutPercent: number, enabled = true) =>
  keys.filter((key) => isRunByAgents({ enabled, rolloutPercent }, key))

describe("the share of requests that agents run", () => {
  it("is none at 0 %, all at 100 %, and none where agents are switched off", () => {
    assert.deepStrictEqual(chosen(0), [])
    assert.lengthOf(chosen(100), keys.length)
    assert.deepStrictEqual(chosen(100, false), [])
  })

  it("is about what was asked for, and always the same requests", () => {
    for (const percent of [1, 10, 50]) {
      const share = chosen(percent).length / keys.length * 100
      assert.isAtMost(Math.abs(share - percent), 1.5)
      assert.deepStrictEqual(chosen(percent), chosen(percent))
    }
  })

  it("only grows when it is raised: no request goes back", () => {
    const more = new Set(chosen(25))
    assert.isTrue(chosen(10).every((key) => more.has(key)))
  })
})

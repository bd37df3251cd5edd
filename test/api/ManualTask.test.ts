import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import { manualTask } from "../../src/api/ManualTask.ts"
import { SyncOptions } from "../../src/api/Messages.ts"
import type { Task } from "../../src/Config.ts"
import type { SyncName } from "../../src/domain/Task.ts"
import { tasks } from "../support/World.ts"

const pair: ReadonlyArray<Task> = [{ ...tasks.oura, name: "oura_heartrate" }, {
  ...tasks.oura,
  name: "oura_full",
  enabled: false
}]

const named = (config: ReadonlyArray<Task>, name: SyncName, mode?: "heartrate" | "full"): string | undefined => {
  const chosen = manualTask(config, name, new SyncOptions(mode === undefined ? {} : { mode }))
  return Result.isSuccess(chosen) ? chosen.success.name : undefined
}

describe("api/ManualTask", () => {
  it("is the task of the config, so that history and overlap are shared with the schedule", () => {
    assert.deepStrictEqual(manualTask([tasks.spotify], "spotify", new SyncOptions({})), Result.succeed(tasks.spotify))
    assert.strictEqual(named([tasks.oura], "oura"), "oura")
    assert.strictEqual(named([tasks.oura], "oura", "heartrate"), "oura")
  })

  it("chooses between the pair of oura tasks by mode, full when nothing is said", () => {
    assert.strictEqual(named(pair, "oura", "heartrate"), "oura_heartrate")
    assert.strictEqual(named(pair, "oura", "full"), "oura_full")
    assert.strictEqual(named(pair, "oura"), "oura_full")
  })

  it("has defaults for a sync that the config does not mention", () => {
    for (const name of ["google_calendar", "spotify", "oura"] as const) assert.strictEqual(named([], name), name)
  })

  it("refuses the options of another sync by name", () => {
    const refused = manualTask([], "spotify", new SyncOptions({ lookbackDays: 3, daysBack: 2 }))
    assert.deepStrictEqual(
      Result.isFailure(refused) ? refused.failure.map(({ pointer }) => pointer).toSorted() : [],
      ["/payload/daysBack", "/payload/lookbackDays"]
    )
  })
})

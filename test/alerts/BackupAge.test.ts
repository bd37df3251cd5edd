import { assert, describe, it } from "@effect/vitest"
import { DateTime, Option } from "effect"
import { backupInterval, oldAfter } from "../../src/alerts/BackupAge.ts"
import { configOf } from "../api/Served.ts"

const now = DateTime.makeUnsafe("2026-11-27T12:00:00Z")
const hour = 3_600_000

const config = (cron: string, enabled = true) => ({
  ...configOf({ host: "127.0.0.1", port: 1 }),
  backup: { enabled, cron, keep: 7, folder: Option.none(), beforeMigration: true }
})

describe("how old a backup may be", () => {
  it("is twice the longest time between two ticks of its schedule", () => {
    const intervals = ["30 3 * * *", "0 */6 * * *", "0 3 * * MON", "0 3 * * MON,TUE", "@every 12h"].map((cron) =>
      Option.map(backupInterval(config(cron), now), (millis) => millis / hour)
    )
    assert.deepStrictEqual(intervals, [24, 6, 168, 144, 12].map(Option.some))
    assert.strictEqual(oldAfter(config("30 3 * * *"), now) / hour, 48)
  })

  it("is eight days where no schedule makes any", () => {
    assert.deepStrictEqual(backupInterval(config("30 3 * * *", false), now), Option.none())
    assert.strictEqual(oldAfter(config("30 3 * * *", false), now) / hour, 8 * 24)
    assert.strictEqual(oldAfter(configOf({}), now) / hour, 8 * 24)
  })
})

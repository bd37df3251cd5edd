import { assert, it } from "@effect/vitest"
import { Duration } from "effect"
import { patience } from "../../src/records/Patience.ts"
import { tasks } from "../support/World.ts"

const hour = 3_600_000
const noon = Date.UTC(2026, 2, 10, 12)

const every = (minutes: number) => ({ _tag: "Interval" as const, every: Duration.minutes(minutes) })

it("three intervals of the most frequent task, and an hour at least", () => {
  assert.strictEqual(patience([{ ...tasks.spotify, when: every(30) }], "listening", noon), 1.5 * hour)
  assert.strictEqual(patience([{ ...tasks.spotify, when: every(2) }], "listening", noon), hour)
  assert.strictEqual(patience([tasks.google_calendar], "listening", noon), hour)
})

it("what the ring measures may take half a day", () => {
  assert.strictEqual(patience([{ ...tasks.oura, when: every(30) }], "heart_rate", noon), 12 * hour)
  assert.strictEqual(patience([{ ...tasks.oura, when: every(600) }], "body", noon), 30 * hour)
  const few = { ...tasks.oura, when: every(600), dataTypes: ["sleep" as const] }
  assert.strictEqual(patience([few], "heart_rate", noon), 12 * hour)
})

it("a cron expression is due for the third time when it is, also over a weekend", () => {
  const daily = { ...tasks.spotify, when: { _tag: "Cron" as const, expression: "0 9 * * MON-FRI" } }
  // a Tuesday: Wednesday, Thursday, Friday at nine
  assert.strictEqual(patience([daily], "listening", noon), (3 * 24 - 3) * hour)
  const friday = noon + 3 * 24 * hour
  assert.strictEqual(patience([daily], "listening", friday), (5 * 24 - 3) * hour)
})

it("a task that is switched off is not waited for", () => {
  assert.strictEqual(patience([{ ...tasks.spotify, when: every(600), enabled: false }], "listening", noon), hour)
})

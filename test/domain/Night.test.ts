import { assert, it } from "@effect/vitest"
import { nightOf } from "../../src/domain/Night.ts"

it("a night belongs to the evening on the wearer's clock, also when it begins after midnight", () => {
  assert.strictEqual(nightOf("2026-03-10T23:10:00+01:00"), "2026-03-10")
  assert.strictEqual(nightOf("2026-03-11T01:10:00+01:00"), "2026-03-10")
  assert.strictEqual(nightOf("2026-03-11T11:59:59.999-10:00"), "2026-03-10")
  assert.strictEqual(nightOf("2026-03-11T12:00:00+14:00"), "2026-03-11")
  assert.strictEqual(nightOf("2026-01-01T00:30:00Z"), "2025-12-31")
})

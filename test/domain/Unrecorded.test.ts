import { assert, it } from "@effect/vitest"
import { missing, type Reach, reached, without } from "../../src/domain/Unrecorded.ts"

const reach = (more: Partial<Reach>): Reach => ({
  revoked: false,
  since: 100,
  until: 900,
  lacking: [],
  connected: 200,
  patience: 50,
  ...more
})

it("without an account nothing was recorded", () => {
  assert.deepStrictEqual(missing([], 1000), [{ from: -Infinity, to: 1000, why: "not_connected" }])
  assert.deepStrictEqual(reached([]), { since: undefined, until: undefined })
})

it("what came before the first record, and what came after the last sync once it is too long ago, may be missing", () => {
  assert.deepStrictEqual(missing([reach({})], 1000), [
    { from: -Infinity, to: 100, why: "before_first" },
    { from: 900, to: 1000, why: "behind" }
  ])
  assert.deepStrictEqual(missing([reach({ patience: 100 })], 1000), [{ from: -Infinity, to: 100, why: "before_first" }])
})

it("an account that was never synced is behind since it was signed in", () => {
  assert.deepStrictEqual(missing([reach({ since: undefined, until: undefined })], 1000), [
    { from: -Infinity, to: 200, why: "before_first" },
    { from: 200, to: 1000, why: "behind" }
  ])
})

it("what was never read leaves all the time of its account open, however lately the rest was read", () => {
  const accounts = [reach({ until: 990, lacking: ["the calendar work"] })]
  assert.deepStrictEqual(missing(accounts, 1000), [
    { from: -Infinity, to: 100, why: "before_first" },
    { from: 100, to: 1000, why: "behind" }
  ])
  assert.deepStrictEqual(reached(accounts), { since: 100, until: undefined })
  assert.deepStrictEqual(reached([reach({}), reach({ until: undefined })]), { since: 100, until: undefined })
  // nothing is read of an account that is signed out
  assert.deepStrictEqual(reached([reach({}), reach({ revoked: true, lacking: ["sleep"] })]), { since: 100, until: 900 })
})

it("between an account that is signed out and the next nothing was recorded, nor after the last of them", () => {
  const former = reach({ revoked: true, since: 100, until: 300 })
  assert.deepStrictEqual(missing([reach({ since: 500, connected: 500, patience: 200 }), former], 1000), [
    { from: -Infinity, to: 100, why: "before_first" },
    { from: 300, to: 500, why: "not_connected" }
  ])
  assert.deepStrictEqual(missing([former], 1000).at(-1), { from: 300, to: 1000, why: "not_connected" })
})

it("of two accounts the slower one tells how far the records go", () => {
  const both = [reach({ until: 990 }), reach({ until: 500 })]
  assert.deepStrictEqual(reached(both), { since: 100, until: 500 })
  assert.deepStrictEqual(missing(both, 1000).at(-1), { from: 500, to: 1000, why: "behind" })
  // each has a patience of its own
  const rare = [reach({ until: 900 }), reach({ until: 500, patience: 500 })]
  assert.deepStrictEqual(missing(rare, 1000).at(-1), { from: 900, to: 1000, why: "behind" })
})

it("nothing is said of the time after now", () => {
  for (const { to } of missing([reach({ since: 2000, until: 3000, connected: 2000, patience: 0 })], 1000)) {
    assert.isAtMost(to, 1000)
  }
})

it("of a stretch is left what nothing else tells of", () => {
  const left = (from: number, to: number, ...covered: ReadonlyArray<readonly [number, number]>) =>
    without({ from, to }, covered.map(([from, to]) => ({ from, to }))).map(({ from, to }) => [from, to])
  assert.deepStrictEqual(left(10, 20), [[10, 20]])
  assert.deepStrictEqual(left(10, 20, [12, 14], [13, 16]), [[10, 12], [16, 20]])
  assert.deepStrictEqual(left(10, 20, [18, 30], [0, 11]), [[11, 18]])
  assert.deepStrictEqual(left(10, 20, [0, 30]), [])
  assert.deepStrictEqual(left(10, 20, [0, 10], [20, 30]), [[10, 20]])
  assert.deepStrictEqual(left(-Infinity, 20, [5, 10]), [[-Infinity, 5], [10, 20]])
})

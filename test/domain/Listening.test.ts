import { assert, it } from "@effect/vitest"
import { listened, sessionsOf } from "../../src/domain/Listening.ts"
import { randomness } from "../support/RandomQueries.ts"

const minute = 60_000

const play = (at: number, minutes = 3) => ({ at: at * minute, duration: minutes * minute })

it("a play lasts as long as its track, or until the next one begins", () => {
  assert.strictEqual(listened(play(0), undefined), 3 * minute)
  assert.strictEqual(listened(play(0), play(5)), 3 * minute)
  assert.strictEqual(listened(play(0), play(1)), minute)
  assert.strictEqual(listened(play(0), play(0)), 0)
  assert.strictEqual(listened(play(0, 0), play(5)), 0)
  assert.strictEqual(listened(play(0, -1), play(5)), 0)
})

it("a session ends with a pause that is longer than the gap", () => {
  const [one, two] = sessionsOf([play(0), play(13), play(26.5)], 10 * minute)
  assert.deepStrictEqual(one && { ...one, plays: one.plays.length }, {
    start: 0,
    end: 16 * minute,
    listened: 6 * minute,
    plays: 2
  })
  assert.strictEqual(two?.start, 26.5 * minute)
  assert.deepStrictEqual(sessionsOf([], minute), [])
})

it("without a gap plays that follow one another at once are one session", () => {
  assert.lengthOf(sessionsOf([play(0), play(3), play(6)], 0), 1)
  assert.lengthOf(sessionsOf([play(0), play(3), play(7)], 0), 2)
})

it("every play is in one session, in order, and sessions neither touch nor hold more than was heard", () => {
  for (let seed = 1; seed <= 200; seed++) {
    const random = randomness(seed)
    const plays = random.some(60, () => play(random.below(600), random.below(20))).toSorted((one, other) =>
      one.at - other.at
    )
    const gap = random.below(30) * minute
    const sessions = sessionsOf(plays, gap)
    assert.deepStrictEqual(sessions.flatMap(({ plays }) => plays), plays)
    for (const [index, { end, listened, start }] of sessions.entries()) {
      assert.isAtMost(listened, end - start)
      const next = sessions[index + 1]
      if (next !== undefined) assert.isAbove(next.start - end, gap)
    }
    const all = plays.reduce((sum, one, index) => sum + listened(one, plays[index + 1]), 0)
    assert.strictEqual(sessions.reduce((sum, { listened }) => sum + listened, 0), all)
  }
})

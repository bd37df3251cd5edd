import { assert, it } from "@effect/vitest"
import { heartRatePoints, type Sample } from "../../src/domain/HeartRatePoints.ts"
import { randomness } from "../support/RandomQueries.ts"

it("stretches are counted from 1970 on, whenever the samples begin", () => {
  const at = Date.UTC(2026, 2, 10, 12, 3)
  assert.deepStrictEqual(heartRatePoints([[at, 60], [at + 119_999, 90], [at + 120_000, 100]], 300), [
    { at: at - 180_000, mean: 75, min: 60, max: 90, samples: 2 },
    { at: at + 120_000, mean: 100, min: 100, max: 100, samples: 1 }
  ])
})

it("with 0 each sample is a point, also two of one instant", () => {
  assert.deepStrictEqual(heartRatePoints([[1, 60], [1, 62]], 0).map(({ at, mean }) => [at, mean]), [[1, 60], [1, 62]])
})

it("no sample is lost, and the mean is between the least and the greatest", () => {
  for (let seed = 1; seed <= 100; seed++) {
    const random = randomness(seed)
    const samples = random.some(200, (): Sample => [random.below(86_400_000), 40 + random.below(150)])
      .toSorted(([one], [other]) => one - other)
    const points = heartRatePoints(samples, 60 + random.below(3000))
    assert.strictEqual(points.reduce((sum, point) => sum + point.samples, 0), samples.length)
    for (const { max, mean, min } of points) assert.isTrue(min <= mean && mean <= max)
    assert.deepStrictEqual(points.map(({ at }) => at), [...new Set(points.map(({ at }) => at))])
  }
})

import { assert, it } from "@effect/vitest"
import { ratio } from "../../src/music/Ratio.ts"
import { numbers, wordFrom } from "./Random.ts"

/** Another way to the same number: the edits without substitution, over the whole matrix, from the definition. */
const byEdits = (one: string, other: string): number => {
  const [a, b] = [Array.from(one), Array.from(other)]
  const edits: Array<Array<number>> = [...a, ""].map((_, row) =>
    [...b, ""].map((_, column) => row === 0 ? column : row)
  )
  const at = (row: number, column: number): number => edits[row]?.[column] ?? Number.NaN
  for (const [row, x] of a.entries()) {
    for (const [column, y] of b.entries()) {
      const cells = edits[row + 1] ?? []
      cells[column + 1] = x === y ? at(row, column) : 1 + Math.min(at(row, column + 1), at(row + 1, column))
    }
  }
  return a.length + b.length === 0 ? 1 : 1 - at(a.length, b.length) / (a.length + b.length)
}

it("is rapidfuzz's ratio, by values of its documentation and by hand", () => {
  const known: ReadonlyArray<readonly [string, string, number]> = [
    ["this is a test", "this is a test!", 0.9655172413793103],
    ["fuzzy wuzzy was a bear", "wuzzy fuzzy was a bear", 0.9090909090909091],
    ["lewenstein", "levenshtein", 0.8571428571428571],
    ["kitten", "sitting", 8 / 13],
    ["abcd", "abce", 0.75],
    ["abc", "xyz", 0],
    ["abc", "", 0],
    ["", "", 1],
    ["😀a", "😀b", 0.5] // code points, not halves of them
  ]
  for (const [one, other, value] of known) assert.closeTo(ratio(one, other), value, 1e-12, `${one}, ${other}`)
})

it("agrees with another algorithm on 2,000 pairs, is symmetric and within 0 and 1", () => {
  const next = numbers(1)
  for (let pair = 0; pair < 2_000; pair++) {
    const [one, other] = [wordFrom(next, 40), wordFrom(next, 40)]
    const value = ratio(one, other)
    assert.closeTo(value, byEdits(one, other), 1e-12, JSON.stringify([one, other]))
    assert.strictEqual(value, ratio(other, one))
    assert.isTrue(value >= 0 && value <= 1)
    assert.strictEqual(ratio(one, one), 1)
    assert.strictEqual(value === 1, one === other)
  }
})

it("takes the longest texts that may be asked for", () => {
  assert.strictEqual(ratio("ab".repeat(100), "b".repeat(200)), 0.5)
})

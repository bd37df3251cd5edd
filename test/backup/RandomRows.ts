/** Rows of every kind of value that a store can hold, drawn by a seed. */
import { Array as Arr } from "effect"
import { DateTime, Decimal, Duration, RecordId, Uuid } from "surrealdb"

/** A small generator (mulberry32), so that a failure can be drawn again. */
export const draws = (seed: number) => {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  return { below: (limit: number): number => Math.floor(next() * limit), next }
}

type Draws = ReturnType<typeof draws>

const texts = [
  "",
  "plain",
  "two\nlines\r\nand a tab\t",
  "Ünïcödé 🎵 日本",
  "\u2028\u0000",
  "$datetime",
  "{\"a\":1}",
  "''\"`⟩"
]

const scalars: ReadonlyArray<(draw: Draws) => unknown> = [
  ({ below }) => texts[below(texts.length)],
  ({ below }) => below(2 ** 31) - 2 ** 30,
  ({ next }) => next() * 1e9,
  () => 1e-7,
  () => Number.MAX_SAFE_INTEGER,
  () => 9_223_372_036_854_775_807n,
  () => Number.NaN,
  () => Number.NEGATIVE_INFINITY,
  ({ below }) => below(2) === 1,
  () => null,
  ({ below }) => new DateTime([BigInt(below(2 ** 31)), BigInt(below(10 ** 9))]),
  () => new DateTime("0999-12-31T23:59:59.000000001Z"),
  ({ below }) => new Duration(`${below(100)}w${below(7)}d${below(1000)}ms1ns`),
  ({ below }) => new Decimal(`${below(10 ** 6)}.123456789012345678901`),
  () => new Uuid("018f4e5a-7a3b-7c1d-9e2f-0123456789ab"),
  ({ below }) => Uint8Array.from([0, 255, below(256)]),
  ({ below }) => new RecordId("other", ["a", below(10)])
]

export const value = (draw: Draws, depth = 0): unknown => {
  const kind = draw.below(depth > 2 ? 4 : 6)
  if (kind === 4) return Arr.makeBy(1 + draw.below(3), () => value(draw, depth + 1))
  if (kind === 5) {
    return Object.fromEntries(
      Arr.makeBy(
        1 + draw.below(3),
        (index) => [["a", "b c", "$none", "$datetime", "ü"][draw.below(5)] ?? index, value(draw, depth + 1)]
      )
    )
  }
  return scalars[draw.below(scalars.length)]?.(draw)
}

const keys: ReadonlyArray<(draw: Draws, index: number) => RecordId["id"]> = [
  (_, index) => index,
  (_, index) => `name ${index} ⟩`,
  ({ below }, index) => ["spotify:u1", 1_700_000_000_000 + index, texts[below(texts.length)]],
  (_, index) => new Uuid(`018f4e5a-7a3b-7c1d-9e2f-${String(index).padStart(12, "0")}`),
  (_, index) => ({ of: index, at: new DateTime([BigInt(index), 5n]) })
]

/** Rows of a table without a schema, each with an id of another kind. */
export const rows = (table: string, count: number, seed: number): ReadonlyArray<{ readonly id: RecordId }> => {
  const draw = draws(seed)
  return Arr.makeBy(count, (index) => ({
    id: new RecordId(table, keys[draw.below(keys.length)]?.(draw, index) ?? index),
    one: value(draw),
    other: value(draw),
    $odd: value(draw)
  }))
}

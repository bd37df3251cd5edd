/** Texts by chance, the same in every run: of few letters, so that they have much in common. */
import { fraction } from "../../src/domain/StableHash.ts"

const letters = ["a", "b", "c", "é", "ж", "音", "😀", " "]

/** Numbers in [0, 1), one after another. */
export const numbers = (seed: number): () => number => {
  let drawn = 0
  return () => fraction(`${seed}:${drawn++}`)
}

export const wordFrom = (next: () => number, longest: number, from: ReadonlyArray<string> = letters): string =>
  Array.from({ length: Math.floor(next() * (longest + 1)) }, () => from[Math.floor(next() * from.length)]).join("")

/**
 * How much two texts agree, from 0 to 1: the normalised Indel similarity, which is `fuzz.ratio` of rapidfuzz divided by 100
 * (https://rapidfuzz.github.io/RapidFuzz/Usage/fuzz.html#ratio). Twice the length of the longest common subsequence, by the
 * lengths of both, in code points; two empty texts agree.
 */
export const ratio = (one: string, other: string): number => {
  if (one === other) return 1
  const [short = [], long = []] = [[...one], [...other]].toSorted((a, b) => a.length - b.length)
  return 2 * longestCommon(short, long) / (short.length + long.length)
}

/** The length of the longest common subsequence, in the memory of one row: as long as the shorter text. */
const longestCommon = (short: ReadonlyArray<string>, long: ReadonlyArray<string>): number => {
  const row = new Uint32Array(short.length + 1)
  for (const letter of long) {
    let diagonal = 0
    for (let at = 1; at <= short.length; at++) {
      const above = row[at] ?? 0
      row[at] = letter === short[at - 1] ? diagonal + 1 : Math.max(above, row[at - 1] ?? 0)
      diagonal = above
    }
  }
  return row[short.length] ?? 0
}

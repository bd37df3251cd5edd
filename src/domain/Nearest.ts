import { Option } from "effect"

/** Edits (a letter added, dropped, changed, or two neighbours swapped) that turn one word into the other. */
export const distance = (from: string, to: string): number => {
  const rows: Array<Array<number>> = [Array.from({ length: to.length + 1 }, (_, column) => column)]
  const cell = (row: number, column: number) => rows[row]?.[column] ?? 0
  for (let row = 1; row <= from.length; row++) {
    const line = [row]
    rows.push(line)
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1]
      const swapped = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]
      line.push(Math.min(
        cell(row - 1, column) + 1,
        cell(row, column - 1) + 1,
        cell(row - 1, column - 1) + (same ? 0 : 1),
        swapped ? cell(row - 2, column - 2) + 1 : Infinity
      ))
    }
  }
  return cell(from.length, to.length)
}

/** The word that was probably meant: at most a third of its letters, and never fewer than two, are wrong. */
export const nearest = (word: string, known: ReadonlyArray<string>): Option.Option<string> => {
  const [best] = known
    .map((candidate) => ({ candidate, edits: distance(word.toLowerCase(), candidate) }))
    .filter(({ candidate, edits }) => edits <= Math.max(2, Math.floor(candidate.length / 3)) && edits < word.length)
    .toSorted((a, b) => a.edits - b.edits)
  return Option.map(Option.fromNullishOr(best), ({ candidate }) => candidate)
}

/** The rows in what `surreal export` has written. Only its data are read: nothing in it is executed. */
import { Predicate } from "effect"
import { type EarlierRow, idFromText } from "./EarlierRow.ts"
import { SurqlReader } from "./SurqlReader.ts"

/** The record that a value is; `named` is its id where that stands before it. */
const rowOf = (
  reader: SurqlReader,
  value: unknown,
  named?: { readonly table: string; readonly id: string },
  into?: string
): EarlierRow => {
  if (!Predicate.isObject(value)) throw reader.mistake("the columns of a row before this")
  const { id: own, ...fields }: { readonly [column: string]: unknown } = { ...value }
  const id = named ?? (into !== undefined && typeof own === "string" && !own.startsWith(`${into}:`)
    ? { table: into, id: own }
    : idFromText(String(own)))
  if (id === undefined) throw reader.mistake("a row with an id before this")
  return { ...id, fields }
}

/** Passes over a statement, to behind its end. */
const skip = (reader: SurqlReader): void => {
  let depth = 0
  while (!reader.isAtEnd) {
    if (reader.match(/'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|`(?:\\.|[^`\\])*`|⟨[^⟩]*⟩/suy) !== undefined) continue
    const sign = reader.match(/[^]/uy)
    if (sign === "{" || sign === "(" || sign === "[") depth++
    else if (sign === "}" || sign === ")" || sign === "]") depth--
    else if (sign === ";" && depth <= 0) return
  }
}

/** All rows of the statements that insert some. A statement that inserts in a way that is not known here is a mistake. */
export const surqlRows = (text: string): ReadonlyArray<EarlierRow> => {
  const reader = new SurqlReader(text)
  const rows: Array<EarlierRow> = []
  const end = () => {
    if (!reader.isAtEnd) reader.needs(";")
  }
  while (!reader.isAtEnd) {
    const word = reader.match(/[A-Za-z]+/uy)?.toUpperCase()
    if (word === "INSERT") {
      reader.space()
      reader.match(/(?:IGNORE|RELATION)\s+/iuy)
      const into = reader.match(/INTO\s+/iuy) === undefined ? undefined : reader.name()
      const value = reader.value()
      for (const one of Array.isArray(value) ? value : [value]) rows.push(rowOf(reader, one, undefined, into))
      end()
    } else if (word === "UPDATE" || word === "UPSERT" || word === "CREATE") {
      reader.space()
      reader.match(/ONLY\s+/iuy)
      const id = reader.recordId()
      reader.space()
      if (reader.match(/CONTENT\b/iuy) === undefined) throw reader.mistake("CONTENT")
      rows.push(rowOf(reader, reader.value(), id))
      end()
    } else skip(reader)
  }
  return rows
}

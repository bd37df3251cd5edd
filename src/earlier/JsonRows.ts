/** The rows in JSON: of a table, of tables by their names, or as SurrealDB's `/sql` answers; or one on each line. */
import { Option, Predicate, Schema } from "effect"
import { type EarlierRow, idFromText, knownTables } from "./EarlierRow.ts"

const parse = Schema.decodeUnknownOption(Schema.fromJsonString(Schema.Unknown))

const known = new Set(knownTables)

const rowsOf = (value: unknown, table: string | undefined, place: string): ReadonlyArray<EarlierRow> => {
  if (Array.isArray(value)) return value.flatMap((one, index) => rowsOf(one, table, `${place}[${index}]`))
  if (!Predicate.isObject(value)) throw new Error(`${place} is no row`)
  const object: { readonly [key: string]: unknown } = { ...value }
  if (typeof object["id"] === "string" || typeof object["id"] === "number") {
    const { id: own, ...fields } = object
    const id = idFromText(String(own))
    if (id !== undefined && (table === undefined || id.table === table)) return [{ ...id, fields }]
    if (table !== undefined) return [{ table, id: String(own), fields }]
    throw new Error(`${place} does not say of which table it is: its id is ${JSON.stringify(own)}`)
  }
  if ("result" in object && "status" in object) {
    if (object["status"] === "OK") return rowsOf(object["result"], table, `${place}.result`)
    throw new Error(`${place} is the answer to a query that failed: ${JSON.stringify(object["result"])}`)
  }
  const entries = Object.entries(object)
  if (entries.length > 0 && entries.every(([key, rows]) => known.has(key) || Array.isArray(rows))) {
    return entries.flatMap(([key, rows]) => rowsOf(rows, key, `${place}.${key}`))
  }
  throw new Error(`${place} is a row without an id`)
}

const parsedLine = (line: string, place: string): unknown =>
  Option.getOrThrowWith(parse(line), () => new Error(`${place} is not JSON`))

/** All rows of a text of JSON. */
export const jsonRows = (text: string): ReadonlyArray<EarlierRow> => {
  const whole = parse(text)
  if (Option.isSome(whole)) return rowsOf(whole.value, undefined, "it")
  return text.split("\n").flatMap((line, index) => {
    const place = `line ${index + 1}`
    return line.trim() === "" ? [] : rowsOf(parsedLine(line, place), undefined, place)
  })
}

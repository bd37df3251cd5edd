import type { Schema } from "effect"
import { at, list, text } from "./Ask.ts"

/** What of a contract is known to differ in practice, as its README says: paths that may be null or absent. */
export interface Allowance {
  readonly nullable?: ReadonlyArray<string>
  readonly absent?: ReadonlyArray<string>
}

const keys = (json: Schema.Json | undefined): ReadonlyArray<string> =>
  typeof json === "object" && json !== null && !Array.isArray(json) ? Object.keys(json) : []

const typeOf = (value: Schema.Json | undefined): string =>
  value === null
    ? "null"
    : Array.isArray(value)
    ? "array"
    : typeof value === "number" && Number.isInteger(value)
    ? "integer"
    : typeof value

const fits = (value: Schema.Json | undefined, type: string): boolean =>
  type === typeOf(value) || (type === "number" && typeOf(value) === "integer") || type === "any"

const formats: Record<string, RegExp> = {
  "date-time": /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/,
  date: /^\d{4}-\d\d-\d\d$/
}

/**
 * The differences between a value and a schema of an OpenAPI or Google discovery document: wrong types, unknown words of
 * an enumeration, missing required fields, and fields the contract does not know.
 */
export const differences = (
  document: Schema.Json,
  schemas: ReadonlyArray<string>,
  value: Schema.Json | undefined,
  schema: Schema.Json | undefined,
  allowance: Allowance = {},
  path = ""
): ReadonlyArray<string> => {
  const walk = (inner: Schema.Json | undefined, part: Schema.Json | undefined, where: string) =>
    differences(document, schemas, inner, part, allowance, where)
  const reference = text(schema, "$ref")
  if (reference !== "") {
    return walk(value, at(document, ...schemas, reference.split("/").at(-1) ?? ""), path)
  }
  const plain = path.replaceAll(/\[\d+\]/g, "")
  if (value === null && allowance.nullable?.includes(plain) === true) {
    return []
  }
  const choices = [...list(schema, "anyOf"), ...list(schema, "oneOf")]
  if (choices.length > 0) {
    const found = choices.map((choice) => walk(value, choice, path))
    return found.some((one) => one.length === 0) ? [] : found.toSorted((a, b) => a.length - b.length)[0] ?? []
  }
  const parts = list(schema, "allOf")
  const properties = new Map<string, Schema.Json | undefined>()
  const required = new Set<string>()
  const collect = (part: Schema.Json | undefined): void => {
    const known = text(part, "$ref")
    if (known !== "") {
      return collect(at(document, ...schemas, known.split("/").at(-1) ?? ""))
    }
    keys(at(part, "properties")).forEach((key) => properties.set(key, at(part, "properties", key)))
    list(part, "required").forEach((key) => typeof key === "string" && required.add(key))
    list(part, "allOf").forEach(collect)
  }
  collect(schema)
  const type = text(schema, "type") || (parts.length > 0 || properties.size > 0 ? "object" : "any")
  if (!fits(value, type)) {
    return [`${path}: ${type} expected, ${typeOf(value)} found`]
  }
  const words = list(schema, "enum")
  if (words.length > 0 && !words.some((word) => word === value)) {
    return [`${path}: ${JSON.stringify(value)} is not one of ${JSON.stringify(words)}`]
  }
  const format = formats[text(schema, "format")]
  if (format !== undefined && typeof value === "string" && !format.test(value)) {
    return [`${path}: ${value} is no ${text(schema, "format")}`]
  }
  if (Array.isArray(value)) {
    return list(value).flatMap((item, index) => walk(item, at(schema, "items"), `${path}[${index}]`))
  }
  if (type !== "object" || properties.size === 0) {
    return []
  }
  const missing = [...required].filter((key) => !keys(value).includes(key))
    .filter((key) => allowance.absent?.includes(key) !== true)
    .map((key) => `${path}.${key}: missing`)
  return [
    ...missing,
    ...keys(value).flatMap((key) =>
      properties.has(key) ? walk(at(value, key), properties.get(key), `${path}.${key}`) : [`${path}.${key}: unknown`]
    )
  ]
}

/** Values of the store as JSON and back, without loss: what JSON has no word for is an object with one key that begins with `$`. */
import { Predicate, Record, Result } from "effect"
import { Base64 } from "effect/encoding"
import { CborCodec, DateTime, Decimal, Duration, RecordId, Uuid } from "surrealdb"

/** Values of the SDK that have no form of their own here are kept as the engine's own bytes. */
const cbor = new CborCodec({})

const bytesOf = (value: object): Uint8Array | undefined =>
  value instanceof ArrayBuffer
    ? new Uint8Array(value)
    : ArrayBuffer.isView(value)
    ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
    : undefined

const isPlain = (value: object): value is { readonly [key: string]: unknown } => {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/** A number that JSON does not have, or would give back as another. */
const isOdd = (value: number): boolean => !Number.isFinite(value) || Object.is(value, -0)

/** A value as JSON. */
export const toJson = (value: unknown): unknown => {
  switch (typeof value) {
    case "undefined":
      return { $none: true }
    case "bigint":
      return { $integer: String(value) }
    case "number":
      return isOdd(value) ? { $number: Object.is(value, -0) ? "-0" : String(value) } : value
    case "object":
      return value === null ? null : objectToJson(value)
    default:
      return value
  }
}

const objectToJson = (value: object): unknown => {
  if (Array.isArray(value)) return value.map(toJson)
  if (isPlain(value)) {
    const fields = Record.map(value, toJson)
    return Object.keys(value).some((key) => key.startsWith("$")) ? { $object: fields } : fields
  }
  if (value instanceof DateTime) return { $datetime: value.toISOString() }
  if (value instanceof RecordId) return { $record: [value.table.name, toJson(value.id)] }
  if (value instanceof Duration) return { $duration: value.toString() }
  if (value instanceof Decimal) return { $decimal: value.toString() }
  if (value instanceof Uuid) return { $uuid: value.toString() }
  const bytes = bytesOf(value)
  return bytes === undefined ? { $cbor: Base64.encode(cbor.encode(value)) } : { $bytes: Base64.encode(bytes) }
}

/** A value read back. A form that is not known here throws. */
export const fromJson = (json: unknown): unknown => {
  if (Array.isArray(json)) return json.map(fromJson)
  if (!Predicate.isObject(json)) return json
  const entries: ReadonlyArray<readonly [string, unknown]> = Object.entries(json)
  const [first] = entries
  if (entries.length === 1 && first?.[0].startsWith("$") === true) return tagged(first[0], first[1])
  return Object.fromEntries(entries.map(([key, value]) => [key, fromJson(value)]))
}

const tagged = (tag: string, json: unknown): unknown => {
  if (tag === "$none") return undefined
  if (tag === "$object" && Predicate.isObject(json)) {
    return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, fromJson(value)]))
  }
  if (tag === "$record" && Array.isArray(json) && typeof json[0] === "string") {
    return new RecordId(json[0], keyFromJson(json[1]))
  }
  if (typeof json === "string") return scalar(tag, json)
  throw new TypeError(`there is no value of the form ${tag}`)
}

const scalar = (tag: string, text: string): unknown => {
  switch (tag) {
    case "$integer":
      return BigInt(text)
    case "$number":
      return Number(text)
    case "$datetime":
      return new DateTime(text)
    case "$duration":
      return new Duration(text)
    case "$decimal":
      return new Decimal(text)
    case "$uuid":
      return new Uuid(text)
    case "$bytes":
      return bytesFrom(text)
    case "$cbor":
      return cbor.decode(bytesFrom(text))
    default:
      throw new TypeError(`there is no value of the form ${tag}`)
  }
}

const bytesFrom = (text: string): Uint8Array => Result.getOrThrow(Base64.decode(text))

/** What makes a record unique in its table, read back. */
export const keyFromJson = (json: unknown): RecordId["id"] => {
  const value = fromJson(json)
  if (typeof value === "string" || typeof value === "number" || typeof value === "bigint") return value
  if (value instanceof Uuid || Array.isArray(value)) return value
  if (Predicate.isObject(value)) return { ...value }
  throw new TypeError("an id is a text, a number, a UUID, a list or an object")
}

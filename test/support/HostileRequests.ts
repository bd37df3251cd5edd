/** Requests that nobody should send, made from the OpenAPI document and a seed: the same seed gives the same requests. */
import type { OpenApi } from "effect/http-api"

/** A request of the Fetch API, by its parts. */
export interface HostileRequest {
  readonly path: string
  readonly method: string
  readonly headers: { readonly [name: string]: string }
  readonly body?: string
}

type Json = null | boolean | number | string | ReadonlyArray<Json> | { readonly [key: string]: Json }

const strings = [
  "",
  " ",
  "a",
  "null",
  "none",
  "'; DELETE run; --",
  "$record",
  "run:⟨a⟩",
  "../../etc/passwd",
  "<script>alert(1)</script>",
  "\u0000",
  "\u0007\u001b[31m",
  "\ud800",
  "\u202e\u{1f600}",
  "__proto__",
  "constructor",
  "%00",
  "%zz",
  "9".repeat(400),
  "a".repeat(5000),
  "2026-13-45T99:99:99Z",
  "-7d",
  "status = failed and",
  "((((((((((",
  "spotify",
  "run:none"
]

const values: ReadonlyArray<Json> = [
  null,
  true,
  0,
  -1,
  1.5,
  1e308,
  Number.MAX_SAFE_INTEGER,
  [],
  {},
  [[[[[[[[]]]]]]]],
  [null, "a", {}],
  { __proto__x: 1, constructor: null },
  { a: { b: { c: { d: {} } } } }
]

const types = [
  "application/json",
  "application/json; charset=utf-8",
  "APPLICATION/JSON",
  "text/plain",
  "application/x-www-form-urlencoded",
  "multipart/form-data; boundary=x",
  "application/xml",
  "json",
  ";;;",
  ""
]

const bodies = [
  "",
  "{",
  "{\"a\":",
  "[1,]",
  "undefined",
  "\u0000",
  "{}{}",
  "\"",
  "NaN",
  "a=b",
  "{\"a\":1e999}",
  "[".repeat(2000)
]

/** Numbers from a seed (mulberry32). */
const numbers = (seed: number): () => number => {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const methods = ["get", "post", "put", "patch", "delete"] as const

/** An endless supply of them. */
export const hostileRequests = (document: OpenApi.OpenAPISpec, seed: number): () => HostileRequest => {
  const next = numbers(seed)
  const below = (limit: number): number => Math.floor(next() * limit)
  const of = <A>(list: ReadonlyArray<A>, otherwise: A): A => list[below(list.length)] ?? otherwise
  const operations = Object.entries(document.paths).flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const operation = item[method]
      return operation === undefined ? [] : [{ method, path, operation }]
    })
  )

  const value = (): Json => next() < 0.5 ? of(strings, "") : of(values, null)

  /** The names that the schema of a body has. */
  const namesOf = (schema: object | undefined): ReadonlyArray<string> => {
    if (schema === undefined) return []
    if ("$ref" in schema && typeof schema.$ref === "string") {
      return namesOf(document.components.schemas[schema.$ref.replace(/^.*\//, "")])
    }
    const properties: unknown = "properties" in schema ? schema.properties : undefined
    return typeof properties === "object" && properties !== null ? Object.keys(properties) : []
  }

  const bodyOf = (schema: object | undefined): string => {
    if (next() < 0.25) return of(bodies, "")
    if (next() < 0.2) return JSON.stringify(value())
    const known = namesOf(schema).filter(() => next() < 0.7)
    const more = next() < 0.3 ? [of(strings, "extra")] : []
    return JSON.stringify(Object.fromEntries([...known, ...more].map((name) => [name, value()])))
  }

  const segment = (): string => {
    const text = of(strings, "a")
    return next() < 0.1 ? text.replaceAll(/[\s/?#]/g, "_").slice(0, 50) : encodeURIComponent(text.toWellFormed())
  }

  return () => {
    const chosen = operations[below(operations.length)]
    if (chosen === undefined) throw new Error("the document has no operation")
    const { method, operation, path } = chosen
    // a sync that is known and wants nothing would really run
    const filled = path.replaceAll(/\{\w+\}/g, () => path.includes("/syncs/") ? "tidal" : segment())
    const query = operation.parameters.filter((parameter) => parameter.in === "query" && next() < 0.6)
      .map(({ name }) => `${name}=${encodeURIComponent(String(value()).slice(0, 3000).toWellFormed())}`)
    const strange = next() < 0.1
      ? [`${encodeURIComponent(of(strings, "a").toWellFormed().slice(0, 1000))}=1`, "&&=%"]
      : []
    const search = [...query, ...strange].join("&")
    const target = next() < 0.05 ? `/${segment()}/${segment()}` : filled
    const verb = next() < 0.1 ? of(["get", "head", "post", "put", "patch", "delete", "options"], "get") : method
    const schema = Object.values(operation.requestBody?.content ?? {})[0]?.schema
    const withBody = !["get", "head", "options"].includes(verb)
    return {
      path: search === "" ? target : `${target}?${search}`,
      method: verb.toUpperCase(),
      headers: {
        ...withBody ? { "content-type": next() < 0.8 ? "application/json" : of(types, "") } : {},
        ...next() < 0.1 ? { "idempotency-key": of(["a", "\"a\"", "", "a b", "a".repeat(300)], "a") } : {},
        ...next() < 0.05 ? { "if-match": of(["*", "\"1\"", "W/\"1\"", "x"], "*") } : {}
      },
      ...withBody ? { body: bodyOf(schema) } : {}
    }
  }
}

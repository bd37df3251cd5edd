/** The search for secrets in everything that a program has said or left behind. */
import { Effect, FileSystem, Option, Schema } from "effect"
import { Surreal } from "../../src/services/Surreal.ts"

/** Something that must be found nowhere. */
export interface Secret {
  readonly name: string
  readonly value: string | Uint8Array
}

/** Something said or written, to be searched. */
export interface Said {
  readonly where: string
  readonly bytes: Uint8Array
}

/** A secret where none may be, and the form it has there. */
export interface Leak {
  readonly secret: string
  readonly form: string
  readonly where: string
}

/** Base64 within a longer text: only what does not depend on what stands before and after, at each of three offsets. */
const withinBase64 = (bytes: Uint8Array): ReadonlyArray<string> =>
  [0, 1, 2].map((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString("base64").replaceAll("=", "")
    return text.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6))
  })

const withinBase64Url = (bytes: Uint8Array): ReadonlyArray<string> =>
  withinBase64(bytes).map((text) => text.replaceAll("+", "-").replaceAll("/", "_"))

const jsonEscaped = (text: string): string => JSON.stringify(text).slice(1, -1)

const asciiEscaped = (text: string): string =>
  jsonEscaped(text).replaceAll(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)

const lowerEscapes = (text: string): string => text.replaceAll(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase())

/** Every form in which a text is written somewhere. */
const textForms = (value: string): { readonly [form: string]: ReadonlyArray<string> } => {
  const component = encodeURIComponent(value)
  const form = new URLSearchParams([["", value]]).toString().slice(1)
  const written = [value, component, form]
  return {
    raw: [value],
    "URL-encoded": [component, form, encodeURI(value), lowerEscapes(component), lowerEscapes(form)],
    "JSON-escaped": [jsonEscaped(value), asciiEscaped(value), jsonEscaped(jsonEscaped(value))],
    base64: written.flatMap((text) => withinBase64(Buffer.from(text))),
    base64url: written.flatMap((text) => withinBase64Url(Buffer.from(text))),
    "URL-encoded base64": withinBase64(Buffer.from(value)).map(encodeURIComponent),
    hex: written.flatMap((text) => {
      const digits = Buffer.from(text).toString("hex")
      return [digits, digits.toUpperCase()]
    })
  }
}

/** Every form of bytes. */
const byteForms = (value: Uint8Array): { readonly [form: string]: ReadonlyArray<string | Uint8Array> } => {
  const digits = Buffer.from(value).toString("hex")
  return {
    raw: [value],
    base64: withinBase64(value),
    base64url: withinBase64Url(value),
    "URL-encoded base64": withinBase64(value).map(encodeURIComponent),
    hex: [digits, digits.toUpperCase()]
  }
}

/** Every secret that stands in what was said, in any form. Bytes are searched as they are, whatever they mean. */
export const leaks = (secrets: ReadonlyArray<Secret>, said: ReadonlyArray<Said>): ReadonlyArray<Leak> => {
  const needles = secrets.flatMap(({ name, value }) => {
    const seen = new Set<string>()
    return Object.entries(typeof value === "string" ? textForms(value) : byteForms(value)).flatMap(([form, texts]) =>
      texts.flatMap((text) => {
        const bytes = Buffer.from(text)
        const key = bytes.toString("latin1")
        if (seen.has(key)) return []
        seen.add(key)
        return [{ secret: name, form, bytes }]
      })
    )
  })
  return said.flatMap(({ bytes, where }) => {
    const heap = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    return needles.flatMap(({ bytes, form, secret }) => heap.includes(bytes) ? [{ secret, form, where }] : [])
  })
}

/** A text to be searched. */
export const text = (where: string, content: string): Said => ({ where, bytes: Buffer.from(content) })

/** Every file below the folder, by its content; a name is searched with it. */
export const filesIn = Effect.fnUntraced(function*(folder: string) {
  const fs = yield* FileSystem.FileSystem
  const files: Array<Said> = []
  for (const name of yield* fs.readDirectory(folder, { recursive: true })) {
    const path = `${folder}/${name}`
    const { type } = yield* fs.stat(path)
    files.push(text(`the name of ${path}`, name))
    if (type === "File") files.push({ where: path, bytes: yield* fs.readFile(path) })
  }
  return files
})

const Tables = Schema.Struct({ tables: Schema.Record(Schema.String, Schema.String) })

const allRows = Effect.gen(function*() {
  const surreal = yield* Surreal
  const { tables } = yield* surreal.query(Tables, "INFO FOR DB")
  return yield* Effect.forEach(Object.keys(tables), (table) =>
    Effect.map(
      surreal.query(Schema.Array(Schema.Unknown), "SELECT * FROM type::table($table)", { table }),
      (rows) => ({ ...text(`the table ${table}`, JSON.stringify(rows)), table, rows: rows.length })
    ))
})

/** Every row of a store that nobody holds, by table: the files of the engine may be compressed. */
export const tablesIn = (folder: string) =>
  Effect.provide(
    allRows,
    Surreal.layer({
      url: `rocksdb://${folder}`,
      namespace: "glider",
      database: "glider",
      credentials: Option.none(),
      sync: "never"
    })
  )

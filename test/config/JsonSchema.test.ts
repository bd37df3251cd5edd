import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem, Predicate } from "effect"
import { parse } from "smol-toml"
import { jsonSchema } from "../../src/config/JsonSchema.ts"
import { loadText } from "./Surroundings.ts"

const at = (value: unknown, key: string): unknown => Predicate.isObject(value) ? Reflect.get(value, key) : undefined

/** What is wrong with a value by the part of JSON Schema that an editor shows: keys, kinds, required keys, bounds. */
const faults = (schema: unknown, value: unknown, path: string): ReadonlyArray<string> => {
  const kind = at(schema, "type")
  if (kind === "object") {
    if (!Predicate.isObject(value)) return [`${path}: no table`]
    const required = at(schema, "required")
    return [
      ...(Array.isArray(required) ? required : []).flatMap((key) =>
        Object.hasOwn(value, key) ? [] : [`${path}.${key}: absent`]
      ),
      ...Object.entries(value).flatMap(([key, inner]) => {
        if (at(schema, "properties") === undefined && at(schema, "additionalProperties") === undefined) return []
        const known = at(at(schema, "properties"), key) ?? at(schema, "additionalProperties")
        return known === undefined || known === false
          ? [`${path}.${key}: unknown`]
          : faults(known, inner, `${path}.${key}`)
      })
    ]
  }
  if (kind === "array") {
    return Array.isArray(value)
      ? value.flatMap((item, index) => faults(at(schema, "items"), item, `${path}[${index}]`))
      : [`${path}: no list`]
  }
  if (kind === "integer") {
    return Number.isInteger(value) && Number(value) >= Number(at(schema, "minimum"))
      ? []
      : [`${path}: no integer`]
  }
  const names = at(schema, "enum")
  if (Array.isArray(names)) return names.includes(value) ? [] : [`${path}: not in the list`]
  return typeof value === kind ? [] : [`${path}: not ${String(kind)}`]
}

/** The keys of a schema without a description. */
const undescribed = (schema: unknown, path: string): ReadonlyArray<string> =>
  Object.entries(at(schema, "properties") ?? {}).flatMap(([key, inner]) =>
    (Predicate.isString(at(inner, "description")) ? [] : [`${path}.${key}`])
      .concat(undescribed(inner, `${path}.${key}`))
  )

const shipped = Effect.gen(function*() {
  const fs = yield* FileSystem.FileSystem
  return yield* fs.readFileString("config.toml")
}).pipe(Effect.provide(NodeServices.layer))

/** The shipped file with its commented tables and keys switched on, except those that stand in place of another. */
const everyKey = (text: string): string =>
  text.replace(/^# (?=\[|[a-z_]+ = )/gm, "").replace(/^calendar_ids = .*$/m, "")

describe("JsonSchema", () => {
  it("describes every key", () => {
    assert.deepStrictEqual(undescribed(jsonSchema(), ""), [])
  })

  it.effect("accepts the shipped config.toml, its commented keys too", () =>
    Effect.gen(function*() {
      const text = yield* shipped
      assert.deepStrictEqual(faults(jsonSchema(), parse(text), ""), [])
      assert.deepStrictEqual(faults(jsonSchema(), parse(everyKey(text)), ""), [])
    }))

  it("refuses what the decoder refuses", () => {
    assert.deepStrictEqual(
      faults(jsonSchema(), {
        sync: { spotify: { intervall_seconds: 1 }, oura: { interval_seconds: 0, data_types: ["x"] } }
      }, ""),
      [
        ".sync.spotify.intervall_seconds: unknown",
        ".sync.oura.interval_seconds: no integer",
        ".sync.oura.data_types[0]: not in the list"
      ]
    )
  })
})

describe("config.toml", () => {
  it.effect("holds the four syncs with their intervals, of which the full one for oura is disabled", () =>
    Effect.gen(function*() {
      const { scheduler, tasks } = yield* loadText(yield* shipped)
      assert.isTrue(scheduler.storeRunStatus)
      assert.deepStrictEqual(
        tasks.map(({ enabled, name, when }) => [name, enabled, when]),
        (yield* loadText([
          "[sync.google_calendar]\ninterval_seconds = 1800\n[sync.spotify]\ninterval_seconds = 120",
          "[sync.oura_heartrate]\ninterval_seconds = 1800\n[sync.oura_full]\nenabled = false\ninterval_seconds = 86400"
        ].join("\n"))).tasks.map(({ enabled, name, when }) => [name, enabled, when])
      )
    }))

  it.effect("shows true defaults in its comments", () =>
    Effect.gen(function*() {
      const text = yield* shipped
      const commented = everyKey(text)
        // examples, and no defaults
        .replaceAll(
          /^\[(schedule|connection|calendar|webhook|inbox|alerts\.ntfy|alerts\.email)\.[\w-]+\]\n(.+\n)*/gm,
          ""
        )
        .replace(/^timezone = .*$/m, "")
        .replace(/^page_url = .*$/m, "")
        .replace(/^url = .*$/m, "")
        .replace(/^folder = .*$/m, "")
        .replace(/^raw_days = .*$/m, "")
        .replace(/^mail = .*$/m, "")
      assert.notStrictEqual(commented, text)
      // without a provider there is no model, and without its table no server of tools; with them there is all the rest
      const named = [
        "[ai]\nprovider = \"openai\"",
        "[mcp.server.lyrics]\ncommand = \"lyrics-server\"\nenv = [\"LYRICS_KEY\"]\ntools = [\"find_lyrics\"]"
      ]
      assert.deepStrictEqual(yield* loadText(commented), yield* loadText([text, ...named].join("\n")))
    }))
})

import { assert, describe, it } from "@effect/vitest"
import { views } from "../../src/api/AskedNames.ts"
import { code, metricRows, rowsBelow, sources, textOf } from "./Repository.ts"

const telemetry = textOf("docs/telemetry.md")

interface Source {
  readonly path: string
  readonly text: string
}
const files: ReadonlyArray<Source> = sources.map((path) => ({ path, text: textOf(path) }))

/** The text from an opening bracket to the one that closes it, both left out. */
const within = (text: string, start: number): string => {
  let depth = 0
  for (let at = start; at < text.length; at++) {
    if ("([{".includes(text.charAt(at))) depth++
    else if (")]}".includes(text.charAt(at)) && --depth === 0) return text.slice(start + 1, at)
  }
  return ""
}

/** The keys of the first object literal from there on; what is spread into it has no names. */
const keysAt = (text: string, start: number): ReadonlyArray<string> => {
  let depth = 0
  let plain = "" // the object without what lies deeper
  for (const sign of within(text, text.indexOf("{", start))) {
    if (")]}".includes(sign)) depth--
    if (depth === 0) plain += sign
    if ("([{".includes(sign)) depth++
  }
  return plain.split(",").flatMap((entry) => /^\s*"?([\w.]+)"?\s*(:|$)/.exec(entry)?.[1] ?? [])
}

/** Where each match of a pattern begins, and its first group. */
const matches = (text: string, pattern: RegExp) =>
  [...text.matchAll(pattern)].map((found) => ({
    at: found.index,
    end: found.index + found[0].length,
    name: found.slice(1).find((group) => group !== undefined) ?? ""
  }))

const spanNames = /Effect\.fn\(\s*"([^"]+)"|\bwithSpan\(\s*(?:"([^"]+)"|`([^`]+)`)|\bspan: "([^"]+)"/g

/** A name with what varies left out. */
const constant = (name: string): string => name.replaceAll(/\$\{[^}]*\}/g, "…")

const tell = (...parts: ReadonlyArray<string>): string => parts.join(" | ")

const sorted = (lines: ReadonlyArray<string>): ReadonlyArray<string> => lines.toSorted()

describe("docs/telemetry.md", () => {
  it("lists every span of the code with its file, and no other", () => {
    const told = rowsBelow(telemetry, "Spans").map(([span = "", , where = ""]) => tell(...code(span), ...code(where)))
    const made = files.flatMap(({ path, text }) =>
      matches(text, spanNames).map(({ name }) => tell(constant(name), path))
    )
    assert.isAbove(made.length, 50)
    assert.deepStrictEqual(sorted(told), sorted(made))
  })

  it("knows every span that is not named where it is made", () => {
    const unnamed = files.flatMap(({ path, text }) =>
      matches(text, /\bwithSpan\((?!\s*["`])(\w[\w.]*)/g).map(({ name }) => tell(path, name))
    )
    assert.deepStrictEqual(unnamed, ["src/workflows/SyncBody.ts | sync.span"])
  })

  it("lists every activity of the product, each of which is a span named after it, and no other", () => {
    const told = rowsBelow(telemetry, "Activities").map(([name = "", where = ""]) =>
      tell(...code(name), ...code(where))
    )
    const workflows = files.filter(({ path }) => /^src\/(workflows|schedules)\//.test(path))
    const made = workflows.flatMap(({ path, text }) =>
      matches(text, /Activity\.make\(\{\s*name: (?:"([^"]+)"|`([^`]+)`)/g).map(({ name }) => tell(constant(name), path))
    )
    const all = workflows.flatMap(({ text }) => matches(text, /Activity\.make\b/g))
    assert.strictEqual(all.length, made.length, "activities that are not named where they are made")
    assert.deepStrictEqual(sorted(told), sorted(made))
  })

  it("lists the attributes that spans are given, and no other", () => {
    const told = rowsBelow(telemetry, "Spans").flatMap(([span = "", attributes = "", where = ""]) =>
      code(attributes).map((name) => {
        const [owner = ""] = code(span)
        // given by the workflow to the span that a sync names
        return tell(name === "glider.connector" ? "src/workflows/SyncBody.ts" : code(where)[0] ?? "", name, owner)
      })
    )
    const given = new Set(files.flatMap(({ path, text }) =>
      [
        ...matches(text, /annotateCurrentSpan\(/g),
        ...matches(text, /\bwithSpan\((?:`[^`]*`)?[^{()`]*\{[^{}]*\battributes: /g)
      ].flatMap(({ end }) => keysAt(text, end - 1).map((name) => tell(path, name)))
    ))
    assert.isAbove(given.size, 10)
    assert.deepStrictEqual(
      sorted([...new Set(told.map((line) => line.split(" | ").slice(0, 2).join(" | ")))]),
      sorted([...given])
    )
  })

  it("leaves the metrics to the reference, which is made of what is declared with its name in place", () => {
    const named = files.flatMap(({ text }) => matches(text, /Series\.(?:counter|gauge|histogram)\(\s*"([^"]+)", /g))
    const all = files.flatMap(({ text }) =>
      matches(text, /\b(?:Series|Metric)\.(counter|gauge|timer|histogram|summary)\(/g)
    )
    const wrapped = matches(textOf("src/Series.ts"), /\bMetric\.(counter|gauge|histogram)\(/g)
    assert.strictEqual(all.length - wrapped.length, named.length, "metrics that are not named where they are made")
    assert.deepStrictEqual(
      sorted(metricRows.flatMap(([metric = ""]) => code(metric))),
      sorted([...named.map(({ name }) => name), ...views.map(({ name }) => name)])
    )
  })

  it("lists every log line of the code with its level, and no other", () => {
    const told = rowsBelow(telemetry, "Logs").map(([level = "", , , where = ""]) => tell(...code(where), level))
    const logged = files.flatMap(({ path, text }) =>
      matches(text, /\bEffect\.log(Info|Warning|Error|Debug|Fatal|Trace|WithLevel|\()/g).map(({ name }) =>
        tell(path, name === "WithLevel" ? "varies" : name)
      )
    )
    assert.isAbove(logged.length, 15)
    assert.deepStrictEqual(sorted(told), sorted(logged))
  })

  it("quotes log lines as they stand in the code", () => {
    for (const [, line = "", , where = ""] of rowsBelow(telemetry, "Logs")) {
      const text = code(where).map(textOf).join()
      for (const part of code(line).flatMap((quoted) => quoted.split("…")).filter((words) => words.trim() !== "")) {
        assert.include(text, part)
      }
    }
  })

  it("lists the annotations of log lines, and no other", () => {
    const told = rowsBelow(telemetry, "Logs").flatMap(([, , annotations = "", where = ""]) =>
      code(annotations).map((name) => tell(...code(where), name))
    )
    const given = files.flatMap(({ path, text }) =>
      matches(text, /\bannotateLogs\(/g).flatMap(({ end }) => keysAt(text, end - 1).map((name) => tell(path, name)))
    )
    // every line of a run bears these two, and one of a sync the third
    const common = [
      "src/engine/Passes.ts | workflow",
      "src/engine/Passes.ts | run",
      "src/workflows/SyncBody.ts | task"
    ]
    assert.includeMembers(given, common)
    assert.deepStrictEqual(sorted([...new Set([...told, ...common])]), sorted([...new Set(given)]))
  })
})

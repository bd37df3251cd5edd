import { Option } from "effect"
import type { AST } from "toml-eslint-parser"
import type { Position } from "./Mistake.ts"

/** A key's path; numbers are places in a list. */
export type KeyPath = ReadonlyArray<string | number>

/** Where the keys of a TOML text and their values stand. */
export interface Positions {
  /** Of the key itself; of the nearest table around it when the text does not mention it. */
  readonly key: (path: KeyPath) => Position
  /** Of the value given to the key; of the key or the table around it otherwise. */
  readonly value: (path: KeyPath) => Position
}

const start: Position = { line: 1, column: 1 }

/** Of a text that has no tree: everything stands at its beginning. */
export const unknownPositions: Positions = { key: () => start, value: () => start }

/** Reads the positions from the tree that toml-eslint-parser makes (`parseTOML(text)`). */
export const positions = (program: AST.TOMLProgram): Positions => {
  const keys = new Map<string, Position>()
  const values = new Map<string, Position>()
  const visitContent = (path: KeyPath, node: AST.TOMLContentNode): void => {
    note(values, path, node)
    if (node.type === "TOMLInlineTable") {
      for (const entry of node.body) visitEntry(path, entry)
    }
    if (node.type === "TOMLArray") {
      for (const [index, element] of node.elements.entries()) visitContent([...path, index], element)
    }
  }
  const visitEntry = (table: KeyPath, entry: AST.TOMLKeyValue): void => {
    visitContent(visitKey(table, entry.key), entry.value)
  }
  const visitKey = (table: KeyPath, key: AST.TOMLKey): KeyPath => {
    const path = [...table]
    for (const part of key.keys) {
      path.push(part.type === "TOMLBare" ? part.name : part.value)
      note(keys, path, part)
    }
    return path
  }
  for (const node of program.body[0].body) {
    if (node.type === "TOMLKeyValue") {
      visitEntry([], node)
      continue
    }
    note(keys, node.resolvedKey, node)
    visitKey([], node.key)
    for (const entry of node.body) visitEntry(node.resolvedKey, entry)
  }
  return { key: closest([keys, values]), value: closest([values, keys]) }
}

/** The first mention counts. */
const note = (into: Map<string, Position>, path: KeyPath, { loc }: AST.HasLocs) => {
  const name = JSON.stringify(path)
  if (!into.has(name)) into.set(name, { line: loc.start.line, column: loc.start.column + 1 })
}

const closest = (maps: ReadonlyArray<Map<string, Position>>) => (path: KeyPath): Position => {
  for (let length = path.length; length > 0; length--) {
    const name = JSON.stringify(path.slice(0, length))
    const found = maps.map((map) => map.get(name)).find((position) => position !== undefined)
    if (found !== undefined) return found
  }
  return start
}

/** `sync.oura.data_types[1]`, with quotes where TOML needs them. */
export const keyText = (path: KeyPath): string =>
  path.map((part, index) =>
    typeof part === "number"
      ? `[${part}]`
      : `${index === 0 ? "" : "."}${/^[\w-]+$/.test(part) ? part : JSON.stringify(part)}`
  ).join("")

/** What stands at the path. */
export const valueAt = (value: unknown, path: KeyPath): Option.Option<unknown> =>
  path.reduce<Option.Option<unknown>>(
    (found, part) =>
      Option.flatMap(found, (table) =>
        typeof table === "object" && table !== null && Object.hasOwn(table, part)
          ? Option.some(Object.entries(table).find(([name]) => name === String(part))?.[1])
          : Option.none()),
    Option.some(value)
  )

import { Option, Predicate, SchemaAST, type SchemaIssue } from "effect"
import { nearest } from "../domain/Nearest.ts"
import { addressKey } from "./CalendarKeys.ts"
import { written } from "./Mistake.ts"
import { type KeyPath, keyText, valueAt } from "./Positions.ts"

/** A mistake before its place in the text is known: at a key, or at the value given to it. */
export interface Complaint {
  readonly path: KeyPath
  readonly at: "key" | "value"
  readonly message: string
}

/** What the schema found wrong in a parsed file, in words. */
export const complaints = (issue: SchemaIssue.Issue, file: unknown): ReadonlyArray<Complaint> => {
  const seen = new Set<string>()
  return walk(issue, [], undefined, file).filter(({ message, path }) => {
    const name = JSON.stringify([path, message])
    return !seen.has(name) && seen.add(name)
  })
}

const walk = (
  issue: SchemaIssue.Issue,
  path: KeyPath,
  expected: string | undefined,
  file: unknown
): ReadonlyArray<Complaint> => {
  const wrong = (what: string): ReadonlyArray<Complaint> => [{
    path,
    at: "value",
    message: mayBeSecret(path)
      ? `expected ${what}`
      : `expected ${what}, got ${Option.match(valueAt(file, path), { onNone: () => "nothing", onSome: written })}`
  }]
  switch (issue._tag) {
    case "Pointer":
      return walk(
        issue.issue,
        [...path, ...issue.path.map((part) => typeof part === "number" ? part : String(part))],
        expected,
        file
      )
    case "Composite":
      return issue.issues.flatMap((inner) => walk(inner, path, expected, file))
    case "Encoding":
      return walk(issue.issue, path, expected, file)
    case "Filter":
      return walk(issue.issue, path, said(issue.filter.annotations?.expected), file)
    case "MissingKey":
      return [{ path, at: "key", message: "Missing required field" }]
    case "UnexpectedKey":
      return [{ path, at: "key", message: unknownKey(path, keysOf(issue.ast), file) }]
    case "InvalidType":
      return wrong(said(issue.ast.annotations?.["expected"]) ?? kindOf(issue.ast))
    case "InvalidValue":
      return wrong(said(issue.annotations?.message) ?? expected ?? "another value")
    case "AnyOf":
      return [{ path, at: "value", message: unknownName(literalsOf(issue.ast), valueAt(file, path)) }]
    case "Forbidden":
    case "OneOf":
      return wrong(expected ?? "another value")
  }
}

/** Names of variables are asked for, in whose place people write the variables: those are not shown. */
const mayBeSecret = (path: KeyPath): boolean => path[0] === "mcp" && path[3] === "env"

const said = (annotation: unknown): string | undefined => Predicate.isString(annotation) ? annotation : undefined

const keysOf = (ast: SchemaAST.AST): ReadonlyArray<string> =>
  SchemaAST.isObjects(ast) ? ast.propertySignatures.map(({ name }) => String(name)) : []

const literalsOf = (ast: SchemaAST.Union): ReadonlyArray<string> =>
  ast.types.flatMap((type) => SchemaAST.isLiteral(type) ? [String(type.literal)] : [])

const kindOf = (ast: SchemaAST.AST): string =>
  SchemaAST.isObjects(ast) ? "a table" : SchemaAST.isArrays(ast) ? "a list" : "another kind of value"

/** Names under which people look for a place for credentials. */
const credential = /^(client_?(id|secret)|(access_|refresh_)?token|api_?key|pass(word)?|user(name)?|secret)$/i

const unknownKey = (path: KeyPath, known: ReadonlyArray<string>, file: unknown): string => {
  const address = addressKey(path)
  if (address !== undefined) return address
  const name = String(path.at(-1))
  const isTable = Option.exists(valueAt(file, path), (value) => kind(value) === "table")
  const noun = isTable ? "unknown table" : "unknown key"
  if (credential.test(name)) return `${noun}: credentials are not kept in this file, set them in the environment`
  const full = (key: string) => isTable ? `[${keyText([...path.slice(0, -1), key])}]` : key
  return Option.match(nearest(name, known), {
    onNone: () => `${noun}, expected one of ${known.map(full).join(", ")}`,
    onSome: (meant) => `${noun}, did you mean ${full(meant)}?`
  })
}

const unknownName = (known: ReadonlyArray<string>, given: Option.Option<unknown>): string => {
  const text = Option.match(given, { onNone: () => "nothing", onSome: written })
  const meant = Option.flatMap(Option.filter(given, Predicate.isString), (word) => nearest(word, known))
  return Option.match(meant, {
    onNone: () => `expected one of ${known.join(", ")}, got ${text}`,
    onSome: (name) => `unknown name ${text}, did you mean ${name}?`
  })
}

const kind = (value: unknown): "table" | "other" =>
  Predicate.isObject(value) && !Array.isArray(value) && !(value instanceof Date) ? "table" : "other"

const oneForm = "[sync.oura] stands in place of [sync.oura_heartrate] and [sync.oura_full]: keep one form"

/** What is wrong between keys that are each right. */
export const contradictions = (file: unknown): ReadonlyArray<Complaint> => {
  const has = (...path: KeyPath) => Option.isSome(valueAt(file, path))
  const sync = Option.getOrElse(valueAt(file, ["sync"]), () => ({}))
  // what is no table is a mistake of its own
  const schedules = Option.getOrElse(valueAt(file, ["schedule"]), () => ({}))
  const isEnabled = (task: unknown) => kind(task) !== "table" || !Option.contains(valueAt(task, ["enabled"]), false)
  const enabled = kind(sync) !== "table" ||
    [sync, schedules].some((tables) => Object.values(Predicate.isObject(tables) ? tables : {}).some(isEnabled))
  return [
    ...(enabled ? [] : [{ path: ["sync"], at: "key" as const, message: "No enabled sync tasks found in config" }]),
    ...(has("sync", "oura") && (has("sync", "oura_heartrate") || has("sync", "oura_full"))
      ? [{ path: ["sync", "oura"], at: "key" as const, message: oneForm }]
      : []),
    ...(has("sync", "google_calendar", "calendar_id") && has("sync", "google_calendar", "calendar_ids")
      ? [{
        path: ["sync", "google_calendar", "calendar_ids"],
        at: "key" as const,
        message: "stands in place of calendar_id: keep one of the two"
      }]
      : []),
    ...(has("ai") && !has("ai", "provider")
      ? [{ path: ["ai"], at: "key" as const, message: "names no provider: set provider to openai or anthropic" }]
      : [])
  ]
}

import { Option, Result, Schema } from "effect"

/** The query is not one; says where it goes wrong, and what could stand there. */
export class QuerySyntaxError extends Schema.TaggedError<QuerySyntaxError>()("QuerySyntaxError", {
  query: Schema.String,
  /** How many characters come before the place, in UTF-16 code units. */
  position: Schema.Natural,
  /** What could stand there, e.g. `a field`. */
  expected: Schema.String,
  /** What stands there, as written; empty at the end. */
  found: Schema.String,
  /** The word that was probably meant. */
  suggestion: Schema.OptionFromNullOr(Schema.String)
}) {
  override get message(): string {
    const found = this.found === "" ? "the end" : this.found
    const meant = Option.match(this.suggestion, { onNone: () => "", onSome: (word) => `; did you mean ${word}?` })
    return `at character ${this.position + 1} of the query: expected ${this.expected}, found ${found}${meant}`
  }
}

/** The smallest part of a query. */
export interface Token {
  readonly _tag: "Word" | "Quoted" | "Operator" | "Open" | "Close" | "Comma" | "End"
  /** A quoted text without its quotes; else as written. */
  readonly text: string
  readonly position: number
  /** As written. */
  readonly source: string
}

/** The longest query, in UTF-16 code units. */
export const longestQuery = 4096

const space = /\s+/y
const operator = /!=|<=|>=|[=<>~]/y
const quoted = /"(?:[^"\\]|\\[^])*"|'(?:[^'\\]|\\[^])*'/y
const word = /[^\s()",'=!<>~]+/y

const marks: { readonly [mark: string]: "Open" | "Close" | "Comma" } = { "(": "Open", ")": "Close", ",": "Comma" }

const escape = /\\(?:u([0-9a-fA-F]{4})|([^]))/g
const escapes: { readonly [letter: string]: string } = {
  "\"": "\"",
  "'": "'",
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t"
}

/** What a quoted text says; fails with the place of an escape that there is not. */
const unquoted = (source: string): Result.Result<string, number> => {
  let wrong: number | undefined
  const text = source.slice(1, -1).replace(escape, (_, code: string | undefined, letter: string, at: number) => {
    if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16))
    const meant = escapes[letter]
    if (meant === undefined) wrong ??= at + 1
    return meant ?? ""
  })
  return wrong === undefined ? Result.succeed(text) : Result.fail(wrong)
}

/** The query in parts, with an `End` last. */
export const tokensOf = (query: string): Result.Result<ReadonlyArray<Token>, QuerySyntaxError> => {
  const fail = (position: number, expected: string, found: string) =>
    Result.fail(new QuerySyntaxError({ query, position, expected, found, suggestion: Option.none() }))
  if (query.length > longestQuery) {
    return fail(longestQuery, `at most ${longestQuery} characters`, `${query.length}`)
  }
  const tokens: Array<Token> = []
  let position = 0
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = position
    return pattern.exec(query)?.[0]
  }
  const push = (_tag: Token["_tag"], source: string, text = source) => {
    tokens.push({ _tag, text, position, source })
    position += source.length
  }
  while (position < query.length) {
    const letter = query.charAt(position)
    const mark = marks[letter]
    const gap = take(space)
    if (gap !== undefined) {
      position += gap.length
    } else if (mark !== undefined) {
      push(mark, letter)
    } else if (letter === "\"" || letter === "'") {
      const source = take(quoted)
      if (source === undefined) return fail(position, `a closing ${letter}`, "")
      const text = unquoted(source)
      if (Result.isFailure(text)) {
        const at = position + text.failure
        return fail(at, `an escape such as \\n, \\\\ or \\u00e9`, query.slice(at, at + 2))
      }
      push("Quoted", source, text.success)
    } else {
      const source = take(operator)
      const plain = source === undefined ? take(word) : undefined
      if (source !== undefined) push("Operator", source)
      else if (plain !== undefined) push("Word", plain)
      else return fail(position, "an operator such as = or !=", letter)
    }
  }
  push("End", "")
  return Result.succeed(tokens)
}

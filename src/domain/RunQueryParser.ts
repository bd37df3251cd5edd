import { Option, Result } from "effect"
import { nearest } from "./Nearest.ts"
import { type Column, columnKinds, type Field, type RunQuery, type Value } from "./RunQuerySyntax.ts"
import { QuerySyntaxError, type Token, tokensOf } from "./RunQueryTokens.ts"
import { type Kind, operatorsOf, parseValue } from "./RunQueryValues.ts"

type Parsed<A> = Result.Result<A, QuerySyntaxError>

/**
 * Reads a query such as `user_id = "u1" and (status = failed or attempt > 2) and started > -7d`.
 *
 * Fields are the columns `workflow`, `status`, `state`, `trigger`, `schedule`, `version`, `attempt`, `parent`,
 * `original`, `error`, `started`, `finished`; every other name is a search attribute. Operators are
 * `= != < <= > >=`, `in (a, b)`, and `~` for the beginning of a text; `not` binds before `and`, `and` before `or`.
 * Values are words, quoted texts, numbers, `true` and `false`; instants are RFC 3339, a day of UTC, `now`, or a span of
 * time before now such as `-1h30m`.
 */
export const parse = (text: string): Parsed<RunQuery> =>
  Result.flatMap(tokensOf(text), (tokens) => new Parser(text, tokens).whole())

/** How deep parentheses and `not` may be nested. */
const deepest = 100

/** How many values a list may have. */
const mostValues = 100

/** Names of attributes as `workflow/SearchAttributes.ts` takes them. */
const attributeName = /^[a-z][a-z0-9_]{0,63}$/

/** Other names of fields, in lower case. */
const aliases: ReadonlyMap<string, Field> = new Map([
  ["userid", { _tag: "Attribute", name: "user_id" }],
  ["playlistid", { _tag: "Attribute", name: "playlist_id" }],
  ["trackname", { _tag: "Attribute", name: "track_name" }],
  ["artistname", { _tag: "Attribute", name: "artist_name" }],
  ["matchmethod", { _tag: "Attribute", name: "match_method" }],
  ["starttime", { _tag: "Column", name: "started" }]
])

const isColumn = (name: string): name is Column => Object.hasOwn(columnKinds, name)

const fieldOf = (name: string): Field | undefined => {
  const lower = name.toLowerCase()
  if (isColumn(lower)) return { _tag: "Column", name: lower }
  return aliases.get(lower) ?? (attributeName.test(name) ? { _tag: "Attribute", name } : undefined)
}

const kindOf = (field: Field): Kind => field._tag === "Attribute" ? "attribute" : columnKinds[field.name]

/** What was probably meant by a name that is none: a column, or the name in the manner of attributes. */
const meantField = (name: string): Option.Option<string> =>
  Option.orElse(nearest(name, Object.keys(columnKinds)), () => {
    const snake = name.replace(/([a-z0-9])([A-Z])/g, "$1_$2").replace(/[^A-Za-z0-9]+/g, "_").toLowerCase()
    return attributeName.test(snake) ? Option.some(snake) : Option.none()
  })

class Parser {
  readonly #query: string
  readonly #tokens: ReadonlyArray<Token>
  #at = 0
  #depth = 0

  constructor(query: string, tokens: ReadonlyArray<Token>) {
    this.#query = query
    this.#tokens = tokens
  }

  whole(): Parsed<RunQuery> {
    return Result.flatMap(
      this.#or(),
      (query) => this.#token._tag === "End" ? Result.succeed(query) : this.#expected("and, or, or the end of the query")
    )
  }

  get #token(): Token {
    return this.#tokens[this.#at] ?? { _tag: "End", text: "", source: "", position: this.#query.length }
  }

  #expected(
    expected: string,
    suggestion: Option.Option<string> = Option.none()
  ): Result.Result<never, QuerySyntaxError> {
    const { position, source } = this.#token
    return Result.fail(new QuerySyntaxError({ query: this.#query, position, expected, found: source, suggestion }))
  }

  /** Whether the next token is this keyword, which is then behind us. */
  #keyword(word: string): boolean {
    const { _tag, text } = this.#token
    const here = _tag === "Word" && text.toLowerCase() === word
    if (here) this.#at++
    return here
  }

  /** Whether the next token is this mark, which is then behind us. */
  #mark(tag: "Open" | "Close" | "Comma"): boolean {
    const here = this.#token._tag === tag
    if (here) this.#at++
    return here
  }

  #or(): Parsed<RunQuery> {
    return Result.map(this.#chain("or", () => this.#and()), (any) => any.length === 1 ? any[0] : { _tag: "Or", any })
  }

  #and(): Parsed<RunQuery> {
    return Result.map(this.#chain("and", () => this.#part()), (all) => all.length === 1 ? all[0] : { _tag: "And", all })
  }

  #chain(
    keyword: string,
    part: () => Parsed<RunQuery>
  ): Parsed<readonly [RunQuery, ...ReadonlyArray<RunQuery>]> {
    const first = part()
    if (Result.isFailure(first)) return Result.fail(first.failure)
    const rest: Array<RunQuery> = []
    while (this.#keyword(keyword)) {
      const next = part()
      if (Result.isFailure(next)) return Result.fail(next.failure)
      rest.push(next.success)
    }
    return Result.succeed([first.success, ...rest])
  }

  #part(): Parsed<RunQuery> {
    if (this.#depth >= deepest) return this.#expected(`at most ${deepest} levels of parentheses and not`)
    this.#depth++
    const part = this.#nested()
    this.#depth--
    return part
  }

  #nested(): Parsed<RunQuery> {
    if (this.#keyword("not")) return Result.map(this.#part(), (query) => ({ _tag: "Not", query }))
    if (!this.#mark("Open")) return this.#condition()
    return Result.flatMap(this.#or(), (query) => this.#closed(query, "and, or, or a closing parenthesis"))
  }

  #closed<A>(value: A, expected: string): Parsed<A> {
    return this.#mark("Close") ? Result.succeed(value) : this.#expected(expected)
  }

  #condition(): Parsed<RunQuery> {
    const { _tag, text } = this.#token
    const field = _tag === "Word" && !/^(and|or|in)$/i.test(text) ? fieldOf(text) : undefined
    if (field === undefined) {
      return this.#expected(
        "a field, such as status, started or a search attribute",
        _tag === "Word" ? meantField(text) : Option.none()
      )
    }
    this.#at++
    const operators = operatorsOf[kindOf(field)]
    if (this.#keyword("in")) {
      return Result.map(this.#values(field), (values) => ({ _tag: "In", field, values }))
    }
    const operator = operators.find((operator) => operator === this.#token.source)
    if (operator === undefined) return this.#expected(`${operators.join(", ")} or in after ${text}`)
    this.#at++
    return Result.map(this.#value(field), (value) => ({ _tag: "Compare", field, operator, value }))
  }

  #values(field: Field): Parsed<ReadonlyArray<Value>> {
    if (!this.#mark("Open")) return this.#expected("an opening parenthesis after in")
    const values: Array<Value> = []
    do {
      if (values.length === mostValues) return this.#expected(`at most ${mostValues} values`)
      const value = this.#value(field)
      if (Result.isFailure(value)) return Result.fail(value.failure)
      values.push(value.success)
    } while (this.#mark("Comma"))
    return this.#closed(values, "a comma or a closing parenthesis")
  }

  #value(field: Field): Parsed<Value> {
    const { _tag, text } = this.#token
    const isValue = _tag === "Quoted" || (_tag === "Word" && !/^(and|or|not|in)$/i.test(text))
    const parsed = parseValue(kindOf(field), isValue ? text : undefined, _tag === "Quoted")
    if (Result.isFailure(parsed)) return this.#expected(parsed.failure.expected, parsed.failure.suggestion)
    this.#at++
    return Result.succeed(parsed.success)
  }
}

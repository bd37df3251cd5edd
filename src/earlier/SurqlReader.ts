/** Reads the values that SurrealDB writes into its exports, of its versions 1 to 3. Nothing is executed. */
import { Schema } from "effect"

/** What stands at a place of a text is not understood. */
export class SurqlMistake extends Schema.TaggedError<SurqlMistake>()("SurqlMistake", {
  message: Schema.String,
  line: Schema.Int
}) {}

/** The store takes no values as deep as this. */
const deepest = 500

const escapes: { readonly [sign: string]: string } = { n: "\n", r: "\r", t: "\t", b: "\b", f: "\f", 0: "\0" }

const words: { readonly [word: string]: unknown } = {
  true: true,
  false: false,
  null: null,
  none: undefined,
  nan: Number.NaN,
  infinity: Infinity,
  inf: Infinity
}

/** A place in a text, and what can be read from there on. */
export class SurqlReader {
  readonly text: string
  at = 0
  #depth = 0

  constructor(text: string) {
    this.text = text
  }

  mistake(expected: string): SurqlMistake {
    const { at, text } = this
    const found = at >= text.length ? "its end" : JSON.stringify(text.slice(at, at + 20))
    return new SurqlMistake({
      message: `expected ${expected}, got ${found}`,
      line: text.slice(0, at).split("\n").length
    })
  }

  get isAtEnd(): boolean {
    this.space()
    return this.at >= this.text.length
  }

  /** Passes over what separates: white space and comments. */
  space(): void {
    while (this.match(/\s+|(?:--|\/\/|#)[^\n]*|\/\*[^]*?\*\//uy) !== undefined);
  }

  /** What a sticky pattern matches here, which is passed over. */
  match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at
    const [found] = pattern.exec(this.text) ?? []
    this.at += found?.length ?? 0
    return found
  }

  /** Whether the sign stands here, which is then passed over. */
  takes(sign: string): boolean {
    this.space()
    if (!this.text.startsWith(sign, this.at)) return false
    this.at += sign.length
    return true
  }

  needs(sign: string): void {
    if (!this.takes(sign)) throw this.mistake(sign)
  }

  value(): unknown {
    if (++this.#depth > deepest) throw this.mistake(`values nested less deep than ${deepest}`)
    this.space()
    const value = this.#value()
    this.#depth--
    return value
  }

  #value(): unknown {
    const sign = this.text[this.at]
    if (sign === "[") return this.#list("[", "]")
    if (sign === "{") return this.#braces()
    if (sign === "'" || sign === "\"") return this.#string()
    const prefix = this.match(/[a-z](?=['"])/uy)
    if (prefix !== undefined) return this.#string() // an instant, a UUID, bytes, an id: their text says it
    const number = this.match(/[-+]?(?:\d[\d_]*(?:\.\d+)?(?:e[-+]?\d+)?)(?:dec|f)?(?![\w:])/iuy)
    if (number !== undefined) return Number(number.replaceAll(/_|dec$|f$/giu, ""))
    const duration = this.match(/(?:\d+(?:ns|us|µs|μs|ms|s|m|h|d|w|y))+(?![\w:])/uy)
    if (duration !== undefined) return duration
    return this.#word()
  }

  #word(): unknown {
    if (this.match(/(?=[\w⟨`])/uy) === undefined) throw this.mistake("a value")
    const name = this.name()
    if (this.text[this.at] === ":" && this.text[this.at + 1] !== ":") return `${name}:${this.#idBehind()}`
    const word = name.toLowerCase()
    if (Object.hasOwn(words, word)) return words[word]
    throw this.mistake("a value")
  }

  /** A name, of a table, a column or what a record is called, without the signs around it. */
  name(): string {
    this.space()
    const bare = this.match(/\w+/uy)
    if (bare !== undefined) return bare
    const quoted = this.match(/⟨(?:\\.|[^⟩\\])*⟩|`(?:\\.|[^`\\])*`/suy)
    if (quoted === undefined) throw this.mistake("a name")
    return quoted.slice(1, -1).replaceAll(/\\(.)/gsu, "$1")
  }

  /** A record's id, in its two parts. */
  recordId(): { readonly table: string; readonly id: string } {
    const table = this.name()
    if (this.text[this.at] !== ":") throw this.mistake("a record's id")
    return { table, id: this.#idBehind() }
  }

  #idBehind(): string {
    this.at++
    const sign = this.text[this.at]
    if (sign === "[" || sign === "{") return JSON.stringify(this.value())
    if (this.match(/u(?=['"])/uy) !== undefined || sign === "'" || sign === "\"") return this.#string()
    return `${this.match(/-(?=\d)/uy) ?? ""}${this.name()}`
  }

  #list(begin: string, end: string): ReadonlyArray<unknown> {
    this.needs(begin)
    const values: Array<unknown> = []
    while (!this.takes(end)) {
      values.push(this.value())
      if (!this.takes(",")) {
        this.needs(end)
        break
      }
    }
    return values
  }

  /** An object, or a set, which is a list here. */
  #braces(): unknown {
    const start = this.at
    this.needs("{")
    if (this.takes("}")) return {}
    if (this.takes(",")) {
      this.needs("}")
      return []
    }
    const first = this.#key()
    if (first === undefined || !this.takes(":")) {
      this.at = start
      return this.#list("{", "}")
    }
    const entries: Array<readonly [string, unknown]> = [[first, this.value()]]
    while (this.takes(",")) {
      if (this.takes("}")) return Object.fromEntries(entries)
      const key = this.#key()
      if (key === undefined) throw this.mistake("the name of a field")
      this.needs(":")
      entries.push([key, this.value()])
    }
    this.needs("}")
    return Object.fromEntries(entries)
  }

  #key(): string | undefined {
    this.space()
    const sign = this.text[this.at]
    if (sign === "'" || sign === "\"") return this.#string()
    return this.match(/(?=[\w⟨`])/uy) === undefined ? undefined : this.name()
  }

  #string(): string {
    const body = this.match(/'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"/suy)
    if (body === undefined) throw this.mistake("the end of a text")
    return body.slice(1, -1).replaceAll(
      /\\(?:u\{([0-9a-f]+)\}|u([0-9a-f]{4})|(.))/gisu,
      (_, long: string | undefined, short: string | undefined, sign: string | undefined) =>
        sign === undefined ? String.fromCodePoint(Number.parseInt(long ?? short ?? "", 16)) : escapes[sign] ?? sign
    )
  }
}

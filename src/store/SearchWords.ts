import { Context, Effect, Layer, Schema } from "effect"
import { Surreal } from "../services/Surreal.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { keyText } from "./ContentHash.ts"
import { KeyParts, type TextKind, wordsTable } from "./SearchTexts.ts"
import type { Key } from "./Write.ts"

/** What may have the words: whoever shows it looks at its text once more. */
export interface Candidates {
  /** By `order`. */
  readonly keys: ReadonlyArray<Key>
  /** Whether there are more, which were not looked for. */
  readonly more: boolean
}

/** So many rows are read of one word: ten milliseconds a thousand. A range of ids is counted ten times faster. */
const mostRows = 10_000

/** So many texts are looked at. */
const mostTexts = 2_000

/** When no more than so many texts have one of the words, they are looked at, and the other words are not looked up. */
const few = 200

/** What words can go on with; the last stands for all that comes after it. */
const letters = [..."0123456789abcdefghijklmnopqrstuvwxyz"]

/** Beyond every order, which are minutes. */
const farthest = 2 ** 40

/** After everything that begins so. */
const after = (beginning: string): string => `${beginning}\u{10FFFF}`

/** Words from one up to another, and of these only texts up to an order. */
interface Range {
  readonly from: ReadonlyArray<string | number>
  readonly to: ReadonlyArray<string | number>
  readonly rows: number
  /** Whether these are all that have the word. */
  readonly isWhole: boolean
}

/** Texts by the beginnings of their words. */
export class SearchWords extends Context.Service<SearchWords, {
  /** Texts of the kind that have words with all of these beginnings. */
  readonly find: (kind: TextKind, beginnings: ReadonlyArray<string>) => Effect.Effect<Candidates, SurrealError>
}>()("glider/store/SearchWords") {
  static readonly layer: Layer.Layer<SearchWords, never, Surreal> = Layer.effect(
    SearchWords,
    Effect.gen(function*() {
      const surreal = yield* Surreal

      const counted = Effect.fnUntraced(function*(from: Range["from"], to: Range["to"], isWhole: boolean) {
        const [found] = yield* surreal.query(
          Schema.Array(Schema.Struct({ count: Schema.Finite })),
          `SELECT count() FROM ${rangeText(from, to)} GROUP ALL`,
          rangeVars(from, to)
        )
        return { from, to, rows: found?.count ?? 0, isWhole } satisfies Range
      })

      /** Of the texts with a word that too many have, those that are told soonest; all, where there is no telling them apart. */
      const soonest = Effect.fnUntraced(function*(word: Range) {
        let early = -farthest
        for (let late = farthest; late - early > 1;) {
          const middle = Math.floor((early + late) / 2)
          const half = yield* counted(word.from, [...word.from, middle], false)
          if (half.rows > mostRows) late = middle
          else if (half.rows > few) return half
          else early = middle
        }
        return word
      })

      /** What of the texts with the beginning is read: all, or, where they are too many, those that are told soonest. */
      const rangeOf = Effect.fnUntraced(function*(kind: TextKind, beginning: string) {
        const whole = yield* counted([kind, beginning], [kind, after(beginning)], true)
        if (whole.rows <= mostRows) return whole
        for (let known = beginning; known.length < beginning.length + 20;) {
          const word = yield* counted([kind, known], [kind, known, farthest], false)
          if (word.rows > mostRows) return yield* soonest(word)
          if (word.rows > 0) return word
          const next = yield* Effect.forEach(
            letters,
            (letter, index) =>
              counted([kind, known + letter], [
                kind,
                index + 1 < letters.length ? known + letters[index + 1] : after(known)
              ], false)
          )
          const [largest] = next.toSorted((one, other) => other.rows - one.rows)
          // after a beginning in another script no letter tells the texts apart
          if (largest === undefined || largest.rows === 0) return { ...whole, isWhole: false }
          if (largest.rows <= mostRows) return { ...largest, isWhole: false }
          known = String(largest.from[1])
        }
        return { ...whole, isWhole: false }
      })

      const read = Effect.fnUntraced(function*({ from, to }: Range) {
        const ids = yield* surreal.query(
          Schema.Array(KeyParts),
          `SELECT VALUE record::id(id) FROM ${rangeText(from, to)} LIMIT ${mostRows}`,
          rangeVars(from, to)
        )
        return new Map(
          ids.map(([, word, order, ...key]) => [keyText(key), { key, order: Number(order), word: String(word) }])
        )
      })

      const find = Effect.fn("SearchWords.find")(function*(kind: TextKind, beginnings: ReadonlyArray<string>) {
        const ranges = yield* Effect.forEach(beginnings, (beginning) => rangeOf(kind, beginning))
        const whole = ranges.filter(({ isWhole }) => isWhole)
        // a word that too many texts have tells little where another is rarer
        const [first, ...others] = (whole.length > 0 ? whole : ranges).toSorted((one, other) => one.rows - other.rows)
        if (first === undefined) return { keys: [], more: false }
        let texts = [...yield* read(first)]
        for (const other of whole.length > 0 ? others : []) {
          if (texts.length <= few) break
          const having = yield* read(other)
          texts = texts.filter(([text]) => having.has(text))
        }
        // whole words before those that only begin so
        const isWord = ({ word }: { readonly word: string }) => beginnings.includes(word)
        const looked = texts.length <= mostTexts ?
          texts :
          texts.toSorted(([, one], [, other]) => Number(isWord(other)) - Number(isWord(one)) || one.order - other.order)
            .slice(0, mostTexts)
        return {
          keys: looked.toSorted(([, one], [, other]) => one.order - other.order).map(([, { key }]) => key),
          more: whole.length === 0 || looked.length < texts.length
        }
      })
      return SearchWords.of({ find })
    })
  )
}

const parts = (name: string, key: Range["from"]): string => key.map((_, index) => `$${name}${index}`).join(", ")

const rangeText = (from: Range["from"], to: Range["to"]): string =>
  `${wordsTable}:[${parts("from", from)}]..[${parts("to", to)}]`

const rangeVars = (from: Range["from"], to: Range["to"]): { readonly [name: string]: string | number } =>
  Object.fromEntries([
    ...from.map((part, index) => [`from${index}`, part]),
    ...to.map((part, index) => [`to${index}`, part])
  ])

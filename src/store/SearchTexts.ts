import { Array as Arr, Effect, Schema } from "effect"
import { wordsOf } from "../domain/Words.ts"
import type { Statement, Surreal } from "../services/Surreal.ts"
import { packed } from "../services/SurrealCodec.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { recordId } from "../services/SurrealValue.ts"
import { keyText } from "./ContentHash.ts"
import type { Key } from "./Write.ts"

/** For each word of each text a row `[kind, word, order, …key]`: what a word begins with is a range of ids. */
export const wordsTable = "search_word"

/** The words of a text, `[kind, …key]`: what is to be taken away when it changes. */
export const textsTable = "search_text"

/** What texts are of. */
export type TextKind = "event" | "track" | "workout" | "session"

/** What is to be found by its words; `text` is none when it is gone. */
export interface Searchable {
  readonly kind: TextKind
  readonly key: Key
  readonly text: string | undefined
  /** The smaller, the earlier it is found among those of one word: the time, negated. */
  readonly order: number
}

/** A text has no more words than these: what comes after them is not found. */
const mostWords = 300

const batch = 1_000

/** The parts of an id. */
export const KeyParts = Schema.Array(Schema.Union([Schema.String, Schema.Finite]))

const TextRow = Schema.Struct({ key: KeyParts, words: Schema.Array(Schema.String), order: Schema.Finite })

/** The statements after which the words of the store are those of the texts; none for texts that are as they were. */
export const searchPlanner = (surreal: Surreal["Service"]) => {
  const known = Effect.fnUntraced(function*(texts: ReadonlyArray<Searchable>) {
    const found = yield* Effect.forEach(Arr.chunksOf(texts, batch), (chunk) =>
      surreal.query(
        Schema.Array(TextRow),
        "SELECT record::id(id) AS key, words, order FROM $ids WHERE id != NONE",
        { ids: chunk.map(({ key, kind }) => recordId(textsTable, [kind, ...key])) }
      ))
    return new Map(found.flat().map((row) => [keyText(row.key), row]))
  })

  return Effect.fnUntraced(
    function*(texts: ReadonlyArray<Searchable>): Effect.fn.Return<ReadonlyArray<Statement>, SurrealError> {
      if (texts.length === 0) return []
      const before = yield* known(texts)
      const gone: Array<unknown> = []
      const words: Array<unknown> = []
      const rows: Array<unknown> = []
      for (const { key, kind, order, text } of texts) {
        const id = [kind, ...key]
        const old = before.get(keyText(id))
        const now = text === undefined ? [] : [...new Set(wordsOf(text))].slice(0, mostWords)
        const wordId = (word: string, order: number) => recordId(wordsTable, [kind, word, order, ...key])
        if (old === undefined && text === undefined) continue
        if (old !== undefined && text !== undefined && old.order === order && sameWords(old.words, now)) continue
        const kept = new Set(old?.order === order ? now : [])
        for (const word of old?.words ?? []) if (!kept.has(word)) gone.push(wordId(word, old?.order ?? order))
        if (text === undefined) gone.push(recordId(textsTable, id))
        else {
          for (const word of now) words.push({ id: wordId(word, order) })
          rows.push({ id: recordId(textsTable, id), words: now, order })
        }
      }
      return [
        ...Arr.chunksOf(gone, batch).map((ids) => ({ sql: "DELETE $ids RETURN NONE", vars: { ids } })),
        ...Arr.chunksOf(rows, batch).map((rows) => ({
          sql: `INSERT INTO ${textsTable} (encoding::cbor::decode($rows)) ` +
            "ON DUPLICATE KEY UPDATE words = $input.words, order = $input.order RETURN NONE",
          vars: { rows: packed(rows) }
        })),
        ...Arr.chunksOf(words, batch).map((rows) => ({
          sql: `INSERT IGNORE INTO ${wordsTable} (encoding::cbor::decode($rows)) RETURN NONE`,
          vars: { rows: packed(rows) }
        }))
      ]
    }
  )
}

const sameWords = (one: ReadonlyArray<string>, other: ReadonlyArray<string>): boolean =>
  one.length === other.length && one.every((word, index) => word === other[index])

/**
 * The stand-in's own wits. Asked for an object with a choice, it takes the option whose words have the most in common with
 * those of the question; it is as sure as that. Anything else it answers with a sentence.
 */
import { Schema } from "effect"
import type { JsonObject } from "./Contract.ts"

const isObject = Schema.is(Schema.JsonObject)
const decode = Schema.decodeUnknownOption(Schema.fromJsonString(Schema.JsonObject))

/** The words in all texts of a value. */
const wordsIn = (value: unknown): ReadonlyArray<string> => {
  if (typeof value === "string") {
    return value.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
  }
  if (Array.isArray(value)) return value.flatMap((inner) => wordsIn(inner))
  return isObject(value) ? Object.values(value).flatMap(wordsIn) : []
}

const pairs = (word: string): ReadonlyArray<string> =>
  word.length < 2 ? [word] : Array.from({ length: word.length - 1 }, (_, index) => word.slice(index, index + 2))

/** How much two words look alike, from 0 to 1: by the pairs of letters that they share. */
const alike = (one: string, other: string): number => {
  if (one === other) return 1
  const [left, right] = [pairs(one), new Set(pairs(other))]
  return Math.min(1, 2 * left.filter((pair) => right.has(pair)).length / (left.length + right.size)) // a pair may come twice
}

/** How much of what is asked for is there, from 0 to 1. */
const likeness = (asked: ReadonlyArray<string>, there: ReadonlyArray<string>): number =>
  asked.length === 0
    ? 0
    : asked.reduce((sum, word) => sum + Math.max(0, ...there.map((other) => alike(word, other))), 0) / asked.length

/** The JSON object that stands in a text, from its first brace to its last. */
const objectIn = (text: string): JsonObject | undefined => {
  const found = decode(text.slice(text.indexOf("{"), text.lastIndexOf("}") + 1))
  return found._tag === "Some" ? found.value : undefined
}

/** Below it nothing is taken to be the same. */
const least = 0.5

/** The best of the options that a property offers: by what the question says beside the list in which they are told of. */
const choose = (options: ReadonlyArray<string>, text: string): { readonly choice: string; readonly sure: number } => {
  const told = objectIn(text) ?? {}
  const rows = Object.values(told).flatMap((value) => Array.isArray(value) ? value.filter(isObject) : [])
  const question = Object.values(told).filter((value) => !Array.isArray(value)).flatMap(wordsIn)
  const rated = rows.flatMap((row) => {
    const choice = options.find((option) => Object.values(row).includes(option))
    const said = Object.values(row).filter((value) => value !== choice).flatMap(wordsIn)
    return choice === undefined ? [] : [{ choice, sure: likeness(question, said) }]
  })
  const [best] = rated.toSorted((a, b) => b.sure - a.sure)
  const named = new Set(rated.map(({ choice }) => choice))
  const none = options.find((option) => !named.has(option))
  if (best === undefined || (best.sure < least && none !== undefined)) {
    return { choice: none ?? options[0] ?? "", sure: 1 - (best?.sure ?? 0) }
  }
  return best
}

const optionsOf = (property: JsonObject): ReadonlyArray<string> | undefined => {
  const options = property["enum"]
  return Array.isArray(options) ? options.filter((option) => typeof option === "string") : undefined
}

/** An object of that JSON schema, as an answer to the text. */
export const answerFor = (schema: JsonObject, text: string): JsonObject => {
  const properties = Object.entries(isObject(schema["properties"]) ? schema["properties"] : {})
    .flatMap(([name, property]) => isObject(property) ? [[name, property] as const] : [])
  const options = properties.flatMap(([, property]) => optionsOf(property) ?? [])
  const { choice, sure } = choose(options, text)
  return Object.fromEntries(properties.map(([name, property]): readonly [string, Schema.Json] => {
    if (optionsOf(property) !== undefined) return [name, choice]
    switch (property["type"]) {
      case "number":
        return [name, Math.round(sure * 100) / 100]
      case "integer":
        return [name, Math.round(sure)]
      case "boolean":
        return [name, sure >= least]
      case "array":
        return [name, []]
      default:
        return [name, `${Math.round(sure * 100)} % of what is asked for is there`]
    }
  }))
}

/** What it says where nothing is asked for in a form. */
export const sentence = "The stand-in for a language model has nothing to say to this."

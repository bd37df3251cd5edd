/** The error bodies of the three providers, in all the forms they use. */
import { Option, Schema } from "effect"

/** What a provider says about a request that it refuses. */
export interface Refusal {
  /** For a person: one line of at most 300 characters; empty when the body says nothing. */
  readonly message: string
  /** The provider's word for the case, empty when it has none. */
  readonly reason: string
  /** The parameter that is at fault, empty when none is named. */
  readonly location: string
}

const Words = Schema.optional(Schema.NullOr(Schema.String))

/** Spotify's API, and Google's. */
const Nested = Schema.Struct({
  error: Schema.Struct({
    message: Words,
    reason: Words,
    errors: Schema.optional(Schema.Array(Schema.Struct({ reason: Words, message: Words, location: Words })))
  })
})

/** Oura's complaints about parameters. */
const Validation = Schema.Struct({
  detail: Schema.NonEmptyArray(Schema.Struct({ loc: Schema.Array(Schema.Unknown), msg: Schema.String }))
})

/** Oura's API, and the token endpoints of all three. */
const Flat = Schema.Struct({ error: Words, error_description: Words, title: Words, detail: Words })

const decodeJson = Schema.decodeUnknownOption(Schema.fromJsonString(Schema.Unknown))
const decodeNested = Schema.decodeUnknownOption(Nested)
const decodeValidation = Schema.decodeUnknownOption(Validation)
const decodeFlat = Schema.decodeUnknownOption(Flat)

/** Reads an error body. Plain text is a message; a page for people is none. */
export const readRefusal = (body: string): Refusal =>
  Option.match(decodeJson(body), {
    onNone: () => ({ message: /^\s*[<{[]/.test(body) ? "" : readable(body), reason: "", location: "" }),
    onSome: (json) => Option.getOrElse(readShapes(json), () => ({ message: "", reason: "", location: "" }))
  })

const readShapes = (json: unknown): Option.Option<Refusal> =>
  Option.firstSomeOf([
    Option.map(decodeNested(json), ({ error }) => ({
      message: readable(error.message ?? error.errors?.[0]?.message ?? ""),
      reason: error.errors?.[0]?.reason ?? error.reason ?? "",
      location: error.errors?.[0]?.location ?? ""
    })),
    Option.map(decodeValidation(json), ({ detail: [{ loc, msg }] }) => ({
      message: readable(`${loc.join(".")}: ${msg}`),
      reason: "",
      location: String(loc.at(-1) ?? "")
    })),
    Option.map(decodeFlat(json), ({ detail, error, error_description, title }) => ({
      message: readable(error_description ?? detail ?? title ?? error ?? ""),
      reason: error ?? "",
      location: ""
    }))
  ])

/** A provider's words without the parameters of any address in them. */
const readable = (words: string): string =>
  words
    .replace(/(\bhttps?:\/\/[^\s?#"'<>]*)[?#][^\s"'<>]*/gi, "$1")
    .replace(/[\p{Cc}\s]+/gu, " ")
    .trim()
    .slice(0, 300)
    .toWellFormed()

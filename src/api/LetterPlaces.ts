/** Where a list of dead letters goes on, as text. */
import { Option, Schema } from "effect"
import type { DeadLetterPlace } from "../domain/DeadLetter.ts"
import { InvalidRequest } from "./Problems.ts"

/** `<epoch milliseconds>/<id>`. */
const Place = Schema.TemplateLiteralParser([Schema.FiniteFromString, "/", Schema.NonEmptyString])

export const placeText = ({ at, id }: DeadLetterPlace): string => `${at}/${id}`

/** None when the text is none of ours. */
export const placeOf = (text: string): Option.Option<DeadLetterPlace> =>
  Option.map(Schema.decodeUnknownOption(Place)(text), ([at, , id]) => ({ at, id }))

/** The `after` of a list is not the `next` of another. */
export const notAPlace = () => {
  const message = "Expected the next of the page before."
  return new InvalidRequest({ detail: message, details: [{ pointer: "/query/after", message }] })
}

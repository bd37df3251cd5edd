import { Schema } from "effect"
import type { Provider } from "./Provider.ts"

/** What the person's records are of, in words that are no provider's. */
export const RecordKind = Schema.Literals(["calendar", "listening", "heart_rate", "body"])
export type RecordKind = typeof RecordKind.Type

/** Who has them. */
export const kindProvider: { readonly [K in RecordKind]: Provider } = {
  calendar: "google",
  listening: "spotify",
  heart_rate: "oura",
  body: "oura"
}

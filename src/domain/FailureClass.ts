/** What kind of failure it is, by the type of the error and never by its words: what may be tried again, and what waits for a person. */
import { Schema } from "effect"

/**
 * `auth` and `permanent` are not tried again by themselves; `quota` waits for as long as it was asked to; `transient` may be over in a
 * moment; `unknown` is a bug or something nobody has met.
 */
export const FailureClass = Schema.Literals(["auth", "quota", "transient", "permanent", "unknown"])
export type FailureClass = typeof FailureClass.Type

const classes: { readonly [tag: string]: FailureClass } = {
  NeedsAuth: "auth",
  Unauthorized: "auth",
  Forbidden: "auth",
  RateLimited: "quota",
  Unavailable: "transient",
  TimedOut: "transient",
  CircuitOpen: "transient",
  Malformed: "transient",
  RunTimedOut: "transient",
  StoreUnavailable: "transient",
  Conflict: "transient",
  BadRequest: "permanent",
  NotFound: "permanent",
  CursorExpired: "permanent",
  NotConnected: "permanent",
  StoreDamaged: "permanent"
}

/** By the name of the error, or that of its reason: the `tag` of a `RunError`. */
export const failureClass = (tag: string): FailureClass =>
  Object.hasOwn(classes, tag) ? classes[tag] ?? "unknown" : "unknown"

/** Failures that say something of the provider or the store, and nothing of the account that was to be synced. */
const ofOthers: ReadonlySet<string> = new Set([
  "Unavailable",
  "CircuitOpen",
  "RateLimited",
  "StoreUnavailable",
  "StoreDamaged",
  "Conflict"
])

/** Whether it is the account's own: such failures alone lead to a quarantine. */
export const isOfAccount = (tag: string): boolean => !ofOthers.has(tag)

/** Whether another try may help. */
export const isWorthRetrying = (kind: FailureClass): boolean => kind !== "auth" && kind !== "permanent"

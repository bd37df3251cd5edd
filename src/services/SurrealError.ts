import { Schema } from "effect"

/** The store could not be opened; `fix` says what to do. */
export class StoreUnavailable extends Schema.TaggedError<StoreUnavailable>()("StoreUnavailable", {
  message: Schema.String
}) {}

/** Another process holds the embedded store. */
export class StoreHeld extends Schema.TaggedError<StoreHeld>()("StoreHeld", {
  message: Schema.String,
  pid: Schema.OptionFromNullOr(Schema.Int)
}) {}

/** The files of the embedded store are not as Glider left them: it is not opened, so that nothing more is lost. */
export class StoreDamaged extends Schema.TaggedError<StoreDamaged>()("StoreDamaged", {
  folder: Schema.String,
  /** What is not as it was, a sentence each. */
  damage: Schema.NonEmptyArray(Schema.String)
}) {
  override get message(): string {
    const [first, ...others] = this.damage
    const more = others.length === 0 ? "" : `, and ${others.length} more`
    return `the store ${this.folder} is not as Glider left it: ${first}${more}`
  }
}

/** A statement failed; nothing of its transaction was written. */
export class QueryFailed extends Schema.TaggedError<QueryFailed>()("QueryFailed", { message: Schema.String }) {}

/** A record with that id, or that unique value, is there already. */
export class AlreadyExists extends Schema.TaggedError<AlreadyExists>()("AlreadyExists", { message: Schema.String }) {}

/** Another transaction changed the same rows first, again and again. */
export class Conflict extends Schema.TaggedError<Conflict>()("Conflict", { message: Schema.String }) {}

/** A row does not have the shape this program gives it. */
export class UnexpectedRow extends Schema.TaggedError<UnexpectedRow>()("UnexpectedRow", { message: Schema.String }) {}

/** The one error that leaves the store. */
export class SurrealError extends Schema.TaggedError<SurrealError>()("SurrealError", {
  /** What was attempted, e.g. `commit spotify_listening_history`. */
  operation: Schema.String,
  reason: Schema.Union([StoreUnavailable, StoreHeld, StoreDamaged, QueryFailed, AlreadyExists, Conflict, UnexpectedRow])
}) {
  override get message(): string {
    return `store, ${this.operation}: ${this.reason.message}`
  }
}

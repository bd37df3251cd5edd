/** Why nothing is imported. Each says what to do. */
import { Schema } from "effect"

/** The file or the server cannot be read, or is something else than a store of the earlier Glider. */
export class EarlierUnreadable extends Schema.TaggedError<EarlierUnreadable>()("EarlierUnreadable", {
  message: Schema.String,
  fix: Schema.String
}) {}

/** Whose the records are is not known. */
export class OwnerUnknown extends Schema.TaggedError<OwnerUnknown>()("OwnerUnknown", {
  message: Schema.String,
  fix: Schema.String
}) {}

/** What a part of the integrity benchmark prints. */
import { Schema } from "effect"

export const Part = Schema.Literals(["witnessed", "unwitnessed", "compare", "compare-young", "deep"])
export type Part = typeof Part.Type

export const IntegrityFigures = Schema.fromJsonString(
  Schema.Struct({
    /** From the first to the last; of commits their own time alone. */
    millis: Schema.Finite,
    /** Of what was read, or written. */
    bytes: Schema.Finite,
    rows: Schema.Finite,
    /** Of the files that were looked at. */
    files: Schema.Finite
  })
)

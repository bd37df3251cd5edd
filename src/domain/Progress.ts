import { Schema } from "effect"
import { StreamCounts } from "./Run.ts"

/** Said once for every page that a run commits. */
export class Progress extends Schema.Class<Progress>("glider/Progress")({
  stream: Schema.String,
  /** Pages of this run so far, over all its streams. */
  pages: Schema.Natural,
  /** What this page did. */
  counts: StreamCounts,
  /** How far the stream has come, from 0 to 1, where that is known. */
  fraction: Schema.OptionFromNullOr(Schema.Finite)
}) {}

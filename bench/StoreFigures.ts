import { Schema } from "effect"

export const Workload = Schema.Literals(["heartrate", "plays"])
export type Workload = typeof Workload.Type

/** What one round of the store's benchmark found: records a second where nothing else is said. */
export class StoreFigures extends Schema.Class<StoreFigures>("glider/bench/StoreFigures")({
  created: Schema.Natural,
  unchanged: Schema.Natural,
  /** A stored row with all its columns, as JSON. */
  bytesPerRow: Schema.Finite,
  /** Through `Commit`, into an empty table. */
  firstPass: Schema.Finite,
  /** The same pages again: nothing is written. */
  secondPass: Schema.Finite,
  /** The same rows, ready made, by `INSERT` into a table without a schema. */
  bareInsert: Schema.Finite,
  /** The process's own time for a record of the first pass, all threads together, in microseconds. */
  cpuMicrosPerRecord: Schema.Finite
}) {
  static readonly json = Schema.fromJsonString(StoreFigures)
}

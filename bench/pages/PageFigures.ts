/** What the processes of this benchmark are told. */
import { Schema } from "effect"

/** How many records of each kind, up to `now`, in milliseconds since 1970. */
export const FillSetup = Schema.Struct({
  folder: Schema.String,
  now: Schema.Finite,
  plays: Schema.Natural,
  samples: Schema.Natural,
  events: Schema.Natural,
  days: Schema.Natural
})

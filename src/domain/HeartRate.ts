import { Option, Schema, SchemaGetter } from "effect"
import { InstantText } from "./OffsetTime.ts"

/** One heart-rate row of the ring: beats a minute at an instant. */
export class HeartRate extends Schema.Class<HeartRate>("glider/HeartRate")({
  timestamp: Schema.DateTimeUtc,
  bpm: Schema.Finite,
  /** `awake`, `rest`, `sleep`, `session`, `live`, `workout`. */
  source: Schema.String
}) {
  /** The natural key within a connection: Oura gives these rows no id, and two sources may tell of one instant. */
  get key(): readonly [millis: number, source: string, bpm: number] {
    return [this.timestamp.epochMilliseconds, this.source, this.bpm]
  }
}

/** Reads one row as sent. Only `timestamp` tells the time: its companions have changed over the years. */
export const HeartRateFromOura = Schema.Struct({
  timestamp: InstantText,
  bpm: Schema.Finite,
  source: Schema.OptionFromOptionalNullOr(Schema.String)
}).pipe(
  Schema.decodeTo(HeartRate, {
    decode: SchemaGetter.transform((row) => ({ ...row, source: Option.getOrElse(row.source, () => "unknown") })),
    encode: SchemaGetter.forbidden(() => "heart rate is never sent back to Oura")
  })
)

/** What the process that takes and tells messages, and those who kill it, say to each other. */
import { Schema } from "effect"

/** Signed, as it came over the wire. */
export const Signed = Schema.Struct({ id: Schema.String, timestamp: Schema.String, signature: Schema.String })
export type Signed = typeof Signed.Type

export const Setup = Schema.Struct({
  folder: Schema.String,
  /** Of the program that is told. */
  url: Schema.String,
  secret: Schema.String,
  /** Records that are committed, each in a page of its own. */
  records: Schema.Array(Schema.String),
  messages: Schema.Array(Signed)
})
export type Setup = typeof Setup.Type

/** The body of every message. */
export const messageBody = "{}"

export const Line = Schema.TaggedUnion({
  /** A message was taken, and its sender need not send it again. */
  Acknowledged: { id: Schema.String },
  /** Nothing is left to be done, and this is what there is. */
  Told: {
    deliveries: Schema.Array(Schema.Struct({ event: Schema.String, status: Schema.String })),
    messages: Schema.Array(Schema.Struct({ id: Schema.String, run: Schema.String, status: Schema.String })),
    runs: Schema.Array(Schema.Struct({ id: Schema.String, state: Schema.String }))
  }
})
export type Line = typeof Line.Type

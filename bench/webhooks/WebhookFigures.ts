/** Who is told of what is committed: there is no outbox, nobody in it, or one program that wants everything. */
import { Schema } from "effect"

export const Told = Schema.Literals(["without", "nobody", "one"])
export type Told = typeof Told.Type

/** How long the commits took, in milliseconds. */
export const Took = Schema.fromJsonString(Schema.Struct({ millis: Schema.Finite }))

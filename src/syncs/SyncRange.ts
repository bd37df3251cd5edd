/** A stretch of the past that is read beside what syncs keep up to date: it moves no cursor. */
import { Schema } from "effect"

export const SyncRange = Schema.Struct({ from: Schema.DateTimeUtcFromString, to: Schema.DateTimeUtcFromString })
export type SyncRange = typeof SyncRange.Type

/** The `[backup]` table: copies of the store's records that are made by themselves. */
import { Schema } from "effect"
import { Flag, key, NonEmptyText, optional, positive, wholeNumber } from "./Keys.ts"

export const backup = Schema.Struct({
  enabled: key(Flag, "Whether backups are made by themselves.", true),
  cron: key(NonEmptyText, "When: 5 or 6 fields or a macro, in the zone of [scheduler] timezone.", "30 3 * * *"),
  keep: key(
    wholeNumber(1, 10_000, positive, "at most 10000"),
    "How many of them are kept; an older one goes once a newer one has been read back.",
    7
  ),
  folder: optional(NonEmptyText, "Where they are; backups in the data folder when absent. Best on another disk."),
  before_migration: key(Flag, "Whether one is made before a new version changes the schema.", true)
})

import type { Migration } from "../Migration.ts"

/**
 * Step 5 defines indexes and fills their columns in one transaction, after which they still hold the rows as they were before:
 * a query finds these twice. Building the indexes anew mends it.
 */
export const lettersAnew: Migration = {
  number: 16,
  name: "dead letters found once",
  statements: [
    "REBUILD INDEX IF EXISTS dead_letter_by_age ON dead_letter",
    "REBUILD INDEX IF EXISTS quarantine_by_age ON quarantine"
  ]
}

import type { Migration } from "../Migration.ts"

/** Until when a provider asked to be left alone; its id is `[provider]`. */
export const providerGates: Migration = {
  number: 4,
  name: "provider gates",
  statements: [
    "DEFINE TABLE IF NOT EXISTS provider_gate SCHEMAFULL",
    "DEFINE FIELD IF NOT EXISTS shut_until ON provider_gate TYPE datetime"
  ]
}

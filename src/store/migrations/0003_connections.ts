import type { Migration } from "../Migration.ts"

/** Signed-in accounts; the tokens are ciphertexts of `services/TokenCipher.ts`. */
export const connections: Migration = {
  number: 3,
  name: "connections",
  statements: [
    `DEFINE TABLE IF NOT EXISTS connection SCHEMAFULL`,
    `DEFINE FIELD IF NOT EXISTS provider ON connection TYPE string`,
    `DEFINE FIELD IF NOT EXISTS user_id ON connection TYPE string`,
    `DEFINE FIELD IF NOT EXISTS state ON connection TYPE string`,
    `DEFINE FIELD IF NOT EXISTS scopes ON connection TYPE array<string>`,
    `DEFINE FIELD IF NOT EXISTS connected_at ON connection TYPE datetime`,
    `DEFINE FIELD IF NOT EXISTS expires_at ON connection TYPE option<datetime>`,
    `DEFINE FIELD IF NOT EXISTS refreshed_at ON connection TYPE option<datetime>`,
    `DEFINE FIELD IF NOT EXISTS refresh_expires_at ON connection TYPE option<datetime>`,
    `DEFINE FIELD IF NOT EXISTS problem ON connection TYPE option<string>`,
    `DEFINE FIELD IF NOT EXISTS access_token ON connection TYPE option<string>`,
    `DEFINE FIELD IF NOT EXISTS refresh_token ON connection TYPE option<string>`,
    `DEFINE FIELD IF NOT EXISTS token_version ON connection TYPE int`,
    `DEFINE FIELD IF NOT EXISTS refresh_lease_until ON connection TYPE option<datetime>`,
    `DEFINE FIELD IF NOT EXISTS refresh_lease_by ON connection TYPE option<string>`,
    `DEFINE INDEX IF NOT EXISTS connection_by_provider ON connection FIELDS provider`
  ]
}

import type { Migration } from "../Migration.ts"

/** Tokens of the API, and the answers that a repeated request gets again. A token itself is nowhere: only its SHA-256. */
export const apiTokens: Migration = {
  number: 6,
  name: "api tokens",
  statements: [
    "DEFINE TABLE IF NOT EXISTS api_token SCHEMAFULL",
    "DEFINE FIELD IF NOT EXISTS hash ON api_token TYPE string",
    "DEFINE FIELD IF NOT EXISTS name ON api_token TYPE string",
    "DEFINE FIELD IF NOT EXISTS scopes ON api_token TYPE array<string>",
    "DEFINE FIELD IF NOT EXISTS created_at ON api_token TYPE datetime",
    "DEFINE FIELD IF NOT EXISTS expires_at ON api_token TYPE option<datetime>",
    "DEFINE FIELD IF NOT EXISTS last_used_at ON api_token TYPE option<datetime>",
    "DEFINE INDEX IF NOT EXISTS api_token_by_hash ON api_token FIELDS hash UNIQUE",
    "DEFINE TABLE IF NOT EXISTS idempotency_key SCHEMAFULL",
    "DEFINE FIELD IF NOT EXISTS fingerprint ON idempotency_key TYPE string",
    "DEFINE FIELD IF NOT EXISTS at ON idempotency_key TYPE int",
    "DEFINE FIELD IF NOT EXISTS status ON idempotency_key TYPE option<int>",
    "DEFINE FIELD IF NOT EXISTS type ON idempotency_key TYPE option<string>",
    "DEFINE FIELD IF NOT EXISTS body ON idempotency_key TYPE option<string>",
    "DEFINE INDEX IF NOT EXISTS idempotency_key_by_age ON idempotency_key FIELDS at"
  ]
}

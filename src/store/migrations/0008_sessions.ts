import type { Migration } from "../Migration.ts"

/** Browsers that have signed in to the web page. The secret of a session is nowhere: only its SHA-256. */
export const sessions: Migration = {
  number: 8,
  name: "sessions",
  statements: [
    "DEFINE TABLE IF NOT EXISTS session SCHEMAFULL",
    "DEFINE FIELD IF NOT EXISTS hash ON session TYPE string",
    "DEFINE FIELD IF NOT EXISTS created_at ON session TYPE datetime",
    "DEFINE FIELD IF NOT EXISTS last_used_at ON session TYPE datetime",
    "DEFINE FIELD IF NOT EXISTS expires_at ON session TYPE datetime",
    "DEFINE FIELD IF NOT EXISTS user_agent ON session TYPE string",
    "DEFINE INDEX IF NOT EXISTS session_by_hash ON session FIELDS hash UNIQUE"
  ]
}

import type { Migration } from "../Migration.ts"

const streamed = "spotify_streaming_history"
const plays = "spotify_listening_history"

/** A key without its table: what a row of another table is told apart by. */
const key = "option<array<string|number>>"

const fields = (table: string, columns: { readonly [name: string]: string }): ReadonlyArray<string> =>
  Object.entries(columns).map(([column, type]) => `DEFINE FIELD IF NOT EXISTS ${column} ON ${table} TYPE ${type}`)

/**
 * What a person imports: each stream of an export as a candidate, by `[connection, end in ms, uri, ms played]`; what of them
 * waits for a person, by the same; and of which time a history is whole. A play says which stream tells of the same listening.
 */
export const imports: Migration = {
  number: 15,
  name: "imported listening",
  statements: [
    `DEFINE TABLE IF NOT EXISTS ${streamed} SCHEMAFULL`,
    ...fields(streamed, {
      connection: "string",
      deleted_at: "option<datetime>",
      deleted_by: "option<string>",
      _raw: "object FLEXIBLE",
      _synced_at: "datetime",
      _hash: "string",
      _listing: "option<string>",
      kind: "string",
      track_uri: "string",
      ended_at: "datetime",
      ms_played: "number",
      track_name: "option<string>",
      artist_name: "option<string>",
      album_name: "option<string>",
      offline_at: "option<datetime>",
      private: "bool",
      status: "string DEFAULT 'new'",
      attempts: "number DEFAULT 0",
      claim: "option<string>",
      claimed_at: "option<datetime>",
      decided_at: "option<datetime>",
      play: key,
      similarity: "option<number>",
      confidence: "option<number>",
      problem: "option<string>"
    }),
    `DEFINE INDEX IF NOT EXISTS ${streamed}_by_status ON ${streamed} FIELDS status`,
    "DEFINE TABLE IF NOT EXISTS candidate_review SCHEMAFULL",
    ...fields("candidate_review", {
      state: "string",
      play: "array<string|number>",
      similarity: "number",
      confidence: "number",
      stamp: "string",
      found_at: "datetime",
      answered_at: "option<datetime>"
    }),
    "DEFINE INDEX IF NOT EXISTS candidate_review_by_state ON candidate_review FIELDS state",
    "DEFINE TABLE IF NOT EXISTS import_coverage SCHEMAFULL",
    ...fields("import_coverage", {
      stream: "string",
      from: "datetime",
      to: "datetime",
      run: "string",
      files: "array<string>"
    }),
    ...fields(plays, {
      origin: "option<string>",
      played_ms: "option<number>",
      started_at: "option<datetime>",
      streamed: key
    })
  ]
}

import type { Migration } from "../Migration.ts"

/** Which run a request for a song has become, so that the same request again is the same run. */
export const musicRequests: Migration = {
  number: 11,
  name: "requests for songs",
  statements: [
    "DEFINE TABLE IF NOT EXISTS music_request SCHEMAFULL",
    "DEFINE FIELD IF NOT EXISTS run ON music_request TYPE string",
    "DEFINE FIELD IF NOT EXISTS at ON music_request TYPE int",
    "DEFINE INDEX IF NOT EXISTS music_request_by_age ON music_request FIELDS at"
  ]
}

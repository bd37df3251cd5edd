import type { Migration } from "../Migration.ts"

/** Which run put a track into a playlist; its id is `[playlist, uri]`. */
export const playlistAdditions: Migration = {
  number: 10,
  name: "additions to playlists",
  statements: [
    "DEFINE TABLE IF NOT EXISTS playlist_addition SCHEMAFULL",
    "DEFINE FIELD IF NOT EXISTS run ON playlist_addition TYPE string",
    "DEFINE FIELD IF NOT EXISTS wanted_by ON playlist_addition TYPE array<string>",
    "DEFINE FIELD IF NOT EXISTS at ON playlist_addition TYPE datetime",
    "DEFINE FIELD IF NOT EXISTS taken_out ON playlist_addition TYPE bool"
  ]
}

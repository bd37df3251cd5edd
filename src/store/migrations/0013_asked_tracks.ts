import type { Migration } from "../Migration.ts"

/** Which songs of a list were asked for, and by which run; the id is `[playlist, key of the song]`. */
export const askedTracks: Migration = {
  number: 13,
  name: "songs of lists that were asked for",
  statements: [
    "DEFINE TABLE IF NOT EXISTS asked_track SCHEMAFULL",
    "DEFINE FIELD IF NOT EXISTS run ON asked_track TYPE string",
    "DEFINE FIELD IF NOT EXISTS settled ON asked_track TYPE bool"
  ]
}

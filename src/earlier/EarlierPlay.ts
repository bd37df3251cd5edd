/** Plays of the earlier Glider, whose ids ended with twelve letters of the track's. */
import { Option, Result } from "effect"
import { PlayFromSpotify } from "../domain/Play.ts"
import { playRow } from "../store/Plays.ts"
import type { EarlierRow } from "./EarlierRow.ts"
import { instantText, isInstant, mended, toldInstant } from "./Instants.ts"
import { objectOf, type Outcome, type Owner, readOne, those } from "./Outcome.ts"

/** Ids of Spotify are as long as this. */
const wholeId = /^[0-9A-Za-z]{22}$/

type Columns = EarlierRow["fields"]

const texts = (value: unknown): ReadonlyArray<string> =>
  Array.isArray(value) ? value.filter((text) => typeof text === "string") : []

/** The track as Spotify would send it, out of the columns. */
const trackOf = (columns: Columns): Result.Result<object, string> => {
  const id = columns["spotify_track_id"]
  if (typeof id !== "string" || !wholeId.test(id)) {
    return Result.fail(
      `its object as sent is missing, and ${JSON.stringify(id ?? null)} is no whole id of a track`
    )
  }
  const ids = texts(columns["artist_ids"])
  return Result.succeed({
    id,
    uri: `spotify:track:${id}`,
    type: "track",
    name: columns["track_name"],
    artists: texts(columns["artist_names"]).map((name, index) => ({ id: ids[index], name })),
    album: { id: columns["album_id"], name: columns["album_name"] },
    duration_ms: columns["duration_ms"],
    explicit: columns["explicit"],
    popularity: columns["popularity"]
  })
}

/** The item of the feed: as sent where it was kept, or where only its track was, around that. */
const itemOf = (raw: Columns | undefined, columns: Columns, playedAt: string): Result.Result<object, string> => {
  if (objectOf(raw?.["track"]) !== undefined || objectOf(raw?.["item"]) !== undefined) {
    return Result.succeed({ ...objectOf(mended(raw)), played_at: playedAt })
  }
  const isTrack = typeof raw?.["uri"] === "string" || typeof raw?.["id"] === "string"
  return Result.map(
    isTrack ? Result.succeed(mended(raw)) : trackOf(columns),
    (track) => ({ track, played_at: playedAt })
  )
}

export const playOf = ({ connection }: Owner, { fields, id }: EarlierRow): Outcome => {
  const raw = objectOf(fields["_raw"])
  const told = toldInstant(fields["played_at"], id)
  const playedAt = Option.orElse(instantText(raw?.["played_at"]), () => told.text)
  if (Option.isNone(playedAt)) return Result.fail(told.problem)
  return Result.map(
    Result.flatMap(itemOf(raw, fields, playedAt.value), (item) => readOne(PlayFromSpotify, item)),
    ({ raw: item, record }) => ({
      row: playRow(connection, record, item),
      repairs: those({
        instant: !isInstant(fields["played_at"]),
        track_id: Option.exists(record.id, (whole) => !id.endsWith(`_${whole}`)),
        columns: raw === undefined
      })
    })
  )
}

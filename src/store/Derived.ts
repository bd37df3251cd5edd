/**
 * Rows that say again, in another form, what the synced tables say: days of listening, tracks, days of activity, words. They are written in the
 * transaction of the page that changes what they are made of, so nobody ever reads the one without the other.
 */
import { DateTime, Effect, Option } from "effect"
import { OuraDataType } from "../domain/Task.ts"
import { plainText } from "../domain/Words.ts"
import type { Statement, Surreal } from "../services/Surreal.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { activityDays } from "./ActivityDays.ts"
import { keyText } from "./ContentHash.ts"
import { noteFirst } from "./FirstRecords.ts"
import { eventsTable } from "./GoogleEvents.ts"
import { type DayChange, daysPlanner, lineOf } from "./ListeningDays.ts"
import { ouraTable } from "./OuraRecords.ts"
import { imported, playsTable } from "./Plays.ts"
import { type Searchable, searchPlanner, type TextKind } from "./SearchTexts.ts"
import { type TrackChange, type TrackNames, tracksPlanner } from "./Tracks.ts"
import type { Key, Row } from "./Write.ts"

/** What a write does to the rows of a table: those it inserts or replaces, and those it tombstones. */
export interface Change {
  readonly table: string
  readonly written: ReadonlyArray<Pick<Row, "key" | "fields">>
  readonly gone: ReadonlyArray<Key>
}

type Fields = Row["fields"]

/** Beside the columns of a play: the instant at which it is counted so far, in milliseconds, where that is not its key's. */
export const countedAt = "counted_at"

/** What becomes of a row by all writes of a page; without fields it is tombstoned. */
interface Fate {
  readonly key: Key
  readonly fields: Fields | undefined
}

/** The statements after which what is derived says what the tables say once these changes are made; `at` is now. */
export const deriver = (surreal: Surreal["Service"]) => {
  const days = daysPlanner(surreal)
  const search = searchPlanner(surreal)
  const tracks = tracksPlanner(surreal)
  return Effect.fnUntraced(
    function*(
      changes: ReadonlyArray<Change>,
      at: DateTime.Utc
    ): Effect.fn.Return<ReadonlyArray<Statement>, SurrealError> {
      const plays = fatesIn(changes, playsTable)
      const played = tracksOf(plays)
      const texts = yield* search([
        ...played.flatMap(trackText),
        ...Object.entries(texted).flatMap(([table, textOf]) => fatesIn(changes, table).map(textOf))
      ])
      const firsts = firstsTables.flatMap((table) => firstsOf(changes, table))
      return [
        ...firsts,
        ...yield* days(plays.flatMap(dayChanges)),
        ...yield* tracks(played),
        ...activityDays(fatesIn(changes, ouraTable("daily_activity")), at),
        ...texts
      ]
    }
  )
}

const fatesIn = (changes: ReadonlyArray<Change>, table: string): ReadonlyArray<Fate> => {
  const of = new Map<string, Fate>()
  for (const change of changes) {
    if (change.table !== table) continue
    for (const row of change.written) of.set(keyText(row.key), row)
    for (const key of change.gone) of.set(keyText(key), { key, fields: undefined })
  }
  return [...of.values()]
}

/** The tables of which it is known from when on they have rows. */
const firstsTables = [playsTable, ...OuraDataType.literals.map(ouraTable)]

/** The instant that an id begins with after its connection; of a document the beginning of its day in UTC. */
const instantOf = ({ fields, key: [, at] }: Pick<Row, "key" | "fields">): number =>
  typeof at === "number"
    ? at
    : Option.match(DateTime.make(text(fields, "day") ?? ""), { onNone: () => Infinity, onSome: DateTime.toEpochMillis })

const firstsOf = (changes: ReadonlyArray<Change>, table: string): ReadonlyArray<Statement> => {
  const firsts = new Map<string, number>()
  for (const { table: of, written } of changes) {
    if (of !== table) continue
    for (const row of written) {
      // what was imported says nothing of how far the provider was asked
      if (row.fields["origin"] === imported) continue
      const connection = String(row.key[0])
      firsts.set(connection, Math.min(firsts.get(connection) ?? Infinity, instantOf(row)))
    }
  }
  return [...firsts].flatMap(([connection, at]) => Number.isFinite(at) ? noteFirst(table, connection, at) : [])
}

/** When a play began, in milliseconds: where that is known otherwise than by its key, the key's instant is not it. */
const startedOf = ({ fields, key: [, at] }: Fate): number => {
  const started = fields?.["started_at"]
  return DateTime.isDateTime(started)
    ? DateTime.toEpochMillis(started)
    : typeof started === "number"
    ? started
    : Number(at)
}

/** How long a play was listened to, at most: as it was told, or as long as its track is. */
const lengthOf = (fields: Fields): number => {
  const length = fields["played_ms"] ?? fields["duration_ms"]
  return typeof length === "number" ? length : 0
}

const dayChanges = (fate: Fate): ReadonlyArray<DayChange> => {
  const { fields, key: [connection, at, uri] } = fate
  const play = { connection: String(connection), at: Number(at), uri: String(uri), duration: undefined }
  if (fields === undefined) return [play]
  const started = startedOf(fate)
  const left = leftBy(fields, started)
  return [
    ...left === undefined ? [] : [{ ...play, at: left }],
    { ...play, at: started, duration: lengthOf(fields) }
  ]
}

/** The instant at which it was counted so far, where that is another. */
const leftBy = (fields: Fields, started: number): number | undefined => {
  const before = fields[countedAt]
  return typeof before === "number" && before !== started ? before : undefined
}

const tracksOf = (plays: ReadonlyArray<Fate>): ReadonlyArray<TrackChange> => {
  const tracks = new Map<
    string,
    TrackChange & { names: TrackNames | undefined; come: Array<number>; gone: Array<number> }
  >()
  for (const fate of plays) {
    const { fields, key: [connection = "", at, uri] } = fate
    const started = startedOf(fate)
    const key = [connection, lineOf(String(uri))]
    const track = tracks.get(keyText(key)) ?? { key, names: undefined, come: [], gone: [] }
    tracks.set(keyText(key), track)
    if (fields === undefined) track.gone.push(Number(at))
    else {
      track.come.push(started)
      const left = leftBy(fields, started)
      if (left !== undefined) track.gone.push(left)
      track.names = namesOf(fields)
    }
  }
  return [...tracks.values()]
}

const text = (fields: Fields, column: string): string | undefined => {
  const value = fields[column]
  return typeof value === "string" ? value : undefined
}

const namesOf = (fields: Fields): TrackNames => {
  const artists = fields["artist_names"]
  return {
    name: text(fields, "track_name"),
    artists: Array.isArray(artists) ? artists.filter((name) => typeof name === "string") : [],
    album: text(fields, "album_name"),
    albumId: text(fields, "album_id")
  }
}

/** A track of which the last play is gone keeps its words: it has no plays, and is not shown. */
const trackText = ({ key, names }: TrackChange): ReadonlyArray<Searchable> =>
  names === undefined ? [] : [{
    kind: "track",
    key,
    text: joined(names.name, ...names.artists, names.album),
    order: 0
  }]

const joined = (...parts: ReadonlyArray<string | undefined>): string =>
  parts.filter((part) => part !== undefined).join("\n")

/** The latest first: minutes since 1970, negated. */
const orderOf = (value: unknown): number => {
  const at = DateTime.isDateTime(value)
    ? Option.some(value)
    : typeof value === "string"
    ? DateTime.make(value)
    : Option.none()
  return Option.match(at, { onNone: () => 0, onSome: (at) => -Math.floor(DateTime.toEpochMillis(at) / 60_000) })
}

const searchable = (kind: TextKind, start: string, textOf: (fields: Fields) => string | undefined) =>
(
  { fields, key }: Fate
): Searchable => ({
  kind,
  key,
  text: fields === undefined ? undefined : textOf(fields),
  order: orderOf(fields?.[start] ?? fields?.["start_date"])
})

/** The tables whose rows are found by their words. */
const texted: { readonly [table: string]: (fate: Fate) => Searchable } = {
  [eventsTable]: searchable("event", "start", (fields) =>
    text(fields, "status") === "cancelled"
      ? undefined
      : joined(text(fields, "summary"), text(fields, "location"), plainText(text(fields, "description") ?? ""))),
  [ouraTable("workout")]: searchable(
    "workout",
    "start_datetime",
    (fields) => joined(text(fields, "label"), text(fields, "activity"), "workout")
  ),
  [ouraTable("session")]: searchable("session", "start_datetime", (fields) => joined(text(fields, "type"), "session"))
}

/** Random pages of plays, events and days of activity, and what must have been derived from them. */
import { assert } from "@effect/vitest"
import { DateTime, Effect, Option, Schema } from "effect"
import { connectionId } from "../../src/domain/Connection.ts"
import { plainText, wordsOf } from "../../src/domain/Words.ts"
import { Surreal } from "../../src/services/Surreal.ts"
import { eventsTable } from "../../src/store/GoogleEvents.ts"
import { lineOf, ListeningDays } from "../../src/store/ListeningDays.ts"
import { ouraTable } from "../../src/store/OuraRecords.ts"
import { Plays, playsTable } from "../../src/store/Plays.ts"
import { Tracks } from "../../src/store/Tracks.ts"
import { type Key, type Row, Write } from "../../src/store/Write.ts"
import type { Randomness } from "../support/RandomQueries.ts"

export const listeners = [connectionId("spotify", "me"), connectionId("spotify", "other")]
export const calendars = connectionId("google", "me")
export const ring = connectionId("oura", "me")
export const begin = DateTime.makeUnsafe("2026-03-28T20:00:00Z").epochMilliseconds

/** Text as it may come: several scripts, markup, what looks like a query. */
const titles = [
  "Straße & Café",
  "Dinner with Zoë",
  "DROP TABLE search_word; --",
  "音楽 の 夜",
  "a b c d",
  "<b>Team</b> meeting https://meet.example/x-y-z?a=1",
  "",
  "line\nbreak"
]

const uris = [
  "spotify:track:a",
  "spotify:track:b",
  "spotify:local:x y:z",
  "spotify:track:new\nline",
  "spotify:episode:⟩'",
  "no address",
  ":"
]

interface Stored {
  readonly table: string
  readonly row: Row
  readonly live: boolean
}

/** What a store has after some pages, by the keys of its rows. */
export type Model = Map<string, Stored>

const modelKey = (table: string, key: Key): string => JSON.stringify([table, ...key])

/** One of them, or none. */
const maybe = <A>({ below }: Randomness, all: ReadonlyArray<A>): A | undefined => all[below(all.length + 1)]

export const playOf = (from: Randomness): Row => {
  const { below, pick } = from
  const at = begin + below(60 * 24) * 240_000
  const uri = pick(uris)
  return {
    key: [pick(listeners), at, uri],
    fields: {
      track_uri: uri,
      track_name: maybe(from, [...titles]),
      artist_names: pick([[], ["Zoë"], ["Zoë", "Ørsted"]]),
      artist_ids: [],
      album_name: maybe(from, ["Album"]),
      album_id: maybe(from, ["1"]),
      duration_ms: maybe(from, [0, 200_000, 240_000.4]),
      played_at: DateTime.makeUnsafe(at),
      kind: "track"
    },
    raw: { n: below(3) }
  }
}

const eventOf = (from: Randomness): Row => {
  const { below, pick } = from
  const id = `e${below(40)}`
  const start = DateTime.makeUnsafe(begin + below(5) * 3_600_000)
  return {
    key: [calendars, "home", id],
    fields: {
      google_id: id,
      calendar_id: "home",
      all_day: false,
      summary: pick(titles),
      description: maybe(from, [...titles]),
      location: maybe(from, ["Zürich"]),
      start,
      end: start,
      status: pick(["confirmed", "confirmed", "cancelled"])
    },
    raw: { n: below(2) }
  }
}

const activityTable = ouraTable("daily_activity")

const activityOf = (from: Randomness): Row => {
  const { below } = from
  const id = `a${below(30)}`
  return {
    key: [ring, id],
    fields: {
      document_id: id,
      day: `2026-03-${10 + below(5)}`,
      steps: maybe(from, [1000 + below(9)]),
      met: { items: [below(4), 1.5] }
    },
    raw: { n: below(2) }
  }
}

const rowOf: { readonly [table: string]: (from: Randomness) => Row } = {
  [playsTable]: playOf,
  [eventsTable]: eventOf,
  [activityTable]: activityOf
}

/** The writes of a page, of each table some rows that come and some that go, in either order; the model does them as well. */
export const writesOn = (model: Model, from: Randomness): ReadonlyArray<Write> => {
  const upsert = (table: string): Write => {
    const known = [...model.values()].filter((one) => one.table === table)
    const rows = from.some(12, () =>
      known.length > 0 && from.below(4) === 0
        ? from.pick(known).row
        : (rowOf[table] ?? playOf)(from))
    for (const row of rows) model.set(modelKey(table, row.key), { table, row, live: true })
    return Write.Upsert({ table, rows, listing: Option.none() })
  }
  const tombstone = (table: string): Write => {
    const known = [...model.values()].filter((one) => one.table === table)
    const gone = known.length === 0 ? [] : from.some(6, () => from.pick(known))
    for (const { row } of gone) model.set(modelKey(table, row.key), { table, row, live: false })
    return Write.Tombstone({ table, keys: gone.map(({ row }) => row.key) })
  }
  return Object.keys(rowOf).flatMap((table) => {
    const deeds = from.below(2) === 0 ? [upsert, tombstone] : [tombstone, upsert]
    return deeds.slice(from.below(2)).map((deed) => deed(table))
  })
}

export const liveRows = (model: Model, table: string) =>
  [...model.values()].flatMap((one) => one.table === table && one.live ? [one.row] : [])

const textOf = ({ description, location, status, summary }: Row["fields"]): ReadonlyArray<string> =>
  status === "cancelled"
    ? []
    : [...new Set(wordsOf([summary, location, plainText(String(description ?? ""))].join(" ")))]

/** For each track the names that it may have: those that were written on the last page that wrote any. */
export type Names = Map<string, ReadonlySet<unknown>>

export const trackId = ([connection, , uri]: Key): string => `${connection} ${lineOf(String(uri))}`

const wordsIn = Effect.fnUntraced(function*(kind: string) {
  const surreal = yield* Surreal
  return yield* surreal.query(
    Schema.Array(Schema.Array(Schema.Union([Schema.String, Schema.Finite]))),
    "SELECT VALUE record::id(id) FROM search_word:[$kind]..[$kind, ..]",
    { kind }
  )
})

export const check = Effect.fnUntraced(function*(model: Model, names: Names) {
  const days = yield* ListeningDays
  const plays = yield* Plays
  const tracks = yield* Tracks
  const range = { from: begin - 86_400_000, to: begin + 10 * 86_400_000 }
  for (const connection of listeners) {
    const rows = liveRows(model, playsTable).filter(({ key }) => key[0] === connection)
    const expected = rows.map(({ fields, key }) => ({
      at: Number(key[1]),
      duration: Math.round(Number(fields["duration_ms"] ?? 0)),
      uri: lineOf(String(key[2]))
    })).toSorted((one, other) => one.at - other.at || (one.uri < other.uri ? -1 : 1))
    assert.deepStrictEqual(yield* days.between(connection, range), expected)
    const inTable = yield* plays.between(connection, {
      from: DateTime.makeUnsafe(range.from),
      to: DateTime.makeUnsafe(range.to)
    })
    assert.lengthOf(inTable, expected.length)
    const keys = uris.map((uri) => [connection, lineOf(uri)])
    const counted = yield* tracks.played(keys)
    assert.deepStrictEqual(
      new Map(counted.map(({ first, last, plays, uri }) => [uri, [plays, first, last]])),
      new Map(keys.flatMap(([, uri = ""]) => {
        const at = expected.filter((play) => play.uri === uri).map(({ at }) => at)
        return at.length === 0 ? [] : [[uri, [at.length, Math.min(...at), Math.max(...at)]] as const]
      }))
    )
    for (const { name, uri } of counted) {
      const may = names.get(`${connection} ${uri}`)
      if (may !== undefined) assert.include([...may], Option.getOrUndefined(name))
    }
    const all = yield* tracks.named(connection, new Set(uris.map(lineOf)))
    assert.sameDeepMembers(
      (yield* wordsIn("track")).filter((id) => id[3] === connection).map((id) => [id[1], id[4]]),
      all.flatMap(({ album, artists, name, uri }) =>
        [...new Set(wordsOf([...Option.toArray(name), ...artists, ...Option.toArray(album)].join("\n")))]
          .map((word) => [word, uri])
      )
    )
  }
  assert.sameDeepMembers(
    (yield* wordsIn("event")).map(([, word, , , , id]) => [word, id]),
    liveRows(model, eventsTable).flatMap(({ fields, key }) => textOf(fields).map((word) => [word, key[2]]))
  )
  const surreal = yield* Surreal
  assert.sameDeepMembers<unknown>(
    [
      ...yield* surreal.query(
        Schema.Array(Schema.Unknown),
        "SELECT VALUE [connection, record::id(id)[1], day, steps ?? 'none', met ?? 'none', type::is_datetime(_synced_at)] FROM activity_day"
      )
    ],
    liveRows(model, activityTable).map(({ fields: { day, steps }, key: [connection, id] }) => [
      connection,
      id,
      day,
      steps ?? "none",
      "none",
      true
    ])
  )
})

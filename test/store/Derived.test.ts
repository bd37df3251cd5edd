import { assert, it } from "@effect/vitest"
import { DateTime, Effect, Layer, Option, Schema } from "effect"
import { connectionId } from "../../src/domain/Connection.ts"
import { plainText, wordsOf } from "../../src/domain/Words.ts"
import { Surreal } from "../../src/services/Surreal.ts"
import { recordId } from "../../src/services/SurrealValue.ts"
import { Commit } from "../../src/store/Commit.ts"
import { eventsTable } from "../../src/store/GoogleEvents.ts"
import { lineOf, ListeningDays } from "../../src/store/ListeningDays.ts"
import { Plays, playsTable } from "../../src/store/Plays.ts"
import { refill } from "../../src/store/Refill.ts"
import { Tracks } from "../../src/store/Tracks.ts"
import { type Key, type Row, Write } from "../../src/store/Write.ts"
import { type Randomness, randomness as random } from "../support/RandomQueries.ts"
import { memoryStoreTest } from "../support/StoreTest.ts"

const listeners = [connectionId("spotify", "me"), connectionId("spotify", "other")]
const calendars = connectionId("google", "me")
const begin = DateTime.makeUnsafe("2026-03-28T20:00:00Z").epochMilliseconds

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
  "spotify:episode:⟩'"
]

interface Stored {
  readonly table: string
  readonly row: Row
  readonly live: boolean
}

/** What a store has after some pages, by the keys of its rows. */
type Model = Map<string, Stored>

const modelKey = (table: string, key: Key): string => JSON.stringify([table, ...key])

/** One of them, or none. */
const maybe = <A>({ below }: Randomness, all: ReadonlyArray<A>): A | undefined => all[below(all.length + 1)]

const playOf = (from: Randomness): Row => {
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

/** The writes of a page, of each table some rows that come and some that go, in either order; the model does them as well. */
const writesOn = (model: Model, from: Randomness): ReadonlyArray<Write> => {
  const upsert = (table: string): Write => {
    const known = [...model.values()].filter((one) => one.table === table)
    const rows = from.some(12, () =>
      known.length > 0 && from.below(4) === 0
        ? from.pick(known).row
        : table === playsTable
        ? playOf(from)
        : eventOf(from))
    for (const row of rows) model.set(modelKey(table, row.key), { table, row, live: true })
    return Write.Upsert({ table, rows, listing: Option.none() })
  }
  const tombstone = (table: string): Write => {
    const known = [...model.values()].filter((one) => one.table === table)
    const gone = known.length === 0 ? [] : from.some(6, () => from.pick(known))
    for (const { row } of gone) model.set(modelKey(table, row.key), { table, row, live: false })
    return Write.Tombstone({ table, keys: gone.map(({ row }) => row.key) })
  }
  return [playsTable, eventsTable].flatMap((table) => {
    const deeds = from.below(2) === 0 ? [upsert, tombstone] : [tombstone, upsert]
    return deeds.slice(from.below(2)).map((deed) => deed(table))
  })
}

const liveRows = (model: Model, table: string) =>
  [...model.values()].flatMap((one) => one.table === table && one.live ? [one.row] : [])

const textOf = ({ description, location, status, summary }: Row["fields"]): ReadonlyArray<string> =>
  status === "cancelled"
    ? []
    : [...new Set(wordsOf([summary, location, plainText(String(description ?? ""))].join(" ")))]

/** For each track the names that it may have: those that were written on the last page that wrote any. */
type Names = Map<string, ReadonlySet<unknown>>

const trackId = ([connection, , uri]: Key): string => `${connection} ${lineOf(String(uri))}`

const wordsIn = Effect.fnUntraced(function*(kind: string) {
  const surreal = yield* Surreal
  return yield* surreal.query(
    Schema.Array(Schema.Array(Schema.Union([Schema.String, Schema.Finite]))),
    "SELECT VALUE record::id(id) FROM search_word:[$kind]..[$kind, ..]",
    { kind }
  )
})

const check = Effect.fnUntraced(function*(model: Model, names: Names) {
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
})

it.live("days, tracks and words are those of the rows, whatever pages have brought and taken", () =>
  Effect.gen(function*() {
    const commit = yield* Commit
    const from = random(7)
    const model: Model = new Map()
    const names: Names = new Map()
    for (let page = 0; page < 120; page++) {
      const before = new Map(model)
      const writes = writesOn(model, from)
      yield* commit.page({ stream: "test", read: 0, writes, cursor: Option.none(), fraction: Option.none() })
      // what is as it was is not written again, and names nothing
      const written = [...model].flatMap(([key, { live, row, table }]) => {
        const was = before.get(key)
        const isAsItWas = was !== undefined && was.live && was.row === row
        return table === playsTable && live && !isAsItWas ? [row] : []
      })
      for (const [track, rows] of Map.groupBy(written, ({ key }) => trackId(key))) {
        names.set(track, new Set(rows.map(({ fields }) => fields["track_name"])))
      }
      if (page % 10 === 9) yield* check(model, names)
    }
    assert.isAbove(liveRows(model, playsTable).length, 100)
  }).pipe(Effect.provide(layer)))

it.live("a store that had its rows before gets what is derived from them, once and for all", () =>
  Effect.gen(function*() {
    const commit = yield* Commit
    const surreal = yield* Surreal
    const from = random(11)
    const model: Model = new Map()
    for (let page = 0; page < 40; page++) {
      const writes = writesOn(model, from)
      yield* commit.page({ stream: "test", read: 0, writes, cursor: Option.none(), fraction: Option.none() })
    }
    for (const table of ["listening_day", "listening_track", "search_text", "search_word"]) {
      yield* surreal.execute(`DELETE ${table}`)
    }
    for (const connection of [...listeners, calendars]) {
      yield* surreal.execute("INSERT INTO connection $row", {
        row: {
          id: recordId("connection", [connection]),
          provider: "any",
          user_id: "me",
          state: "connected",
          scopes: [],
          connected_at: DateTime.makeUnsafe(begin),
          token_version: 1
        }
      })
    }
    yield* refill(surreal)
    yield* check(model, new Map())
    yield* refill(surreal)
    yield* check(model, new Map())
  }).pipe(Effect.provide(layer)))

it.live("who loses a race for a day plans again, and no play is lost", () =>
  Effect.gen(function*() {
    const commit = yield* Commit
    const days = yield* ListeningDays
    const [connection = connectionId("spotify", "me")] = listeners
    const page = (index: number) => {
      const at = begin + index * 60_000
      const row = { ...playOf(random(index)), key: [connection, at, "spotify:track:a"] }
      return {
        stream: "test",
        read: 1,
        writes: [
          Write.Upsert({
            table: playsTable,
            rows: [{
              ...row,
              fields: { ...row.fields, track_uri: "spotify:track:a", played_at: DateTime.makeUnsafe(at) }
            }],
            listing: Option.none()
          })
        ],
        cursor: Option.none(),
        fraction: Option.none()
      }
    }
    yield* Effect.forEach([0, 1, 2, 3], (index) => commit.page(page(index)), { concurrency: "unbounded" })
    const found = yield* days.between(connection, { from: begin, to: begin + 3_600_000 })
    assert.deepStrictEqual(found.map(({ at }) => (at - begin) / 60_000), [0, 1, 2, 3])
  }).pipe(Effect.provide(layer)))

const layer = Layer.mergeAll(Commit.layer, ListeningDays.layer, Plays.layer, Tracks.layer).pipe(
  Layer.provideMerge(memoryStoreTest)
)

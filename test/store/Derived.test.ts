import { assert, it } from "@effect/vitest"
import { DateTime, Effect, Layer, Option } from "effect"
import { connectionId } from "../../src/domain/Connection.ts"
import { Surreal } from "../../src/services/Surreal.ts"
import { recordId } from "../../src/services/SurrealValue.ts"
import { Commit } from "../../src/store/Commit.ts"
import { ListeningDays } from "../../src/store/ListeningDays.ts"
import { Plays, playsTable } from "../../src/store/Plays.ts"
import { rebuild } from "../../src/store/Rebuild.ts"
import { refill } from "../../src/store/Refill.ts"
import { Tracks } from "../../src/store/Tracks.ts"
import { Write } from "../../src/store/Write.ts"
import { randomness as random } from "../support/RandomQueries.ts"
import { memoryStoreTest } from "../support/StoreTest.ts"
import {
  begin,
  calendars,
  check,
  listeners,
  liveRows,
  type Model,
  type Names,
  playOf,
  ring,
  trackId,
  writesOn
} from "./DerivedModel.ts"

it.live("days, tracks and words are those of the rows, whatever pages have brought and taken", () =>
  Effect.gen(function*() {
    const commit = yield* Commit
    const from = random(7)
    const model: Model = new Map()
    const names: Names = new Map()
    for (let page = 0; page < 80; page++) {
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
    for (const table of ["activity_day", "listening_day", "listening_track", "search_text", "search_word"]) {
      yield* surreal.execute(`DELETE ${table}`)
    }
    for (const connection of [...listeners, calendars, ring]) {
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
    // rows that are gone without those that are made of them, of tracks that have others
    const played = [...model].filter(([, { live, table }]) => live && table === playsTable)
    const lost = [...Map.groupBy(played, ([, { row }]) => trackId(row.key)).values()]
      .flatMap(([first, second]) => first !== undefined && second !== undefined ? [first] : [])
      .slice(0, 3)
    yield* surreal.execute("DELETE $ids", { ids: lost.map(([, { row }]) => recordId(playsTable, row.key)) })
    for (const [key, stored] of lost) model.set(key, { ...stored, live: false })
    for (const table of ["search_text", "search_word"]) yield* surreal.execute(`DELETE ${table}`)
    assert.strictEqual(yield* rebuild(surreal), 3)
    yield* check(model, new Map())
    assert.strictEqual(yield* rebuild(surreal), 0)
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

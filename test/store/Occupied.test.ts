import { assert, it } from "@effect/vitest"
import { DateTime, Effect, Layer, Option, Stream } from "effect"
import { TestClock } from "effect/testing"
import { Surreal } from "../../src/services/Surreal.ts"
import { recordId } from "../../src/services/SurrealValue.ts"
import { FirstRecords } from "../../src/store/FirstRecords.ts"
import { ListeningDays } from "../../src/store/ListeningDays.ts"
import { occupied, stretchMillis } from "../../src/store/Occupied.ts"
import { rebuild } from "../../src/store/Rebuild.ts"
import { oura, play, plays, records, ringTable, sample, signedIn, spotify, stored } from "../records/RecordsWorld.ts"
import { memoryStoreTest } from "../support/StoreTest.ts"

const now = Date.parse("2026-11-24T12:00:00Z")

const rows = (connection: string, ...times: ReadonlyArray<number>) =>
  Effect.flatMap(Surreal, (surreal) =>
    surreal.execute("INSERT INTO thing $rows", {
      rows: times.map((at) => ({ id: recordId("thing", [connection, at, "x"]) }))
    }))

/** The numbers of the stretches that have any, and how many queries that took. */
const found = Effect.fnUntraced(function*(connection: string, unit = 1) {
  const surreal = yield* Surreal
  let asked = 0
  const counting = Surreal.of({
    ...surreal,
    query: (schema, sql, vars) => Effect.andThen(Effect.sync(() => void asked++), surreal.query(schema, sql, vars))
  })
  const stretches = yield* Stream.runCollect(occupied(counting, { table: "thing", connection, unit }))
  for (const { from, to } of stretches) assert.strictEqual(to - from, stretchMillis)
  return { stretches: stretches.map(({ from }) => from / stretchMillis), asked }
})

it.effect("the stretches that have rows are found in order, whatever lies between them", () =>
  Effect.gen(function*() {
    yield* TestClock.setTime(now)
    const last = Math.floor(now / stretchMillis)
    yield* rows("b", 0, stretchMillis - 1, stretchMillis, 3 * stretchMillis - 1, now, now + stretchMillis)
    // of others, on either side
    yield* rows("a", 5 * stretchMillis)
    yield* rows("c", 6 * stretchMillis)
    assert.deepStrictEqual((yield* found("b")).stretches, [0, 1, 2, last, last + 1])
    assert.deepStrictEqual((yield* found("c")).stretches, [6])
    assert.deepStrictEqual(yield* found("none"), { stretches: [], asked: 1 })
    assert.isBelow((yield* found("a")).asked, 50)
    // counted in days
    yield* rows("days", 29, 30, 20_000)
    assert.deepStrictEqual((yield* found("days", 86_400_000)).stretches, [0, 1, Math.floor(20_000 / 30)])
  }).pipe(Effect.provide(memoryStoreTest)))

it.effect("what is derived of plays that are years apart is made anew, and the first sample of the heart found", () =>
  Effect.gen(function*() {
    yield* TestClock.setTime(now)
    yield* signedIn
    const surreal = yield* Surreal
    const times = ["2011-03-01T10:00:00Z", "2019-07-01T10:00:00Z", "2026-11-24T11:00:00Z"]
    yield* stored(plays, ...times.map((text) => play("song", text)))
    yield* stored(ringTable("heartrate"), sample("2018-01-01T00:00:00Z", 60), sample("2017-05-06T07:08:09Z", 61))
    for (const table of ["listening_day", "listening_track", "first_record"]) yield* surreal.execute(`DELETE ${table}`)
    assert.strictEqual(yield* rebuild(surreal), 0)
    const days = yield* ListeningDays
    const counted = yield* days.between(spotify, { from: 0, to: now })
    assert.deepStrictEqual(counted.map(({ at }) => at), times.map((text) => Date.parse(text)))
    const firsts = yield* FirstRecords
    assert.deepStrictEqual(
      yield* firsts.of(ringTable("heartrate"), oura),
      Option.some(DateTime.makeUnsafe("2017-05-06T07:08:09Z"))
    )
    // and a play of long ago that is gone
    yield* surreal.execute(`DELETE ${plays} WHERE played_at < d'2015-01-01T00:00:00Z'`)
    assert.strictEqual(yield* rebuild(surreal), 1)
    assert.lengthOf(yield* days.between(spotify, { from: 0, to: now }), 2)
  }).pipe(Effect.provide(Layer.provideMerge(Layer.merge(FirstRecords.layer, ListeningDays.layer), records))))

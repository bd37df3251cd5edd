import { assert, layer } from "@effect/vitest"
import { DateTime, Effect, Layer, Option, Ref, Stream } from "effect"
import { TestClock } from "effect/testing"
import { LocalDay } from "../../src/domain/LocalDay.ts"
import { Forbidden, ProviderError } from "../../src/domain/ProviderError.ts"
import type { OuraDataType } from "../../src/domain/Task.ts"
import { Clock } from "../../src/services/Clock.ts"
import { Oura } from "../../src/services/Oura.ts"
import { OuraRecords } from "../../src/store/OuraRecords.ts"
import { SyncStates } from "../../src/store/SyncStates.ts"
import { type OuraOptions, ouraSync } from "../../src/syncs/Oura.ts"
import { connected, countOf, liveIds, runSync, syncedStore, type Walk } from "./SyncTest.ts"

const start = "2026-11-20T12:00:00Z"

const sleepScore = (day: string, score: number, id = `sleep-${day}`) => ({
  id,
  day,
  score,
  contributors: { deep_sleep: score, timing: null },
  timestamp: `${day}T00:00:00+01:00`
})
const beat = (timestamp: string, bpm: number, source = "rest") => ({ timestamp, bpm, source })

interface Account {
  /** Served whatever window is asked for, as an API with anchors of its own might. */
  readonly documents?: Partial<Record<OuraDataType, ReadonlyArray<unknown>>>
  readonly heartrate?: ReadonlyArray<{ readonly timestamp: string }>
  readonly refused?: ReadonlyArray<OuraDataType>
}

const forbidden = new ProviderError({
  provider: "oura",
  operation: "documents",
  reason: new Forbidden({ message: "scope" })
})

const account = Effect.fnUntraced(function*(userId: string, defaults: Partial<OuraOptions> = {}) {
  const connection = connected("oura", userId)
  yield* TestClock.setTime(DateTime.makeUnsafe(start).epochMilliseconds)
  const run = Effect.fnUntraced(function*(served: Account, options: Partial<OuraOptions> & Walk = {}) {
    const asked = yield* Ref.make<ReadonlyArray<string>>([])
    const note = (text: string) => Ref.update(asked, (all) => [...all, text])
    const refuse = (type: OuraDataType) => served.refused?.includes(type) === true
    const oura = Layer.mock(Oura, {
      documents: (_, type, { endDate, startDate }) =>
        refuse(type)
          ? Stream.fail(forbidden)
          : Stream.fromEffectDrain(note(`${type} ${startDate}..${endDate}`)).pipe(
            Stream.concat(Stream.fromIterable((served.documents?.[type] ?? []).map((item) => [item])))
          ),
      heartrate: (_, { from, to }) =>
        refuse("heartrate")
          ? Stream.fail(forbidden)
          : Stream.fromEffectDrain(note(`heartrate ${DateTime.formatIso(from)}..${DateTime.formatIso(to)}`)).pipe(
            Stream.concat(Stream.make((served.heartrate ?? []).filter(({ timestamp }) => {
              const at = DateTime.makeUnsafe(timestamp)
              return DateTime.between(at, { minimum: from, maximum: to })
            })))
          )
    })
    const sync = yield* ouraSync({
      dataTypes: ["daily_sleep"],
      lookbackDays: 7,
      forceLookback: false,
      ...defaults,
      ...options
    }).pipe(Effect.provide(Layer.merge(oura, Clock.layerOf(DateTime.zoneMakeNamedUnsafe("Europe/Prague")))))
    const outcome = yield* runSync(sync, connection, options)
    return { ...outcome, asked: yield* Ref.get(asked) }
  })
  const state = (type: OuraDataType) => Effect.flatMap(SyncStates, (states) => states.oura(connection.id, type))
  return { connection, run, state }
})

layer(syncedStore)("syncs/Oura", (it) => {
  it.effect("asks a day before and two days after the days it reads, and stores all that is listed", () =>
    Effect.gen(function*() {
      const { connection, run } = yield* account("days")
      const days = ["2026-11-12", "2026-11-13", "2026-11-20", "2026-11-21", "2026-11-22"]
      const { asked, counts } = yield* run({ documents: { daily_sleep: days.map((day) => sleepScore(day, 80)) } })
      assert.deepStrictEqual(asked, ["daily_sleep 2026-11-12..2026-11-23"])
      assert.deepStrictEqual([counts["oura_daily_sleep"]?.read, counts["oura_daily_sleep"]?.created], [5, 5])
      assert.deepStrictEqual(
        yield* liveIds("oura_daily_sleep", connection),
        days.map((day) => `sleep-${day}`)
      )
    }))

  it.effect("follows a document that moved out of the days it reads", () =>
    Effect.gen(function*() {
      const { connection, run } = yield* account("moved")
      yield* run({ documents: { daily_sleep: [sleepScore("2026-11-13", 70, "nap"), sleepScore("2026-11-18", 71)] } })
      const { counts } = yield* run({
        documents: { daily_sleep: [sleepScore("2026-11-12", 70, "nap"), sleepScore("2026-11-18", 71)] }
      })
      assert.deepStrictEqual(
        [counts["oura_daily_sleep"]?.updated, counts["oura_daily_sleep"]?.deleted],
        [1, 0]
      )
      assert.deepStrictEqual(yield* liveIds("oura_daily_sleep", connection), ["nap", "sleep-2026-11-18"])
      const records = yield* OuraRecords
      const day = LocalDay.make("2026-11-12")
      const moved = yield* records.documents(connection.id, "daily_sleep", { from: day, to: day })
      assert.deepStrictEqual(moved.map(({ id }) => id), ["nap"])
    }))

  it.effect("picks up what arrives late, what was recomputed and what is gone", () =>
    Effect.gen(function*() {
      const { connection, run } = yield* account("late")
      yield* run({ documents: { daily_sleep: [sleepScore("2026-11-18", 70), sleepScore("2026-11-19", 71, "old")] } })
      yield* TestClock.adjust("30 minutes")
      const { counts } = yield* run({
        documents: {
          daily_sleep: [sleepScore("2026-11-17", 60), sleepScore("2026-11-18", 75), sleepScore("2026-11-19", 71, "new")]
        }
      })
      const done = counts["oura_daily_sleep"]
      assert.deepStrictEqual([done?.created, done?.updated, done?.deleted], [2, 1, 1])
      assert.deepStrictEqual(yield* liveIds("oura_daily_sleep", connection), [
        "new",
        "sleep-2026-11-17",
        "sleep-2026-11-18"
      ])
      const records = yield* OuraRecords
      const stored = yield* records.documents(connection.id, "daily_sleep", {
        from: LocalDay.make("2026-11-17"),
        to: LocalDay.make("2026-11-18")
      })
      assert.deepStrictEqual(stored.map(({ day, score }) => `${day} ${Option.getOrNull(score)}`), [
        "2026-11-17 60",
        "2026-11-18 75"
      ])
    }))

  it.effect("removes nothing when the answer is empty or speaks of other days", () =>
    Effect.gen(function*() {
      const { connection, run } = yield* account("empty")
      yield* run({ documents: { daily_sleep: [sleepScore("2026-11-18", 70)] } })
      yield* run({ documents: {} })
      yield* run({ documents: { daily_sleep: [sleepScore("2026-11-12", 70)] } })
      assert.deepStrictEqual(yield* liveIds("oura_daily_sleep", connection), ["sleep-2026-11-12", "sleep-2026-11-18"])
    }))

  it.effect("leaves what is older than the window alone", () =>
    Effect.gen(function*() {
      const { connection, run } = yield* account("older")
      yield* run({ documents: { daily_sleep: [sleepScore("2026-11-01", 70), sleepScore("2026-11-18", 70)] } }, {
        lookbackDays: 30
      })
      yield* run({ documents: { daily_sleep: [sleepScore("2026-11-19", 70)] } })
      assert.deepStrictEqual(yield* liveIds("oura_daily_sleep", connection), ["sleep-2026-11-01", "sleep-2026-11-19"])
    }))

  it.effect("keeps a bad document aside, and does not take it for gone", () =>
    Effect.gen(function*() {
      const { connection, run } = yield* account("bad")
      yield* run({ documents: { daily_sleep: [sleepScore("2026-11-17", 70), sleepScore("2026-11-18", 70)] } })
      const bad = { ...sleepScore("2026-11-18", 70), score: "seventy" }
      const one = yield* run({ documents: { daily_sleep: [sleepScore("2026-11-19", 70), bad] } })
      assert.deepStrictEqual([one.counts["oura_daily_sleep"]?.quarantined, one.counts["oura_daily_sleep"]?.deleted], [
        1,
        1
      ])
      assert.deepStrictEqual(yield* liveIds("oura_daily_sleep", connection), ["sleep-2026-11-18", "sleep-2026-11-19"])
      const nameless = yield* run({ documents: { daily_sleep: [sleepScore("2026-11-20", 70), { day: "2026-11-18" }] } })
      assert.strictEqual(nameless.counts["oura_daily_sleep"]?.deleted, 0)
      assert.strictEqual(yield* countOf("quarantine", connection), 2)
    }))

  it.effect("reads heart rate by instants, a week a page, and drops rows that were recomputed", () =>
    Effect.gen(function*() {
      const { connection, run } = yield* account("heart", { dataTypes: ["heartrate"] })
      const first = yield* run({
        heartrate: [
          beat("2026-11-05T12:00:00Z", 50),
          beat("2026-11-13T12:00:00Z", 51),
          beat("2026-11-19T12:00:00Z", 52)
        ]
      }, { lookbackDays: 20 })
      assert.deepStrictEqual(first.asked, [
        "heartrate 2026-10-31T12:00:00.000Z..2026-11-07T12:00:00.000Z",
        "heartrate 2026-11-07T12:00:00.000Z..2026-11-14T12:00:00.000Z",
        "heartrate 2026-11-14T12:00:00.000Z..2026-11-20T12:00:00.000Z"
      ])
      assert.deepStrictEqual(first.pages.map(({ fraction }) => Option.getOrNull(fraction)), [1 / 3, 2 / 3, 1])
      assert.strictEqual(yield* countOf("oura_heartrate", connection), 3)
      const second = yield* run({
        heartrate: [beat("2026-11-19T12:00:00Z", 53), beat("2026-11-19T12:05:00+00:00", 54)]
      })
      assert.deepStrictEqual(second.asked, ["heartrate 2026-11-13T12:00:00.000Z..2026-11-20T12:00:00.000Z"])
      assert.deepStrictEqual([second.counts["oura_heartrate"]?.created, second.counts["oura_heartrate"]?.deleted], [
        2,
        1
      ])
      const records = yield* OuraRecords
      const stored = yield* records.heartrate(connection.id, {
        from: DateTime.makeUnsafe("2026-11-01T00:00:00Z"),
        to: DateTime.makeUnsafe("2026-11-20T12:00:00Z")
      })
      assert.deepStrictEqual(stored.map(({ bpm }) => bpm), [50, 51, 53, 54])
    }))

  it.effect("reads on from the end of the last sync after a long absence", () =>
    Effect.gen(function*() {
      const { run } = yield* account("absent")
      yield* run({ documents: { daily_sleep: [sleepScore("2026-11-18", 70)] } })
      yield* TestClock.adjust("60 days")
      const { asked, pages } = yield* run({ documents: {} })
      assert.deepStrictEqual(asked, [
        "daily_sleep 2026-11-12..2026-12-11",
        "daily_sleep 2026-12-09..2027-01-07",
        "daily_sleep 2027-01-05..2027-01-22"
      ])
      assert.deepStrictEqual(pages.map(({ cursor }) => Option.isSome(cursor)), [false, false, true])
    }))

  it.effect("goes on from a position that was written down, without asking for the windows before it", () =>
    Effect.gen(function*() {
      const { connection, run, state } = yield* account("position", { lookbackDays: 60 })
      const days = ["2026-09-22", "2026-10-20", "2026-11-16"]
      const served = (day: string) => ({ documents: { daily_sleep: [sleepScore(day, 70)] } })
      const cut = yield* run(served("2026-09-22"), { pages: 1 })
      assert.isTrue(Option.isNone(yield* state("daily_sleep")))
      yield* TestClock.adjust("40 days")
      const second = yield* run(served("2026-10-20"), { pages: 1, from: cut.reached[0] })
      const third = yield* run(served("2026-11-16"), { from: second.reached[0] })
      assert.deepStrictEqual([cut.asked, second.asked, third.asked], [
        ["daily_sleep 2026-09-20..2026-10-19"],
        ["daily_sleep 2026-10-17..2026-11-15"],
        ["daily_sleep 2026-11-13..2026-11-23"]
      ])
      assert.deepStrictEqual([third.pages.map(({ fraction }) => fraction), third.reached], [[Option.some(1)], []])
      assert.deepStrictEqual(yield* liveIds("oura_daily_sleep", connection), days.map((day) => `sleep-${day}`))
      assert.deepStrictEqual(
        Option.map(yield* state("daily_sleep"), ({ lastSyncEnd, recordsFetched }) => [
          DateTime.formatIso(lastSyncEnd),
          recordsFetched
        ]),
        Option.some(["2026-11-20T12:00:00.000Z", 3])
      )
    }))

  it.effect("still reads what a forced lookback has left out", () =>
    Effect.gen(function*() {
      const { run, state } = yield* account("forced")
      yield* run({ documents: {} })
      yield* TestClock.adjust("60 days")
      const forced = yield* run({ documents: {} }, { forceLookback: true, lookbackDays: 3 })
      assert.deepStrictEqual(forced.asked, ["daily_sleep 2027-01-15..2027-01-22"])
      assert.deepStrictEqual(
        Option.map(yield* state("daily_sleep"), ({ lastSyncEnd }) => DateTime.formatIso(lastSyncEnd)),
        Option.some("2026-11-20T12:00:00.000Z")
      )
      assert.strictEqual((yield* run({ documents: {} })).asked[0], "daily_sleep 2026-11-12..2026-12-11")
    }))

  it.effect("lets a type that is refused hold up no other, and moves no state but theirs", () =>
    Effect.gen(function*() {
      const { connection, run, state } = yield* account("refused", {
        dataTypes: ["heartrate", "daily_spo2", "daily_sleep", "workout"]
      })
      const outcome = yield* run({
        refused: ["daily_spo2"],
        heartrate: [beat("2026-11-19T12:00:00Z", 52)],
        documents: { daily_sleep: [sleepScore("2026-11-18", 70)] }
      })
      assert.deepStrictEqual(outcome.errors, { oura_daily_spo2: "Forbidden" })
      assert.strictEqual(yield* countOf("oura_heartrate", connection), 1)
      assert.strictEqual(yield* countOf("oura_daily_sleep", connection), 1)
      assert.isTrue(Option.isNone(yield* state("daily_spo2")))
      const slept = yield* state("daily_sleep")
      assert.deepStrictEqual(
        Option.map(slept, ({ recordsFetched, recordsStored }) => [recordsFetched, recordsStored]),
        Option.some([1, 1])
      )
      assert.isTrue(Option.isSome(yield* state("workout")))
    }))
})

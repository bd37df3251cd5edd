import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect, Option } from "effect"
import { TestClock } from "effect/testing"
import { Calendar } from "../../src/records/Calendar.ts"
import { HeartRates } from "../../src/records/HeartRates.ts"
import { Listening } from "../../src/records/Listening.ts"
import { Recorded } from "../../src/records/Recorded.ts"
import { Search } from "../../src/records/Search.ts"
import { Summary } from "../../src/records/Summary.ts"
import { Tops } from "../../src/records/Tops.ts"
import { Totals } from "../../src/records/Totals.ts"
import { tasks } from "../support/World.ts"
import {
  at,
  days,
  document,
  event,
  events,
  gone,
  play,
  plays,
  records,
  ringTable,
  sample,
  signedIn,
  stored
} from "./RecordsWorld.ts"

const ten = 600_000

describe("records", () => {
  it.effect("listening is sessions: up to ten minutes of pause belong to one, and a skipped track counts until the next", () =>
    Effect.gen(function*() {
      yield* signedIn
      yield* stored(
        plays,
        play("a", "2026-03-10T18:00:00Z"),
        play("b", "2026-03-10T18:01:00Z"), // a was skipped after a minute
        play("c", "2026-03-10T18:14:00Z"), // ten minutes after the end of b
        play("d", "2026-03-10T18:27:01Z") // more than ten after c
      )
      const sessions = yield* (yield* Listening).sessions(days("2026-03-10", "2026-03-10"), ten)
      assert.deepStrictEqual(sessions.map(({ plays }) => plays.length), [3, 1])
      assert.deepStrictEqual(sessions.map(({ listened }) => listened), [60_000 + 180_000 + 180_000, 180_000])
    }).pipe(Effect.provide(records)))

  it.effect("days are the owner's, also when they have 23 or 25 hours", () =>
    Effect.gen(function*() {
      yield* signedIn
      yield* stored(
        plays,
        play("before", "2026-03-28T22:59:00Z"),
        play("first", "2026-03-28T23:00:00Z"),
        play("last", "2026-03-29T21:59:00Z"),
        play("after", "2026-03-29T22:00:00Z"),
        play("long", "2026-10-25T22:59:00Z"),
        play("next", "2026-10-25T23:00:00Z")
      )
      const totals = yield* Totals
      const spring = yield* totals.between(days("2026-03-28", "2026-03-30"))
      assert.deepStrictEqual(spring.map(({ plays }) => plays), [1, 2, 1])
      const autumn = yield* totals.between(days("2026-10-25", "2026-10-26"))
      assert.deepStrictEqual(autumn.map(({ plays }) => plays), [1, 1])
    }).pipe(Effect.provide(records)))

  it.effect("a play that was taken back or corrected is not counted twice", () =>
    Effect.gen(function*() {
      yield* signedIn
      yield* stored(plays, play("a", "2026-03-10T18:00:00Z"), play("b", "2026-03-10T18:05:00Z"))
      yield* stored(plays, play("a", "2026-03-10T18:00:00Z", { millis: 60_000 }))
      yield* gone(plays, play("b", "2026-03-10T18:05:00Z").key)
      const [day] = yield* (yield* Totals).between(days("2026-03-10", "2026-03-10"))
      assert.deepStrictEqual([day?.plays, day?.listened], [1, 60_000])
    }).pipe(Effect.provide(records)))

  it.effect("an event counts on each day that it touches, and not on the one at whose midnight it ends", () =>
    Effect.gen(function*() {
      yield* signedIn
      yield* stored(
        events,
        event("night", { start: at("2026-03-10T21:00:00Z"), end: at("2026-03-11T02:00:00Z") }),
        event("evening", { start: at("2026-03-10T20:00:00Z"), end: at("2026-03-10T23:00:00Z") }),
        event("holiday", { all_day: true, start_date: "2026-03-11", end_date: "2026-03-13" }),
        event("called off", {
          start: at("2026-03-11T08:00:00Z"),
          end: at("2026-03-11T09:00:00Z"),
          status: "cancelled"
        }),
        event("months", { start: at("2026-01-01T08:00:00Z"), end: at("2026-06-01T08:00:00Z") })
      )
      const totals = yield* (yield* Totals).between(days("2026-03-10", "2026-03-13"))
      assert.deepStrictEqual(totals.map(({ events }) => events), [3, 3, 2, 1])
      const { timed, wholeDays } = yield* (yield* Calendar).between(days("2026-03-12", "2026-03-12"))
      assert.deepStrictEqual(timed.length, 1)
      assert.deepStrictEqual(wholeDays.map(({ first, last }) => [first, last]), [["2026-03-11", "2026-03-12"]])
      yield* gone(events, event("months", {}).key)
      assert.lengthOf((yield* (yield* Calendar).between(days("2026-03-12", "2026-03-12"))).timed, 0)
    }).pipe(Effect.provide(records)))

  it.effect("heart rate is reduced to the mean, least and greatest of each stretch, or told sample by sample", () =>
    Effect.gen(function*() {
      yield* signedIn
      yield* stored(
        ringTable("heartrate"),
        sample("2026-03-10T12:00:00Z", 60),
        sample("2026-03-10T12:04:59Z", 90),
        sample("2026-03-10T12:05:00Z", 100)
      )
      const rates = yield* HeartRates
      const five = yield* rates.between(days("2026-03-10", "2026-03-10"), 300)
      assert.deepStrictEqual(five.map(({ max, mean, min, samples }) => [mean, min, max, samples]), [[75, 60, 90, 2], [
        100,
        100,
        100,
        1
      ]])
      assert.lengthOf(yield* rates.between(days("2026-03-10", "2026-03-10"), 0), 3)
    }).pipe(Effect.provide(records)))

  it.effect("tops count a play for each of its artists, by plays and by time, within the days alone", () =>
    Effect.gen(function*() {
      yield* signedIn
      yield* stored(
        plays,
        play("a", "2026-03-10T18:00:00Z", { artists: ["Can", "Neu!"] }),
        play("a", "2026-03-10T19:00:00Z", { artists: ["Can", "Neu!"] }),
        play("b", "2026-03-10T20:00:00Z", { artists: ["Cluster"], millis: 3_000_000 }),
        play("c", "2026-03-11T23:30:00Z", { artists: ["Faust"] }) // the next day, in Berlin
      )
      const tops = yield* Tops
      const range = days("2026-03-10", "2026-03-11")
      const byPlays = yield* tops.between(range, { of: "artists", by: "plays", limit: 10 })
      assert.deepStrictEqual(byPlays.tops.map(({ name, plays }) => [name, plays]).toSorted(), [["Can", 2], [
        "Cluster",
        1
      ], ["Neu!", 2]])
      const byMinutes = yield* tops.between(range, { of: "artists", by: "minutes", limit: 1 })
      assert.deepStrictEqual([byMinutes.total, byMinutes.tops[0]?.name], [3, "Cluster"])
      const tracks = yield* tops.between(range, { of: "tracks", by: "plays", limit: 1 })
      assert.deepStrictEqual(tracks.tops.map(({ artists, name, plays }) => [name, artists, plays]), [["a", [
        "Can",
        "Neu!"
      ], 2]])
    }).pipe(Effect.provide(records)))

  it.effect("the summary knows first and last, sessions, and the hours of the owner's week", () =>
    Effect.gen(function*() {
      yield* signedIn
      yield* stored(plays, play("a", "2026-03-09T23:30:00Z"), play("b", "2026-03-14T22:10:00Z"))
      const summary = yield* (yield* Summary).between(days("2026-03-09", "2026-03-14"))
      assert.deepStrictEqual([summary.plays, summary.artists, summary.tracks, summary.sessions], [2, 1, 2, 2])
      // half past midnight on Tuesday, ten past eleven on Saturday evening
      assert.strictEqual(summary.rhythm[24]?.plays, 1)
      assert.strictEqual(summary.rhythm[5 * 24 + 23]?.plays, 1)
      assert.strictEqual(summary.rhythm.reduce((sum, { plays }) => sum + plays, 0), 2)
    }).pipe(Effect.provide(records)))

  it.effect("search finds all words by their beginnings, without regard to case and accents, and nothing that is gone", () =>
    Effect.gen(function*() {
      yield* signedIn
      const start = { start: at("2026-03-10T18:00:00Z"), end: at("2026-03-10T19:00:00Z") }
      yield* stored(
        events,
        event("1", { summary: "Dinner with Zoë", location: "Straße 7", ...start }),
        event("2", { summary: "Dinner alone", ...start })
      )
      yield* stored(plays, play("Vitamin C", "2026-03-10T18:00:00Z"))
      yield* stored(
        ringTable("workout"),
        document("w", "2026-03-10", {
          activity: "running",
          label: "Morning",
          start_datetime: at("2026-03-10T06:00:00Z"),
          start_datetime_local: "2026-03-10T07:00:00+01:00"
        })
      )
      const search = yield* Search
      const tagsOf = (text: string) =>
        Effect.map(search.find(text, 10), ({ found }) => found.map(({ _tag }) => _tag).toSorted())
      assert.deepStrictEqual(yield* tagsOf("din zoe"), ["Event"])
      assert.deepStrictEqual(yield* tagsOf("STRASSE"), ["Event"])
      assert.deepStrictEqual(yield* tagsOf("din"), ["Event", "Event"])
      assert.deepStrictEqual(yield* tagsOf("vita"), ["Track"])
      assert.deepStrictEqual(yield* tagsOf("can"), ["Artist", "Track"])
      assert.deepStrictEqual(yield* tagsOf("morning run"), ["Activity"])
      assert.deepStrictEqual(yield* tagsOf("morning yoga"), [])
      assert.deepStrictEqual(yield* tagsOf("'; DELETE google_calendar_events; --"), [])
      yield* stored(events, event("1", { summary: "Lunch with Zoë", ...start }))
      yield* gone(events, event("2", {}).key)
      assert.deepStrictEqual(yield* tagsOf("dinner"), [])
      assert.deepStrictEqual(yield* tagsOf("lunch"), ["Event"])
    }).pipe(Effect.provide(records)))

  it.effect("what was lost is told, and what came before the first record, and what no account brings", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(at("2026-03-12T12:00:00Z").epochMilliseconds)
      const recorded = yield* Recorded
      const all = [tasks.spotify, tasks.google_calendar]
      const range = days("2026-03-01", "2026-03-12")
      const kindsOf = Effect.map(
        recorded.between(range, { tasks: all }),
        ({ unrecorded }) => new Set(unrecorded.map(({ kind, why }) => `${kind} ${why}`))
      )
      assert.isTrue((yield* kindsOf).has("listening not_connected"))
      yield* signedIn
      yield* stored(plays, play("a", "2026-03-05T18:00:00Z"))
      const { unrecorded } = yield* recorded.between(range, { tasks: all })
      const listening = unrecorded.filter(({ kind }) => kind === "listening")
      assert.isNotEmpty(listening)
      for (const { from, to } of listening) {
        assert.isTrue(DateTime.isLessThan(from, to))
        assert.isFalse(DateTime.isGreaterThan(to, at("2026-03-12T12:00:00Z")))
      }
      assert.isTrue(Option.isNone((yield* recorded.between(range, { tasks: all })).coverage[0]?.until ?? Option.none()))
    }).pipe(Effect.provide(records)))
})

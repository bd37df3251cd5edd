import { assert, layer } from "@effect/vitest"
import { DateTime, Effect, Layer, Option, Schema } from "effect"
import { CalendarEventFromGoogle } from "../../src/domain/CalendarEvent.ts"
import { connectionId } from "../../src/domain/Connection.ts"
import { spanOf } from "../../src/domain/DayRange.ts"
import { LocalDay, plusDays } from "../../src/domain/LocalDay.ts"
import { Surreal } from "../../src/services/Surreal.ts"
import { Commit } from "../../src/store/Commit.ts"
import { eventKey, eventRow, eventsTable, GoogleEvents } from "../../src/store/GoogleEvents.ts"
import { Write } from "../../src/store/Write.ts"
import { randomness } from "../support/RandomQueries.ts"
import { storeTest } from "../support/StoreTest.ts"

const day = 86_400_000

const at = (text: string) => DateTime.makeUnsafe(text)
const account = (name: string) => connectionId("google", name)

const timed = (id: string, start: string, end: string) => ({ id, start: { dateTime: start }, end: { dateTime: end } })
const days = (id: string, start: string, end: string) => ({ id, start: { date: start }, end: { date: end } })

const store = Effect.fnUntraced(
  function*(name: string, calendarId: string, items: ReadonlyArray<{ readonly id: string }>) {
    const rows = yield* Effect.forEach(
      items,
      (raw) =>
        Effect.map(
          Schema.decodeUnknownEffect(CalendarEventFromGoogle)(raw),
          (event) => eventRow(account(name), calendarId, event, raw)
        )
    )
    yield* write(Write.Upsert({ table: eventsTable, rows, listing: Option.none() }))
  }
)

const write = (...writes: ReadonlyArray<Write>) =>
  Effect.flatMap(
    Commit,
    (commit) => commit.page({ stream: eventsTable, read: 0, writes, cursor: Option.none(), fraction: Option.none() })
  )

const timedIds = (name: string, from: string, to: string) =>
  Effect.flatMap(GoogleEvents, (events) => events.timed(account(name), { from: at(from), to: at(to) })).pipe(
    Effect.map((found) => found.map(({ event }) => event.id))
  )

layer(Layer.mergeAll(GoogleEvents.layer, Commit.layer).pipe(Layer.provideMerge(storeTest)))(
  "store/GoogleEvents",
  (it) => {
    it.effect("gives back an event with all it has, also of a calendar with a strange id", () =>
      Effect.gen(function*() {
        const raw = {
          id: "kjv66f7m8aro4ib08koalp9qml_20260921T133000Z",
          status: "tentative",
          recurringEventId: "kjv66f7m8aro4ib08koalp9qml",
          originalStartTime: { dateTime: "2026-09-21T09:30:00-04:00", timeZone: "America/New_York" },
          start: { dateTime: "2026-09-21T11:30:00-04:00", timeZone: "America/New_York" },
          end: { dateTime: "2026-09-21T18:30:00+02:00", timeZone: "Europe/Prague" },
          summary: "O'Brien's \"quote\" `tick` ⟩ نص 👩‍🚀",
          description: "Cafe\u0301 ".repeat(1000),
          location: "",
          iCalUID: "whole@example.org",
          colorId: "11",
          htmlLink: "https://x",
          created: "2026-01-17T17:33:38.000Z",
          updated: "2026-03-17T17:33:38.823Z",
          eventType: "default",
          transparency: "opaque"
        }
        const event = yield* Schema.decodeUnknownEffect(CalendarEventFromGoogle)(raw)
        const calendarId = "cs.czech#holiday'@group.v.calendar.google.com"
        yield* store("whole", calendarId, [raw])
        const events = yield* GoogleEvents
        assert.deepStrictEqual(
          yield* events.timed(account("whole"), { from: at("2026-09-21T00:00:00Z"), to: at("2026-09-22T00:00:00Z") }),
          [{ calendarId, uid: raw.iCalUID, isImported: false, event }]
        )
      }))

    it.effect("finds the timed events that touch a range, also those that began before it", () =>
      Effect.gen(function*() {
        yield* store("timed", "home", [
          timed("before", "2026-11-01T08:00:00Z", "2026-11-01T10:00:00Z"),
          timed("into", "2026-11-01T09:00:00Z", "2026-11-01T10:00:00.001Z"),
          timed("weeks", "2026-10-01T00:00:00Z", "2026-12-01T00:00:00Z"),
          timed("first", "2026-11-01T10:00:00Z", "2026-11-01T11:00:00Z"),
          timed("last", "2026-11-01T11:59:59.999Z", "2026-11-01T13:00:00Z"),
          timed("after", "2026-11-01T12:00:00Z", "2026-11-01T13:00:00Z"),
          days("day", "2026-11-01", "2026-11-02")
        ])
        assert.deepStrictEqual(yield* timedIds("timed", "2026-11-01T10:00:00Z", "2026-11-01T12:00:00Z"), [
          "weeks",
          "into",
          "first",
          "last"
        ])
      }))

    it.effect("is exact to the millisecond at both ends, with and without fractions", () =>
      Effect.gen(function*() {
        const seconds = [
          "2026-11-01T10:00:00Z",
          "2026-11-01T10:00:00.001Z",
          "2026-11-01T10:00:00.500Z",
          "2026-11-01T10:00:01Z"
        ]
        yield* store("exact", "home", seconds.map((time) => timed(time, time, "2026-11-01T10:30:00Z")))
        yield* store("exact", "home", seconds.map((time) => timed(`till ${time}`, "2026-11-01T09:00:00Z", time)))
        const millis = (text: string) => at(text).epochMilliseconds
        for (const from of seconds) {
          for (const to of seconds.filter((to) => millis(to) > millis(from))) {
            const begun = seconds.filter((time) => millis(time) < millis(to))
            const running = seconds.filter((time) => millis(time) > millis(from)).map((time) => `till ${time}`)
            assert.sameMembers([...yield* timedIds("exact", from, to)], [...begun, ...running], `${from} ${to}`)
          }
        }
        assert.sameMembers([...yield* timedIds("exact", "2026-11-01T10:30:00Z", "2026-11-01T11:00:00Z")], [])
        const begun = yield* timedIds("exact", "2026-11-01T09:00:00Z", "2026-11-01T10:00:00.001Z")
        assert.sameMembers([...begun], [...seconds.map((time) => `till ${time}`), "2026-11-01T10:00:00Z"])
      }))

    it.effect("finds the all-day events that touch some days, their end being exclusive", () =>
      Effect.gen(function*() {
        yield* store("days", "home", [
          days("ended", "2026-11-01", "2026-11-05"),
          days("through", "2026-11-01", "2026-11-30"),
          days("last-day", "2026-11-04", "2026-11-06"),
          days("later", "2026-11-07", "2026-11-08"),
          days("on-it", "2026-11-06", "2026-11-07")
        ])
        const events = yield* GoogleEvents
        const found = yield* events.allDay(account("days"), {
          from: LocalDay.make("2026-11-05"),
          to: LocalDay.make("2026-11-06")
        })
        assert.deepStrictEqual(found.map(({ event }) => event.id), ["through", "last-day", "on-it"])
        assert.isTrue(found.every(({ event }) => event.isAllDay))
      }))

    it.effect("finds every event that touches some days, whether it takes a minute or a year", () =>
      Effect.gen(function*() {
        const { below, pick } = randomness(3)
        const begin = at("2025-01-01T00:00:00Z").epochMilliseconds
        const lengths = [0, 60_000, 3_600_000, 30 * day, 31 * day - 1, 31 * day, 31 * day + 1, 40 * day, 400 * day]
        const all = Array.from({ length: 150 }, (_, index) => {
          const start = begin + below(500) * day + below(24) * 3_600_000
          return { id: `t${index}`, start, end: start + pick(lengths) }
        })
        const whole = Array.from({ length: 150 }, (_, index) => {
          const first = plusDays(LocalDay.make("2025-01-01"), below(500))
          return { id: `d${index}`, first, end: plusDays(first, pick([1, 2, 31, 32, 33, 200])) }
        })
        const iso = (millis: number) => DateTime.formatIso(DateTime.makeUnsafe(millis))
        yield* store("long", "home", all.map(({ end, id, start }) => timed(id, iso(start), iso(end))))
        yield* store("long", "home", whole.map(({ end, first, id }) => days(id, first, end)))
        // a long one that becomes short, and a short one that becomes long
        for (const [index, length] of [[0, day], [1, 100 * day]] as const) {
          const event = { ...all[index], id: `t${index}`, start: begin + 200 * day, end: begin + 200 * day + length }
          all[index] = event
          yield* store("long", "home", [timed(event.id, iso(event.start), iso(event.end))])
        }
        const events = yield* GoogleEvents
        for (let count = 0; count < 40; count++) {
          const first = plusDays(LocalDay.make("2024-12-01"), below(900))
          const range = { from: first, to: plusDays(first, below(42)) }
          const span = spanOf(range, DateTime.zoneMakeNamedUnsafe("Europe/Berlin"))
          const from = span.from.epochMilliseconds
          const to = span.to.epochMilliseconds
          const expected = all.filter(({ end, start }) => start < to && (start >= from || end > from))
          const expectedDays = whole.filter(({ end, first }) => first <= range.to && end > range.from)
          const found = yield* events.timed(account("long"), span)
          assert.sameMembers(found.map(({ event }) => event.id), expected.map(({ id }) => id))
          const onDays = yield* events.allDay(account("long"), range)
          assert.sameMembers(onDays.map(({ event }) => event.id), expectedDays.map(({ id }) => id))
          const times = yield* events.times(account("long"), span, range)
          assert.sameDeepMembers(
            [...times.timed],
            expected.map(({ end, id, start }) => ({ uid: `${id}@google.com`, start, end }))
          )
          assert.sameDeepMembers(
            [...times.wholeDays],
            expectedDays.map(({ end, first, id }) => ({ uid: `${id}@google.com`, first, last: plusDays(end, -1) }))
          )
        }
      }))

    it.effect("has nothing of an event's instants left when it becomes an all-day one", () =>
      Effect.gen(function*() {
        yield* store("turns", "home", [timed("e", "2026-11-01T10:00:00Z", "2026-11-01T11:00:00Z")])
        yield* store("turns", "home", [days("e", "2026-11-01", "2026-11-02")])
        assert.deepStrictEqual(yield* timedIds("turns", "2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z"), [])
      }))

    it.effect("tells whether a calendar has anything live, past any number of tombstones", () =>
      Effect.gen(function*() {
        const events = yield* GoogleEvents
        const ids = Array.from({ length: 20 }, (_, index) => `e${String(index).padStart(2, "0")}`)
        yield* store("live", "home", ids.map((id) => timed(id, "2026-11-01T10:00:00Z", "2026-11-01T11:00:00Z")))
        const gone = (some: ReadonlyArray<string>) =>
          write(Write.Tombstone({ table: eventsTable, keys: some.map((id) => eventKey(account("live"), "home", id)) }))
        yield* gone(ids.slice(0, 19))
        const live = (calendarId: string, from = "2026-11-01T00:00:00Z", except: ReadonlyArray<string> = []) =>
          events.hasLive(account("live"), calendarId, { from: at(from), zone: Option.some("Europe/Prague"), except })
        assert.isTrue(yield* live("home"))
        assert.isTrue(yield* live("home", "2026-11-01T10:59:59.999Z"))
        assert.isFalse(yield* live("home", "2026-11-01T11:00:00Z"))
        assert.isFalse(yield* live("home", "2026-11-01T00:00:00Z", ["e19"]))
        assert.isFalse(yield* live("hom"))
        yield* gone(ids)
        assert.isFalse(yield* live("home"))
        assert.deepStrictEqual(yield* timedIds("live", "2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z"), [])
      }))

    it.effect("reads a range with both its bounds from an index", () =>
      Effect.gen(function*() {
        const surreal = yield* Surreal
        const plan = yield* surreal.query(
          Schema.Unknown,
          `SELECT * FROM ${eventsTable} WITH INDEX ${eventsTable}_by_start ` +
            "WHERE start >= $from AND start < $to AND connection = 'x' AND deleted_at = NONE EXPLAIN",
          { from: at("2026-11-01T00:00:00Z"), to: at("2026-11-02T00:00:00Z") }
        )
        assert.include(
          Schema.encodeSync(Schema.fromJsonString(Schema.Unknown))(plan),
          "\"access\":\">=d'2026-11-01T00:00:00Z' <d'2026-11-02T00:00:00Z'\""
        )
      }))
  }
)

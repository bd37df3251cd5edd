import { assert, layer } from "@effect/vitest"
import { DateTime, Effect, Layer, Option, Schema } from "effect"
import { CalendarEventFromGoogle } from "../../src/domain/CalendarEvent.ts"
import { connectionId } from "../../src/domain/Connection.ts"
import { LocalDay } from "../../src/domain/LocalDay.ts"
import { Surreal } from "../../src/services/Surreal.ts"
import { Commit } from "../../src/store/Commit.ts"
import { eventKey, eventRow, eventsTable, GoogleEvents } from "../../src/store/GoogleEvents.ts"
import { Write } from "../../src/store/Write.ts"
import { storeTest } from "../support/StoreTest.ts"

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
          [{ calendarId, event }]
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

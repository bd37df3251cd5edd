import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect, Option, Schema } from "effect"
import { CalendarEventFromGoogle, CancelledFromGoogle, EventTime } from "../../src/domain/CalendarEvent.ts"
import { LocalDay } from "../../src/domain/LocalDay.ts"

const decode = Schema.decodeUnknownEffect(CalendarEventFromGoogle)
const cancelled = Schema.decodeUnknownEffect(CancelledFromGoogle)

const timed = {
  kind: "calendar#event",
  etag: "\"3547537637646000\"",
  id: "76krivuv3ol41dm00j5fvi7adi",
  status: "confirmed",
  htmlLink: "https://www.google.com/calendar/event?eid=x",
  created: "2026-01-17T17:33:38.000Z",
  updated: "2026-03-17T17:33:38.823Z",
  summary: "Yoga",
  creator: { email: "me@example.com", self: true },
  start: { dateTime: "2026-12-23T16:15:00-05:00", timeZone: "America/New_York" },
  end: { dateTime: "2026-12-23T16:45:00-05:00", timeZone: "America/New_York" },
  iCalUID: "76krivuv3ol41dm00j5fvi7adi@google.com",
  sequence: 0,
  attendees: [{ email: "a@example.com", responseStatus: "needsAction" }],
  reminders: { useDefault: true },
  eventType: "default"
}

const moment = (text: string, zone: Option.Option<string> = Option.none()) =>
  EventTime.cases.Moment.make({ at: DateTime.makeUnsafe(text), zone })
const day = (text: string) => EventTime.cases.Day.make({ date: LocalDay.make(text) })

describe("domain/CalendarEvent", () => {
  it.effect("reads a timed event as instants, with the zone beside them", () =>
    Effect.gen(function*() {
      const event = yield* decode(timed)
      assert.deepStrictEqual(event.start, moment("2026-12-23T21:15:00Z", Option.some("America/New_York")))
      assert.deepStrictEqual(event.end, Option.some(moment("2026-12-23T21:45:00Z", Option.some("America/New_York"))))
      assert.isFalse(event.isAllDay)
      assert.deepStrictEqual(event.seriesId, Option.none())
      assert.deepStrictEqual(event.description, Option.none())
    }))

  it.effect("leaves the days of an all-day event as days", () =>
    Effect.gen(function*() {
      const event = yield* decode({
        id: "rd3si7buuj78jfr6avs3ms16le",
        status: "confirmed",
        start: { date: "2027-01-09" },
        end: { date: "2027-01-16" },
        transparency: "transparent"
      })
      assert.isTrue(event.isAllDay)
      assert.deepStrictEqual(event.start, day("2027-01-09"))
      assert.deepStrictEqual(event.end, Option.some(day("2027-01-16")))
      assert.deepStrictEqual(event.summary, Option.none())
    }))

  it.effect("keeps the two zones of a flight apart, and takes whichever of date and dateTime is sent", () =>
    Effect.gen(function*() {
      const event = yield* decode({
        ...timed,
        start: { date: null, dateTime: "2026-06-01T10:00:00+02:00", timeZone: "Europe/Prague" },
        end: { dateTime: "2026-06-01T13:00:00-04:00", timeZone: "America/New_York" }
      })
      assert.deepStrictEqual(event.start, moment("2026-06-01T08:00:00Z", Option.some("Europe/Prague")))
      assert.deepStrictEqual(event.end, Option.some(moment("2026-06-01T17:00:00Z", Option.some("America/New_York"))))
    }))

  it.effect("reads a moved instance with its series and the slot it fills", () =>
    Effect.gen(function*() {
      const event = yield* decode({
        id: "kjv66f7m8aro4ib08koalp9qml_20260921T133000Z",
        status: "confirmed",
        recurringEventId: "kjv66f7m8aro4ib08koalp9qml",
        originalStartTime: { dateTime: "2026-09-21T09:30:00-04:00", timeZone: "America/New_York" },
        start: { dateTime: "2026-09-21T11:30:00-04:00" },
        end: { dateTime: "2026-09-21T12:30:00-04:00" }
      })
      assert.deepStrictEqual(event.seriesId, Option.some("kjv66f7m8aro4ib08koalp9qml"))
      assert.deepStrictEqual(
        event.originalStart,
        Option.some(moment("2026-09-21T13:30:00Z", Option.some("America/New_York")))
      )
      assert.deepStrictEqual(event.start, moment("2026-09-21T15:30:00Z"))
    }))

  it.effect("needs nothing but the id of a deleted event", () =>
    Effect.gen(function*() {
      const event = yield* cancelled({
        kind: "calendar#event",
        etag: "\"3572585501409000\"",
        id: "2nljfo2c9s3k6e1v",
        status: "cancelled"
      })
      assert.strictEqual(event.id, "2nljfo2c9s3k6e1v")
      assert.deepStrictEqual(event.recurringEventId, Option.none())
    }))

  it.effect("reads a cancelled instance with its series", () =>
    Effect.gen(function*() {
      const event = yield* cancelled({
        id: "73q78u0oe2kvnmvlgfr6q2618o_20261023T020000Z",
        status: "cancelled",
        recurringEventId: "73q78u0oe2kvnmvlgfr6q2618o",
        originalStartTime: { dateTime: "2026-10-22T22:00:00-04:00", timeZone: "America/New_York" }
      })
      assert.deepStrictEqual(event.recurringEventId, Option.some("73q78u0oe2kvnmvlgfr6q2618o"))
    }))

  it.effect("does not take a live event for a cancelled one", () =>
    Effect.gen(function*() {
      assert.strictEqual((yield* Effect.exit(cancelled(timed)))._tag, "Failure")
    }))

  it.effect("leaves text as it was sent, however long and in whatever form", () =>
    Effect.gen(function*() {
      const description = "שלום <b>Cafe\u0301</b> 👩🏽‍🚀\n".repeat(400)
      const event = yield* decode({ ...timed, summary: "  نص  ", description })
      assert.deepStrictEqual(event.summary, Option.some("  نص  "))
      assert.deepStrictEqual(event.description, Option.some(description))
    }))

  it.effect("refuses an event without a start, or with a time that names no instant", () =>
    Effect.gen(function*() {
      const { start: _, ...endless } = timed
      for (
        const each of [
          endless,
          { ...timed, start: {} },
          { ...timed, start: { dateTime: "2026-12-23T16:15:00" } },
          { ...timed, start: { date: "2026-02-30" } },
          { ...timed, id: "" }
        ]
      ) assert.strictEqual((yield* Effect.exit(decode(each)))._tag, "Failure")
    }))
})

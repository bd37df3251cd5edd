import { assert, layer } from "@effect/vitest"
import { DateTime, Effect, FileSystem, Option, Redacted, Schema } from "effect"
import { DataFolder } from "../../src/config/Places.ts"
import { Calendar } from "../../src/records/Calendar.ts"
import { Totals } from "../../src/records/Totals.ts"
import { Surreal } from "../../src/services/Surreal.ts"
import { eventsTable } from "../../src/store/GoogleEvents.ts"
import { ImportedCalendars } from "../../src/store/ImportedCalendars.ts"
import { CalendarAddresses } from "../../src/workflows/CalendarAddresses.ts"
import { uploadFolder } from "../../src/workflows/Import.ts"
import { ImportCalendar } from "../../src/workflows/ImportCalendar.ts"
import { at, days, event as googles, signedIn, stored } from "../records/RecordsWorld.ts"
import { calendar, customZone, event } from "../support/Calendars.ts"
import { fileIn } from "../support/Histories.ts"
import { heldText } from "../support/StoreTest.ts"
import { until } from "../support/Turns.ts"
import { Server, world } from "./CalendarWorld.ts"

let number = 0

const imported = Effect.fnUntraced(function*(text: string | Uint8Array, name = "home") {
  const upload = `upload-${number++}`
  yield* fileIn(uploadFolder((yield* DataFolder).path), upload, text)
  return yield* ImportCalendar.execute({
    key: upload,
    upload,
    file: "home.ics",
    calendar: name,
    fetched: null
  })
})

const clean = Effect.flatMap(Surreal, (surreal) =>
  Effect.forEach(
    [eventsTable, "imported_calendar", "quarantine", "connection"],
    (table) => surreal.execute(`DELETE ${table}`),
    { discard: true }
  ))

/** The events of some days of October 2026 in Berlin, as they are shown. */
const shown = Effect.fnUntraced(function*(from = "2026-10-01", to = "2026-10-31") {
  const { timed, wholeDays } = yield* Effect.flatMap(Calendar, ({ between }) => between(days(from, to)))
  return [
    ...timed.map(({ end, event: { summary }, start }) =>
      `${DateTime.formatIso(start).slice(5, 16)} ${DateTime.formatIso(end).slice(5, 16)} ${
        Option.getOrElse(summary, () => "")
      }`
    ),
    ...wholeDays.map(({ event: { summary }, first, last }) =>
      `${first.slice(5)} ${last.slice(5)} ${Option.getOrElse(summary, () => "")}`
    )
  ]
})

const problems = Effect.flatMap(
  Surreal,
  (surreal) => surreal.query(Schema.Array(Schema.String), "SELECT VALUE problem FROM quarantine ORDER BY problem")
)

layer(world, { excludeTestServices: true })("workflows/ImportCalendar", (it) => {
  it.effect("brings single events, whole days and every time of a series, with what was changed of it, once", () =>
    Effect.gen(function*() {
      yield* clean
      const text = calendar(
        event(
          "swim_20261005",
          "SUMMARY:Swim later",
          "RECURRENCE-ID;TZID=Europe/Berlin:20261013T070000",
          "DTSTART;TZID=Europe/Berlin:20261013T090000",
          "DTEND;TZID=Europe/Berlin:20261013T100000"
        ).replace("swim_20261005", "swim"),
        event("coffee", "SUMMARY:Coffee\\, black", "DTSTART:20261001T080000Z", "DURATION:PT45M"),
        event("trip", "SUMMARY:Trip", "DTSTART;VALUE=DATE:20261024", "DTEND;VALUE=DATE:20261027"),
        event(
          "swim",
          "SUMMARY:Swim",
          "DTSTART;TZID=Europe/Berlin:20261006T070000",
          "DTEND;TZID=Europe/Berlin:20261006T080000",
          "RRULE:FREQ=WEEKLY;UNTIL=20261027T235959Z",
          "EXDATE;TZID=Europe/Berlin:20261020T070000"
        ),
        event("plan", "SUMMARY:Plan", "DTSTART;TZID=Customized Time Zone:20261026T093000", "DURATION:PT1H"),
        customZone,
        event("float", "SUMMARY:Float", "DTSTART:20261028T120000")
      )
      const first = yield* imported(text)
      assert.deepInclude(first, { kind: "calendar", records: 6, created: 7, quarantined: 0, faults: [] })
      const expected = [
        "10-01T08:00 10-01T08:45 Coffee, black",
        "10-06T05:00 10-06T06:00 Swim",
        "10-13T07:00 10-13T08:00 Swim later",
        "10-26T08:30 10-26T09:30 Plan",
        "10-27T06:00 10-27T07:00 Swim",
        "10-28T11:00 10-28T11:00 Float",
        "10-24 10-26 Trip"
      ]
      assert.deepStrictEqual(yield* shown(), expected)
      const later = text.replaceAll("DTSTAMP:20260101T000000Z", "DTSTAMP:20261101T000000Z")
      assert.deepInclude(yield* imported(later), { records: 6, created: 0, updated: 0, unchanged: 7 })
      assert.deepStrictEqual(yield* shown(), expected)
      assert.isFalse(
        yield* Effect.flatMap(
          FileSystem.FileSystem,
          (fs) => Effect.flatMap(DataFolder, ({ path }) => fs.exists(`${uploadFolder(path)}/upload-0`))
        )
      )
    }))

  it.effect("keeps what cannot be read, says why, and reads the rest", () =>
    Effect.gen(function*() {
      yield* clean
      const start = "DTSTART:20261005T070000Z"
      const result = yield* imported(
        calendar(
          event("a", "SUMMARY:A", start, "RRULE:FREQ=SECONDLY"),
          event("b", "SUMMARY:B", "DTSTART:20261399T070000Z"),
          event("c", "SUMMARY:C", "DTSTART;TZID=Nowhere/Land:20261005T070000"),
          event("d", "SUMMARY:D"),
          event("e", "SUMMARY:E", "no line of a calendar", start),
          event("f", "SUMMARY:F", "DTSTART:19000101T070000Z", "RRULE:FREQ=DAILY")
        ).replace(/END:VCALENDAR\s*$/, "")
      )
      assert.deepInclude(result, { records: 6, created: 1, quarantined: 5 })
      assert.match(result.faults.join(), /its end is missing/)
      assert.deepStrictEqual(yield* shown(), ["10-05T07:00 10-05T07:00 E"])
      const told = (yield* problems).join("\n")
      for (
        const why of [
          /more often than daily/,
          /20261399T070000Z for a time/,
          /Nowhere\/Land/,
          /when it begins/,
          /more than 10000/
        ]
      ) {
        assert.match(told, why)
      }
    }))

  it.effect("a series of hundreds of times is committed in parts and found whole", () =>
    Effect.gen(function*() {
      yield* clean
      const text = calendar(event("d", "SUMMARY:Day", "DTSTART;VALUE=DATE:20250601", "RRULE:FREQ=DAILY;COUNT=600"))
      assert.deepInclude(yield* imported(text), { records: 1, created: 600 })
      assert.lengthOf(yield* shown("2026-10-01", "2026-10-31"), 31)
      assert.deepInclude(yield* imported(text), { records: 1, created: 0, unchanged: 600 })
    }))

  it.effect("an event that Google has, too, is shown and counted once, whoever came first", () =>
    Effect.gen(function*() {
      yield* clean
      yield* signedIn
      const time = { start: at("2026-10-05T07:00:00Z"), end: at("2026-10-05T08:00:00Z") }
      yield* imported(calendar(
        event("a@google.com", "SUMMARY:A", "DTSTART:20261005T070000Z", "DTEND:20261005T080000Z"),
        event("b@example.org", "SUMMARY:B", "DTSTART:20261006T070000Z", "DTEND:20261006T080000Z"),
        event("c@example.org", "SUMMARY:C", "DTSTART:20261007T070000Z", "DTEND:20261007T080000Z")
      ))
      const times = { start: at("2026-10-06T07:00:00Z"), end: at("2026-10-06T08:00:00Z") }
      yield* stored(eventsTable, googles("a", time), {
        ...googles("x", times),
        raw: { id: "x", iCalUID: "b@example.org" }
      })
      assert.deepStrictEqual(yield* shown(), [
        "10-05T07:00 10-05T08:00 a",
        "10-06T07:00 10-06T08:00 x",
        "10-07T07:00 10-07T08:00 C"
      ])
      const totals = yield* Effect.flatMap(Totals, ({ between }) => between(days("2026-10-05", "2026-10-07")))
      assert.deepStrictEqual(totals.map(({ events }) => events), [1, 1, 1])
    }))

  it.effect("an address is asked for what has changed, mirrors what is gone, and is told nowhere", () =>
    Effect.gen(function*() {
      yield* clean
      const web = yield* Server
      const { fetch } = yield* CalendarAddresses
      const address = Redacted.make("webcal://calendar.example.org/private-5ec7e7/basic.ics")
      const ics = (...events: ReadonlyArray<string>) => () =>
        new Response(calendar(...events), { headers: { etag: "\"v1\"" } })
      const early = event("early", "SUMMARY:Early", "DTSTART:20261001T070000Z")
      const one = event("one", "SUMMARY:One", "DTSTART:20261005T070000Z")
      const two = event("two", "SUMMARY:Two", "DTSTART:20261006T070000Z")
      web.answer = ics(early, one, two)
      yield* fetch(address, "work")
      yield* until(() => Effect.map(shown(), (events) => events.length === 3))
      yield* until(() =>
        Effect.map(
          Effect.flatMap(ImportedCalendars, ({ get }) => get("work")),
          Option.exists(({ etag }) => Option.isSome(etag))
        )
      )
      assert.strictEqual(web.asked.at(-1)?.url, "https://calendar.example.org/private-5ec7e7/basic.ics")
      // a server that lists from the second event on has not called off the one before
      web.answer = ics(two.replace("Two", "Two!"), event("three", "SUMMARY:Three", "DTSTART:20261007T070000Z"))
      yield* fetch(address, "work")
      yield* until(() => Effect.map(shown(), (events) => events.some((event) => event.endsWith("Three"))))
      web.answer = ics(one, event("three", "SUMMARY:Three", "DTSTART:20261007T070000Z"))
      yield* fetch(address, "work")
      yield* until(() => Effect.map(shown(), (events) => !events.some((event) => event.endsWith("Two!"))))
      assert.deepStrictEqual((yield* shown()).map((event) => event.slice(24)), ["Early", "One", "Three"])
      web.answer = () => new Response(null, { status: 304 })
      assert.deepStrictEqual((yield* fetch(address, "work")).run, Option.none())
      assert.strictEqual(web.asked.at(-1)?.headers["if-none-match"], "\"v1\"")
      web.answer = () => new Response("no", { status: 404 })
      const failure = yield* Effect.flip(fetch(address, "work"))
      assert.match(failure.message, /answered 404/)
      assert.notInclude(JSON.stringify(failure), "5ec7e7")
      const held = yield* heldText
      assert.include(held, "ics:work")
      assert.notInclude(held, "5ec7e7")
      const other = yield* Effect.flip(fetch(Redacted.make("https://elsewhere.example.org/a.ics"), "work"))
      assert.match(other.message, /another calendar work/)
    }))
})

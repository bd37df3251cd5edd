import { assert, describe, it } from "@effect/vitest"
import { DateTime } from "effect"
import { BodyDays, CalendarDays, ListeningDays, type ListeningSession } from "../../../src/api/DataMessages.ts"
import { dayView } from "../../../src/dashboard/days/DayPage.tsx"
import { heardWithin } from "../../../src/dashboard/days/Heard.ts"
import { todayItems } from "../../../src/dashboard/machine/TodayItems.ts"
import { at, day, night, ownerAt, pageOf, play, recordsOf, session } from "./DayFixtures.ts"

const plays = (count: number, from: string) =>
  Array.from({ length: count }, (_, index) => {
    const time = DateTime.add(at(from), { minutes: index * 3 })
    return play(`${from} ${index}`, DateTime.formatIso(time))
  })

/** In Berlin from 23:25:30 to 00:31:30, twelve plays before midnight and ten after; the twelfth sounds across it. */
const overMidnight = session("2026-11-23T22:25:30Z", "2026-11-23T23:31:30Z", plays(22, "2026-11-23T22:25:30Z"))

const midnight = at("2026-11-23T23:00:00Z").epochMilliseconds
const hours = (count: number) => count * 3_600_000

const before = { start: midnight - hours(24), end: midnight }
const after = { start: midnight, end: midnight + hours(24) }

const told = (sessions: ReadonlyArray<ListeningSession>, bounds: typeof before) =>
  heardWithin(sessions, bounds).map(({ part }) => [part.plays.length, part.listened_ms / 60_000])

describe("what was heard on a day", () => {
  it("are the plays that start on it, wherever their session begins and ends", () => {
    assert.deepStrictEqual(told([overMidnight], before), [[12, 36]])
    assert.deepStrictEqual(told([overMidnight], after), [[10, 30]])
  })

  it("is as long as the next play lets it be, also when that is of the next day", () => {
    const skipped = session("2026-11-23T22:59:00Z", "2026-11-23T23:03:30Z", [
      play("skipped", "2026-11-23T22:59:00Z"),
      play("heard", "2026-11-23T23:00:30Z")
    ])
    assert.deepStrictEqual(told([skipped], before), [[1, 1.5]])
    assert.deepStrictEqual(told([skipped], after), [[1, 3]])
  })

  it("is nothing where only the end of a play reaches into the day, and a play at midnight is of the new one", () => {
    const one = (start: string, end: string) => session(start, end, [play("one", start)])
    assert.deepStrictEqual(told([one("2026-11-23T22:58:00Z", "2026-11-23T23:01:00Z")], after), [])
    assert.deepStrictEqual(told([one("2026-11-23T23:00:00Z", "2026-11-23T23:03:00Z")], before), [])
    assert.deepStrictEqual(told([one("2026-11-23T23:00:00Z", "2026-11-23T23:03:00Z")], after), [[1, 3]])
  })

  it("is what the page of each of the two days tells", () => {
    const owner = ownerAt("2026-11-26T12:00:00Z")
    const page = (text: string) =>
      pageOf(dayView(owner, recordsOf(text, 1, { sessions: [overMidnight] }), day(text), 1))
    const first = page("2026-11-23")
    assert.match(first, /<dt>Plays<\/dt><dd>12 /)
    assert.match(first, /<dt>Listened<\/dt><dd>36 min /)
    assert.match(first, /<dt>First<\/dt><dd>23:25 /)
    assert.match(first, /<dt>Last<\/dt><dd>23:58 /)
    assert.match(first, /<li>12 plays, 36 min, [^<]*, of a session until Tue,? 24 Nov, 00:31<\/li>/)
    const second = page("2026-11-24")
    assert.match(second, /<dt>Plays<\/dt><dd>10 /)
    assert.match(second, /<dt>Listened<\/dt><dd>30 min /)
    assert.match(second, /<dt>First<\/dt><dd>00:01 /)
    assert.match(second, /<dt>Last<\/dt><dd>00:28 /)
    assert.match(second, /<li>10 plays, 30 min, from 00:01 to 00:31, of a session since Mon,? 23 Nov, 23:25<\/li>/)
    // what the strip opens is the session, with its days
    assert.match(second, /22 plays, 1 h 6 min, from Mon,? 23 Nov, 23:25 to Tue,? 24 Nov, 00:31/)
  })

  it("is what today tells, and what began yesterday says so", () => {
    const owner = ownerAt("2026-11-24T12:00:00Z")
    const time_zone = "Europe/Berlin"
    const items = todayItems(owner, {
      calendar: new CalendarDays({ time_zone, days: [], timed: [], whole_days: [] }),
      listening: new ListeningDays({ time_zone, days: [], sessions: [overMidnight] }),
      body: new BodyDays({ time_zone, days: [], nights: [night("2026-11-23T22:10:00Z", "2026-11-24T05:52:00Z")] })
    })
    assert.deepStrictEqual(items.map(({ time, title }) => [time, title]), [
      ["Mon 23:10 – 06:52", "Slept 7 h"],
      ["Mon 23:25 – 00:31", "10 tracks since midnight, 30 min"]
    ])
    assert.deepStrictEqual(
      todayItems(ownerAt("2026-11-23T22:59:30Z"), {
        calendar: new CalendarDays({ time_zone, days: [], timed: [], whole_days: [] }),
        listening: new ListeningDays({ time_zone, days: [], sessions: [overMidnight] }),
        body: new BodyDays({ time_zone, days: [], nights: [] })
      }).map(({ title }) => title),
      ["12 tracks, 36 min"]
    )
  })
})

import { assert, describe, it } from "@effect/vitest"
import { DateTime, Option } from "effect"
import { Coverage, HeartRateDays, Recorded, Unrecorded } from "../../../src/api/DataMessages.ts"
import { dayView } from "../../../src/dashboard/days/DayPage.tsx"
import { unsampled } from "../../../src/dashboard/days/Unsampled.ts"
import { weekView } from "../../../src/dashboard/days/WeekPage.tsx"
import { at, beat, day, ownerAt, pageOf, recordsOf } from "./DayFixtures.ts"

const owner = ownerAt("2026-11-26T12:00:00Z")
const nothing = new Recorded({ coverage: [], unrecorded: [] })

/** A point every five minutes, in UTC. */
const every = (from: string, to: string, minutes = 5) =>
  Array.from(
    { length: (at(to).epochMilliseconds - at(from).epochMilliseconds) / (minutes * 60_000) },
    (_, index) => beat(DateTime.formatIso(DateTime.add(at(from), { minutes: index * minutes })), 60)
  )

/** Tuesday, 24 November, in Berlin. */
const start = "2026-11-23T23:00:00Z"
const end = "2026-11-24T23:00:00Z"

const found = (
  points: ReturnType<typeof every>,
  { now = "2026-11-26T12:00:00Z", recorded = nothing, seconds = 300 } = {}
) => {
  const { heart } = recordsOf("2026-11-24", 1, { points })
  return unsampled(
    new HeartRateDays({ time_zone: "Europe/Berlin", days: heart.days, points, resolution_seconds: seconds }),
    recorded,
    at(now)
  ).map(({ from, to }) => `${DateTime.formatIso(from).slice(5, 16)} ${DateTime.formatIso(to).slice(5, 16)}`)
}

describe("the heart rate of a day", () => {
  it("has no sample where there is none for more than half an hour", () => {
    assert.deepStrictEqual(found(every(start, end)), [])
    assert.deepStrictEqual(found([...every(start, "2026-11-24T08:00:00Z"), ...every("2026-11-24T08:30:00Z", end)]), [])
    assert.deepStrictEqual(
      found([...every(start, "2026-11-24T08:00:00Z"), ...every("2026-11-24T08:35:00Z", end)]),
      ["11-24T08:00 11-24T08:35"]
    )
    assert.deepStrictEqual(found([]), ["11-23T23:00 11-24T23:00"])
    assert.deepStrictEqual(found(every("2026-11-24T05:00:00Z", "2026-11-24T06:00:00Z")), [
      "11-23T23:00 11-24T05:00",
      "11-24T06:00 11-24T23:00"
    ])
  })

  it("has one for as long as a point stands for", () => {
    const hours = every(start, end, 60)
    assert.deepStrictEqual(found(hours, { seconds: 3600 }), [])
    assert.deepStrictEqual(found(hours.filter((_, index) => index !== 9), { seconds: 3600 }), [
      "11-24T08:00 11-24T09:00"
    ])
  })

  it("says nothing of what is to come, of what was not recorded, and where none ever was", () => {
    assert.deepStrictEqual(found([], { now: "2026-11-24T10:00:00Z" }), ["11-23T23:00 11-24T10:00"])
    assert.deepStrictEqual(found([], { now: "2026-11-23T10:00:00Z" }), [])
    const part = new Unrecorded({
      kind: "heart_rate",
      from: at("2026-11-24T10:00:00Z"),
      to: at(end),
      why: "lost",
      detail: "lost"
    })
    const recorded = new Recorded({ coverage: [], unrecorded: [part] })
    assert.deepStrictEqual(found([], { recorded }), ["11-23T23:00 11-24T10:00"])
    assert.deepStrictEqual(found(every(start, "2026-11-24T09:45:00Z"), { recorded }), [])
    const never = new Recorded({
      coverage: [new Coverage({ kind: "heart_rate", since: Option.none(), until: Option.none() })],
      unrecorded: []
    })
    assert.deepStrictEqual(found([], { recorded: never }), [])
  })

  it("is hatched there, and says from when to when", () => {
    const points = [...every(start, "2026-11-24T08:00:00Z"), ...every("2026-11-24T09:00:00Z", end)]
    const text = pageOf(dayView(owner, recordsOf("2026-11-24", 1, { points }), day("2026-11-24"), 1))
    assert.match(text, /<rect class="unsampled"[^>]*><title>No heart rate sample, 09:00–10:00<\/title>/)
    assert.include(text, "id=\"hatch-light\"")
    const full = recordsOf("2026-11-24", 1, { points: every(start, end) })
    assert.notInclude(pageOf(dayView(owner, full, day("2026-11-24"), 1)), "No heart rate sample")
  })

  it("is hatched on both days where it lacks over midnight", () => {
    const points = [...every(start, "2026-11-24T22:40:00Z"), ...every("2026-11-24T23:20:00Z", "2026-11-25T23:00:00Z")]
    const text = pageOf(weekView(owner, recordsOf("2026-11-24", 2, { points }), 0, true))
    assert.lengthOf([...text.matchAll(/<title>No heart rate sample, [^<]*24 Nov, 23:40 – [^<]*25 Nov, 00:20</g)], 2)
  })
})

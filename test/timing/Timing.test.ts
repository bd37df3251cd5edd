import { assert, describe, it } from "@effect/vitest"
import { DateTime, Option, Result } from "effect"
import { defaultDst, type Dst, type DstGap, type DstRepeat } from "../../src/domain/Dst.ts"
import { dstNote, leastGap, nextAfter, parse, ticksBetween, type Timing } from "../../src/timing/Timing.ts"

const timing = (expression: string, timezone = "UTC", dst: Dst = defaultDst): Timing =>
  Result.getOrThrow(parse(expression, timezone, dst))

const millis = (iso: string): number => Date.parse(iso)
const iso = (instant: number): string => DateTime.formatIso(DateTime.makeUnsafe(instant)).replace(".000Z", "Z")

const ticks = (of: Timing, from: string, to: string): ReadonlyArray<string> =>
  [...ticksBetween(of, millis(from), millis(to))].map(iso)

const first = (count: number, of: Timing, after: string): ReadonlyArray<string> => {
  const found: Array<string> = []
  for (const tick of ticksBetween(of, millis(after), Infinity)) {
    found.push(iso(tick))
    if (found.length === count) break
  }
  return found
}

/** The ticks of 02:30 on the day, in hours and minutes of UTC. */
const halfPastTwo = (timezone: string, day: string, dst: Dst): ReadonlyArray<string> =>
  ticks(timing("30 2 * * *", timezone, dst), `${day}T00:00:00Z`, `${day}T12:00:00Z`).map((tick) => tick.slice(11, 16))

describe("schedules/Timing", () => {
  it("shifts or skips 02:30 where the clocks are put forward", () => {
    const spring = (gap: DstGap) => [
      halfPastTwo("Europe/Berlin", "2026-03-29", { gap, repeat: "auto" }),
      halfPastTwo("America/New_York", "2026-03-08", { gap, repeat: "auto" })
    ]
    assert.deepStrictEqual(spring("auto"), [["01:30"], ["07:30"]]) // 03:30 in both
    assert.deepStrictEqual(spring("shift"), [["01:30"], ["07:30"]])
    assert.deepStrictEqual(spring("skip"), [[], []])
  })

  it("runs 02:30 once, twice or not at all where the clocks are put back", () => {
    const autumn = (repeat: DstRepeat) => [
      halfPastTwo("Europe/Berlin", "2026-10-25", { gap: "auto", repeat }),
      // New York repeats 01:00 to 02:00, so 02:30 comes once
      halfPastTwo("America/New_York", "2026-11-01", { gap: "auto", repeat })
    ]
    assert.deepStrictEqual(autumn("auto"), [["00:30"], ["07:30"]])
    assert.deepStrictEqual(autumn("once"), [["00:30"], ["07:30"]])
    assert.deepStrictEqual(autumn("twice"), [["00:30", "01:30"], ["07:30"]])
    assert.deepStrictEqual(autumn("skip"), [[], ["07:30"]])
  })

  it("runs 01:30 in New York once, twice or not at all where the clocks are put back", () => {
    const autumn = (repeat: DstRepeat) =>
      ticks(
        timing("30 1 * * *", "America/New_York", { gap: "auto", repeat }),
        "2026-11-01T00:00:00Z",
        "2026-11-01T12:00:00Z"
      )
    assert.deepStrictEqual(autumn("auto"), ["2026-11-01T05:30:00Z"])
    assert.deepStrictEqual(autumn("twice"), ["2026-11-01T05:30:00Z", "2026-11-01T06:30:00Z"])
    assert.deepStrictEqual(autumn("skip"), [])
  })

  it("goes on every half hour through both changes", () => {
    const every = timing("*/30 * * * *", "Europe/Berlin")
    for (const day of ["2026-03-29", "2026-10-25"]) {
      assert.lengthOf(ticks(every, `${day}T00:00:00Z`, `${day}T03:00:00Z`), 6)
    }
    assert.strictEqual(leastGap(every, millis("2026-03-28T00:00:00Z")), 1_800_000)
  })

  it("runs every second hour at 03:00 in place of 02:00, so that no distance grows", () => {
    assert.deepStrictEqual(
      ticks(timing("0 */2 * * *", "Europe/Berlin"), "2026-03-28T22:59:00Z", "2026-03-29T02:00:00Z"),
      ["2026-03-28T23:00:00Z", "2026-03-29T01:00:00Z", "2026-03-29T02:00:00Z"]
    )
  })

  it("does not run more often where Lord Howe puts its clocks forward by half an hour, unless told to shift", () => {
    const around = (gap: DstGap) =>
      ticks(
        timing("*/20 * * * *", "Australia/Lord_Howe", { gap, repeat: "auto" }),
        "2026-10-03T15:15:00Z",
        "2026-10-03T16:00:00Z"
      ).map((tick) => tick.slice(11, 16))
    assert.deepStrictEqual(around("auto"), ["15:40", "16:00"]) // 02:40, 03:00
    assert.deepStrictEqual(around("shift"), ["15:30", "15:40", "15:50", "16:00"])
  })

  it("runs on the Saturday in place of the Friday that Samoa left out", () => {
    const friday = timing("0 9 * * FRI", "Pacific/Apia")
    assert.deepStrictEqual(ticks(friday, "2011-12-25T00:00:00Z", "2012-01-08T00:00:00Z"), [
      "2011-12-30T19:00:00Z", // 09:00 of Saturday the 31st
      "2012-01-05T19:00:00Z"
    ])
    assert.deepStrictEqual(Option.getOrNull(dstNote(friday, millis("2011-12-30T19:00:00Z"))), {
      _tag: "Shifted",
      wall: "2011-12-30T09:00:00"
    })
  })

  it("knows offsets of minutes and seconds", () => {
    const noon = timing("0 12 * * *", "Europe/Amsterdam")
    assert.deepStrictEqual(first(1, noon, "1890-01-01T00:00:00Z"), ["1890-01-01T11:42:30Z"])
    assert.deepStrictEqual(first(1, timing("0 12 * * *", "Asia/Kathmandu"), "2026-01-01T00:00:00Z"), [
      "2026-01-01T06:15:00Z"
    ])
  })

  it("waits for the 29th of February", () => {
    assert.deepStrictEqual(first(3, timing("0 0 29 2 *", "Europe/Prague"), "2026-01-01T00:00:00Z"), [
      "2028-02-28T23:00:00Z",
      "2032-02-28T23:00:00Z",
      "2036-02-28T23:00:00Z"
    ])
    assert.deepStrictEqual(first(2, timing("0 0 29 2 *"), "2096-03-01T00:00:00Z"), [
      "2104-02-29T00:00:00Z",
      "2108-02-29T00:00:00Z"
    ])
  })

  it("reads names in any case, 7 as Sunday, lists, ranges and steps, with blanks around them", () => {
    const after = "2026-11-26T00:00:00Z" // a Thursday
    assert.deepStrictEqual(first(2, timing("0 9 * * Mon"), after), ["2026-11-30T09:00:00Z", "2026-12-07T09:00:00Z"])
    assert.deepStrictEqual(first(1, timing("0 9 * * 7"), after), first(1, timing("0 9 * * sun"), after))
    assert.deepStrictEqual(first(3, timing("\t0 9,21 * * 4-5\n"), after), [
      "2026-11-26T09:00:00Z",
      "2026-11-26T21:00:00Z",
      "2026-11-27T09:00:00Z"
    ])
    assert.deepStrictEqual(first(3, timing("5-59/25 8 1 JAN *"), after), [
      "2027-01-01T08:05:00Z",
      "2027-01-01T08:30:00Z",
      "2027-01-01T08:55:00Z"
    ])
    assert.deepStrictEqual(first(3, timing("*/20 * * * * *"), after), [
      "2026-11-26T00:00:20Z",
      "2026-11-26T00:00:40Z",
      "2026-11-26T00:01:00Z"
    ])
    assert.deepStrictEqual(first(1, timing(" @Daily "), after), ["2026-11-27T00:00:00Z"])
    assert.deepStrictEqual(timing(" @Daily "), {
      _tag: "Cron",
      expression: " @Daily ",
      timezone: "UTC",
      dst: defaultDst
    })
  })

  it("runs on either day where both are restricted, and on both where one begins with a star", () => {
    assert.deepStrictEqual(first(3, timing("0 0 13 * FRI"), "2026-11-01T00:00:00Z"), [
      "2026-11-06T00:00:00Z",
      "2026-11-13T00:00:00Z",
      "2026-11-20T00:00:00Z"
    ])
    assert.deepStrictEqual(first(2, timing("0 0 1-7 * */7"), "2026-11-01T00:00:00Z"), [
      "2026-12-06T00:00:00Z", // the first Sunday of the month
      "2027-01-03T00:00:00Z"
    ])
  })

  it("counts a fixed rate from 1970, whoever asks and whenever", () => {
    for (const text of ["@every 1m30s", "@EVERY 90 seconds", "@every 1.5m", "@every 1 minute 30 seconds"]) {
      assert.deepStrictEqual(timing(text), { _tag: "Every", millis: 90_000 })
    }
    const every = timing("@every 15s", "Europe/Berlin")
    assert.deepStrictEqual(first(2, every, "2026-11-26T10:00:00Z"), ["2026-11-26T10:00:15Z", "2026-11-26T10:00:30Z"])
    assert.deepStrictEqual(first(1, every, "2026-11-26T10:00:14.999Z"), ["2026-11-26T10:00:15Z"])
    assert.strictEqual(leastGap(every, 0), 15_000)
  })

  it("finds what comes after an instant and not at it, to the millisecond", () => {
    const daily = timing("0 9 * * *")
    const nine = millis("2026-11-26T09:00:00Z")
    assert.deepStrictEqual(nextAfter(daily, nine - 1), Option.some(nine))
    assert.deepStrictEqual(nextAfter(daily, nine - 0.5), Option.some(nine))
    assert.deepStrictEqual(nextAfter(daily, nine), Option.some(nine + 86_400_000))
    assert.deepStrictEqual([...ticksBetween(daily, nine - 86_400_000, nine)], [nine])
  })

  it("finds nothing for an interval, nor from the year 3000 on", () => {
    const interval: Timing = { _tag: "Interval", millis: 60_000 }
    assert.deepStrictEqual(nextAfter(interval, 0), Option.none())
    assert.deepStrictEqual([...ticksBetween(interval, 0, Infinity)], [])
    assert.strictEqual(leastGap(interval, 0), 60_000)
    assert.deepStrictEqual(nextAfter(timing("0 0 1 1 *"), millis("2999-01-01T00:00:00Z")), Option.none())
    assert.deepStrictEqual(nextAfter(timing("@every 1d"), millis("2999-12-31T00:00:00Z")), Option.none())
    assert.deepStrictEqual(nextAfter(timing("0 0 * * *"), Infinity), Option.none())
  })

  it("measures the least distance among the ticks to come", () => {
    const now = millis("2026-11-26T00:00:00Z")
    assert.strictEqual(leastGap(timing("0 9,10 * * *"), now), 3_600_000)
    assert.strictEqual(leastGap(timing("0 9 * * *", "Europe/Berlin"), millis("2026-03-01T00:00:00Z")), 23 * 3_600_000)
    assert.strictEqual(leastGap(timing("0 0 29 2 *"), now), 1_461 * 86_400_000)
  })

  it("can be walked in pieces", () => {
    const every = timing("*/7 * * * *", "Africa/Casablanca", { gap: "shift", repeat: "twice" })
    const [from, to] = [millis("2026-02-01T00:00:00Z"), millis("2026-04-01T00:00:00Z")]
    const pieces: Array<number> = []
    for (let at = from; at < to; at += 3_333_333) pieces.push(...ticksBetween(every, at, Math.min(at + 3_333_333, to)))
    assert.deepStrictEqual(pieces, [...ticksBetween(every, from, to)])
  })
})

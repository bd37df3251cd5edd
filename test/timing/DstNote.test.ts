import { assert, describe, it } from "@effect/vitest"
import { DateTime, Option, Result } from "effect"
import { defaultDst, type Dst } from "../../src/domain/Dst.ts"
import { dstNote, parse, skippedBetween, type Timing } from "../../src/timing/Timing.ts"

const timing = (expression: string, timezone: string, dst: Dst = defaultDst): Timing =>
  Result.getOrThrow(parse(expression, timezone, dst))

const millis = (iso: string): number => Date.parse(iso)
const iso = (instant: number): string => DateTime.formatIso(DateTime.makeUnsafe(instant)).replace(".000Z", "Z")

describe("schedules/Timing at changes of clocks", () => {
  it("says of a tick what a change of clocks did to it", () => {
    const note = (of: Timing, at: string) => Option.getOrNull(dstNote(of, millis(at)))
    const nightly = timing("30 2 * * *", "Europe/Berlin", { gap: "auto", repeat: "twice" })
    assert.deepStrictEqual(note(nightly, "2026-03-29T01:30:00Z"), { _tag: "Shifted", wall: "2026-03-29T02:30:00" })
    assert.deepStrictEqual(note(nightly, "2026-10-25T00:30:00Z"), { _tag: "First", wall: "2026-10-25T02:30:00" })
    assert.deepStrictEqual(note(nightly, "2026-10-25T01:30:00Z"), { _tag: "Second", wall: "2026-10-25T02:30:00" })
    assert.isNull(note(nightly, "2026-10-26T01:30:00Z"))
    assert.isNull(note(nightly, "2026-10-25T00:31:00Z"), "no tick")
    assert.isNull(note(timing("*/30 * * * *", "Europe/Berlin"), "2026-03-29T01:30:00Z"), "03:30 is named as well")
    assert.isNull(note({ _tag: "Interval", millis: 1 }, "2026-03-29T01:30:00Z"))
  })

  it("lists what a change of clocks leaves out", () => {
    const year = (expression: string, dst: Dst) =>
      skippedBetween(
        timing(expression, "Europe/Berlin", dst),
        millis("2026-01-01T00:00:00Z"),
        millis("2027-01-01T00:00:00Z")
      )
        .map(({ at, reason, wall }) => [wall, reason, iso(at)])
    assert.deepStrictEqual(year("30 2 * * *", { gap: "skip", repeat: "skip" }), [
      ["2026-03-29T02:30:00", "gap", "2026-03-29T01:30:00Z"],
      ["2026-10-25T02:30:00", "repeat", "2026-10-25T00:30:00Z"]
    ])
    assert.deepStrictEqual(year("30 2 * * *", defaultDst), [])
    assert.deepStrictEqual(year("30 2,3 * * *", { gap: "skip", repeat: "once" }), [], "03:30 comes when 02:30 would")
    assert.deepStrictEqual(
      skippedBetween(
        timing("0 * * * *", "Australia/Lord_Howe"),
        millis("2026-10-01T00:00:00Z"),
        millis("2026-11-01T00:00:00Z")
      ),
      [{ wall: "2026-10-04T02:00:00", reason: "gap", at: millis("2026-10-03T15:30:00Z") }]
    )
  })
})

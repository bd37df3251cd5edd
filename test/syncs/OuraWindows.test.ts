import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect, Option, Schema } from "effect"
import { dayOf, daysBetween, LocalDay, plusDays } from "../../src/domain/LocalDay.ts"
import type { OuraState } from "../../src/store/SyncStates.ts"
import { dayWindows, heartRateWindows, readingStart, readUpTo } from "../../src/syncs/OuraWindows.ts"

const at = (text: string) => DateTime.makeUnsafe(text)
const now = at("2026-11-20T12:00:00Z")
const endedAt = (text: string): Option.Option<OuraState> =>
  Option.some({
    lastSyncStart: at(text),
    lastSyncEnd: at(text),
    lastSyncAt: at(text),
    recordsFetched: 0,
    recordsStored: 0
  })
const start = (state: Option.Option<OuraState>, lookbackDays: number, forceLookback = false) =>
  DateTime.formatIso(readingStart(state, { now, lookbackDays, forceLookback }))

const Count = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 400 }))
const Millis = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 200 * 86_400_000 }))

describe("syncs/OuraWindows", () => {
  it("begins the first sync a lookback ago", () => {
    assert.strictEqual(start(Option.none(), 7), "2026-11-13T12:00:00.000Z")
  })

  it("reads the lookback again however short ago the last sync was", () => {
    assert.strictEqual(start(endedAt("2026-11-20T11:30:00Z"), 7), "2026-11-13T11:30:00.000Z")
  })

  it("begins a lookback before the end of the last sync after a long absence", () => {
    assert.strictEqual(start(endedAt("2026-08-20T12:00:00Z"), 7), "2026-08-13T12:00:00.000Z")
  })

  it("is not led into the future by a clock that was wrong", () => {
    assert.strictEqual(start(endedAt("2031-01-01T00:00:00Z"), 1), "2026-11-19T12:00:00.000Z")
  })

  it("reads exactly the lookback when forced, and leaves what it skipped to the next sync", () => {
    const absent = endedAt("2026-08-20T12:00:00Z")
    assert.strictEqual(start(absent, 7, true), "2026-11-13T12:00:00.000Z")
    assert.deepStrictEqual(readUpTo(absent, at("2026-11-13T12:00:00Z"), now), at("2026-08-20T12:00:00Z"))
    assert.deepStrictEqual(readUpTo(absent, at("2026-08-20T12:00:00Z"), now), now)
    assert.deepStrictEqual(readUpTo(Option.none(), at("2026-11-13T12:00:00Z"), now), now)
  })

  it("keeps whole local days on both sides of a change of clocks", () => {
    const prague = DateTime.zoneMakeNamedUnsafe("Europe/Prague")
    const from = readingStart(Option.none(), { now: at("2026-10-25T23:30:00Z"), lookbackDays: 1, forceLookback: false })
    assert.deepStrictEqual(dayWindows(dayOf(from, prague), dayOf(at("2026-10-25T23:30:00Z"), prague)), [
      { first: LocalDay.make("2026-10-25"), last: LocalDay.make("2026-10-26") }
    ])
  })

  it.effect.prop(
    "cuts days into windows without holes or overlaps, a month a request at most",
    { days: Count },
    ({ days }) =>
      Effect.sync(() => {
        const first = LocalDay.make("2026-02-10")
        const windows = dayWindows(first, plusDays(first, days))
        assert.strictEqual(windows[0]?.first, first)
        assert.strictEqual(windows.at(-1)?.last, plusDays(first, days))
        windows.forEach((window, index) => {
          const next = windows[index + 1]
          if (next !== undefined) assert.strictEqual(next.first, plusDays(window.last, 1))
          assert.isAtLeast(daysBetween(window.first, window.last), 0)
          assert.isAtMost(daysBetween(plusDays(window.first, -1), plusDays(window.last, 2)) + 1, 30)
        })
      })
  )

  it.effect.prop(
    "cuts instants into windows that touch, less than 30 days each",
    { length: Millis },
    ({ length }) =>
      Effect.sync(() => {
        const from = at("2026-02-10T01:02:03Z")
        const windows = heartRateWindows(from, DateTime.add(from, { milliseconds: length }))
        assert.deepStrictEqual(windows[0]?.from, from)
        assert.deepStrictEqual(windows.at(-1)?.to, DateTime.add(from, { milliseconds: length }))
        windows.forEach((window, index) => {
          const next = windows[index + 1]
          if (next !== undefined) assert.deepStrictEqual(next.from, window.to)
          assert.isBelow(window.to.epochMilliseconds - window.from.epochMilliseconds, 30 * 86_400_000)
        })
      })
  )

  it("gives one window for no time at all", () => {
    assert.lengthOf(heartRateWindows(now, now), 1)
    assert.deepStrictEqual(heartRateWindows(now, DateTime.subtract(now, { hours: 1 })), [{ from: now, to: now }])
    assert.lengthOf(dayWindows(LocalDay.make("2026-01-02"), LocalDay.make("2026-01-01")), 1)
  })
})

import { assert } from "@effect/vitest"
import { DateTime, Duration, Effect } from "effect"
import { OuraDataType } from "../../src/domain/Task.ts"
import type { JsonObject } from "../../src/sandbox/Contract.ts"
import { Sandbox } from "../../src/sandbox/Sandbox.ts"
import { live, now } from "./World.ts"

/** With their keys in order, for the store keeps them so. */
const texts = (records: ReadonlyArray<unknown>): ReadonlySet<string> => new Set(records.map(canonical))

const canonical = (value: unknown): string => {
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "undefined"
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`
  return `{${Object.entries(value).map(([key, one]) => `"${key}":${canonical(one)}`).toSorted().join()}}`
}

const equal = (what: string, stored: ReadonlyArray<unknown>, truth: ReadonlyArray<JsonObject>) => {
  const [have, want] = [texts(stored), texts(truth)]
  assert.deepStrictEqual(
    {
      missing: [...want].filter((row) => !have.has(row)).slice(0, 3),
      extra: [...have].filter((row) => !want.has(row)).slice(0, 3)
    },
    { missing: [], extra: [] },
    what
  )
  assert.strictEqual(stored.length, want.size, `${what}: rows`)
}

/** Every play that is within reach now is stored, as the provider serves it. */
export const spotifyEqualsTruth = Effect.gen(function*() {
  const sandbox = yield* Sandbox
  const truth = yield* sandbox.truth.plays
  const stored = texts(yield* live("spotify_listening_history"))
  assert.deepStrictEqual(
    [...texts(truth)].filter((play) => !stored.has(play)),
    [],
    "plays within reach that are not stored"
  )
  const ever = texts(yield* sandbox.truth.playsBetween(sandbox.year.start, yield* now))
  assert.deepStrictEqual([...stored].filter((play) => !ever.has(play)), [], "plays that never were")
})

/** The calendar's events from `daysBack` before the listing on equal what the provider holds. */
export const calendarEqualsTruth = Effect.fnUntraced(function*(listedFrom: DateTime.Utc, calendarId?: string) {
  const sandbox = yield* Sandbox
  const id = calendarId ?? sandbox.calendar.calendarIds[0] ?? ""
  const truth = yield* sandbox.truth.events(id, { timeMin: listedFrom })
  const stored = yield* live("google_calendar_events", "calendar_id = $id", { id })
  const inWindow = new Set(truth.map(({ id }) => id))
  equal(
    `events of ${id}`,
    stored.filter((event) => inWindow.has(`${event["id"]}`) || endsAfter(event, listedFrom)),
    truth
  )
})

const endsAfter = (event: { readonly [key: string]: unknown }, instant: DateTime.Utc): boolean => {
  const end = event["end"]
  if (typeof end !== "object" || end === null) return false
  const text = "dateTime" in end ? end.dateTime : "date" in end ? `${end.date}T00:00:00Z` : ""
  return DateTime.isGreaterThan(DateTime.makeUnsafe(`${text}`), instant)
}

/** Every document of the last days, and every heart-rate sample, equals what the provider holds. */
export const ouraEqualsTruth = Effect.fnUntraced(function*(days: number) {
  const sandbox = yield* Sandbox
  const at = yield* now
  const zone = DateTime.zoneMakeNamedUnsafe(sandbox.year.timeZone)
  const day = (ago: number) =>
    DateTime.formatIsoDate(DateTime.setZone(DateTime.subtractDuration(at, Duration.days(ago)), zone))
  for (const type of OuraDataType.literals) {
    if (type === "heartrate") continue
    const truth = yield* sandbox.truth.oura(type, { from: day(days), to: day(0) })
    const stored = yield* live(`oura_${type}`, "day >= $from AND day <= $to", { from: day(days), to: day(0) })
    equal(type, stored, truth)
  }
  const from = DateTime.subtractDuration(at, Duration.days(days))
  equal(
    "heartrate",
    yield* live("oura_heartrate", "timestamp >= $from AND timestamp <= $to", { from, to: at }),
    yield* sandbox.truth.heartrate(from, at)
  )
})

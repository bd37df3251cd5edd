import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect, Option, Schema } from "effect"
import { HeartRate, HeartRateFromOura } from "../../src/domain/HeartRate.ts"
import { OuraDocument, type OuraDocumentType } from "../../src/domain/OuraDocument.ts"
import { OuraDataType } from "../../src/domain/Task.ts"

/** One document of each kind, as Oura sends it. */
const sent = {
  daily_activity: {
    id: "cf1b68bb",
    class_5_min: "3343111324",
    score: 65,
    active_calories: 231,
    average_met_minutes: 1.29,
    contributors: { meet_daily_targets: 84, move_every_hour: 57, recovery_time: null },
    equivalent_walking_distance: 15_426,
    met: { interval: 60, items: [3.5, null, 3.7], timestamp: "2026-10-14T04:00:00.000+03:00" },
    steps: 12_491,
    day: "2026-10-14",
    timestamp: "2026-10-14T04:00:00+03:00"
  },
  daily_readiness: {
    id: "9a41c9e9",
    contributors: { activity_balance: 41, sleep_regularity: 53 },
    day: "2026-10-14",
    score: 67,
    temperature_deviation: 0.75,
    temperature_trend_deviation: null,
    timestamp: "2026-10-14T00:00:00+03:00"
  },
  daily_sleep: {
    id: "149d9129",
    contributors: { deep_sleep: 86, total_sleep: 100 },
    day: "2026-10-14",
    score: 51,
    timestamp: "2026-10-14T00:00:00+03:00"
  },
  daily_spo2: {
    id: "b72326c2",
    day: "2026-10-15",
    spo2_percentage: { average: 94.646 },
    breathing_disturbance_index: 11
  },
  daily_stress: {
    id: "98719b6f",
    day: "2026-10-14",
    stress_high: 10_800,
    recovery_high: 9900,
    day_summary: "restored"
  },
  sleep: {
    id: "72a9f8cc",
    average_breath: 13.567,
    average_heart_rate: 64.66,
    average_hrv: 75,
    awake_time: 5280,
    bedtime_end: "2026-10-14T07:50:16+03:00",
    bedtime_start: "2026-10-14T00:46:16+03:00",
    day: "2026-10-14",
    heart_rate: { interval: 300, items: [74, 51, null], timestamp: "2026-10-14T00:46:16.000+03:00" },
    low_battery_alert: false,
    lowest_heart_rate: 46,
    period: 0,
    sleep_phase_5_min: "3112223",
    time_in_bed: 25_440,
    type: "long_sleep"
  },
  session: {
    id: "b2c26fef",
    day: "2026-10-16",
    start_datetime: "2026-10-16T20:31:00+03:00",
    end_datetime: "2026-10-16T20:35:05+03:00",
    type: "breathing",
    heart_rate: null,
    heart_rate_variability: null,
    mood: "worse",
    motion_count: { interval: 5, items: [34, 39], timestamp: "2026-10-16T20:31:00.000+03:00" }
  },
  workout: {
    id: "317fb360",
    activity: "cycling",
    calories: 225.8,
    day: "2026-10-15",
    distance: 6251.2,
    end_datetime: "2026-10-15T02:10:00+03:00",
    intensity: "easy",
    label: null,
    source: "workout_heart_rate",
    start_datetime: "2026-10-15T01:11:00+03:00"
  }
}

const types = OuraDataType.literals.filter((type): type is OuraDocumentType => type !== "heartrate")
const decode = (type: OuraDocumentType, value: unknown) => {
  const schema: Schema.ConstraintDecoder<{ readonly id: string; readonly day: string }> = OuraDocument[type]
  return Schema.decodeUnknownEffect(schema)(value)
}

describe("domain/OuraDocument", () => {
  it.effect("reads each kind as it is sent", () =>
    Effect.gen(function*() {
      for (const type of types) {
        const document = yield* decode(type, sent[type])
        assert.deepStrictEqual([document.id, document.day], [sent[type].id, sent[type].day])
      }
    }))

  it.effect("keeps what the clocks showed beside the instant", () =>
    Effect.gen(function*() {
      const sleep = yield* Schema.decodeUnknownEffect(OuraDocument.sleep)(sent.sleep)
      assert.deepStrictEqual(sleep.bedtime_start, {
        instant: DateTime.makeUnsafe("2026-10-13T21:46:16Z"),
        local: "2026-10-14T00:46:16+03:00"
      })
      assert.strictEqual(sleep.day, "2026-10-14")
      assert.deepStrictEqual(sleep.average_hrv, Option.some(75))
    }))

  it.effect("takes null, and nothing at all, for any field but those that place it in time", () =>
    Effect.gen(function*() {
      const needed = new Set(["id", "day", "bedtime_start", "bedtime_end", "start_datetime"])
      for (const type of types) {
        const entries = Object.entries(sent[type])
        const bare = entries.filter(([name]) => needed.has(name))
        const nulls = entries.map(([name, value]) => [name, needed.has(name) ? value : null])
        assert.strictEqual((yield* decode(type, Object.fromEntries(bare))).id, sent[type].id)
        assert.strictEqual((yield* decode(type, Object.fromEntries(nulls))).id, sent[type].id)
      }
    }))

  it.effect("ignores fields it does not know", () =>
    Effect.gen(function*() {
      for (const type of types) {
        assert.deepStrictEqual(
          yield* decode(type, { ...sent[type], ring_of_power: { one: [1, null] } }),
          yield* decode(type, sent[type])
        )
      }
    }))

  it.effect("refuses a document without an id or a day, and a field of another type", () =>
    Effect.gen(function*() {
      for (const type of types) {
        for (const bad of [{ id: null }, { id: "" }, { day: "14 October" }, { day: null }]) {
          assert.strictEqual((yield* Effect.exit(decode(type, { ...sent[type], ...bad })))._tag, "Failure")
        }
      }
      const text = yield* Effect.flip(decode("daily_sleep", { ...sent.daily_sleep, score: "51" }))
      assert.include(text.message, "score")
    }))
})

describe("domain/HeartRate", () => {
  const decode = Schema.decodeUnknownEffect(HeartRateFromOura)

  it.effect("reads the row of today and those of earlier years alike", () =>
    Effect.gen(function*() {
      const expected = new HeartRate({
        timestamp: DateTime.makeUnsafe("2026-11-11T00:00:43Z"),
        bpm: 57,
        source: "rest"
      })
      for (
        const row of [
          { timestamp: "2026-11-11T00:00:43.000Z", timestamp_unix: 1_794_355_243_000, bpm: 57, source: "rest" },
          { timestamp: "2026-11-11T00:00:43+00:00", bpm: 57, source: "rest" },
          { timestamp: "2026-11-11T02:00:43+02:00", producer_timestamp: "x", bpm: 57, source: "rest" }
        ]
      ) {
        const read = yield* decode(row)
        assert.deepStrictEqual(read, expected)
        assert.deepStrictEqual(read.key, [1_794_355_243_000, "rest", 57])
      }
    }))

  it.effect("tells rows of one instant apart by source and by beats", () =>
    Effect.gen(function*() {
      const row = { timestamp: "2026-11-11T00:00:43Z", bpm: 57, source: "rest" }
      const keys = yield* Effect.forEach(
        [row, { ...row, source: "awake" }, { ...row, bpm: 58 }, { ...row, source: null }],
        (row) => Effect.map(decode(row), ({ key }) => key.join("|"))
      )
      assert.strictEqual(new Set(keys).size, 4)
    }))

  it.effect("refuses a row without beats or time", () =>
    Effect.gen(function*() {
      for (const bad of [{ bpm: null }, { timestamp: null }, { timestamp: "2026-11-11T00:00:43" }]) {
        const row = { timestamp: "2026-11-11T00:00:43Z", bpm: 57, source: "rest", ...bad }
        assert.strictEqual((yield* Effect.exit(decode(row)))._tag, "Failure")
      }
    }))
})

/** The prepared measurements, as Oura sends them. */
import { hostileStrings } from "../HostileStrings.ts"

const minute = 60_000

/** 50 to 150 beats a minute on 22 October 2026 from 10:00 to 14:00 in Prague, then nothing for an hour, then 75 at 15:00. */
export const heartRates = [
  { timestamp: "2026-01-05T08:00:00.000Z", bpm: 60, source: "awake" },
  ...Array.from({ length: 49 }, (_, index) => ({
    timestamp: new Date(Date.parse("2026-10-22T08:00:00Z") + index * 5 * minute).toISOString(),
    bpm: Math.round(50 + index / 48 * 100),
    source: "awake"
  })),
  { timestamp: "2026-10-22T13:00:00.000Z", bpm: 75, source: "awake" },
  // the two passes of the hour that the clocks show twice
  { timestamp: "2026-10-25T00:30:00.000Z", bpm: 61, source: "sleep" },
  { timestamp: "2026-10-25T01:30:00.000Z", bpm: 91, source: "sleep" }
]

export const stress = [
  { id: "stress0", day: "2026-01-05", stress_high: 60, recovery_high: 60, day_summary: "normal" },
  { id: "stress1", day: "2026-10-22", stress_high: 5400, recovery_high: 10_800, day_summary: "normal" },
  { id: "stress2", day: "2026-11-03", stress_high: 60, recovery_high: 60, day_summary: hostileStrings[40] }
]

/** Workouts bear names of their own. */
export const workouts = hostileStrings.slice(0, 40).map((text, index) => ({
  id: `workout${index}`,
  day: "2026-11-04",
  activity: text,
  label: hostileStrings[(index + 3) % hostileStrings.length],
  intensity: "moderate",
  source: "manual",
  calories: 100,
  start_datetime: `2026-11-04T${String(Math.floor(index / 2)).padStart(2, "0")}:00:00+01:00`,
  end_datetime: `2026-11-04T${String(Math.floor(index / 2)).padStart(2, "0")}:30:00+01:00`
}))

export const nights = [{
  id: "night",
  day: "2026-10-22",
  type: "long_sleep",
  period: 0,
  bedtime_start: "2026-10-21T23:00:00+02:00",
  bedtime_end: "2026-10-22T06:30:00+02:00",
  sleep_phase_5_min: "4".repeat(10) + "2".repeat(40) + "1".repeat(20) + "3".repeat(20),
  total_sleep_duration: 25_200,
  time_in_bed: 27_000,
  lowest_heart_rate: 49,
  average_hrv: 50
}]

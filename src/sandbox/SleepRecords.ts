/** The records of a night: the sleep periods, and the morning's scores that follow from them. */
import type { JsonObject } from "./Contract.ts"
import { dayLength, dayText, instantOfWall, zonedText } from "./Instants.ts"
import type { RingDay, Span } from "./RingDay.ts"
import { type Draw, uuid } from "./Seeded.ts"
import type { World } from "./World.ts"

const bounded = (value: number, low = 1, high = 100): number => Math.min(high, Math.max(low, Math.round(value)))

const two = (value: number): number => Math.round(value * 100) / 100

/** Local midnight of the day, as the daily scores bear it. */
const dayStamp = (facts: RingDay): string => zonedText(facts.zone, instantOfWall(facts.zone, facts.day * dayLength))

/** A name of a document that changes when its content is replaced under another id. */
export const documentId = (world: World, facts: RingDay, type: string, revision: number, extra = 0): string =>
  uuid(world.seed, type, facts.day, extra, facts.replaced ? revision : 0)

const readinessContributors = (from: Draw, form: number, first: boolean): JsonObject => ({
  activity_balance: bounded(from.around(76 + form * 12, 12)),
  body_temperature: bounded(from.around(88, 12)),
  hrv_balance: first ? null : bounded(from.around(74 + form * 15, 12)),
  previous_day_activity: bounded(from.around(78, 15)),
  previous_night: bounded(from.around(74 + form * 15, 12)),
  recovery_index: bounded(from.around(75, 18)),
  resting_heart_rate: bounded(from.around(80 + form * 12, 12)),
  sleep_balance: bounded(from.around(76, 12)),
  sleep_regularity: bounded(from.around(72, 12))
})

const temperature = (from: Draw): JsonObject => ({
  temperature_deviation: two(from.around(0, 0.35)),
  temperature_trend_deviation: from.chance(0.1) ? null : two(from.around(0, 0.2))
})

/** Half-minutes of a night: 1 deep, 2 light, 3 REM, 4 awake, in cycles with deep sleep early and REM late. */
const phases = (from: Draw, slots: number): string => {
  let text = "4".repeat(Math.min(slots, from.int(8, 50)))
  while (text.length < slots) {
    const share = text.length / slots
    const deep = Math.max(0, Math.round(from.around(60 * (1 - share), 14)))
    const rem = Math.max(0, Math.round(from.around(20 + 50 * share, 14)))
    text += "2".repeat(from.int(40, 90)) + "1".repeat(deep) + "2".repeat(from.int(15, 40)) + "3".repeat(rem)
    text += from.chance(0.6) ? "4".repeat(from.int(2, 16)) : ""
  }
  return text.slice(0, slots)
}

const sample = (from: Draw, start: string, count: number, mean: number, spread: number): JsonObject => ({
  interval: 300,
  items: Array.from({ length: count }, () => from.chance(0.05) ? null : Math.round(from.around(mean, spread))),
  timestamp: start.replace(/(:\d\d)([+-]\d\d:\d\d)$/, "$1.000$2")
})

const count = (text: string, phase: string): number => (text.split(phase).length - 1) * 30

const period = (
  world: World,
  facts: RingDay,
  span: Span,
  type: "long_sleep" | "late_nap" | "rest" | "deleted",
  revision: number,
  index: number
): JsonObject => {
  const from = world.draw("sleep", facts.day, index)
  const again = world.draw("sleep", facts.day, index, "revision", revision)
  const slots = Math.floor((span.to - span.from) / 30_000)
  const night = type === "long_sleep"
  const line = phases(from, slots)
  const fives = line.split("").filter((_, slot) => slot % 10 === 0).join("")
  const [deep, light, rem, awake] = ["1", "2", "3", "4"].map((phase) => count(line, phase))
  const asleep = (deep ?? 0) + (light ?? 0) + (rem ?? 0)
  const start = zonedText(facts.zone, span.from)
  const rate = two(from.around(54 - facts.form * 4, 4))
  const variability = bounded(from.around(62 + facts.form * 18, 14), 8, 160)
  const silent = type === "rest" || type === "deleted"
  return {
    id: documentId(world, facts, "sleep", revision, index),
    average_breath: silent ? null : Math.round(from.around(13.6, 0.9) * 1000) / 1000,
    average_heart_rate: silent ? null : rate,
    average_hrv: silent ? null : variability,
    awake_time: awake ?? 0,
    bedtime_end: zonedText(facts.zone, span.from + slots * 30_000),
    bedtime_start: start,
    day: dayText(facts.day),
    deep_sleep_duration: deep ?? 0,
    efficiency: bounded(asleep / Math.max(1, slots * 30) * 100),
    heart_rate: silent ? null : sample(from, start, fives.length, rate, 5),
    hrv: silent ? null : sample(from, start, fives.length, variability, 16),
    latency: line.search(/[123]/) * 30,
    light_sleep_duration: light ?? 0,
    low_battery_alert: from.chance(0.02),
    lowest_heart_rate: silent ? null : Math.round(rate - 5),
    movement_30_sec: Array.from({ length: slots }, () => from.chance(0.12) ? from.int(2, 4) : 1).join(""),
    period: index,
    readiness: night
      ? {
        contributors: readinessContributors(again, facts.form, false),
        score: bounded(again.around(76 + facts.form * 14, 5)),
        ...temperature(again)
      }
      : null,
    readiness_score_delta: night ? null : silent ? null : again.int(0, 3),
    rem_sleep_duration: rem ?? 0,
    restless_periods: Math.round(from.around(night ? 160 : 20, night ? 60 : 8)),
    sleep_algorithm_version: "v2",
    sleep_analysis_reason: revision > 0
      ? "bedtime_edit"
      : from.pick(["foreground_sleep_analysis", "background_sleep_analysis"]),
    sleep_phase_30_sec: line,
    sleep_phase_5_min: fives,
    sleep_score_delta: night ? null : silent ? null : again.int(0, 4),
    time_in_bed: slots * 30,
    total_sleep_duration: asleep,
    type
  }
}

/** The periods of the day: the night first, then naps; one the person deleted stays listed as `deleted`. */
export const nightPeriod = (world: World, facts: RingDay, revision: number): JsonObject | undefined =>
  facts.night && period(world, facts, facts.night, "long_sleep", revision, 0)

export const napPeriod = (world: World, facts: RingDay, index: number): JsonObject | undefined => {
  const nap = facts.naps[index]
  return nap && period(world, facts, nap, nap.type, 0, index + 1)
}

export const dailySleep = (world: World, facts: RingDay, revision: number): JsonObject => {
  const from = world.draw("daily sleep", facts.day, revision)
  const good = facts.form * 14
  return {
    id: documentId(world, facts, "daily_sleep", revision),
    contributors: {
      deep_sleep: bounded(from.around(82 + good, 14)),
      efficiency: bounded(from.around(84, 12)),
      latency: from.chance(0.05) ? null : bounded(from.around(78, 16)),
      rem_sleep: bounded(from.around(76 + good, 14)),
      restfulness: bounded(from.around(74, 12)),
      timing: bounded(from.around(85, 14)),
      total_sleep: bounded(from.around(80 + good, 14))
    },
    day: dayText(facts.day),
    score: bounded(from.around(78 + good, 7)),
    timestamp: dayStamp(facts)
  }
}

export const dailyReadiness = (world: World, facts: RingDay, revision: number): JsonObject => {
  const from = world.draw("daily readiness", facts.day, revision)
  return {
    id: documentId(world, facts, "daily_readiness", revision),
    contributors: readinessContributors(from, facts.form, from.chance(0.04)),
    day: dayText(facts.day),
    score: bounded(from.around(76 + facts.form * 14, 7)),
    ...temperature(from),
    timestamp: dayStamp(facts)
  }
}

export const dailySpo2 = (world: World, facts: RingDay): JsonObject => {
  const from = world.draw("daily spo2", facts.day)
  const known = !from.chance(0.05)
  return {
    id: documentId(world, facts, "daily_spo2", 0),
    day: dayText(facts.day),
    spo2_percentage: known ? { average: Math.round(from.around(96.4, 1.2) * 1000) / 1000 } : null,
    breathing_disturbance_index: known ? bounded(from.around(9, 6), 0, 60) : null
  }
}

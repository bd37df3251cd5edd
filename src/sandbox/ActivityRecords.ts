/** The records of a waking day: activity and stress, which grow while the day lasts, workouts and sessions. */
import type { JsonObject } from "./Contract.ts"
import { atLocal, dayText, minute, zonedText } from "./Instants.ts"
import type { RingDay, Span, Workout } from "./RingDay.ts"
import { documentId } from "./SleepRecords.ts"
import type { World } from "./World.ts"

const whole = Math.round

const bounded = (value: number): number => Math.min(100, Math.max(1, whole(value)))

/** Oura's day of movement: from four in the morning to the next. */
export const activityDay = (facts: RingDay): Span => ({
  from: atLocal(facts.zone, facts.day, 4 * 60),
  to: atLocal(facts.zone, facts.day + 1, 4 * 60)
})

/** The day's activity as known from data up to `until`; without a score while it lasts. */
export const dailyActivity = (world: World, facts: RingDay, until: number): JsonObject => {
  const from = world.draw("activity", facts.day)
  const { from: start, to: end } = activityDay(facts)
  const minutes = Math.max(5, Math.floor((Math.min(until, end) - start) / minute))
  const share = Math.min(1, minutes / ((end - start) / minute))
  const over = until >= end
  const sporty = facts.workouts.length > 0
  const met = Array.from({ length: minutes }, (_, index) => {
    const noise = from.next()
    const awake = index > 150 && index < 1150
    const moving = facts.workouts.some((workout) =>
      start + index * minute >= workout.from && start + index * minute < workout.to
    )
    return whole((moving ? 5 + noise * 4 : awake ? 1 + noise ** 3 * 3 : 0.9) * 10) / 10
  })
  const classes = met.filter((_, index) => index % 5 === 0).map((value) =>
    value < 1 ? 1 : value < 1.5 ? 2 : value < 3 ? 3 : value < 6 ? 4 : 5
  )
  const measures = world.draw("activity measures", facts.day)
  const part = (mean: number, spread: number): number => whole(Math.max(0, measures.around(mean, spread)) * share)
  const steps = part(sporty ? 12_400 : 8_200, 3_000)
  const active = part(sporty ? 640 : 380, 140)
  const goals = world.draw("activity score", facts.day)
  const grade = (mean: number): number | null => over ? bounded(goals.around(mean, 16)) : null
  return {
    id: documentId(world, facts, "daily_activity", 0),
    class_5_min: classes.join(""),
    score: grade(sporty ? 86 : 74),
    active_calories: active,
    average_met_minutes: whole(met.reduce((sum, value) => sum + value, 0) / met.length * 100) / 100,
    contributors: {
      meet_daily_targets: grade(78),
      move_every_hour: grade(85),
      recovery_time: grade(88),
      stay_active: grade(80),
      training_frequency: grade(sporty ? 92 : 70),
      training_volume: grade(sporty ? 90 : 72)
    },
    equivalent_walking_distance: whole(steps * 0.78),
    high_activity_met_minutes: sporty ? part(90, 40) : 0,
    high_activity_time: sporty ? part(900, 500) : 0,
    inactivity_alerts: part(2, 2),
    low_activity_met_minutes: part(180, 60),
    low_activity_time: part(15_000, 3_000),
    medium_activity_met_minutes: part(150, 70),
    medium_activity_time: part(2_700, 900),
    met: {
      interval: 60,
      items: met,
      timestamp: zonedText(facts.zone, start, true)
    },
    meters_to_target: whole(9000 - steps * 0.78),
    non_wear_time: facts.charging === undefined ? 0 : whole((facts.charging.to - facts.charging.from) / 1000),
    resting_time: part(21_000, 3_000),
    sedentary_met_minutes: part(14, 6),
    sedentary_time: part(33_000, 4_000),
    steps,
    target_calories: 450,
    target_meters: 9000,
    total_calories: whole(1_750 * share) + active,
    day: dayText(facts.day),
    timestamp: zonedText(facts.zone, start)
  }
}

/** The day's stress as known from data up to `until`; without a summary while it lasts. */
export const dailyStress = (world: World, facts: RingDay, until: number): JsonObject => {
  const from = world.draw("stress", facts.day)
  const start = atLocal(facts.zone, facts.day, 0)
  const end = atLocal(facts.zone, facts.day + 1, 0)
  const share = Math.min(1, Math.max(0, (until - start) / (end - start)))
  const quarters = (mean: number): number => Math.floor(Math.max(0, from.around(mean, 3_600)) * share / 900) * 900
  const high = quarters(7_200 - facts.form * 3_600)
  const recovery = quarters(6_300 + facts.form * 3_600)
  return {
    id: documentId(world, facts, "daily_stress", 0),
    day: dayText(facts.day),
    stress_high: from.chance(0.02) ? null : high,
    recovery_high: recovery,
    day_summary: until < end ? null : high > recovery + 3_600 ? "stressful" : recovery > high ? "restored" : "normal"
  }
}

export const workoutRecord = (world: World, facts: RingDay, workout: Workout, index: number): JsonObject => {
  const from = world.draw("workout", facts.day, index)
  const minutes = (workout.to - workout.from) / minute
  return {
    id: documentId(world, { ...facts, replaced: false }, "workout", 0, index),
    activity: workout.activity,
    calories: from.chance(0.05)
      ? null
      : whole(minutes * { easy: 4.2, moderate: 7.4, hard: 10.6 }[workout.intensity] * 10) / 10,
    day: dayText(facts.day),
    distance: workout.kilometres === undefined ? null : whole(workout.kilometres * 10_000) / 10,
    end_datetime: zonedText(facts.zone, workout.to),
    intensity: workout.intensity,
    label: from.chance(0.15) ? from.pick(["Evening loop 🏃‍♀️", "Intervals", "Commute", "Petřín a zpátky"]) : null,
    source: from.pick(["confirmed", "autodetected", "workout_heart_rate", "manual"]),
    start_datetime: zonedText(facts.zone, workout.from)
  }
}

export const sessionRecord = (world: World, facts: RingDay): JsonObject | undefined => {
  const { session } = facts
  if (session === undefined) {
    return undefined
  }
  const from = world.draw("session", facts.day)
  const started = zonedText(facts.zone, session.from, true)
  const slots = Math.floor((session.to - session.from) / 5_000)
  const series = (mean: number, spread: number): JsonObject => ({
    interval: 5,
    items: Array.from({ length: slots }, () => from.chance(0.04) ? null : whole(from.around(mean, spread))),
    timestamp: started
  })
  const measured = from.chance(0.7)
  return {
    id: documentId(world, { ...facts, replaced: false }, "session", 0),
    day: dayText(facts.day),
    start_datetime: zonedText(facts.zone, session.from),
    end_datetime: zonedText(facts.zone, session.to),
    type: session.type,
    heart_rate: measured ? series(60, 6) : null,
    heart_rate_variability: measured ? series(58, 18) : null,
    mood: from.chance(0.5) ? from.pick(["bad", "worse", "same", "good", "great"]) : null,
    motion_count: { ...series(6, 8), items: Array.from({ length: slots }, () => from.int(0, 24)) }
  }
}

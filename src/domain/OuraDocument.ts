import { Schema } from "effect"
import { LocalDay } from "./LocalDay.ts"
import { OffsetTime } from "./OffsetTime.ts"
import type { OuraDataType } from "./Task.ts"

/** The kinds of Oura record that are documents: each with an `id` and the wearer's local `day`. */
export type OuraDocumentType = Exclude<OuraDataType, "heartrate">

/** A field that Oura may leave out or send as null, as it does with nearly all. */
const maybe = <S extends Schema.Constraint>(schema: S) => Schema.OptionFromOptionalNullOr(schema)

const number = maybe(Schema.Finite)
const text = maybe(Schema.String)
const flag = maybe(Schema.Boolean)
/** An object whose inside is Oura's business: contributors, which come and go, or a series of samples with nulls. */
const part = maybe(Schema.Record(Schema.String, Schema.Unknown))
const time = maybe(OffsetTime)

const document = <const F extends Schema.Struct.Fields>(fields: F) =>
  Schema.Struct({ id: Schema.NonEmptyString, day: LocalDay, ...fields })

/**
 * How each kind of document is read. Fields bear Oura's own names and units (seconds, metres, kilocalories); unknown ones
 * are ignored. `day` is the wearer's and is never derived from an instant.
 */
export const OuraDocument = {
  daily_activity: document({
    score: number,
    timestamp: time,
    contributors: part,
    active_calories: number,
    average_met_minutes: number,
    class_5_min: text,
    equivalent_walking_distance: number,
    high_activity_met_minutes: number,
    high_activity_time: number,
    inactivity_alerts: number,
    low_activity_met_minutes: number,
    low_activity_time: number,
    medium_activity_met_minutes: number,
    medium_activity_time: number,
    met: part,
    meters_to_target: number,
    non_wear_time: number,
    resting_time: number,
    sedentary_met_minutes: number,
    sedentary_time: number,
    steps: number,
    target_calories: number,
    target_meters: number,
    total_calories: number
  }),
  daily_readiness: document({
    score: number,
    timestamp: time,
    contributors: part,
    temperature_deviation: number,
    temperature_trend_deviation: number
  }),
  daily_sleep: document({ score: number, timestamp: time, contributors: part }),
  daily_spo2: document({ spo2_percentage: part, breathing_disturbance_index: number }),
  daily_stress: document({ stress_high: number, recovery_high: number, day_summary: text }),
  /** One period of sleep, on the day of waking. A `type` of `deleted` is no sleep. */
  sleep: document({
    type: text,
    period: number,
    bedtime_start: OffsetTime,
    bedtime_end: OffsetTime,
    average_breath: number,
    average_heart_rate: number,
    average_hrv: number,
    awake_time: number,
    deep_sleep_duration: number,
    efficiency: number,
    heart_rate: part,
    hrv: part,
    latency: number,
    light_sleep_duration: number,
    low_battery_alert: flag,
    lowest_heart_rate: number,
    movement_30_sec: text,
    readiness: part,
    readiness_score_delta: number,
    rem_sleep_duration: number,
    restless_periods: number,
    sleep_algorithm_version: text,
    sleep_analysis_reason: text,
    sleep_phase_30_sec: text,
    sleep_phase_5_min: text,
    sleep_score_delta: number,
    time_in_bed: number,
    total_sleep_duration: number
  }),
  session: document({
    type: text,
    start_datetime: OffsetTime,
    end_datetime: time,
    heart_rate: part,
    heart_rate_variability: part,
    mood: text,
    motion_count: part
  }),
  workout: document({
    activity: text,
    calories: number,
    distance: number,
    start_datetime: OffsetTime,
    end_datetime: time,
    intensity: text,
    label: text,
    source: text
  })
} as const satisfies { readonly [T in OuraDocumentType]: Schema.Constraint }

/** A document, whatever its kind: what all kinds have, and the fields of its own. */
export interface OuraRecord {
  readonly id: string
  readonly day: LocalDay
  readonly [field: string]: unknown
}

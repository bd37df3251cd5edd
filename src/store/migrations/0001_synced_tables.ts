import type { Migration } from "../Migration.ts"

/** A column and its SurrealQL type. */
type Columns = { readonly [name: string]: string }

const text = "option<string>"
const number = "option<number>"
const flag = "option<bool>"
const instant = "option<datetime>"
const object = "option<object> FLEXIBLE"

/** What every synced table has besides its own columns: whose the row is, whether it is gone, and where it came from. */
const common: Columns = {
  connection: "string",
  deleted_at: instant,
  deleted_by: text,
  _raw: "object FLEXIBLE",
  _synced_at: "datetime",
  _hash: "string",
  _listing: text
}

const table = (
  name: string,
  columns: Columns,
  ...indexes: ReadonlyArray<readonly [string, ...ReadonlyArray<string>]>
) => [
  `DEFINE TABLE IF NOT EXISTS ${name} SCHEMAFULL`,
  ...Object.entries(columns).map(([column, type]) => `DEFINE FIELD IF NOT EXISTS ${column} ON ${name} TYPE ${type}`),
  ...indexes.map((columns) =>
    `DEFINE INDEX IF NOT EXISTS ${name}_by_${columns.join("_")} ON ${name} FIELDS ${columns.join(", ")}`
  )
]

/**
 * Oura's documents. An instant that Oura gives with an offset is stored as UTC, and the text as sent, which tells the
 * wearer's local time, beside it as `…_local`.
 */
const ouraDocuments: { readonly [table: string]: Columns } = {
  oura_daily_activity: {
    score: number,
    timestamp: instant,
    timestamp_local: text,
    contributors: object,
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
    met: object,
    meters_to_target: number,
    non_wear_time: number,
    resting_time: number,
    sedentary_met_minutes: number,
    sedentary_time: number,
    steps: number,
    target_calories: number,
    target_meters: number,
    total_calories: number
  },
  oura_daily_readiness: {
    score: number,
    timestamp: instant,
    timestamp_local: text,
    contributors: object,
    temperature_deviation: number,
    temperature_trend_deviation: number
  },
  oura_daily_sleep: { score: number, timestamp: instant, timestamp_local: text, contributors: object },
  oura_daily_spo2: { spo2_percentage: object, breathing_disturbance_index: number },
  oura_daily_stress: { stress_high: number, recovery_high: number, day_summary: text },
  oura_sleep: {
    type: text,
    period: number,
    bedtime_start: "datetime",
    bedtime_start_local: "string",
    bedtime_end: "datetime",
    bedtime_end_local: "string",
    average_breath: number,
    average_heart_rate: number,
    average_hrv: number,
    awake_time: number,
    deep_sleep_duration: number,
    efficiency: number,
    heart_rate: object,
    hrv: object,
    latency: number,
    light_sleep_duration: number,
    low_battery_alert: flag,
    lowest_heart_rate: number,
    movement_30_sec: text,
    readiness: object,
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
  },
  oura_session: {
    type: text,
    start_datetime: "datetime",
    start_datetime_local: "string",
    end_datetime: instant,
    end_datetime_local: text,
    heart_rate: object,
    heart_rate_variability: object,
    mood: text,
    motion_count: object
  },
  oura_workout: {
    activity: text,
    calories: number,
    distance: number,
    start_datetime: "datetime",
    start_datetime_local: "string",
    end_datetime: instant,
    end_datetime_local: text,
    intensity: text,
    label: text,
    source: text
  }
}

/**
 * The tables the syncs fill, and where each sync stands.
 *
 * An index over one column serves a range with both its bounds; one over several serves equality on the first columns
 * but only the lower bound of a range on the next. Hence one column an index, where ranges are asked for. Plays and heart
 * rate need none for their ranges: their ids begin with the instant.
 */
export const syncedTables: Migration = {
  number: 1,
  name: "synced tables and sync states",
  statements: [
    ...table("spotify_listening_history", {
      ...common,
      spotify_track_id: text,
      track_uri: "string",
      track_name: text,
      artist_names: "array<string>",
      artist_ids: "array<string>",
      album_name: text,
      album_id: text,
      duration_ms: number,
      explicit: flag,
      popularity: number,
      played_at: "datetime",
      context_uri: text,
      kind: "string"
    }),
    ...table("spotify_sync_state", {
      connection: "string",
      last_sync_at: "datetime",
      latest_played_at: instant,
      tracks_fetched: "number"
    }),
    ...table(
      "google_calendar_events",
      {
        ...common,
        google_id: "string",
        calendar_id: "string",
        recurring_event_id: text,
        color_id: text,
        summary: text,
        all_day: "bool",
        start: instant,
        start_zone: text,
        start_date: text,
        end: instant,
        end_zone: text,
        end_date: text,
        original_start: instant,
        original_start_zone: text,
        original_start_date: text,
        status: "string",
        html_link: text,
        location: text,
        description: text,
        created: instant,
        updated: instant,
        event_type: text,
        transparency: text
      },
      ["start"],
      ["end"],
      ["end_date"]
    ),
    ...table("google_calendar_sync_state", {
      connection: "string",
      calendar_id: "string",
      sync_token: text,
      last_sync: instant,
      covered_from: instant,
      page_token: text,
      listings: "number",
      listing: number,
      listing_from: instant,
      listed: number,
      unreadable: "option<array<string>>"
    }),
    ...table("oura_heartrate", {
      ...common,
      timestamp: "datetime",
      bpm: "number",
      source: "string"
    }),
    ...Object.entries(ouraDocuments).flatMap(([name, columns]) =>
      table(name, { ...common, document_id: "string", day: "string", ...columns }, ["day"])
    ),
    ...table("oura_sync_state", {
      connection: "string",
      data_type: "string",
      last_sync_start: "datetime",
      last_sync_end: "datetime",
      last_sync_at: "datetime",
      records_fetched: "number",
      records_stored: "number"
    })
  ]
}

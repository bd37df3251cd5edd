/** A report in parts that can be written in any form: as Markdown, as HTML, and on the page. */
import { DateTime, Option } from "effect"
import { isoWeekOf } from "../domain/IsoWeek.ts"
import type { RecordKind } from "../domain/RecordKind.ts"
import { changeOf, type MeasureName, type Report } from "../domain/Report.ts"
import { ianaZone } from "../domain/TimeZones.ts"

/** A table, of which the first column names its rows, or a list. */
export type Part =
  | {
    readonly _tag: "Table"
    readonly title: string
    readonly columns: ReadonlyArray<string>
    readonly rows: ReadonlyArray<ReadonlyArray<string>>
  }
  | { readonly _tag: "List"; readonly title: string; readonly items: ReadonlyArray<string> }

export interface ReportText {
  readonly title: string
  /** What is to be known before the numbers. */
  readonly notes: ReadonlyArray<string>
  readonly parts: ReadonlyArray<Part>
}

export const kindTitle: { readonly [K in RecordKind]: string } = {
  calendar: "Calendar",
  listening: "Listening",
  heart_rate: "Heart rate",
  body: "Sleep and body"
}

const measureTitle: { readonly [M in MeasureName]: string } = {
  plays: "Plays",
  listened_minutes: "Minutes listened",
  artists: "Artists",
  tracks: "Tracks",
  events: "Events",
  event_hours: "Hours in events",
  asleep_hours: "Hours asleep",
  sleep_score: "Sleep score",
  readiness_score: "Readiness score",
  activity_score: "Activity score",
  steps: "Steps",
  active_kilocalories: "Active kilocalories",
  stress_minutes: "Minutes of stress"
}

const unknown = "–"

const shown = (value: number | null): string => value === null ? unknown : String(value)

/** An instant on the owner's clock, or the day that it is already. */
const clock = (zone: DateTime.TimeZone) => (at: DateTime.Utc): string =>
  DateTime.formatIsoZoned(DateTime.setZone(at, zone)).slice(0, 16).replace("T", " ")

/** The day of the week, in English as all of a report. */
const weekday = (day: string): string =>
  new Intl.DateTimeFormat("en", { weekday: "long", timeZone: "UTC" }).format(
    DateTime.makeUnsafe(`${day}T12:00:00Z`).epochMilliseconds
  )

export const titleOf = ({ from, kind, to }: Report): string =>
  kind === "daily" ? `${weekday(from)}, ${from}` : `Week ${isoWeekOf(from)}, ${from} to ${to}`

const measures = (report: Report): Part => ({
  _tag: "Table",
  title: "In numbers",
  columns: ["", report.kind === "daily" ? "this day" : "this week", "usual", "more or less", "of"],
  rows: report.measures.filter(({ usual, value }) => value !== null || usual !== null).map((one) => {
    const change = changeOf(one)
    const value = one.value !== null && !one.complete ? `${one.value} (incomplete)` : shown(one.value)
    return [
      measureTitle[one.name],
      value,
      shown(one.usual),
      change === null ? unknown : change > 0 ? `+${change} %` : `${change} %`,
      one.compared === 0 ? unknown : String(one.compared)
    ]
  })
})

const days = (report: Report): ReadonlyArray<Part> =>
  report.kind === "daily" ? [] : [{
    _tag: "Table",
    title: "Day by day",
    columns: ["", "plays", "minutes", "events", "asleep", "sleep", "readiness", "activity", "steps"],
    rows: report.days.map((day) => [
      `${weekday(day.day).slice(0, 3)} ${day.day}`,
      ...[
        day.plays,
        day.listened_minutes,
        day.events,
        day.asleep_hours,
        day.sleep_score,
        day.readiness_score,
        day.activity_score,
        day.steps
      ].map(shown)
    ])
  }]

const list = (title: string, items: ReadonlyArray<string>): ReadonlyArray<Part> =>
  items.length === 0 ? [] : [{ _tag: "List", title, items }]

export const textOf = (report: Report): ReportText => {
  const zone = Option.getOrElse(ianaZone(report.time_zone), () => DateTime.zoneMakeOffset(0))
  const at = clock(zone)
  const instant = (text: string): string => Option.match(DateTime.make(text), { onNone: () => text, onSome: at })
  const plays = (count: number): string => `${count} ${count === 1 ? "play" : "plays"}`
  const usual = report.kind === "daily" ? "the same day of the four weeks before" : "the four weeks before"
  return {
    title: titleOf(report),
    notes: [
      `Times are those of ${report.time_zone}. Usual is the mean of ${usual}, of those that were recorded; ` +
      "a dash means that it is not known.",
      ...report.over ? [] : [`This was not over when the report was made, at ${at(report.made_at)}.`]
    ],
    parts: [
      measures(report),
      ...days(report),
      ...list(
        "Events",
        report.events.map(({ start, title, whole_days }) =>
          `${whole_days ? start : instant(start)}: ${title ?? "without a title"}`
        )
      ),
      ...list("Artists", report.top_artists.map(({ name, plays: count }) => `${name} (${plays(count)})`)),
      ...list(
        "Tracks",
        report.top_tracks.map(({ artists, name, plays: count }) =>
          `${name}${artists.length === 0 ? "" : ` by ${artists.join(", ")}`} (${plays(count)})`
        )
      ),
      ...list(
        "Not recorded",
        report.gaps.map(({ detail, from, kind, to }) => `${kindTitle[kind]}, ${at(from)} to ${at(to)}: ${detail}`)
      ),
      ...list(
        "Not recorded in the last thirty days",
        report.blind_spots.map(({ hours, kind, stretches }) =>
          `${kindTitle[kind]}: ${hours} hours in ${stretches} ${stretches === 1 ? "stretch" : "stretches"}`
        )
      )
    ]
  }
}

/** A day, and a week, in a few words and numbers. */
import { DateTime, Effect, Option, Schema } from "effect"
import type { BodyDay, CalendarDays, Night, Recorded } from "../api/DataMessages.ts"
import type { DayRange } from "../domain/DayRange.ts"
import { LocalDay } from "../domain/LocalDay.ts"
import { RecordKind } from "../domain/RecordKind.ts"
import { eventsOf } from "./DataParts.ts"
import type { Client, GliderCalls } from "./GliderCalls.ts"
import { cut } from "./ToolMaking.ts"

const number = Schema.NullOr(Schema.Finite)

const DaySummed = Schema.Struct({
  day: LocalDay,
  plays: Schema.Natural,
  listened_minutes: Schema.Finite,
  events: Schema.Natural,
  sleep_score: number,
  readiness_score: number,
  activity_score: number,
  steps: number,
  /** Of the main period of sleep from which the person woke on the day. */
  asleep_hours: number
})

/** What some days come to. */
export const Summary = Schema.Struct({
  time_zone: Schema.String,
  from: LocalDay,
  to: LocalDay,
  days: Schema.Array(DaySummed),
  /** The first ones, by start. */
  events: Schema.Array(Schema.Struct({
    title: Schema.NullOr(Schema.String),
    whole_days: Schema.Boolean,
    start: Schema.String,
    end: Schema.String
  })),
  top_artists: Schema.Array(Schema.Struct({ name: Schema.String, plays: Schema.Natural })),
  top_tracks: Schema.Array(
    Schema.Struct({ name: Schema.String, artists: Schema.Array(Schema.String), plays: Schema.Natural })
  ),
  /** Kinds of records that may be incomplete within the days. */
  incomplete: Schema.Array(Schema.Struct({ kind: RecordKind, why: Schema.String }))
})
export type Summary = typeof Summary.Type

const mostEvents = 50

const rounded = (value: number, digits: number): number => Math.round(value * 10 ** digits) / 10 ** digits

const asleepOf = (nights: ReadonlyArray<Night>, day: LocalDay): number | null => {
  const seconds = nights
    .filter((night) => night.day === day && Option.contains(night.type, "long_sleep"))
    .flatMap(({ asleep_seconds }) => Option.toArray(asleep_seconds))
  return seconds.length === 0 ? null : rounded(Math.max(...seconds) / 3600, 1)
}

const incompleteOf = (
  { unrecorded }: Recorded
) => [...new Map(unrecorded.map(({ kind, why }) => [`${kind} ${why}`, { kind, why }])).values()]

const titlesOf = (calendar: CalendarDays) =>
  eventsOf(calendar, mostEvents).events.map(({ end, start, title, whole_days }) => ({
    title: title === null ? null : cut(title, 200),
    whole_days,
    start,
    end
  }))

/** Asks for all that is told of the days; each question is one of the API. */
const ofDays = (days: DayRange) => (glider: Client) =>
  Effect.gen(function*() {
    const query = { ...days }
    const { artists, body, calendar, recorded, totals, tracks } = yield* Effect.all({
      artists: glider.data.tops({ query: { ...query, of: "artists", limit: 5 } }),
      tracks: glider.data.tops({ query: { ...query, of: "tracks", limit: 5 } }),
      body: glider.data.body({ query }),
      calendar: glider.data.calendar({ query }),
      recorded: glider.data.recorded({ query }),
      totals: glider.data.totals({ query })
    }, { concurrency: 2 })
    const rings = new Map<LocalDay, BodyDay>(body.days.map((day) => [day.day, day]))
    const ring = (day: LocalDay, field: "readiness_score" | "activity_score") =>
      Option.getOrNull(Option.flatMap(Option.fromUndefinedOr(rings.get(day)), (known) => known[field]))
    return {
      time_zone: totals.time_zone,
      ...days,
      days: totals.days.map(({ day, events, listened_ms, plays, sleep_score, steps }) => ({
        day,
        plays,
        listened_minutes: rounded(listened_ms / 60_000, 0),
        events,
        sleep_score: Option.getOrNull(sleep_score),
        readiness_score: ring(day, "readiness_score"),
        activity_score: ring(day, "activity_score"),
        steps: Option.getOrNull(steps),
        asleep_hours: asleepOf(body.nights, day)
      })),
      events: titlesOf(calendar),
      top_artists: artists.tops.map(({ name, plays }) => ({ name, plays })),
      top_tracks: tracks.tops.map(({ artists, name, plays }) => ({ name, artists, plays })),
      incomplete: incompleteOf(recorded)
    } satisfies Summary
  })

/** What the days come to. */
export const summaryOf = ({ ask }: GliderCalls["Service"], days: DayRange) => ask(ofDays(days))

const shown = (value: number | null): string => value === null ? "–" : String(value)

const inLine = (text: string): string => text.replaceAll(/[\s|]+/g, " ").trim()

const clock = (start: string, zone: string): string =>
  Option.match(Option.flatMap(DateTime.make(start), (at) => DateTime.setZoneNamed(at, zone)), {
    onNone: () => start,
    onSome: (at) => DateTime.formatIsoZoned(at).slice(0, 16).replace("T", " ")
  })

/** The summary as a page of Markdown. */
export const markdown = (title: string, summary: Summary): string => {
  const { days, events, from, incomplete, time_zone, to, top_artists, top_tracks } = summary
  const list = (lines: ReadonlyArray<string>) => lines.length === 0 ? ["none"] : lines.map((line) => `- ${line}`)
  return [
    `# ${title}`,
    "",
    `${from === to ? from : `${from} to ${to}`}, ${time_zone}. A dash means that it is not known.`,
    "",
    "| day | plays | minutes listened | events | sleep | readiness | activity | steps | hours asleep |",
    "|---|---|---|---|---|---|---|---|---|",
    ...days.map((day) =>
      `| ${day.day} | ${day.plays} | ${day.listened_minutes} | ${day.events} | ${shown(day.sleep_score)} | ` +
      `${shown(day.readiness_score)} | ${shown(day.activity_score)} | ${shown(day.steps)} | ${
        shown(day.asleep_hours)
      } |`
    ),
    "",
    "## Events",
    ...list(
      events.map(({ start, title, whole_days }) =>
        `${whole_days ? start : clock(start, time_zone)}: ${inLine(title ?? "without a title")}`
      )
    ),
    "",
    "## Most listened",
    ...list(top_artists.map(({ name, plays }) => `${inLine(name)} (${plays})`)),
    "",
    ...list(
      top_tracks.map(({ artists, name, plays }) => `${inLine(name)} by ${inLine(artists.join(", "))} (${plays})`)
    ),
    ...incomplete.length === 0 ? [] : [
      "",
      "## May be incomplete",
      ...incomplete.map(({ kind, why }) => `- ${kind}: ${why}`)
    ],
    ""
  ].join("\n")
}

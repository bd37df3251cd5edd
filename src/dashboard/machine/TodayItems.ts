/** What today holds of the person's own records, in order of time. */
import { DateTime, Option } from "effect"
import type { BodyDays, CalendarDays, ListeningDays, Recorded } from "../../api/DataMessages.ts"
import { dayOf, endOfDay, startOfDay } from "../../domain/LocalDay.ts"
import type { Provider } from "../../domain/Provider.ts"
import { heardWithin } from "../days/Heard.ts"
import { recordingOf } from "../days/Recording.ts"
import { at, clock, isWithinDay, length, moments, type Owner } from "../frame/Owner.ts"
import { some } from "./RunWords.ts"

/** One thing of the day. */
export interface TodayItem {
  readonly key: string
  readonly provider: Provider
  /** `09:00 – 10:30`. */
  readonly time: string
  readonly title: string
  readonly detail: string
  /** Whether it goes on right now. */
  readonly isNow: boolean
  readonly at: number
}

/** What is known of the day. */
export interface DayToday {
  readonly items: ReadonlyArray<TodayItem>
  /** Of which kinds there may be more. */
  readonly unknown: ReadonlyArray<TodayKind>
}

const kindNames = { calendar: "the calendar", listening: "listening", body: "sleep" } as const

type TodayKind = keyof typeof kindNames

const todayKinds = ["calendar", "listening", "body"] as const satisfies ReadonlyArray<TodayKind>

/** Of which kinds not all of today, so far, was recorded. */
export const unknownToday = (owner: Owner, recorded: Recorded): ReadonlyArray<TodayKind> =>
  todayKinds.filter((kind) => recordingOf(owner, { from: owner.today, to: owner.today }, kind, recorded) !== "all")

/** What is said of a day so far in which there is nothing: that it was quiet, or that nobody knows. */
export const quietText = (unknown: ReadonlyArray<TodayKind>): string =>
  unknown.length === 0
    ? "Nothing has happened today so far."
    : unknown.length === todayKinds.length
    ? "Nothing was recorded of today so far."
    : `Nothing has come of today so far. ${moreText(unknown)}`

/** That the day may hold more than is shown. */
export const moreText = (unknown: ReadonlyArray<TodayKind>): string =>
  `Not all was recorded: ${unknown.map((kind) => kindNames[kind]).join(" and ")} may have more.`

/** What the API said of the day. */
export interface TodayData {
  readonly calendar: CalendarDays
  readonly listening: ListeningDays
  readonly body: BodyDays
}

/** `09:00 – 10:30` of today; what began on another day bears its name: `Mon 23:10 – 06:52`. */
const spanText = (owner: Owner, start: DateTime.Utc, end: DateTime.Utc): string => {
  const from = dayOf(start, owner.zone) < owner.today
    ? `${at(owner, start, { weekday: "short" })} ${clock(owner, start)}`
    : clock(owner, start)
  return start.epochMilliseconds === end.epochMilliseconds ? from : `${from} – ${clock(owner, end)}`
}

const holds = ({ now }: Owner, start: DateTime.Utc, end: DateTime.Utc): boolean =>
  start.epochMilliseconds <= now.epochMilliseconds && now.epochMilliseconds < end.epochMilliseconds

const artistsOf = (names: ReadonlyArray<string>): string => {
  const distinct = [...new Set(names)]
  return distinct.length > 3 ? `${distinct.slice(0, 3).join(", ")} and others` : distinct.join(", ")
}

/** Whole days come first, then by their start. */
export const todayItems = (owner: Owner, { body, calendar, listening }: TodayData): ReadonlyArray<TodayItem> => {
  const whole = calendar.whole_days.map((event): TodayItem => ({
    key: `day ${event.calendar_id} ${event.id}`,
    provider: "google",
    time: "all day",
    title: Option.getOrElse(event.title, () => "(No title)"),
    detail: Option.getOrElse(event.location, () => ""),
    isNow: false,
    at: -Infinity
  }))
  const timed = calendar.timed.map((event): TodayItem => ({
    key: `event ${event.calendar_id} ${event.id}`,
    provider: "google",
    time: isWithinDay(owner, event.start, event.end)
      ? spanText(owner, event.start, event.end)
      : moments(owner, event.start, event.end),
    title: Option.getOrElse(event.title, () => "(No title)"),
    detail: Option.getOrElse(event.location, () => ""),
    isNow: holds(owner, event.start, event.end),
    at: event.start.epochMilliseconds
  }))
  const sessions = heardWithin(listening.sessions, {
    start: startOfDay(owner.today, owner.zone).epochMilliseconds,
    end: endOfDay(owner.today, owner.zone).epochMilliseconds
  }).map(({ part, whole: { end, plays, start } }): TodayItem => ({
    key: `listening ${DateTime.formatIso(start)}`,
    provider: "spotify",
    time: spanText(owner, start, end),
    title: `${some(owner, part.plays.length, "track")}${plays[0] === part.plays[0] ? "" : " since midnight"}, ${
      length(part.listened_ms / 1000)
    }`,
    detail: artistsOf(part.plays.flatMap(({ artists }) => artists.slice(0, 1))),
    isNow: holds(owner, start, end),
    at: start.epochMilliseconds
  }))
  const nights = body.nights.filter(({ day, type }) => day === owner.today && !Option.contains(type, "rest"))
    .map((night): TodayItem => ({
      key: `night ${night.id}`,
      provider: "oura",
      time: spanText(owner, night.bedtime_start, night.bedtime_end),
      title: Option.match(night.asleep_seconds, {
        onNone: () => "Slept",
        onSome: (seconds) => `Slept ${length(seconds)}`
      }),
      detail: Option.match(night.average_heart_rate, {
        onNone: () => "",
        onSome: (bpm) => `heart rate ${Math.round(bpm)}`
      }),
      isNow: false,
      at: night.bedtime_start.epochMilliseconds
    }))
  return [...whole, ...[...timed, ...sessions, ...nights].toSorted((one, other) => one.at - other.at)]
}

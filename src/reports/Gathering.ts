import { Context, DateTime, Effect, Layer, Option } from "effect"
import { type DayRange, daysOf, spanOf } from "../domain/DayRange.ts"
import { plusDays } from "../domain/LocalDay.ts"
import { Report } from "../domain/Report.ts"
import { keyOf, rangeOf, type ReportPeriod, weeksBefore } from "../domain/ReportPeriod.ts"
import { Body } from "../records/Body.ts"
import { Calendar, type DaysEvent, type TimedEvent } from "../records/Calendar.ts"
import { Owner } from "../records/Owner.ts"
import type { Plans } from "../records/Reading.ts"
import { Recorded } from "../records/Recorded.ts"
import { Summary } from "../records/Summary.ts"
import { type TopKind, Tops } from "../records/Tops.ts"
import { Totals } from "../records/Totals.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { coverageOf } from "./Coverage.ts"
import { dayFacts, measuresOf, orUnknown, type RangeFacts, rounded } from "./Figures.ts"

/** With so many weeks before it is compared. */
const weeks = 4

/** Of so many days to the end of a week it is said what is not known of them. */
const blindSpotDays = 30

const mostEvents = 50
const mostTops = 10

/** A title that is longer is no title. */
const longestTitle = 200

interface Events {
  readonly timed: ReadonlyArray<TimedEvent>
  readonly wholeDays: ReadonlyArray<DaysEvent>
}

/** What the records say of a day or a week, put into a report. */
export class Gathering extends Context.Service<Gathering, {
  /** As it is now, by what the config in force has read. */
  readonly of: (period: ReportPeriod, plans: Plans) => Effect.Effect<Report, SurrealError>
}>()("glider/reports/Gathering") {
  static readonly layer = Layer.effect(
    Gathering,
    Effect.gen(function*() {
      const body = yield* Body
      const calendar = yield* Calendar
      const owner = yield* Owner
      const recorded = yield* Recorded
      const summary = yield* Summary
      const tops = yield* Tops
      const totals = yield* Totals
      const { zone } = owner

      const rangeFacts = Effect.fnUntraced(function*(range: DayRange, events: Events) {
        const { artists, tracks } = yield* summary.between(range)
        const { timed, wholeDays } = eventsWithin(events, range, zone)
        const hours = timed.reduce((sum, { end, start }) => sum + hoursWithin(start, end, range, zone), 0)
        return {
          range,
          artists,
          tracks,
          events: timed.length + wholeDays.length,
          event_hours: rounded(hours, 1)
        } satisfies RangeFacts
      })

      const of = Effect.fn("Gathering.of")(function*(period: ReportPeriod, plans: Plans) {
        yield* Effect.annotateCurrentSpan({ "glider.report.key": keyOf(period) })
        const { now } = yield* owner.now
        const range = rangeOf(period)
        const before = Array.from({ length: weeks }, (_, index) => weeksBefore(range, index + 1))
        const all = { from: weeksBefore(range, weeks).from, to: range.to }
        const known = new Map((yield* body.days(all)).map((day) => [day.day, day]))
        const nights = Map.groupBy(yield* body.nights(all), ({ day }) => day)
        const events = alone(yield* calendar.between(all))
        const coverage = coverageOf((yield* recorded.between(all, plans)).unrecorded, zone, now)
        const facts = new Map(
          (yield* totals.between(all)).map((day) => [
            day.day,
            dayFacts(day, known.get(day.day), nights.get(day.day) ?? [])
          ])
        )
        const over = now.epochMilliseconds >= spanOf(range, zone).to.epochMilliseconds
        const most = (of: TopKind) =>
          Effect.map(tops.between(range, { of, by: "plays", limit: mostTops }), (found) => found.tops)
        const within = eventsWithin(events, range, zone)
        return new Report({
          key: keyOf(period),
          kind: period.kind,
          ...range,
          time_zone: owner.zoneId,
          made_at: now,
          over,
          measures: measuresOf(
            facts,
            [yield* rangeFacts(range, events), ...yield* Effect.forEach(before, (one) => rangeFacts(one, events))],
            coverage,
            over
          ),
          days: daysOf(range).flatMap((day) => facts.get(day) ?? []).map((of) => {
            const one = { from: of.day, to: of.day }
            const heard = coverage.of("listening", one)
            return {
              ...of,
              plays: orUnknown(of.plays, heard),
              listened_minutes: orUnknown(of.listened_minutes, heard),
              events: orUnknown(of.events, coverage.of("calendar", one))
            }
          }),
          top_artists: (yield* most("artists")).map(({ listened, name, plays }) => ({
            name,
            plays,
            listened_minutes: Math.round(listened / 60_000)
          })),
          top_tracks: (yield* most("tracks")).map(({ artists, listened, name, plays }) => ({
            name,
            artists,
            plays,
            listened_minutes: Math.round(listened / 60_000)
          })),
          events: [
            ...within.wholeDays.map(({ event, first }) => ({ title: titleOf(event), whole_days: true, start: first })),
            ...within.timed.map(({ event, start }) => ({
              title: titleOf(event),
              whole_days: false,
              start: DateTime.formatIso(start)
            }))
          ].toSorted((one, other) => one.start < other.start ? -1 : 1).slice(0, mostEvents),
          gaps: coverage.gaps(range),
          blind_spots: period.kind === "weekly"
            ? coverage.blindSpots({ from: plusDays(range.to, 1 - blindSpotDays), to: range.to })
            : []
        })
      })
      return Gathering.of({ of })
    })
  )
}

/** A meeting that stands in two calendars is one. */
const alone = ({ timed, wholeDays }: Events): Events => ({
  timed: [...new Map(timed.map((one) => [`${one.event.id} ${one.start.epochMilliseconds}`, one])).values()],
  wholeDays: [...new Map(wholeDays.map((one) => [`${one.event.id} ${one.first}`, one])).values()]
})

const eventsWithin = ({ timed, wholeDays }: Events, range: DayRange, zone: DateTime.TimeZone): Events => {
  const { from, to } = spanOf(range, zone)
  return {
    timed: timed.filter(({ end, start }) =>
      start.epochMilliseconds < to.epochMilliseconds &&
      (start.epochMilliseconds >= from.epochMilliseconds || end.epochMilliseconds > from.epochMilliseconds)
    ),
    wholeDays: wholeDays.filter(({ first, last }) => first <= range.to && last >= range.from)
  }
}

const hoursWithin = (start: DateTime.Utc, end: DateTime.Utc, range: DayRange, zone: DateTime.TimeZone): number => {
  const { from, to } = spanOf(range, zone)
  const begin = Math.max(start.epochMilliseconds, from.epochMilliseconds)
  return Math.max(0, Math.min(end.epochMilliseconds, to.epochMilliseconds) - begin) / 3_600_000
}

const titleOf = ({ summary }: TimedEvent["event"]): string | null =>
  Option.getOrNull(
    Option.filter(Option.map(summary, (title) => title.trim().slice(0, longestTitle)), (title) => title !== "")
  )

/** `/body`: nights, scores, steps and heart rate over weeks. */
import { type DateTime, Effect, Option } from "effect"
import type { BodyDay, BodyDays, HeartRateDays, Night, Recorded } from "../../api/DataMessages.ts"
import { type DayRange, daySpans } from "../../domain/DayRange.ts"
import { plusDays } from "../../domain/LocalDay.ts"
import { number, type Owner } from "../frame/Owner.ts"
import type { Page } from "../frame/Pages.ts"
import type { View } from "../frame/View.ts"
import { Missed } from "./Missed.tsx"
import { NightList } from "./NightList.tsx"
import { lastDays, type RangeAsked, rangeAsked, RangeChoice, rangeText, withinReach } from "./Ranges.tsx"
import { Series, type SeriesColumn } from "./Series.tsx"

/** As many days as a chart and its table can show. */
const mostDays = 400

/** As much as one answer about heart rate covers. */
const mostHeartDays = 42

/**
 * Seconds of a stretch of heart rate that no midnight cuts. Stretches are counted from 1970 on, and hours are the fewest; in
 * zones as those of Kolkata or Kathmandu a day begins in the midst of one, and with a quarter of an hour.
 */
export const heartResolution = (range: DayRange, zone: DateTime.TimeZone): number =>
  daySpans(range, zone).every(({ from }) => from.epochMilliseconds % 3_600_000 === 0) ? 3600 : 900

type Value = (day: BodyDay) => Option.Option<number>

/** The mean of what is known of the last so many days up to one of them. */
export const meanOf = (
  days: ReadonlyArray<BodyDay>,
  end: number,
  count: number,
  valueOf: Value
): Option.Option<number> => {
  const known = days.slice(Math.max(0, end + 1 - count), end + 1).flatMap((day) => Option.toArray(valueOf(day)))
  return known.length === 0 ? Option.none() : Option.some(known.reduce((sum, value) => sum + value, 0) / known.length)
}

const scores: ReadonlyArray<SeriesColumn<BodyDay>> = [
  { title: "Sleep", valueOf: ({ sleep_score }) => sleep_score },
  { title: "Readiness", valueOf: ({ readiness_score }) => readiness_score },
  { title: "Activity", valueOf: ({ activity_score }) => activity_score }
]

/** The lowest heart rate of each day's main sleep: the ring says nothing of a day that would be nearer to rest. */
const lowestOf = (nights: ReadonlyArray<Night>): Value => {
  const known = new Map(
    nights.filter(({ type }) => Option.contains(type, "long_sleep")).map((
      night
    ) => [night.day, night.lowest_heart_rate])
  )
  return ({ day }) => known.get(day) ?? Option.none()
}

const compared: ReadonlyArray<readonly [string, Value, number]> = [
  ["Sleep score", ({ sleep_score }) => sleep_score, 0],
  ["Readiness", ({ readiness_score }) => readiness_score, 0],
  ["Activity", ({ activity_score }) => activity_score, 0],
  ["Steps", ({ steps }) => steps, 0]
]

/** Whether it went up or down, of what is seen of it. */
const signOf = (change: number, digits: number): string => {
  const seen = Math.round(change * 10 ** digits)
  return seen === 0 ? "=" : seen > 0 ? "▲" : "▼"
}

/** The last seven days against the last thirty. */
const Compared = ({ body: { days, nights }, owner }: { readonly owner: Owner; readonly body: BodyDays }) => {
  const text = (value: Option.Option<number>, digits: number) =>
    Option.match(value, { onNone: () => "–", onSome: (known) => number(owner, known, digits) })
  const last = days.length - 1
  return (
    <dl class="tiles">
      {[...compared, ["Lowest heart rate asleep", lowestOf(nights), 0] as const].map(([name, valueOf, digits]) => {
        const week = meanOf(days, last, 7, valueOf)
        const month = meanOf(days, last, 30, valueOf)
        const change = Option.map(Option.all([week, month]), ([of7, of30]) => of7 - of30)
        return (
          <div key={name} class="tile">
            <dt>{name}, 7 days</dt>
            <dd>
              {text(week, digits)}{" "}
              <small>
                {Option.match(change, {
                  onNone: () => "",
                  onSome: (by) => `${signOf(by, digits)} 30-day mean ${text(month, digits)}`
                })}
              </small>
            </dd>
          </div>
        )
      })}
    </dl>
  )
}

export interface BodyAnswers {
  /** From thirty days before the range. */
  readonly body: BodyDays
  /** Of the end of the range, where that is too long for it. */
  readonly heart: HeartRateDays
  readonly recorded: Recorded
}

interface HeartDay {
  readonly day: BodyDay["day"]
  readonly least: Option.Option<number>
  readonly mean: Option.Option<number>
  readonly greatest: Option.Option<number>
}

const heartDays = ({ days, points }: HeartRateDays): ReadonlyArray<HeartDay> =>
  days.map(({ day, end, start }) => {
    const of = points.filter(({ at }) =>
      at.epochMilliseconds >= start.epochMilliseconds && at.epochMilliseconds < end.epochMilliseconds
    )
    const samples = of.reduce((sum, point) => sum + point.samples, 0)
    const known = (value: () => number): Option.Option<number> => samples === 0 ? Option.none() : Option.some(value())
    return {
      day,
      least: known(() => Math.min(...of.map(({ min }) => min))),
      mean: known(() => of.reduce((sum, { bpm, samples }) => sum + bpm * samples, 0) / samples),
      greatest: known(() => Math.max(...of.map(({ max }) => max)))
    }
  })

export const bodyView = (
  owner: Owner,
  asked: RangeAsked,
  { body, heart, recorded }: BodyAnswers
): View => {
  const range = lastDays(asked, mostDays)
  const isCut = range.from > asked.from
  const inRange = body.days.filter(({ day }) => day >= range.from)
  const at = (day: BodyDay) => body.days.indexOf(day)
  const steps: ReadonlyArray<SeriesColumn<BodyDay>> = [
    { title: "Steps", valueOf: ({ steps }) => steps },
    { title: "7-day mean", valueOf: (day) => meanOf(body.days, at(day), 7, ({ steps }) => steps) },
    { title: "30-day mean", valueOf: (day) => meanOf(body.days, at(day), 30, ({ steps }) => steps) }
  ]
  const nights = body.nights.filter(({ day }) => day >= range.from && day <= range.to)
  return {
    title: `Body, ${rangeText(owner, range)}`,
    place: "body",
    body: (
      <>
        <h1>
          Body <span class="soft">{rangeText(owner, range)}</span>
        </h1>
        <RangeChoice
          path="/body"
          range={asked}
          names={["7-days", "30-days", "this-month", "last-month", "this-year"]}
        />
        {isCut && <p class="small soft">Of a longer range, these are the last {mostDays} days.</p>}
        <Compared owner={owner} body={body} />
        <Series owner={owner} kind="body" recorded={recorded} title="Scores" columns={scores} days={inRange} />
        <Series owner={owner} kind="body" recorded={recorded} title="Steps" columns={steps} days={inRange} />
        <Series
          owner={owner}
          kind="heart_rate"
          recorded={recorded}
          title="Heart rate, in beats a minute"
          columns={[
            { title: "Least", valueOf: ({ least }: HeartDay) => least },
            { title: "Mean", valueOf: ({ mean }) => mean },
            { title: "Greatest", valueOf: ({ greatest }) => greatest }
          ]}
          days={heartDays(heart)}
        />
        {heart.days.length < inRange.length && (
          <p class="small soft">Of the heart rate, only the last {heart.days.length} days of the range are shown.</p>
        )}
        <NightList owner={owner} nights={nights} />
        <Missed
          owner={owner}
          parts={recorded.unrecorded.filter(({ kind }) => kind === "body" || kind === "heart_rate")}
        />
      </>
    )
  }
}

export const bodyPage: Page = Effect.fnUntraced(function*({ api, owner, query }) {
  const asked = rangeAsked(owner, query, "30-days")
  const { from, to } = lastDays(asked, mostDays)
  const heart = lastDays({ from, to }, mostHeartDays)
  const answers = yield* Effect.all({
    body: api.data.body({ query: { from: withinReach(plusDays(from, -30)), to } }),
    heart: api.data.heartRate({ query: { ...heart, resolution: heartResolution(heart, owner.zone) } }),
    recorded: api.data.recorded({ query: { from, to } })
  }, { concurrency: "unbounded" })
  return bodyView(owner, asked, answers)
})

/** `/year?year=2026&of=plays`: every day of a year as a small square. */
import { Effect, Option } from "effect"
import type { Recorded } from "../../api/DataMessages.ts"
import { daysBetween, LocalDay } from "../../domain/LocalDay.ts"
import { DataTable } from "../frame/Bits.tsx"
import { dayText, longDay, type Owner } from "../frame/Owner.ts"
import type { Page } from "../frame/Pages.ts"
import type { View } from "../frame/View.ts"
import { Hatch } from "./Hatch.tsx"
import { type HeatDay, heatDays } from "./HeatDays.ts"
import { MeasureChoice } from "./MeasureChoice.tsx"
import { measureAsked, type MeasureName, measures } from "./Measures.ts"
import { Missed } from "./Missed.tsx"
import { weekdayOf, weekStart } from "./Weeks.ts"

/** Pixels from one square to the next. */
const cell = 16

const left = 34
const top = 18

const yearAsked = ({ today }: Owner, text: string | null): number =>
  text !== null && /^(19[7-9]\d|20\d\d|21\d\d)$/.test(text) ? Number(text) : Number(today.slice(0, 4))

const HeatMap = ({ days, label, owner }: {
  readonly owner: Owner
  readonly days: ReadonlyArray<HeatDay>
  readonly label: string
}) => {
  const first = weekStart(days[0]?.day ?? owner.today, owner.weekStartsOn)
  const columnOf = (day: LocalDay) => Math.floor(daysBetween(first, day) / 7)
  const rowOf = (day: LocalDay) => (weekdayOf(day) - owner.weekStartsOn + 7) % 7
  const last = columnOf(days.at(-1)?.day ?? owner.today)
  return (
    <div class="heat-scroll card" tabIndex={0} role="region" aria-label={label}>
      <svg class="heat" width={left + (last + 1) * cell} height={top + 7 * cell} role="group" aria-label={label}>
        {days.filter(({ day }) => day.endsWith("-01")).map(({ day }) => (
          <text key={day} x={left + (columnOf(day) + (rowOf(day) > 0 ? 1 : 0)) * cell} y="11">
            {dayText(owner, day, { month: "short" })}
          </text>
        ))}
        {days.slice(0, 14).filter(({ day }) => columnOf(day) === 1 && rowOf(day) % 2 === 0).map(({ day }) => (
          <text key={`w${day}`} x="0" y={top + rowOf(day) * cell + 11}>
            {dayText(owner, day, { weekday: "short" })}
          </text>
        ))}
        {days.map((heat) => (
          <a
            key={heat.day}
            href={`/daily?day=${heat.day}`}
            aria-label={`${longDay(owner, heat.day)}: ${heat.text}`}
            aria-current={heat.day === owner.today ? "date" : undefined}
            tabIndex={-1}
          >
            <rect
              class={heat.isMissing ? "missing" : `heat${heat.level}`}
              x={left + columnOf(heat.day) * cell}
              y={top + rowOf(heat.day) * cell}
              width={cell - 2}
              height={cell - 2}
              rx="2"
            >
              <title>{`${longDay(owner, heat.day)}: ${heat.text}`}</title>
            </rect>
          </a>
        ))}
      </svg>
    </div>
  )
}

const Scale = () => (
  <p class="legend small soft">
    <span>Less</span>
    <svg class="heat" width="112" height="14" aria-hidden="true">
      {[0, 1, 2, 3, 4, 5].map((level) => (
        <rect key={level} class={`heat${level}`} x={level * 19} y="0" width="14" height="14" rx="2" />
      ))}
    </svg>
    <span>more</span>
    <span>
      <svg class="heat" width="14" height="14" aria-hidden="true">
        <rect class="missing" width="14" height="14" rx="2" />
      </svg>{" "}
      not recorded
    </span>
  </p>
)

export const yearView = (
  owner: Owner,
  year: number,
  name: MeasureName,
  days: ReadonlyArray<HeatDay>,
  recorded: Recorded
): View => {
  const at = (other: number, of: MeasureName = name) => `/year?year=${other}&of=${of}`
  const { text, title } = measures[name]
  const known = days.flatMap(({ value }) => Option.toArray(value))
  const sum = known.reduce((all, value) => all + value, 0)
  const label = `${title} in ${year}, day by day`
  return {
    title: `${title} in ${year}`,
    place: "year",
    body: (
      <>
        <div class="row spread">
          <h1>{year}</h1>
          <nav class="row" aria-label="Years">
            <a class="button" href={at(year - 1)} rel="prev" data-key="ArrowLeft">← {year - 1}</a>
            <a class="button" href={at(Number(owner.today.slice(0, 4)))}>This year</a>
            <a class="button" href={at(year + 1)} rel="next" data-key="ArrowRight">{year + 1} →</a>
          </nav>
        </div>
        <MeasureChoice chosen={name} hrefOf={(of) => at(year, of)} />
        <p>
          {known.length === 0
            ? "Nothing is known of this year."
            : name === "sleep"
            ? `On ${known.length} days, ${text(owner, sum / known.length)} on average.`
            : `${text(owner, sum)} in all, ${text(owner, Math.round(sum / known.length))} a day.`}
        </p>
        <Hatch />
        <HeatMap owner={owner} days={days} label={label} />
        <Scale />
        <Missed owner={owner} parts={recorded.unrecorded} />
        <DataTable
          title={label}
          columns={["Day", title]}
          rows={days.filter(({ day }) => day <= owner.today).map(({ day, text }) => [
            <a href={`/daily?day=${day}`}>{longDay(owner, day)}</a>,
            text
          ])}
        />
      </>
    )
  }
}

export const yearPage: Page = Effect.fnUntraced(function*({ api, owner, query }) {
  const year = yearAsked(owner, query.get("year"))
  const name = measureAsked(query.get("of"))
  const range = { from: LocalDay.make(`${year}-01-01`), to: LocalDay.make(`${year}-12-31`) }
  const { recorded, totals } = yield* Effect.all({
    totals: api.data.totals({ query: range }),
    recorded: api.data.recorded({ query: range })
  }, { concurrency: "unbounded" })
  return yearView(owner, year, name, heatDays(owner, totals, recorded, name), recorded)
})

/** `/month?month=2026-11&of=plays`: a month as a sheet of a calendar. */
import { Effect, Option } from "effect"
import type { Recorded } from "../../api/DataMessages.ts"
import { LocalDay, plusDays } from "../../domain/LocalDay.ts"
import { dayText, number, type Owner } from "../frame/Owner.ts"
import type { Page } from "../frame/Pages.ts"
import type { View } from "../frame/View.ts"
import { type HeatDay, heatDays } from "./HeatDays.ts"
import { MeasureChoice } from "./MeasureChoice.tsx"
import { measureAsked, type MeasureName, measures } from "./Measures.ts"
import { Missed } from "./Missed.tsx"
import { weekStart } from "./Weeks.ts"

const firstOf = (month: string): LocalDay => LocalDay.make(`${month}-01`)

/** `2026-11`; that of today for anything else. */
const monthAsked = ({ today }: Owner, text: string | null): string =>
  text !== null && /^(19[7-9]\d|20\d\d|21\d\d)-(0[1-9]|1[0-2])$/.test(text) ? text : today.slice(0, 7)

const nextMonth = (month: string, by: 1 | -1): string => plusDays(firstOf(month), by === 1 ? 31 : -1).slice(0, 7)

const lastOf = (month: string): LocalDay => plusDays(firstOf(nextMonth(month, 1)), -1)

/** The number alone where the window is narrow: what it counts stands above. */
const Amount = ({ heat, name, owner }: {
  readonly owner: Owner
  readonly name: MeasureName
  readonly heat: HeatDay
}) =>
  heat.day > owner.today && Option.isNone(heat.value) ?
    <span class="hidden">{heat.text}</span> :
    (
      <span class="count small">
        {Option.isSome(heat.value) && `${number(owner, heat.value.value)} `}
        <span class="unit">{Option.isSome(heat.value) ? measures[name].unit : heat.text}</span>
      </span>
    )

const Cell = ({ heat, name, owner }: {
  readonly owner: Owner
  readonly name: MeasureName
  readonly heat: HeatDay
}) => (
  <td class={heat.isMissing ? "unknown" : heat.day > owner.today ? "ahead" : `heat${heat.level}`} title={heat.text}>
    <a href={`/daily?day=${heat.day}`} aria-current={heat.day === owner.today ? "date" : undefined}>
      <span>{dayText(owner, heat.day, { day: "numeric" })}</span>
      <Amount owner={owner} name={name} heat={heat} />
    </a>
  </td>
)

export const monthView = (
  owner: Owner,
  month: string,
  name: MeasureName,
  days: ReadonlyArray<HeatDay>,
  recorded: Recorded
): View => {
  const start = weekStart(firstOf(month), owner.weekStartsOn)
  const weeks = Array.from(
    { length: 6 },
    (_, week) => Array.from({ length: 7 }, (_, at) => plusDays(start, week * 7 + at))
  )
    .filter((week) => week.some((day) => day.startsWith(month)))
  const title = dayText(owner, firstOf(month), { month: "long", year: "numeric" })
  const at = (other: string, of: MeasureName = name) => `/month?month=${other}&of=${of}`
  return {
    title,
    place: "month",
    body: (
      <>
        <div class="row spread">
          <h1>{title}</h1>
          <nav class="row" aria-label="Months">
            <a class="button" href={at(nextMonth(month, -1))} rel="prev" data-key="ArrowLeft">← Earlier</a>
            <a class="button" href={at(owner.today.slice(0, 7))}>This month</a>
            <a class="button" href={at(nextMonth(month, 1))} rel="next" data-key="ArrowRight">Later →</a>
          </nav>
        </div>
        <MeasureChoice chosen={name} hrefOf={(of) => at(month, of)} />
        <table class="month">
          <caption class="hidden">{measures[name].title} in {title}</caption>
          <thead>
            <tr>
              {(weeks[0] ?? []).map((day) => (
                <th key={day} scope="col">
                  <span aria-hidden="true">{dayText(owner, day, { weekday: "short" })}</span>
                  <span class="hidden">{dayText(owner, day, { weekday: "long" })}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {weeks.map((week) => (
              <tr key={week[0]}>
                {week.map((day) => {
                  const heat = days.find((other) => other.day === day)
                  return heat === undefined
                    ? <td key={day} class="outside" />
                    : <Cell key={day} owner={owner} name={name} heat={heat} />
                })}
              </tr>
            ))}
          </tbody>
        </table>
        <Missed owner={owner} parts={recorded.unrecorded} />
      </>
    )
  }
}

export const monthPage: Page = Effect.fnUntraced(function*({ api, owner, query }) {
  const month = monthAsked(owner, query.get("month"))
  const name = measureAsked(query.get("of"))
  const range = { from: firstOf(month), to: lastOf(month) }
  const { recorded, totals } = yield* Effect.all({
    totals: api.data.totals({ query: range }),
    recorded: api.data.recorded({ query: range })
  }, { concurrency: "unbounded" })
  return monthView(owner, month, name, heatDays(owner, totals, recorded, name), recorded)
})

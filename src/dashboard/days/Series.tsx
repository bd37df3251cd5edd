import { DateTime, Option } from "effect"
import type { LocalDay } from "../../domain/LocalDay.ts"
import { Empty } from "../frame/Bits.tsx"
import { longDay, number, type Owner } from "../frame/Owner.ts"

/** One line of a chart. */
export interface SeriesColumn<Day> {
  readonly title: string
  readonly valueOf: (day: Day) => Option.Option<number>
}

interface Lines<Day> {
  readonly owner: Owner
  readonly title: string
  readonly columns: ReadonlyArray<SeriesColumn<Day>>
  readonly days: ReadonlyArray<Day>
}

/** The table that is there for everybody, from which the script draws the chart. */
const SeriesTable = <Day extends { readonly day: LocalDay }>({ columns, days, owner, title }: Lines<Day>) => (
  <figure data-series="">
    <details class="data">
      <summary>{title} as a table</summary>
      <div class="scroll" tabIndex={0} role="region" aria-label={title}>
        <table>
          <caption class="hidden">{title}</caption>
          <thead>
            <tr>
              <th scope="col">Day</th>
              {columns.map((column) => <th key={column.title} scope="col">{column.title}</th>)}
            </tr>
          </thead>
          <tbody>
            {days.map((day) => (
              <tr key={day.day}>
                <th scope="row" data-value={DateTime.makeUnsafe(`${day.day}T12:00:00Z`).epochMilliseconds / 1000}>
                  <a href={`/daily?day=${day.day}`}>{longDay(owner, day.day)}</a>
                </th>
                {columns.map((column) => {
                  const value = column.valueOf(day)
                  return (
                    <td key={column.title} data-value={Option.getOrElse(Option.map(value, String), () => "")}>
                      {Option.match(value, { onNone: () => "–", onSome: (known) => number(owner, known) })}
                    </td>
                  )
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  </figure>
)

/** Days as lines, where anything is known of them. */
export const Series = <Day extends { readonly day: LocalDay }>({ columns, days, owner, title }: Lines<Day>) => (
  <section class="card stack">
    <h2>{title}</h2>
    {days.every((day) => columns.every(({ valueOf }) => Option.isNone(valueOf(day))))
      ? <Empty>Nothing was recorded on these days.</Empty>
      : <SeriesTable columns={columns} days={days} owner={owner} title={title} />}
  </section>
)

import { DateTime, Option } from "effect"
import type { Recorded } from "../../api/DataMessages.ts"
import type { LocalDay } from "../../domain/LocalDay.ts"
import type { RecordKind } from "../../domain/RecordKind.ts"
import { Empty } from "../frame/Bits.tsx"
import { longDay, number, type Owner } from "../frame/Owner.ts"
import { type Recording, recordingOf } from "./Recording.ts"

/** One line of a chart. */
export interface SeriesColumn<Day> {
  readonly title: string
  readonly valueOf: (day: Day) => Option.Option<number>
}

interface Lines<Day> {
  readonly owner: Owner
  /** Of which kind of records the lines tell, and what is known of it. */
  readonly kind: RecordKind
  readonly recorded: Recorded
  readonly title: string
  readonly columns: ReadonlyArray<SeriesColumn<Day>>
  readonly days: ReadonlyArray<Day>
}

/** What is to be said of a day that was not recorded as a whole. */
const markOf = (recording: Recording, isEmpty: boolean): string | undefined =>
  recording === "all" || recording === "ahead"
    ? undefined
    : recording === "nothing" && isEmpty
    ? "not recorded"
    : "perhaps not all"

/** The table that is there for everybody, from which the script draws the chart. */
const SeriesTable = <Day extends { readonly day: LocalDay }>(
  { columns, days, kind, owner, recorded, title }: Lines<Day>
) => (
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
            {days.map((day) => {
              const isEmpty = columns.every(({ valueOf }) => Option.isNone(valueOf(day)))
              const mark = markOf(recordingOf(owner, { from: day.day, to: day.day }, kind, recorded), isEmpty)
              return (
                <tr key={day.day}>
                  <th scope="row" data-value={DateTime.makeUnsafe(`${day.day}T12:00:00Z`).epochMilliseconds / 1000}>
                    <a href={`/daily?day=${day.day}`}>{longDay(owner, day.day)}</a>{" "}
                    {mark !== undefined && <span class="soft small">{mark}</span>}
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
              )
            })}
          </tbody>
        </table>
      </div>
    </details>
  </figure>
)

/** Days as lines, where anything is known of them. */
export const Series = <Day extends { readonly day: LocalDay }>({ days, ...rest }: Lines<Day>) => (
  <section class="card stack">
    <h2>{rest.title}</h2>
    {days.every((day) => rest.columns.every(({ valueOf }) => Option.isNone(valueOf(day))))
      ? <Empty>Nothing was recorded on these days.</Empty>
      : <SeriesTable days={days} {...rest} />}
  </section>
)

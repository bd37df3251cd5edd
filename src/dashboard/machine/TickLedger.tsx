/** What became of a schedule's ticks, and which are to come. */
import { Option } from "effect"
import type { TickLine } from "../../api/ScheduleMessages.ts"
import { Badge, Empty, When } from "../frame/Bits.tsx"
import { ago, type Owner } from "../frame/Owner.ts"
import { Table } from "../frame/Table.tsx"
import { runHref, some } from "./RunWords.ts"
import { scheduleHref, tickBadge, tickNote } from "./ScheduleWords.ts"

/** Which ticks are told of: as the fields have it. */
export interface TickRange {
  readonly from: string
  readonly to: string
}

/** Ticks that are listed of either side. */
const mostComing = 10
const mostPast = 200

const Ticks = ({ caption, owner, ticks }: {
  readonly owner: Owner
  readonly caption: string
  readonly ticks: ReadonlyArray<TickLine>
}) => (
  <Table title={caption} columns={["Tick", "Outcome", "Run", "Why"]} isLedger>
    {ticks.map((tick, index) => {
      const { kind, text } = tickBadge(tick)
      return (
        <tr key={index}>
          <th scope="row">
            <When owner={owner} at={tick.nominal} /> <span class="small soft">{ago(owner, tick.nominal)}</span>
          </th>
          <td>
            <Badge kind={kind} text={text} />
          </td>
          <td>{Option.isSome(tick.run) ? <a href={runHref(tick.run.value)}>run</a> : ""}</td>
          <td>{tickNote(tick)}</td>
        </tr>
      )
    })}
  </Table>
)

/** `718 started, 2 missed`. */
export const ledgerSummary = (owner: Owner, ticks: ReadonlyArray<TickLine>): string => {
  const words = ticks.map(({ outcome, state }) => Option.getOrElse(outcome, () => state).replaceAll("_", " "))
  const counts = [...new Set(words)].map((word) => [word, words.filter((other) => other === word).length] as const)
  return `${some(owner, ticks.length, "tick")}${
    counts.length === 0 ? "" : `: ${counts.map(([word, count]) => `${count} ${word}`).join(", ")}`
  }`
}

const isComing = ({ state }: TickLine): boolean => state === "due"

export const TickLedger = ({ id, owner, problem, range, ticks }: {
  readonly owner: Owner
  readonly id: string
  readonly range: TickRange
  readonly ticks: ReadonlyArray<TickLine>
  readonly problem: Option.Option<string>
}) => {
  const coming = ticks.filter(isComing)
  const past = ticks.filter((tick) => !isComing(tick)).toReversed()
  return (
    <section class="stack" aria-labelledby="ticks-title">
      <h2 id="ticks-title">Ticks</h2>
      <form method="get" action={scheduleHref(id)} class="filter" aria-label="Which ticks">
        <div class="field">
          <label for="ticks-from">From</label>
          <input id="ticks-from" name="from" type="datetime-local" value={range.from} />
        </div>
        <div class="field">
          <label for="ticks-to">To</label>
          <input id="ticks-to" name="to" type="datetime-local" value={range.to} />
        </div>
        <button type="submit">Show</button>
      </form>
      {Option.isSome(problem) && <p class="wrong" role="alert">{problem.value}</p>}
      <div id="ticks" data-live class="stack">
        <h3>To come</h3>
        {coming.length === 0
          ? <Empty>None in this time.</Empty>
          : <Ticks owner={owner} caption="Ticks to come" ticks={coming.slice(0, mostComing)} />}
        {coming.length > mostComing && <p class="small soft">and {coming.length - mostComing} more in this time</p>}
        <h3>Past</h3>
        {past.length === 0
          ? <Empty>None in this time.</Empty>
          : (
            <>
              <p class="small soft">{ledgerSummary(owner, past)}</p>
              <Ticks owner={owner} caption="Past ticks, the newest first" ticks={past.slice(0, mostPast)} />
            </>
          )}
        {past.length > mostPast && (
          <p class="small soft">The newest {mostPast} of them; choose a shorter time to see the others.</p>
        )}
      </div>
    </section>
  )
}

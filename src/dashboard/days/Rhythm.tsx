import type { ListeningSummary } from "../../api/DataSumMessages.ts"
import { plusDays } from "../../domain/LocalDay.ts"
import { DataTable } from "../frame/Bits.tsx"
import { dayText, length, number, type Owner } from "../frame/Owner.ts"
import { heatLevel } from "./Colour.ts"
import { nothingText, type Recording } from "./Recording.ts"
import { weekStart } from "./Weeks.ts"

/** Pixels of a square. */
const cell = 22
const left = 40
const top = 16

/** Weekdays by hours, as squares. */
export const Rhythm = ({ by, owner, recording, summary: { rhythm } }: {
  readonly owner: Owner
  readonly summary: ListeningSummary
  readonly by: "plays" | "minutes"
  readonly recording: Recording
}) => {
  const amount = ({ listened_ms, plays }: { readonly plays: number; readonly listened_ms: number }) =>
    by === "plays" ? plays : listened_ms
  const amountText = (value: number) => by === "plays" ? `${number(owner, value)} plays` : length(value / 1000)
  const most = Math.max(0, ...rhythm.flatMap((hours) => hours.map(amount)))
  // a pale square says that nobody listened then, which nobody knows here
  const isUnknown = most === 0 && recording !== "all"
  const text = (value: number) => isUnknown ? nothingText(recording, "") : amountText(value)
  const monday = weekStart(owner.today, 1)
  // the owner's week begins where it does in all other places
  const rows = rhythm.map((hours, index) => ({ hours, day: plusDays(monday, index) }))
  const ordered = [...rows.slice(owner.weekStartsOn - 1), ...rows.slice(0, owner.weekStartsOn - 1)]
  const label = `${by === "plays" ? "Plays" : "Time listened"} by weekday and hour`
  return (
    <section class="card stack">
      <h2>
        When {recording !== "all" && <span class="soft small">{most === 0 ? text(0) : "perhaps not all"}</span>}
      </h2>
      <div class="heat-scroll" tabIndex={0} role="region" aria-label={label}>
        <svg class="heat" width={left + 24 * cell} height={top + 7 * cell} role="img" aria-label={label}>
          {Array.from(
            { length: 8 },
            (_, at) => <text key={at} x={left + at * 3 * cell} y="10">{String(at * 3).padStart(2, "0")}</text>
          )}
          {ordered.map(({ day, hours }, row) => (
            <g key={day}>
              <text x="0" y={top + row * cell + 15}>{dayText(owner, day, { weekday: "short" })}</text>
              {hours.map((hour, at) => (
                <rect
                  key={at}
                  class={isUnknown ? "missing" : `heat${heatLevel(amount(hour), most)}`}
                  x={left + at * cell}
                  y={top + row * cell}
                  width={cell - 2}
                  height={cell - 2}
                  rx="3"
                >
                  <title>{`${dayText(owner, day, { weekday: "long" })}, ${at}:00: ${text(amount(hour))}`}</title>
                </rect>
              ))}
            </g>
          ))}
        </svg>
      </div>
      <DataTable
        title={label}
        columns={["Hour", ...ordered.map(({ day }) => dayText(owner, day, { weekday: "short" }))]}
        rows={Array.from({ length: 24 }, (_, at) => [
          `${String(at).padStart(2, "0")}:00`,
          ...ordered.map(({ hours }) => {
            const hour = hours[at]
            return hour === undefined || isUnknown ? "–" : text(amount(hour))
          })
        ])}
      />
    </section>
  )
}

import { Option } from "effect"
import type { Night } from "../../api/DataMessages.ts"
import { DataTable, Empty } from "../frame/Bits.tsx"
import { dayText, length, number, type Owner } from "../frame/Owner.ts"

/** From noon to noon. */
const dayMinutes = 1440
const rowHeight = 18
const left = 150
const width = 560

/** `night of Mon 23 Nov → woke Tue 24 Nov` */
export const nightTitle = (owner: Owner, { day, night_of }: Night): string => {
  const style = { weekday: "short", day: "numeric", month: "short" } as const
  return `night of ${dayText(owner, night_of, style)} → woke ${dayText(owner, day, style)}`
}

/** The wearer's clock: a night is where the ring was, also on a journey. */
const localClock = (local: string): string => /T(\d\d:\d\d)/.exec(local)?.[1] ?? "–"

/** Minutes after the noon before, by the wearer's clock. */
const sinceNoon = (local: string): number => {
  const [hours = 12, minutes = 0] = localClock(local).split(":").map(Number)
  return Number.isNaN(hours) ? 0 : (hours * 60 + minutes + dayMinutes / 2) % dayMinutes
}

/** From where to where its bar goes; what lasts beyond the next noon is cut there. */
const barOf = ({ bedtime_end, bedtime_start, bedtime_start_local }: Night) => {
  const from = sinceNoon(bedtime_start_local)
  const minutes = (bedtime_end.epochMilliseconds - bedtime_start.epochMilliseconds) / 60_000
  return { from, to: Math.min(dayMinutes, from + Math.max(minutes, 5)) }
}

const Chart = ({ nights, owner }: { readonly owner: Owner; readonly nights: ReadonlyArray<Night> }) => {
  const x = (minute: number) => left + minute / dayMinutes * width
  return (
    <div class="heat-scroll" tabIndex={0} role="region" aria-label="Times in bed">
      <svg
        class="nights"
        width={left + width + 4}
        height={nights.length * rowHeight + 18}
        role="img"
        aria-label="When each night began and ended"
      >
        {[0, 4, 8, 12, 16, 20].map((hours) => (
          <g key={hours}>
            <line x1={x(hours * 60)} x2={x(hours * 60)} y1="14" y2={nights.length * rowHeight + 18} />
            <text x={x(hours * 60) + 2} y="11">{String((12 + hours) % 24).padStart(2, "0")}:00</text>
          </g>
        ))}
        {nights.map((night, row) => {
          const { from, to } = barOf(night)
          return (
            <g key={night.id}>
              <text x="0" y={18 + row * rowHeight + 12}>
                {dayText(owner, night.night_of, { weekday: "short", day: "numeric", month: "short" })}
              </text>
              <rect
                class="bed"
                x={x(from)}
                y={18 + row * rowHeight + 2}
                width={x(to) - x(from)}
                height={rowHeight - 5}
                rx="3"
              >
                <title>{nightTitle(owner, night)}</title>
              </rect>
            </g>
          )
        })}
      </svg>
    </div>
  )
}

const seconds = (value: Option.Option<number>) => Option.match(value, { onNone: () => "–", onSome: length })

/** Nights with their times; naps among them. */
export const NightList = ({ nights, owner }: { readonly owner: Owner; readonly nights: ReadonlyArray<Night> }) => {
  const count = (value: Option.Option<number>) =>
    Option.match(value, { onNone: () => "–", onSome: (known) => number(owner, known) })
  return (
    <section class="card stack">
      <h2>Nights</h2>
      {nights.length === 0 ? <Empty>No night was recorded.</Empty> : (
        <>
          <Chart owner={owner} nights={nights} />
          <DataTable
            title="Nights"
            columns={["Night", "In bed", "Asleep", "Deep", "REM", "Light", "Awake", "Lowest heart rate", "HRV, ms"]}
            rows={nights.map((night) => [
              <>
                {nightTitle(owner, night)}
                {Option.isSome(night.type) && night.type.value !== "long_sleep" && (
                  <span class="soft">({night.type.value.replaceAll("_", " ")})</span>
                )}
              </>,
              `${localClock(night.bedtime_start_local)}–${localClock(night.bedtime_end_local)}`,
              seconds(night.asleep_seconds),
              seconds(night.deep_seconds),
              seconds(night.rem_seconds),
              seconds(night.light_seconds),
              seconds(night.awake_seconds),
              count(night.lowest_heart_rate),
              count(night.average_hrv_ms)
            ])}
          />
        </>
      )}
    </section>
  )
}

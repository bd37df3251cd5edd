/** `/?week=N`: seven days side by side. */
import { Effect } from "effect"
import { plusDays } from "../../domain/LocalDay.ts"
import { DataTable } from "../frame/Bits.tsx"
import { dayText, number, type Owner } from "../frame/Owner.ts"
import type { Page } from "../frame/Pages.ts"
import type { View } from "../frame/View.ts"
import { type Axis, heightOf, hoursOf, usualAxis, yOf } from "./Axis.ts"
import { eventColour } from "./Colour.ts"
import { boxesOf, DayColumn } from "./DayColumn.tsx"
import { byDay, type DayRecords, type Records } from "./DayRecords.ts"
import { stretches } from "./DayScale.ts"
import { EventDetails } from "./EventBox.tsx"
import { Hatch } from "./Hatch.tsx"
import { Missed } from "./Missed.tsx"
import { NightMark } from "./NightMark.tsx"
import { Stress } from "./Stress.tsx"
import { titleOf } from "./Title.ts"
import { isoWeek, weekAsked, weekOffset } from "./Weeks.ts"

/** Pixels an hour. */
const hour = 48

/** Seconds of one point of heart rate. */
const resolution = 300

const widths = { sleep: 8, heart: 12, listening: 16 }

/** The axis at the left edge. */
export const Hours = ({ axis }: { readonly axis: Axis }) => (
  <svg class="hours" width="44" height={heightOf(axis)} aria-hidden="true">
    {hoursOf(axis).map((at) => (
      <text key={at} x="38" y={Math.max(yOf(axis, at * 60) + 4, 11)}>{String(at).padStart(2, "0")}:00</text>
    ))}
  </svg>
)

const WholeDays = ({ owner, records: { day, wholeDay } }: { readonly owner: Owner; readonly records: DayRecords }) => (
  <div class="whole-days">
    {wholeDay.map((event, index) => (
      <div key={event.id}>
        <button type="button" class={`event chip ${eventColour(event)}`} popovertarget={`days-${day}-${index}`}>
          {event.first_day < day && <span aria-hidden="true">‹</span>}
          {titleOf(event)}
          {event.last_day > day && <span aria-hidden="true">›</span>}
        </button>
        <EventDetails owner={owner} event={event} id={`days-${day}-${index}`} />
      </div>
    ))}
  </div>
)

const Day = (
  { axis, owner, records }: { readonly owner: Owner; readonly axis: Axis; readonly records: DayRecords }
) => {
  const title = dayText(owner, records.day, { weekday: "long", day: "numeric", month: "long" })
  return (
    <section class={records.day === owner.today ? "day today" : "day"} aria-label={title}>
      <h2>
        <a href={`/daily?day=${records.day}`} aria-current={records.day === owner.today ? "date" : undefined}>
          <span>{dayText(owner, records.day, { weekday: "short" })}</span>{" "}
          <strong>{dayText(owner, records.day, { day: "numeric" })}</strong>
          <span class="hidden">{dayText(owner, records.day, { month: "long" })}</span>
        </a>
      </h2>
      <NightMark owner={owner} nights={records.woken} />
      <Stress body={records.body} />
      <WholeDays owner={owner} records={records} />
      <DayColumn
        owner={owner}
        records={records}
        axis={axis}
        lanes={4}
        widths={widths}
        resolution={resolution}
        title={title}
      />
    </section>
  )
}

/** The heart rate of each hour of each day, for those who read rather than look. */
const HeartTable = ({ days, owner }: { readonly owner: Owner; readonly days: ReadonlyArray<DayRecords> }) => {
  const meanAt = ({ points, scale }: DayRecords, at: number) => {
    const found = points.filter((point) => Math.floor(scale.minuteOf(point.at) / 60) === at)
    return found.length === 0 ? "–" : number(owner, found.reduce((sum, { bpm }) => sum + bpm, 0) / found.length)
  }
  return (
    <DataTable
      title="Heart rate by the hour, in beats a minute"
      columns={["Hour", ...days.map(({ day }) => dayText(owner, day, { weekday: "short", day: "numeric" }))]}
      rows={Array.from({ length: 24 }, (_, at) => [
        `${String(at).padStart(2, "0")}:00`,
        ...days.map((records) => meanAt(records, at))
      ])}
    />
  )
}

/** What must not be cut off: whatever a person can open. */
const filled = (records: DayRecords) => [
  ...boxesOf(records),
  ...records.sessions.flatMap(({ end, start }) => stretches(records.scale, start, end))
]

/** The page about what the API gave of seven days. */
export const weekView = (owner: Owner, records: Records, offset: number, allHours: boolean): View => {
  const days = byDay(records, owner)
  const axis = allHours ? { from: 0, to: 1440, hour } : usualAxis(days.flatMap(filled), hour)
  const first = days[0]?.day ?? owner.today
  const last = days.at(-1)?.day ?? owner.today
  const span = `${dayText(owner, first, { day: "numeric", month: "short" })} – ${
    dayText(owner, last, { day: "numeric", month: "short", year: "numeric" })
  }`
  const hours = allHours ? "&hours=all" : ""
  return {
    title: `Week ${isoWeek(plusDays(first, 3))}`,
    place: "week",
    wide: true,
    live: ["runs"],
    body: (
      <>
        <div class="row spread">
          <h1>
            Week {isoWeek(plusDays(first, 3))} <span class="soft">{span}</span>
          </h1>
          <nav class="row" aria-label="Weeks">
            <a class="button" href={`/?week=${offset - 1}${hours}`} rel="prev" data-key="ArrowLeft">← Earlier</a>
            <a class="button" href={`/?week=0${hours}`} aria-current={offset === 0 ? "date" : undefined}>
              Today
            </a>
            <a class="button" href={`/?week=${offset + 1}${hours}`} rel="next" data-key="ArrowRight">Later →</a>
            <a class="button" href={`/?week=${offset}${allHours ? "" : "&hours=all"}`}>
              {allHours ? "Usual hours" : "All 24 hours"}
            </a>
          </nav>
        </div>
        <Hatch />
        <div class="week-scroll" tabIndex={0} role="region" aria-label={`Week from ${span}`}>
          <div class="week" id="week" data-live="">
            <div class="axis">
              <Hours axis={axis} />
            </div>
            {days.map((records) => <Day key={records.day} owner={owner} axis={axis} records={records} />)}
          </div>
        </div>
        <Legend />
        <Missed owner={owner} parts={records.recorded.unrecorded} />
        <HeartTable owner={owner} days={days} />
      </>
    )
  }
}

/** What the strips are, in their order. */
export const Legend = () => (
  <p class="legend small soft">
    Beside each day:{" "}
    <span>
      <i class="key sleep-key" /> sleep
    </span>{" "}
    <span>
      <i class="key heart-key" /> heart rate, 50 to 150 beats a minute
    </span>{" "}
    <span>
      <svg class="swatch" width="12" height="12" aria-hidden="true">
        <rect class="unsampled" width="12" height="12" />
      </svg>{" "}
      no heart rate sample
    </span>{" "}
    <span>
      <i class="key listening-key" /> listening
    </span>{" "}
    <span>
      <i class="key stress-key" /> recovery and stress, under the date
    </span>
  </p>
)

export const weekPage: Page = Effect.fnUntraced(function*({ api, owner, query }) {
  const from = weekAsked(owner, query.get("week") ?? "")
  const days = { from, to: plusDays(from, 6) }
  const records = yield* Effect.all({
    calendar: api.data.calendar({ query: days }),
    listening: api.data.listening({ query: days }),
    heart: api.data.heartRate({ query: { ...days, resolution } }),
    body: api.data.body({ query: { from: days.from, to: plusDays(days.to, 1) } }),
    recorded: api.data.recorded({ query: days })
  }, { concurrency: "unbounded" })
  return weekView(owner, records, weekOffset(owner, from), query.get("hours") === "all")
})

/** A day as a column: its events side by side, and beside them sleep, heart rate and listening. */
import type { ListeningSession, TimedEvent } from "../../api/DataMessages.ts"
import type { Owner } from "../frame/Owner.ts"
import { type Axis, heightOf, hoursOf, yOf } from "./Axis.ts"
import { eventColour } from "./Colour.ts"
import type { DayRecords } from "./DayRecords.ts"
import { stretches } from "./DayScale.ts"
import { eventBox, EventDetails, EventText, OpensEvent } from "./EventBox.tsx"
import { arrange } from "./Overlaps.ts"
import { SessionDetails } from "./SessionDetails.tsx"
import { HeartRibbon, ListeningStrip, Missing, SleepStrip, Unsampled } from "./Strips.tsx"

/** How wide the strips are, in pixels. */
export interface Widths {
  readonly sleep: number
  readonly heart: number
  readonly listening: number
}

/** Events shorter than that are drawn as long as that, in minutes, or nobody could hit them. */
const least = 20

interface Box {
  readonly event: TimedEvent
  readonly from: number
  readonly to: number
}

/** The boxes of a day; an event in the hour that comes twice has one, over all that it touches of either pass. */
export const boxesOf = ({ scale, timed }: Pick<DayRecords, "scale" | "timed">): ReadonlyArray<Box> =>
  timed.flatMap((event) => {
    const parts = stretches(scale, event.start, event.end)
    const from = parts.length === 0 ? scale.minuteOf(event.start) : Math.min(...parts.map((part) => part.from))
    const to = Math.max(...parts.map((part) => part.to), Math.min(from + least, 1440))
    return [{ event, from: Math.min(from, 1440 - least), to }]
  })

const idOf = (kind: string, day: string, at: number): string => `${kind}-${day}-${at}`

const Events = ({ axis, lanes, owner, records }: ColumnProps) => {
  const { day, missing, scale, timed } = records
  const { crowds, placed } = arrange(boxesOf(records), lanes)
  const height = heightOf(axis)
  const isToday = day === owner.today
  const now = yOf(axis, scale.minuteOf(owner.now))
  return (
    <svg class="events" width="100%" height={height} data-day={isToday ? day : undefined}>
      {hoursOf(axis).map((hour) => (
        <line key={hour} class="hour" x1="0" x2="100%" y1={yOf(axis, hour * 60)} y2={yOf(axis, hour * 60)} />
      ))}
      {missing.calendar.flatMap((part, index) =>
        stretches(scale, part.from, part.to).map((stretch) => (
          <rect
            key={`${index}-${stretch.from}`}
            class="missing"
            x="0"
            width="100%"
            y={yOf(axis, stretch.from)}
            height={Math.max(yOf(axis, stretch.to) - yOf(axis, stretch.from), 0)}
          >
            <title>{`Not recorded: ${part.detail}`}</title>
          </rect>
        ))
      )}
      {placed.map(({ item: { event, from, to }, lane, lanes, width }) => {
        const boxHeight = yOf(axis, to) - yOf(axis, from)
        return (
          <foreignObject
            key={event.id}
            x={`${lane / lanes * 100}%`}
            width={`${width / lanes * 100}%`}
            y={yOf(axis, from)}
            height={boxHeight}
          >
            <button
              type="button"
              class={`event ${eventColour(event)}${event.status === "tentative" ? " tentative" : ""}${
                boxHeight >= 44 ? " tall" : ""
              }`}
              popovertarget={eventBox(day, timed.indexOf(event))}
            >
              <EventText owner={owner} event={event} hasPlace={boxHeight >= 44} />
            </button>
          </foreignObject>
        )
      })}
      {crowds.map(({ from, items, to }) => (
        <foreignObject
          key={from}
          x={`${(lanes - 1) / lanes * 100}%`}
          width={`${100 / lanes}%`}
          y={yOf(axis, from)}
          height={yOf(axis, to) - yOf(axis, from)}
        >
          <button type="button" class="event crowd" popovertarget={idOf("crowd", day, Math.round(from))}>
            +{items.length}
            <span class="hidden">more events</span>
          </button>
        </foreignObject>
      ))}
      {scale.change !== undefined && (
        <g class="change">
          <line x1="0" x2="100%" y1={yOf(axis, scale.change.before)} y2={yOf(axis, scale.change.before)} />
          <text x="4" y={yOf(axis, scale.change.before) - 4}>{changeText(scale.change)}</text>
        </g>
      )}
      {isToday && owner.now.epochMilliseconds < scale.end && (
        <g class="now" data-axis-from={axis.from} data-axis-hour={axis.hour}>
          <line x1="0" x2="100%" y1={now} y2={now} />
          <circle cx="0" cy={now} r="4" />
        </g>
      )}
    </svg>
  )
}

const hourText = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(Math.round(minute % 60)).padStart(2, "0")}`

/** `Clocks back: 03:00 → 02:00` */
export const changeText = ({ after, before }: { readonly before: number; readonly after: number }): string =>
  `Clocks ${after < before ? "back" : "forward"}: ${hourText(before)} → ${hourText(after)}`

const Details = ({ lanes, owner, records: { day, scale, sessions, timed }, ...rest }: ColumnProps) => (
  <>
    {timed.map((event, index) => <EventDetails key={event.id} owner={owner} event={event} id={eventBox(day, index)} />)}
    {arrange(boxesOf({ scale, timed }), lanes).crowds.map(({ from, items }) => (
      <div key={from} popover="auto" class="pop" id={idOf("crowd", day, Math.round(from))}>
        <h2>{items.length} more events</h2>
        <ul>
          {items.map(({ event }) => (
            <li key={event.id}>
              <OpensEvent owner={owner} event={event} box={eventBox(day, timed.indexOf(event))} />
            </li>
          ))}
        </ul>
      </div>
    ))}
    {sessions.map((session, index) => (
      <SessionDetails
        key={index}
        owner={owner}
        scale={scale}
        session={session}
        id={idOf("session", day, index)}
        {...rest}
      />
    ))}
  </>
)

/** What the script shows of the heart rate at a time: `minute,bpm`, the minute of a clock that nobody changes. */
const samples = ({ points, scale }: DayRecords): string =>
  points.map(({ at, bpm }) => `${Math.floor(scale.elapsedOf(at))},${Math.round(bpm)}`).join(" ")

export interface ColumnProps {
  readonly owner: Owner
  readonly records: DayRecords
  readonly axis: Axis
  /** Events side by side at most. */
  readonly lanes: number
  readonly widths: Widths
  /** Seconds of one point of heart rate. */
  readonly resolution: number
  /** What the day is called. */
  readonly title: string
}

const gap = 3

export const DayColumn = (props: ColumnProps) => {
  const { axis, owner, records, resolution, title, widths } = props
  const { day, missing, nights, points, scale, sessions, unsampled } = records
  const sleep = { axis, scale, x: 0, width: widths.sleep }
  const heart = { axis, scale, x: widths.sleep + gap, width: widths.heart }
  const listening = { axis, scale, x: heart.x + widths.heart + gap, width: widths.listening }
  const idOfSession = (session: ListeningSession) => idOf("session", day, sessions.indexOf(session))
  return (
    <div class="column">
      <Events {...props} />
      <svg
        class="strips"
        width={listening.x + listening.width}
        height={heightOf(axis)}
        data-title={title}
        data-axis-from={axis.from}
        data-axis-hour={axis.hour}
        data-heart={`${heart.x} ${heart.width}`}
        data-samples={samples(records)}
      >
        <Missing place={sleep} parts={missing.body} />
        <Unsampled place={heart} owner={owner} spans={unsampled} />
        <Missing place={heart} parts={missing.heart_rate} />
        <Missing place={listening} parts={missing.listening} />
        <SleepStrip place={sleep} owner={owner} nights={nights} />
        <HeartRibbon place={heart} points={points} seconds={resolution} />
        <ListeningStrip place={listening} owner={owner} sessions={sessions} idOf={idOfSession} />
      </svg>
      <Details {...props} />
    </div>
  )
}

/** `/daily?day=N`: one day with all of its hours. */
import { Effect, Option } from "effect"
import { type LocalDay, plusDays } from "../../domain/LocalDay.ts"
import { DataTable, Empty } from "../frame/Bits.tsx"
import { clock, length, longDay, moment, number, type Owner } from "../frame/Owner.ts"
import type { Page } from "../frame/Pages.ts"
import type { View } from "../frame/View.ts"
import { eventColour } from "./Colour.ts"
import { DayColumn } from "./DayColumn.tsx"
import { byDay, type DayRecords, type Records } from "./DayRecords.ts"
import { eventBox, EventDetails, OpensEvent } from "./EventBox.tsx"
import { Hatch } from "./Hatch.tsx"
import type { HeardPart } from "./Heard.ts"
import { Missed } from "./Missed.tsx"
import { nightTitle } from "./NightList.tsx"
import { figureOf, nothingText, type Recording, recordingOf } from "./Recording.ts"
import { trackText } from "./SessionDetails.tsx"
import { Stress } from "./Stress.tsx"
import { nightText, sessionText } from "./Strips.tsx"
import { titleOf } from "./Title.ts"
import { Hours, Legend } from "./WeekPage.tsx"
import { dayAsked } from "./Weeks.ts"

/** Pixels an hour at each zoom. */
const zooms = { 1: 48, 2: 96, 4: 192 } as const

type Zoom = keyof typeof zooms

const zoomAsked = (text: string | null): Zoom => text === "2" ? 2 : text === "4" ? 4 : 1

/** Seconds of one point of heart rate. */
const resolution = 300

const widths = { sleep: 14, heart: 28, listening: 36 }

const figure = (owner: Owner, value: Option.Option<number>, unit = "") =>
  Option.match(value, { onNone: () => "–", onSome: (known) => `${number(owner, known)}${unit}` })

interface PartProps {
  readonly owner: Owner
  readonly records: DayRecords
  /** What is known of what the part tells. */
  readonly recording: Recording
}

const Tiles = ({ owner, recording, records: { body, heard } }: PartProps) => {
  const count = heard.reduce((sum, { part }) => sum + part.plays.length, 0)
  const millis = heard.reduce((sum, { part }) => sum + part.listened_ms, 0)
  const plays = figureOf(recording, count, (known) => number(owner, known))
  const listened = figureOf(recording, millis, (known) => length(known / 1000))
  const tiles: ReadonlyArray<readonly [string, string, string]> = [
    ["Sleep score", body === undefined ? "–" : figure(owner, body.sleep_score), ""],
    ["Readiness", body === undefined ? "–" : figure(owner, body.readiness_score), ""],
    ["Activity", body === undefined ? "–" : figure(owner, body.activity_score), ""],
    ["Steps", body === undefined ? "–" : figure(owner, body.steps), ""],
    ["Plays", plays.value, plays.note],
    ["Listened", listened.value, listened.note]
  ]
  return (
    <dl class="tiles">
      {tiles.map(([name, value, note]) => (
        <div key={name} class="tile">
          <dt>{name}</dt>
          <dd>
            {value} <small>{note}</small>
          </dd>
        </div>
      ))}
    </dl>
  )
}

/** Every five minutes: their mean, least and greatest heart rate. */
const HeartTable = ({ owner, records: { points, scale } }: { readonly owner: Owner; readonly records: DayRecords }) => {
  const rows = points.map(({ at, bpm, max, min }) => [
    `${clock(owner, at)}${scale.isRepeated(at) ? " (second time)" : ""}`,
    number(owner, bpm),
    number(owner, min),
    number(owner, max)
  ])
  return (
    <DataTable
      title="Heart rate every five minutes, in beats a minute"
      columns={["Time", "Mean", "Least", "Greatest"]}
      rows={rows}
    />
  )
}

/** The part of a session that counts on the day, and where the session goes beyond it. */
const heardText = (owner: Owner, { part, whole }: HeardPart): string => {
  const since = whole.plays[0] === part.plays[0] ? "" : `, of a session since ${moment(owner, whole.start)}`
  const until = whole.plays.at(-1) === part.plays.at(-1) ? "" : `, of a session until ${moment(owner, whole.end)}`
  return `${sessionText(owner, part)}${since}${until}`
}

const Listening = ({ owner, recording, records: { heard } }: PartProps) => {
  const first = heard[0]?.part.plays[0]
  const last = heard.at(-1)?.part.plays.at(-1)
  return (
    <section class="card stack">
      <h2>
        Listening {first !== undefined && recording !== "all" && <span class="soft small">perhaps not all</span>}
      </h2>
      {first === undefined || last === undefined ? <Empty>{nothingText(recording, "Nothing was played.")}</Empty> : (
        <>
          <dl class="facts small">
            <dt>First</dt>
            <dd>{clock(owner, first.played_at)} {trackText(first)}</dd>
            <dt>Last</dt>
            <dd>{clock(owner, last.played_at)} {trackText(last)}</dd>
          </dl>
          <ul class="small plain">
            {heard.map((one) => <li key={one.part.start.epochMilliseconds}>{heardText(owner, one)}</li>)}
          </ul>
        </>
      )}
    </section>
  )
}

const Agenda = ({ owner, recording, records: { day, timed, wholeDay } }: PartProps) => (
  <section class="card stack">
    <h2>
      Events{" "}
      {timed.length + wholeDay.length > 0 && recording !== "all" && <span class="soft small">perhaps not all</span>}
    </h2>
    {timed.length + wholeDay.length === 0 ?
      <Empty>{nothingText(recording, "Nothing is in the calendar.")}</Empty> :
      (
        <ul class="small plain">
          {wholeDay.map((event, index) => (
            <li key={event.id}>
              <button type="button" class={`event chip ${eventColour(event)}`} popovertarget={`days-${day}-${index}`}>
                All day: {titleOf(event)}
              </button>
              <EventDetails owner={owner} event={event} id={`days-${day}-${index}`} />
            </li>
          ))}
          {timed.map((event, index) => (
            <li key={event.id}>
              <OpensEvent owner={owner} event={event} box={eventBox(day, index)} />
            </li>
          ))}
        </ul>
      )}
  </section>
)

/** The page about what the API gave of one day. */
export const dayView = (owner: Owner, records: Records, day: LocalDay, zoom: Zoom): View => {
  const [of] = byDay(records, owner)
  const at = (other: LocalDay, as: Zoom = zoom) => `/daily?day=${other}${as === 1 ? "" : `&zoom=${as}`}`
  const axis = { from: 0, to: 1440, hour: zooms[zoom] }
  const calendar = recordingOf(owner, { from: day, to: day }, "calendar", records.recorded)
  const listening = recordingOf(owner, { from: day, to: day }, "listening", records.recorded)
  return {
    title: longDay(owner, day),
    place: "day",
    wide: true,
    live: ["runs"],
    body: (
      <>
        <div class="row spread">
          <h1>{longDay(owner, day)}</h1>
          <nav class="row" aria-label="Days">
            <a class="button" href={at(plusDays(day, -1))} rel="prev" data-key="ArrowLeft">← Earlier</a>
            <a
              class="button"
              href={at(owner.today)}
              aria-current={day === owner.today ? "date" : undefined}
            >
              Today
            </a>
            <a class="button" href={at(plusDays(day, 1))} rel="next" data-key="ArrowRight">Later →</a>
            <form class="row" method="get" action="/daily">
              <label class="hidden" for="day">Day</label>
              <input id="day" type="date" name="day" value={day} />
              <button type="submit">Go</button>
            </form>
          </nav>
        </div>
        <nav class="choices" aria-label="Zoom">
          {([1, 2, 4] as const).map((as) => (
            <a key={as} href={at(day, as)} aria-current={as === zoom ? "true" : undefined}>{as}×</a>
          ))}
        </nav>
        <Hatch />
        {of !== undefined && (
          <div class="day-page" id="day-page" data-live="">
            <div class="stack">
              <div class="day-grid">
                <Hours axis={axis} />
                <DayColumn
                  owner={owner}
                  records={of}
                  axis={axis}
                  lanes={8}
                  widths={widths}
                  resolution={resolution}
                  title={longDay(owner, day)}
                />
              </div>
              <Legend />
              <HeartTable owner={owner} records={of} />
            </div>
            <div class="stack">
              <Tiles owner={owner} records={of} recording={listening} />
              <Stress body={of.body} />
              <ul class="small plain">
                {of.nights.map((night) => (
                  <li key={night.id}>
                    {nightText(owner, night)} <span class="soft">({nightTitle(owner, night)})</span>
                  </li>
                ))}
              </ul>
              <Agenda owner={owner} records={of} recording={calendar} />
              <Listening owner={owner} records={of} recording={listening} />
              <Missed owner={owner} parts={records.recorded.unrecorded} />
            </div>
          </div>
        )}
      </>
    )
  }
}

export const dayPage: Page = Effect.fnUntraced(function*({ api, owner, query }) {
  const day = dayAsked(owner, query.get("day") ?? "")
  const days = { from: day, to: day }
  const records = yield* Effect.all({
    calendar: api.data.calendar({ query: days }),
    listening: api.data.listening({ query: days }),
    heart: api.data.heartRate({ query: { ...days, resolution } }),
    body: api.data.body({ query: { from: day, to: plusDays(day, 1) } }),
    recorded: api.data.recorded({ query: days })
  }, { concurrency: "unbounded" })
  return dayView(owner, records, day, zoomAsked(query.get("zoom")))
})

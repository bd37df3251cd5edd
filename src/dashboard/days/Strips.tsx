/** The narrow columns beside a day's events: what the ring measured and what was listened to, on the clock face. */
import { DateTime, Option } from "effect"
import type { HeartRatePoint, ListeningSession, Night, Unrecorded } from "../../api/DataMessages.ts"
import type { Span } from "../../domain/DayRange.ts"
import { clock, clocks, isWithinDay, length, moment, number, type Owner } from "../frame/Owner.ts"
import { type Axis, yOf } from "./Axis.ts"
import { heartColour } from "./Colour.ts"
import { type DayScale, type Stretch, stretches } from "./DayScale.ts"

/** Where a strip stands. */
export interface Place {
  readonly axis: Axis
  readonly scale: DayScale
  /** Pixels from the left of the strips. */
  readonly x: number
  readonly width: number
}

/** A part of the strip: all of its width, or one half of it in the hour that the clocks show twice. */
const box = ({ axis, width, x }: Place, { from, pass, to }: Stretch) => {
  const y = yOf(axis, from)
  return {
    x: pass === "second" ? x + width / 2 : x,
    y,
    width: pass === "only" ? width : width / 2,
    height: Math.max(Math.round((yOf(axis, to) - y) * 10) / 10, 1)
  }
}

const path = ({ height, width, x, y }: ReturnType<typeof box>): string => `M${x} ${y}h${width}v${height}h${-width}z`

/** Heart rate as a ribbon: eleven shades from 50 to 150 beats a minute, one path for each. The script reads the change of clocks from it. */
export const HeartRibbon = ({ place, points, seconds }: {
  readonly place: Place
  readonly points: ReadonlyArray<HeartRatePoint>
  /** How long a point stands for. */
  readonly seconds: number
}) => {
  const shades = new Map<number, Array<string>>()
  for (const { at, bpm } of points) {
    for (const part of stretches(place.scale, at, DateTime.add(at, { seconds }))) {
      const shade = heartColour(bpm)
      const known = shades.get(shade)
      if (known === undefined) shades.set(shade, [path(box(place, part))])
      else known.push(path(box(place, part)))
    }
  }
  const { change } = place.scale
  return (
    <g class="heart" data-change={change === undefined ? undefined : `${change.before} ${change.after}`}>
      {[...shades].map(([shade, parts]) => <path key={shade} class={`h${shade}`} d={parts.join("")} />)}
    </g>
  )
}

const phaseNames = { 1: "deep", 2: "light", 3: "rem", 4: "awake" } as const

const isPhase = (digit: number): digit is keyof typeof phaseNames => digit in phaseNames

/** A night, by its phases of five minutes where they are known. */
export const SleepStrip = ({ nights, owner, place }: {
  readonly owner: Owner
  readonly place: Place
  readonly nights: ReadonlyArray<Night>
}) => (
  <g class="sleep">
    {nights.map((night) => {
      const phases = Option.getOrElse(night.phases_5_min, () => "")
      const parts = new Map<string, Array<string>>()
      const add = (name: string, from: DateTime.Utc, to: DateTime.Utc) => {
        const found = parts.get(name) ?? []
        found.push(...stretches(place.scale, from, to).map((part) => path(box(place, part))))
        parts.set(name, found)
      }
      if (phases === "") add("asleep", night.bedtime_start, night.bedtime_end)
      for (const [index, digit] of [...phases].entries()) {
        const from = DateTime.add(night.bedtime_start, { minutes: index * 5 })
        const code = Number(digit)
        add(
          isPhase(code) ? phaseNames[code] : "asleep",
          from,
          DateTime.min(DateTime.add(from, { minutes: 5 }), night.bedtime_end)
        )
      }
      return (
        <g key={night.id}>
          <title>{nightText(owner, night)}</title>
          {[...parts].map(([name, drawn]) => <path key={name} class={name} d={drawn.join("")} />)}
        </g>
      )
    })}
  </g>
)

/** `Asleep 23:10–06:52, 7 h 4 min` */
export const nightText = (owner: Owner, night: Night): string =>
  `Asleep ${clock(owner, night.bedtime_start)}–${clock(owner, night.bedtime_end)}${
    Option.match(night.asleep_seconds, { onNone: () => "", onSome: (seconds) => `, ${length(seconds)}` })
  }`

/** `12 plays, 45 min, from 18:02 to 18:51`; with the days where it ends on another one. */
export const sessionText = (owner: Owner, { end, listened_ms, plays, start }: ListeningSession): string =>
  `${number(owner, plays.length)} ${plays.length === 1 ? "play" : "plays"}, ${length(listened_ms / 1000)}, from ${
    isWithinDay(owner, start, end)
      ? `${clock(owner, start)} to ${clock(owner, end)}`
      : `${moment(owner, start)} to ${moment(owner, end)}`
  }`

/** Sessions as buttons that open their list. */
export const ListeningStrip = ({ idOf, owner, place, sessions }: {
  readonly owner: Owner
  readonly place: Place
  readonly sessions: ReadonlyArray<ListeningSession>
  readonly idOf: (session: ListeningSession) => string
}) => (
  <>
    {sessions.flatMap((session) =>
      stretches(place.scale, session.start, session.end).map((part, index) => {
        const { height, ...rest } = box(place, part)
        return (
          <foreignObject key={`${idOf(session)}-${index}`} {...rest} height={Math.max(height, 4)}>
            <button
              type="button"
              class="session"
              popovertarget={idOf(session)}
              tabIndex={index === 0 ? undefined : -1}
              aria-label={`Listening: ${sessionText(owner, session)}`}
            />
          </foreignObject>
        )
      })
    )}
  </>
)

/** Where the records may be incomplete: hatched, so that it is not taken for a time when nothing happened. */
export const Missing = ({ parts, place }: { readonly place: Place; readonly parts: ReadonlyArray<Unrecorded> }) => (
  <>
    {parts.flatMap((part, at) =>
      stretches(place.scale, part.from, part.to).map((stretch, index) => (
        <rect key={`${at}-${index}`} class="missing" {...box(place, stretch)}>
          <title>{`Not recorded: ${part.detail}`}</title>
        </rect>
      ))
    )}
  </>
)

/** Where there was no sample: hatched more lightly, since the records are complete, and yet it is no heart rate of nought. */
export const Unsampled = ({ owner, place, spans }: {
  readonly owner: Owner
  readonly place: Place
  readonly spans: ReadonlyArray<Span>
}) => (
  <>
    {spans.flatMap(({ from, to }) =>
      stretches(place.scale, from, to).map((stretch) => (
        <rect key={`${stretch.from}-${stretch.pass}`} class="unsampled" {...box(place, stretch)}>
          <title>{`No heart rate sample, ${clocks(owner, from, to)}`}</title>
        </rect>
      ))
    )}
  </>
)

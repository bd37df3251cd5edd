/** What a heat map may show of a day. */
import { Option } from "effect"
import type { DayTotals } from "../../api/DataSumMessages.ts"
import { length, number, type Owner } from "../frame/Owner.ts"

interface Measure {
  readonly title: string
  /** None where nothing is known of the day. */
  readonly valueOf: (totals: DayTotals) => Option.Option<number>
  readonly text: (owner: Owner, value: number) => string
  /** What it is counted in, after the number, where that is more than its title says. */
  readonly unit: string
}

const counted = (one: string, many: string) => (owner: Owner, value: number): string =>
  `${number(owner, value)} ${value === 1 ? one : many}`

export const measures = {
  plays: { title: "Plays", valueOf: ({ plays }) => Option.some(plays), text: counted("play", "plays"), unit: "plays" },
  minutes: {
    title: "Minutes listened",
    valueOf: ({ listened_ms }) => Option.some(listened_ms / 60_000),
    text: (_, value) => length(Math.round(value) * 60),
    unit: "min"
  },
  events: {
    title: "Events",
    valueOf: ({ events }) => Option.some(events),
    text: counted("event", "events"),
    unit: "events"
  },
  steps: { title: "Steps", valueOf: ({ steps }) => steps, text: counted("step", "steps"), unit: "steps" },
  sleep: {
    title: "Sleep score",
    valueOf: ({ sleep_score }) => sleep_score,
    text: (owner, value) => number(owner, value),
    unit: ""
  }
} as const satisfies { readonly [name: string]: Measure }

export type MeasureName = keyof typeof measures

export const measureNames = ["plays", "minutes", "events", "steps", "sleep"] as const satisfies ReadonlyArray<
  MeasureName
>

const isMeasure = (text: string): text is MeasureName => Object.hasOwn(measures, text)

export const measureAsked = (text: string | null): MeasureName => text !== null && isMeasure(text) ? text : "plays"

/** Of which kind of records a measure speaks, to know where they may be missing. */
export const kindOf = (name: MeasureName) =>
  name === "events" ? "calendar" : name === "steps" || name === "sleep" ? "body" : "listening"

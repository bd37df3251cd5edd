/** Ranges of days that a page may be about: the usual ones as links, and any by a form. */
import { Option, Schema } from "effect"
import { dayCount } from "../../domain/DayRange.ts"
import { LocalDay, plusDays } from "../../domain/LocalDay.ts"
import { dayText, type Owner } from "../frame/Owner.ts"

export interface DayRange {
  readonly from: LocalDay
  readonly to: LocalDay
}

interface Preset {
  readonly title: string
  readonly rangeOf: (today: LocalDay) => DayRange
}

const first = (month: string): LocalDay => LocalDay.make(`${month}-01`)

const presets = {
  "7-days": { title: "7 days", rangeOf: (today) => ({ from: plusDays(today, -6), to: today }) },
  "30-days": { title: "30 days", rangeOf: (today) => ({ from: plusDays(today, -29), to: today }) },
  "this-month": { title: "This month", rangeOf: (today) => ({ from: first(today.slice(0, 7)), to: today }) },
  "last-month": {
    title: "Last month",
    rangeOf: (today) => {
      const to = plusDays(first(today.slice(0, 7)), -1)
      return { from: first(to.slice(0, 7)), to }
    }
  },
  "this-year": {
    title: "This year",
    rangeOf: (today) => ({ from: LocalDay.make(`${today.slice(0, 4)}-01-01`), to: today })
  },
  "all": { title: "All time", rangeOf: (today) => ({ from: LocalDay.make("2000-01-01"), to: today }) }
} as const satisfies { readonly [name: string]: Preset }

export type PresetName = keyof typeof presets

const isPreset = (text: string): text is PresetName => Object.hasOwn(presets, text)

/** The range that the address asks for, and its name when it is a usual one. */
export interface RangeAsked extends DayRange {
  readonly preset: Option.Option<PresetName>
}

const dayOf = Schema.decodeOption(LocalDay)

/** Nothing is recorded before and after these, and the API answers nothing about it. */
const earliest = LocalDay.make("1970-01-01")
const latest = LocalDay.make("2200-12-31")

/** The day, or the nearest that can be asked for. */
export const withinReach = (day: LocalDay): LocalDay => day < earliest ? earliest : day > latest ? latest : day

/** The end of the range: so many days at most. */
export const lastDays = <R extends DayRange>(range: R, most: number): R =>
  dayCount(range) > most ? { ...range, from: plusDays(range.to, 1 - most) } : range

export const rangeAsked = ({ today }: Owner, query: URLSearchParams, fallback: PresetName): RangeAsked => {
  const from = dayOf(query.get("from") ?? "")
  const to = dayOf(query.get("to") ?? "")
  if (Option.isSome(from) && Option.isSome(to)) {
    const [start, end] = from.value <= to.value ? [from.value, to.value] : [to.value, from.value]
    return { from: withinReach(start), to: withinReach(end), preset: Option.none() }
  }
  const name = query.get("range") ?? ""
  const preset = isPreset(name) ? name : fallback
  return { ...presets[preset].rangeOf(today), preset: Option.some(preset) }
}

/** `1 Nov 2026 – 30 Nov 2026` */
export const rangeText = (owner: Owner, { from, to }: DayRange): string => {
  const style = { day: "numeric", month: "short", year: "numeric" } as const
  return `${dayText(owner, from, style)} – ${dayText(owner, to, style)}`
}

/** The address of the page for a range, with the rest of its query kept. */
export const withRange = (path: string, range: RangeAsked, rest: { readonly [name: string]: string } = {}): string => {
  const named = Option.match(range.preset, {
    onNone: (): { readonly [name: string]: string } => ({ from: range.from, to: range.to }),
    onSome: (preset) => ({ range: preset })
  })
  return `${path}?${new URLSearchParams({ ...named, ...rest })}`
}

export const RangeChoice = ({ names, path, range, rest = {} }: {
  readonly path: string
  readonly range: RangeAsked
  readonly names: ReadonlyArray<PresetName>
  readonly rest?: { readonly [name: string]: string }
}) => (
  <div class="row">
    <nav class="choices" aria-label="Range">
      {names.map((name) => (
        <a
          key={name}
          href={`${path}?${new URLSearchParams({ range: name, ...rest })}`}
          aria-current={Option.contains(range.preset, name) ? "true" : undefined}
        >
          {presets[name].title}
        </a>
      ))}
    </nav>
    <form class="row" method="get" action={path}>
      {Object.entries(rest).map(([name, value]) => <input key={name} type="hidden" name={name} value={value} />)}
      <label for="from" class="hidden">From</label>
      <input id="from" type="date" name="from" value={range.from} required />
      <span aria-hidden="true">–</span>
      <label for="to" class="hidden">To</label>
      <input id="to" type="date" name="to" value={range.to} required />
      <button type="submit">Show</button>
    </form>
  </div>
)

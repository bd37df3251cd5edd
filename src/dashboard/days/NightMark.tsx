import { Option } from "effect"
import type { Night } from "../../api/DataMessages.ts"
import { clock, length, type Owner } from "../frame/Owner.ts"
import { nightText } from "./Strips.tsx"

/** The main sleep of a day, as the ring calls it; of a day without one, whatever was slept. */
const mainOf = (slept: ReadonlyArray<Night>): ReadonlyArray<Night> => {
  const long = slept.filter(({ type }) => Option.contains(type, "long_sleep"))
  return long.length === 0 ? slept : long
}

/**
 * How long the night was that ended on a day, below its date: a week shows the hours in which most things happen, and nobody
 * should have to ask for the others to see how they slept.
 */
export const NightMark = ({ nights, owner }: {
  readonly owner: Owner
  /** Those that ended on the day. */
  readonly nights: ReadonlyArray<Night>
}) => {
  const slept = nights.filter(({ type }) => !Option.contains(type, "rest"))
  const main = mainOf(slept)
  const first = main[0]
  if (first === undefined) return null
  const asleep = main.flatMap(({ asleep_seconds }) => Option.toArray(asleep_seconds))
  const times = `${clock(owner, first.bedtime_start)}–${clock(owner, first.bedtime_end)}`
  const text = slept.map((night) => nightText(owner, night)).join("; ")
  return (
    <p class="night-mark" title={text}>
      <svg width="10" height="10" viewBox="0 0 10 10" aria-hidden="true">
        <path d="M9 6.3A4.2 4.2 0 0 1 3.7 1 4.5 4.5 0 1 0 9 6.3z" />
      </svg>{" "}
      <span aria-hidden="true">
        {asleep.length === 0 ? times : length(asleep.reduce((sum, seconds) => sum + seconds, 0))}
      </span>
      <span class="hidden">{text}</span>
    </p>
  )
}

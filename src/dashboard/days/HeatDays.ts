import { Option } from "effect"
import type { Recorded } from "../../api/DataMessages.ts"
import type { Totals } from "../../api/DataSumMessages.ts"
import { endOfDay, type LocalDay, startOfDay } from "../../domain/LocalDay.ts"
import type { Owner } from "../frame/Owner.ts"
import { heatLevel } from "./Colour.ts"
import { kindOf, type MeasureName, measures } from "./Measures.ts"

/** A day of a heat map. */
export interface HeatDay {
  readonly day: LocalDay
  /** None where nothing was recorded, and in days to come. */
  readonly value: Option.Option<number>
  /** 0 to 5. */
  readonly level: number
  /** A part of the day at least may be missing, and there is nothing in what is there. */
  readonly isMissing: boolean
  readonly text: string
}

/** Days with their heat: nothing that happened is 0, nothing that was recorded is none. */
export const heatDays = (
  owner: Owner,
  totals: Totals,
  { unrecorded }: Recorded,
  name: MeasureName
): ReadonlyArray<HeatDay> => {
  const { text, valueOf } = measures[name]
  const missing = unrecorded.filter(({ kind }) => kind === kindOf(name))
  const values = totals.days.map(valueOf)
  const known = values.flatMap((value) => Option.toArray(value))
  const most = Math.max(0, ...known)
  // scores lie close together: the least of them is already some heat
  const base = name === "sleep" ? Math.min(most, ...known) - 1 : 0
  return totals.days.map(({ day }, index) => {
    const start = startOfDay(day, owner.zone).epochMilliseconds
    const end = endOfDay(day, owner.zone).epochMilliseconds
    const isTouched = missing.some(({ from, to }) => from.epochMilliseconds < end && to.epochMilliseconds > start)
    const value = Option.filter(
      values[index] ?? Option.none(),
      (amount) => amount > 0 || (!isTouched && day <= owner.today)
    )
    const isMissing = Option.isNone(value) && day <= owner.today
    return {
      day,
      value,
      level: Option.match(value, { onNone: () => 0, onSome: (amount) => heatLevel(amount - base, most - base) }),
      isMissing,
      text: Option.match(value, {
        onNone: () => isMissing ? "not recorded" : "to come",
        onSome: (amount) => `${text(owner, amount)}${isTouched ? ", perhaps not all" : ""}`
      })
    }
  })
}

import { LocalDay, plusDays } from "./LocalDay.ts"

/**
 * The evening that a sleep belongs to, by the wearer's clock alone: `local` is the text as Oura sends it, which begins with
 * what that clock showed. Before noon it is still the evening of the day before.
 */
export const nightOf = (local: string): LocalDay => {
  const day = LocalDay.make(local.slice(0, 10))
  return Number(local.slice(11, 13)) < 12 ? plusDays(day, -1) : day
}

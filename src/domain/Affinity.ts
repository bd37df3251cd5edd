/**
 * How near something is to the owner: it falls with each day since it was met last, and is the higher the more often it was met. It is
 * made anew from these two whenever it is asked for, never from what it was before, so it does not matter how often it is looked at.
 */
import { Schema } from "effect"

/** What can be near. */
export const AffinityKind = Schema.Literals(["track", "artist", "place", "person"])
export type AffinityKind = typeof AffinityKind.Type

/** How much something matters to the owner, who says so. */
export const AffinityPriority = Schema.Literals(["critical", "high", "medium", "low"])
export type AffinityPriority = typeof AffinityPriority.Type

/** What a day's fall is multiplied with. */
export const priorityFactor: { readonly [P in AffinityPriority]: number } = {
  critical: 0.2,
  high: 0.5,
  medium: 1,
  low: 1.5
}

/** The share by which each kind falls in a day, unless the config says another. */
export const dailyRates: { readonly [K in AffinityKind]: number } = {
  track: 0.05,
  artist: 0.03,
  place: 0.03,
  person: 0.01
}

/** What is below is archived. */
export const archivedBelow = 0.1

/** What was met once has a little more than this. */
const base = 0.5

/** What being met often adds, at most as much again. */
export const boost = (uses: number): number => Math.min(0.5, 0.1 * Math.log(uses + 1))

/** What tells how near something is. */
export interface Met {
  readonly uses: number
  /** Of the owner's days since the one on which it was met last; 0 on that day. */
  readonly days: number
  readonly priority: AffinityPriority
}

/** From 0 to 1. `rate` is the share by which it falls in a day. */
export const scoreOf = ({ days, priority, uses }: Met, rate: number): number =>
  uses <= 0 ? 0 : (base + boost(uses)) * (1 - Math.min(1, rate * priorityFactor[priority])) ** Math.max(0, days)

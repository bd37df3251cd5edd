import { Schema } from "effect"

/**
 * What a wall-clock time does that a change of the clocks skips.
 *
 * - `shift`: it comes as much later as the clocks were put forward: 02:30 at 03:30.
 * - `skip`: it does not come.
 * - `auto`: `shift`, unless the expression runs in every hour: then what the clocks do not show is missing in every hour
 *   alike, and the next hour makes up for it. The two differ only where clocks are put forward by a part of an hour, as
 *   on Lord Howe, where a shifted `*` hour would run between its own times, or by whole days that the expression names.
 */
export const DstGap = Schema.Literals(["auto", "shift", "skip"])
export type DstGap = typeof DstGap.Type

/**
 * What a wall-clock time does that comes twice: `once`, the first time; `twice`; `skip`, neither time; or `auto`, which
 * is `twice` where the hour field begins with `*`, so that the rhythm of the clock goes on, and `once` elsewhere.
 */
export const DstRepeat = Schema.Literals(["auto", "once", "twice", "skip"])
export type DstRepeat = typeof DstRepeat.Type

/** What a schedule does when the clocks of its zone are changed, be it for summer time or for good. */
export interface Dst {
  readonly gap: DstGap
  readonly repeat: DstRepeat
}

export const defaultDst: Dst = { gap: "auto", repeat: "auto" }

/** The vertical axis of a day: which part of the clock face is shown, and how tall an hour is. */
export interface Axis {
  /** Minutes after midnight. */
  readonly from: number
  readonly to: number
  /** Pixels. */
  readonly hour: number
}

export const heightOf = ({ from, hour, to }: Axis): number => (to - from) / 60 * hour

/** Pixels below the top, to a tenth. */
export const yOf = ({ from, hour }: Axis, minute: number): number => Math.round((minute - from) / 60 * hour * 10) / 10

/** The full hours on the axis, with the first and the last. */
export const hoursOf = ({ from, to }: Axis): ReadonlyArray<number> =>
  Array.from({ length: Math.floor(to / 60) - Math.ceil(from / 60) + 1 }, (_, index) => Math.ceil(from / 60) + index)

/** What most days fill: 6 to 22, and the hours beyond in which something is planned or was listened to. */
export const usualAxis = (
  filled: ReadonlyArray<{ readonly from: number; readonly to: number }>,
  hour: number
): Axis => ({
  from: Math.min(360, ...filled.map(({ from }) => Math.floor(from / 60) * 60)),
  to: Math.max(1320, ...filled.map(({ to }) => Math.ceil(to / 60) * 60)),
  hour
})

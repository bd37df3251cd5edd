/**
 * Where a time stands on a day whose clocks change. Elapsed minutes are those of a clock that nobody changes: on a day on which
 * clocks go back they reach 1,500, and the hour that comes twice has 120 of them in two halves side by side.
 */

/** Minutes after midnight that the clocks show just before the change, and from then on. */
export interface Change {
  readonly before: number
  readonly after: number
}

export type Half = "left" | "right"

/** As the page tells it: `180 120`. */
export const changeOf = (text: string | undefined): Change | undefined => {
  const [before, after] = (text ?? "").split(" ").map(Number)
  return text === undefined || before === undefined || after === undefined ? undefined : { before, after }
}

/** Where the elapsed minutes of the day end. */
export const endOf = (change: Change | undefined): number =>
  change === undefined ? 1440 : 1440 + change.before - change.after

/** What the clocks show. */
export const clockOf = (change: Change | undefined, elapsed: number): number =>
  change === undefined || elapsed < change.before ? elapsed : elapsed - change.before + change.after

/** In the time that the clocks show twice: the half that it is drawn in, the left one at first. */
export const halfOf = (change: Change | undefined, elapsed: number): Half | undefined => {
  if (change === undefined || elapsed < change.after || elapsed >= 2 * change.before - change.after) return undefined
  return elapsed < change.before ? "left" : "right"
}

/** The elapsed minute that stands there; none in the hour that is skipped. */
export const elapsedOf = (change: Change | undefined, clock: number, half: Half): number | undefined => {
  if (change === undefined || clock < Math.min(change.before, change.after)) return clock
  if (clock < change.after) return undefined
  return clock < change.before && half === "left" ? clock : clock + change.before - change.after
}

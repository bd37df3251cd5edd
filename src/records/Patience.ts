/** After how long without a finished sync something is amiss, by when the tasks of the config run. */
import { Duration, Option, Result } from "effect"
import type { Task } from "../Config.ts"
import type { RecordKind } from "../domain/RecordKind.ts"
import * as Timing from "../timing/Timing.ts"

/** Rings are not always near their telephone, and what they measure comes late. */
const least: { readonly [K in RecordKind]: number } = {
  calendar: Duration.toMillis("1 hour"),
  listening: Duration.toMillis("1 hour"),
  heart_rate: Duration.toMillis("12 hours"),
  body: Duration.toMillis("12 hours")
}

/** Whether a task brings records of the kind. */
export const brings = (task: Task, kind: RecordKind): boolean => {
  switch (kind) {
    case "calendar":
      return task.name === "google_calendar"
    case "listening":
      return task.name === "spotify"
    case "heart_rate":
      return "dataTypes" in task && task.dataTypes.includes("heartrate")
    case "body":
      return "dataTypes" in task && task.dataTypes.some((type) => type !== "heartrate")
  }
}

/** How long until the third time that the task is due after an instant; none for one that will never be. */
export const thirdTick = ({ dst, timezone, when }: Task, after: number): Option.Option<number> => {
  if (when._tag === "Interval") return Option.some(3 * Duration.toMillis(when.every))
  return Option.flatMap(Result.getSuccess(Timing.parse(when.expression, timezone, dst)), (timing) => {
    let tick = Timing.nextAfter(timing, after)
    for (let count = 1; count < 3; count++) tick = Option.flatMap(tick, (at) => Timing.nextAfter(timing, at))
    return Option.map(tick, (at) => at - after)
  })
}

/** The shortest of some waits in milliseconds, but an hour at least, or half a day for what the ring measures. */
export const shortestWait = (kind: RecordKind, waits: ReadonlyArray<number>): number =>
  Math.max(least[kind], waits.length === 0 ? 0 : Math.min(...waits))

/**
 * For how many milliseconds after a sync, in milliseconds since 1970, nobody need wonder: until the most frequent of the
 * tasks that are enabled is due for the third time.
 */
export const patience = (tasks: ReadonlyArray<Task>, kind: RecordKind, after: number): number =>
  shortestWait(
    kind,
    tasks.flatMap((task) => task.enabled && brings(task, kind) ? Option.toArray(thirdTick(task, after)) : [])
  )

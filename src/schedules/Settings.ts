/** A schedule's settings in force: its definition, with what people changed at run time laid over it. */
import { DateTime, Option, Result } from "effect"
import { durationMillis } from "../domain/DurationText.ts"
import { type Override, scheduleId } from "../domain/Schedule.ts"
import { definitionOf, type ScheduleDefinition } from "../domain/ScheduleDefinition.ts"
import type { ScheduleRow } from "../store/Schedules.ts"
import type { CronMistake } from "../timing/CronMistake.ts"
import { effectiveOf } from "../timing/Jitter.ts"
import { Memo } from "../timing/Memo.ts"
import * as Timing from "../timing/Timing.ts"

export interface Settings {
  readonly definition: ScheduleDefinition
  readonly timing: Timing.Timing
  readonly enabled: boolean
  readonly jitterMillis: number
  /** Epoch milliseconds, both included. */
  readonly startAt: number
  readonly endAt: number
}

const millisOf = (text: string | undefined, otherwise: number): number =>
  Option.match(text === undefined ? Option.none() : DateTime.make(text), {
    onNone: () => otherwise,
    onSome: DateTime.toEpochMillis
  })

/** When a schedule runs: by its definition, or by another expression that people have given it. */
export const timingOf = (
  definition: ScheduleDefinition,
  { cron }: Pick<Override, "cron"> = { cron: Option.none() }
): Result.Result<Timing.Timing, CronMistake> => {
  const expression = Option.getOrElse(cron, () => definition.cron)
  return expression === undefined
    ? Result.succeed({ _tag: "Interval", millis: (definition.interval_seconds ?? 0) * 1000 })
    : Timing.parse(expression, definition.timezone, definition.dst)
}

/** A definition takes longer to read than all that becomes of it at a tick; most are asked for again soon. */
const read = new Memo<string, ReturnType<typeof definitionOf>>(1_024, definitionOf)

/** What a stored definition says; a failure when another version of this program wrote it. */
export const definitionIn = ({ definition }: Pick<ScheduleRow, "definition">) => read.get(definition)

const made = (row: ScheduleRow): Option.Option<Settings> => {
  const found = definitionIn(row)
  if (Result.isFailure(found)) return Option.none()
  const definition = found.success
  const timing = timingOf(definition, row.override)
  if (Result.isFailure(timing)) return Option.none()
  return Option.some({
    definition,
    timing: timing.success,
    enabled: Option.getOrElse(row.override.enabled, () => definition.enabled),
    jitterMillis: definition.jitter_seconds * 1000,
    startAt: millisOf(definition.start_at, -Infinity),
    endAt: millisOf(definition.end_at, Infinity)
  })
}

const known = new Memo<ScheduleRow, Option.Option<Settings>>(1_024, made)

/** The settings in force; none of a definition that this version of the program cannot read. */
export const settingsOf = (row: ScheduleRow): Option.Option<Settings> => known.get(row)

/** When a tick is to run, with its jitter. */
export const effective = ({ definition: { id, project }, jitterMillis }: Settings, nominal: number): number =>
  jitterMillis === 0 ? nominal : effectiveOf(scheduleId(project, id), nominal, jitterMillis)

/** The longest catch-up when the config names none. */
const longestWindow = Option.getOrElse(durationMillis("10m"), () => 0)

/** How late a tick may be run: two fifths of the distance between ticks, at most 10 minutes (daily 10, 5-minutely 2). */
export const catchUpWindow = ({ definition, timing }: Settings, at: number): number =>
  definition.catch_up_window_seconds === undefined
    ? Math.min(longestWindow, 0.4 * Timing.leastGap(timing, at))
    : definition.catch_up_window_seconds * 1000

/** The first tick after an instant that lies within the bounds; none when there is none left. */
export const tickAfter = (settings: Settings, after: number, runs: number): Option.Option<number> =>
  runs >= (settings.definition.max_runs ?? Infinity)
    ? Option.none()
    : Option.filter(
      Timing.nextAfter(settings.timing, Math.max(after, settings.startAt - 1)),
      (nominal) => nominal <= settings.endAt
    )

/** The ticks of a calendar in a stretch, both ends included, within its bounds. */
export const ticksOf = function*(
  settings: Settings,
  from: number,
  to: number
): Generator<{ readonly nominal: number; readonly effective: number }, void> {
  const after = Math.max(from, settings.startAt) - 1
  for (const nominal of Timing.ticksBetween(settings.timing, after, Math.min(to, settings.endAt))) {
    yield { nominal, effective: effective(settings, nominal) }
  }
}

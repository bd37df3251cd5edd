/** How old the newest backup may be before somebody should look. */
import { DateTime, Option, Result } from "effect"
import type { GliderConfig } from "../Config.ts"
import * as Timing from "../timing/Timing.ts"

/** Ticks that are looked at: those of a fortnight where there is one a day. */
const ticksMeasured = 15

/** The longest time between two backups that `[backup]` sets, in milliseconds; none where it makes none by itself. */
export const backupInterval = ({ backup, scheduler }: GliderConfig, now: DateTime.Utc): Option.Option<number> => {
  if (backup?.enabled !== true) return Option.none()
  const timing = Timing.parse(backup.cron, DateTime.zoneToString(scheduler.timezone), { gap: "auto", repeat: "auto" })
  if (Result.isFailure(timing)) return Option.none() // the config was checked
  let longest = 0
  let last = Timing.nextAfter(timing.success, now.epochMilliseconds)
  for (let tick = 1; tick < ticksMeasured && Option.isSome(last); tick++) {
    const next = Timing.nextAfter(timing.success, last.value)
    if (Option.isNone(next)) break
    longest = Math.max(longest, next.value - last.value)
    last = next
  }
  return longest > 0 ? Option.some(longest) : Option.none()
}

/** Where nobody makes them by themselves. */
const withoutSchedule = 8 * 86_400_000

/** Two ticks were without one: the first may have been late, or failed and been tried again. */
export const oldAfter = (config: GliderConfig, now: DateTime.Utc): number =>
  Option.match(backupInterval(config, now), { onNone: () => withoutSchedule, onSome: (interval) => 2 * interval })

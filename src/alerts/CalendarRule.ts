/** Calendars of the config that were not read for longer than they should. */
import { DateTime, Duration, Effect, Option } from "effect"
import { LatestConfig } from "../Config.ts"
import { type CalendarSource, lateAfter } from "../config/CalendarKeys.ts"
import type { Cause } from "../domain/Alert.ts"
import { durationText } from "../domain/DurationText.ts"
import { ImportedCalendars } from "../store/ImportedCalendars.ts"
import type { Rule, Seen } from "./Rule.ts"

const keyOf = (name: string): string => `stale/calendar/${name}`

const causeOf = ({ every, name }: CalendarSource, since: number, now: number): Cause => ({
  rule: "stale",
  key: keyOf(name),
  severity: "warning",
  title: `The calendar ${name} is not read any more`,
  message: `Its address was last read at ${DateTime.formatIso(DateTime.makeUnsafe(since))}, ` +
    `${durationText(Math.floor((now - since) / 60_000) * 60_000)} ago; it is to be read every ${
      durationText(Duration.toMillis(every))
    }.`,
  fix: "glider jobs list --type calendars.refresh"
})

/** What was never read is told by its job, which has failed. */
export const calendarRule = Effect.gen(function*() {
  const config = yield* LatestConfig
  const imported = yield* ImportedCalendars
  const startedAt = (yield* DateTime.now).epochMilliseconds

  const causes = Effect.fnUntraced(function*({ isOpen, now }: Seen) {
    const sources = ((yield* config.get).calendars ?? []).filter(({ enabled }) => enabled)
    if (sources.length === 0) return []
    const readAt = new Map((yield* imported.all).map(({ name, read_at }) => [name, read_at]))
    const at = now.epochMilliseconds
    return sources.flatMap((source) => {
      const last = Option.getOrUndefined(readAt.get(source.name) ?? Option.none())?.epochMilliseconds
      if (last === undefined) return []
      // a machine that was off has first to come round to it
      const since = isOpen(keyOf(source.name)) ? last : Math.max(last, startedAt)
      return at - since > lateAfter(source) ? [causeOf(source, last, at)] : []
    })
  })
  return { rule: "stale", causes } satisfies Rule
})

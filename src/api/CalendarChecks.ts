/** What doctor says of the calendars that are read again by themselves. */
import { DateTime, Duration, Effect, Option } from "effect"
import { type CalendarSource, calendarVariable, lateAfter } from "../config/CalendarKeys.ts"
import { durationText } from "../domain/DurationText.ts"
import { Secrets } from "../services/Secrets.ts"
import { ImportedCalendars } from "../store/ImportedCalendars.ts"
import { ConfigInForce } from "./ConfigInForce.ts"
import { bad, ok } from "./ToldChecks.ts"

const jobs = "glider jobs list --type calendars.refresh"

const read = (name: string, source: CalendarSource, at: Option.Option<DateTime.Utc>, now: DateTime.Utc) => {
  if (Option.isNone(at)) return bad(name, "warning", "it was not read yet", jobs)
  const text = `it was last read at ${DateTime.formatIso(at.value)}`
  const late = now.epochMilliseconds - at.value.epochMilliseconds > lateAfter(source)
  return late
    ? bad(name, "warning", `${text}, and is to be read every ${durationText(Duration.toMillis(source.every))}`, jobs)
    : ok(name, text)
}

/** All of them. */
export const calendarChecks = Effect.gen(function*() {
  const config = yield* ConfigInForce
  const imported = yield* ImportedCalendars
  const secrets = yield* Secrets
  return Effect.gen(function*() {
    const { calendars = [] } = yield* config.current
    const sources = calendars.filter(({ enabled }) => enabled)
    if (sources.length === 0) return []
    const now = yield* DateTime.now
    const readAt = new Map((yield* imported.all).map(({ name, read_at }) => [name, read_at]))
    return yield* Effect.forEach(sources, (source) => {
      const name = `calendar ${source.name}`
      const variable = calendarVariable(source.name)
      const unread = (why: string) => bad(name, "problem", why, `export ${variable}=…, or ${variable}_FILE=<file>`)
      return Effect.match(secrets.find(variable), {
        onFailure: ({ message }) => unread(message),
        onSuccess: (address) =>
          Option.isNone(address)
            ? unread(`its address is not known: ${variable} is not set`)
            : read(name, source, readAt.get(source.name) ?? Option.none(), now)
      })
    })
  })
})

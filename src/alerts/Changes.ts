/** What follows for the alerts from what is the case. */
import { type DateTime, Duration, Option } from "effect"
import type { AlertSink } from "../config/AlertKeys.ts"
import { type Alert, type AlertRule, type Cause, isAtLeast, type Saying } from "../domain/Alert.ts"
import type { AlertChanges } from "../store/AlertRows.ts"

/** What was seen. */
export interface Look {
  readonly causes: ReadonlyArray<Cause>
  /** The rules that could be judged; alerts of others stay as they are. */
  readonly judged: ReadonlySet<AlertRule>
  /** The rules that are switched off: their alerts end, and nobody is told so. */
  readonly off: ReadonlySet<AlertRule>
}

/** How alerts are dealt with. */
export interface Manner {
  readonly sinks: ReadonlyArray<AlertSink>
  readonly remindAfter: Option.Option<Duration.Duration>
  /** Whether a cause that is gone has been gone for long enough. */
  readonly isOver: (key: string) => boolean
}

/** How long alerts are as they are in the store before it is noted that they still last, in milliseconds. */
const noteEvery = 3_600_000

/** The end of these is no news: only time has gone by. */
const endsSilently: ReadonlySet<AlertRule> = new Set(["gap"])

const sinksFor = (sinks: ReadonlyArray<AlertSink>, { severity }: Cause): ReadonlyArray<string> =>
  sinks.filter((sink) => sink.enabled && isAtLeast(severity, sink.severity)).map(({ name }) => name)

const millisSince = (from: DateTime.Utc, now: DateTime.Utc): number => now.epochMilliseconds - from.epochMilliseconds

/** What is said of an alert that was seen again. */
const saying = (alert: Alert, cause: Cause, now: DateTime.Utc, { remindAfter }: Manner): Option.Option<Saying> => {
  if (!isAtLeast(alert.severity, cause.severity)) return Option.some("worse")
  return Option.exists(remindAfter, (after) => millisSince(alert.saidAt, now) >= Duration.toMillis(after))
    ? Option.some("reminder")
    : Option.none()
}

const differs = (alert: Alert, cause: Cause): boolean =>
  alert.severity !== cause.severity || alert.title !== cause.title || alert.message !== cause.message ||
  alert.fix !== cause.fix

/** One alert for each cause: raised with it, said again only when it is worse or a reminder is wanted, and resolved with its end. */
export const changesOf = (
  open: ReadonlyArray<Alert>,
  { causes, judged, off }: Look,
  now: DateTime.Utc,
  manner: Manner
): AlertChanges => {
  const known = new Map(open.map((alert) => [alert.key, alert]))
  const seen = new Map(causes.map((cause) => [cause.key, cause]))
  const { isOver, sinks } = manner
  return {
    raised: [...seen.values()].filter(({ key }) => !known.has(key)).map((cause) => ({
      cause,
      sinks: sinksFor(sinks, cause)
    })),
    lasting: open.flatMap((alert) => {
      const cause = seen.get(alert.key)
      if (cause === undefined) return []
      const said = saying(alert, cause, now, manner)
      if (Option.isNone(said) && !differs(alert, cause) && millisSince(alert.lastSeenAt, now) < noteEvery) return []
      return [{ alert, cause, said: Option.map(said, (saying) => ({ saying, sinks: sinksFor(sinks, cause) })) }]
    }),
    resolved: open.filter(({ key, rule }) => off.has(rule) || judged.has(rule) && !seen.has(key) && isOver(key)).map(
      (alert) => {
        const isNews = !endsSilently.has(alert.rule) && !off.has(alert.rule)
        // who was never told that it began is not told that it ended
        const heard = sinks.filter(({ enabled, name }) => enabled && alert.tellings.some(({ sink }) => sink === name))
        return { alert, isNews, sinks: isNews ? heard.map(({ name }) => name) : [] }
      }
    )
  }
}

/** What is said of an alert. */
import { DateTime, Option } from "effect"
import type { Alert, AlertSeverity, Saying } from "../domain/Alert.ts"

/** A message for a person. */
export interface Message {
  /** The same whenever it is sent again. */
  readonly id: string
  readonly at: DateTime.Utc
  readonly title: string
  readonly text: string
  readonly severity: AlertSeverity
  readonly isEnd: boolean
  /** Where the person may read more. */
  readonly link: Option.Option<string>
}

/** How it is written. */
export interface Wording {
  readonly locale: string
  readonly zone: DateTime.TimeZone
  /** Under which address the page is reached. */
  readonly page: Option.Option<string>
}

const titles: { readonly [S in Saying]: (title: string) => string } = {
  raised: (title) => title,
  worse: (title) => `Worse: ${title}`,
  reminder: (title) => `Still: ${title}`,
  resolved: (title) => `Over: ${title}`
}

/** What a message of that kind says, at an instant of the clock on the owner's wall. */
export const messageOf = (alert: Alert, saying: Saying, at: DateTime.Utc, { locale, page, zone }: Wording): Message => {
  const clock = (instant: DateTime.Utc) =>
    DateTime.format(DateTime.setZone(instant, zone), { locale, dateStyle: "medium", timeStyle: "short" })
  const isEnd = saying === "resolved"
  const end = Option.getOrElse(alert.resolvedAt, () => at)
  return {
    id: `${alert.id}.${saying}.${at.epochMilliseconds.toString(36)}`,
    at,
    title: titles[saying](alert.title),
    text: isEnd
      ? `From ${clock(alert.firstSeenAt)} to ${clock(end)}: ${alert.message}`
      : `${alert.message}\nSince ${clock(alert.firstSeenAt)}.\nWhat to do: ${alert.fix}`,
    severity: alert.severity,
    isEnd,
    link: Option.map(page, (url) => `${url}/alerts`)
  }
}

/** What is sent to try a sink. */
export const trial = (at: DateTime.Utc, { page }: Wording): Message => ({
  id: `test.${at.epochMilliseconds.toString(36)}`,
  at,
  title: "Glider tries this way",
  text: "Alerts will come here. Nothing is the matter.",
  severity: "info",
  isEnd: false,
  link: page
})

/** Reports that the clock has made are mailed: each once to each mailbox, tried again for as long as a day. */
import { Effect, Option, Schema } from "effect"
import { posted } from "../alerts/Mailbox.ts"
import { LatestConfig } from "../Config.ts"
import { alertDefaults } from "../config/AlertKeys.ts"
import { periodOf } from "../domain/ReportPeriod.ts"
import * as Job from "../jobs/Job.ts"
import { Jobs } from "../jobs/Jobs.ts"
import { html } from "../reports/Html.ts"
import { markdown } from "../reports/Markdown.ts"
import { textOf } from "../reports/Sections.ts"
import { Mail, MailFailed } from "../services/Mail.ts"
import { Secrets } from "../services/Secrets.ts"
import { SurrealError } from "../services/SurrealError.ts"
import { ReportRows } from "../store/ReportRows.ts"

/** The report or the mailbox is not there any more. */
export class NothingToMail extends Schema.TaggedError<NothingToMail>()("NothingToMail", {
  key: Schema.String,
  to: Schema.String
}) {
  override get message(): string {
    return `there is no report ${this.key}, or no [alerts.email.${this.to}] to mail it to`
  }
}

export const MailedReport = Job.make("reports.mail", {
  payload: Schema.Struct({
    /** Of the report. */
    key: Schema.NonEmptyString,
    /** The name of the mailbox. */
    to: Schema.NonEmptyString
  }),
  success: Schema.Struct({ mailed: Schema.Literal(true) }),
  error: Schema.Union([SurrealError, MailFailed, NothingToMail]),
  isRetryable: (error) => error._tag === "SurrealError" || (error._tag === "MailFailed" && !error.isFinal),
  pool: "mail",
  // one in five minutes at last, so that a server may be away for a day
  maxAttempts: 300
})

/** Gives a report to be mailed to whom the config names; who has it does not get it again when it is made anew. */
export const toBeMailed = Effect.fnUntraced(function*(key: string) {
  const jobs = yield* Jobs
  const { reports } = yield* (yield* LatestConfig).get
  yield* jobs.enqueueAll(
    MailedReport,
    (reports?.mail ?? []).map((to) => ({ payload: { key, to }, key: `reports.mail:${key}:${to}` }))
  )
})

const mailed = Effect.fnUntraced(function*({ key, to }: typeof MailedReport.payload.Type) {
  const services = { mail: yield* Mail, secrets: yield* Secrets }
  const rows = yield* ReportRows
  const { alerts = alertDefaults } = yield* (yield* LatestConfig).get
  const [mailbox] = alerts.sinks.flatMap((sink) => sink.kind === "email" && sink.name === to ? [sink] : [])
  const period = periodOf(key)
  const report = Option.isSome(period) ? yield* rows.get(period.value) : Option.none()
  if (mailbox === undefined || Option.isNone(report)) return yield* new NothingToMail({ key, to })
  const text = textOf(report.value)
  yield* posted(services, mailbox, {
    id: `${key.replace(":", ".")}.${to}`,
    at: report.value.made_at,
    subject: text.title,
    text: markdown(text),
    html: Option.some(html(text))
  })
  return { mailed: true as const }
})

export const layer = Job.toLayer(MailedReport, mailed)

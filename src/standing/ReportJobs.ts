/** The reports of the day and of the week that are over, each morning and each Monday. */
import { DateTime, Effect, Layer, Schema } from "effect"
import { LatestConfig } from "../Config.ts"
import { LocalDay } from "../domain/LocalDay.ts"
import { keyOf, lastEnded, rangeOf, type ReportKind, type ReportPeriod } from "../domain/ReportPeriod.ts"
import * as Job from "../jobs/Job.ts"
import * as Standing from "../jobs/Standing.ts"
import { NotYet, Reports } from "../reports/Reports.ts"
import { SurrealError } from "../services/SurrealError.ts"
import { toBeMailed } from "./ReportMail.ts"

const made = <const Name extends string>(name: Name) =>
  Job.make(name, {
    payload: Schema.Struct({
      /** The day, or one of the week. */
      day: LocalDay
    }),
    success: Schema.Struct({ key: Schema.String }),
    error: Schema.Union([SurrealError, NotYet]),
    isRetryable: ({ _tag }) => _tag === "SurrealError",
    pool: "reports",
    maxAttempts: 1
  })

export const DailyReport = made("reports.daily")
export const WeeklyReport = made("reports.weekly")

const report = (kind: ReportKind) =>
  Effect.fnUntraced(function*({ day }: { readonly day: LocalDay }) {
    const { key } = yield* (yield* Reports).make(kind, day, yield* (yield* LatestConfig).get)
    yield* toBeMailed(key)
    return { key }
  })

/** What a tick is to tell of: the key of the job is that of the report. */
const due = (kind: ReportKind) => (at: DateTime.Zoned): ReportPeriod =>
  lastEnded(kind, LocalDay.make(DateTime.formatIsoDate(at)))

const standing = (kind: ReportKind, type: typeof DailyReport | typeof WeeklyReport, cron: string) =>
  Standing.toLayer(type, {
    name: `reports_${kind}`,
    cron,
    isEnabled: true,
    key: (at) => keyOf(due(kind)(at)),
    payload: (at) => ({ day: rangeOf(due(kind)(at)).from })
  })

export const layer = Layer.mergeAll(
  Job.toLayer(DailyReport, report("daily")),
  Job.toLayer(WeeklyReport, report("weekly")),
  standing("daily", DailyReport, "0 9 * * *"),
  standing("weekly", WeeklyReport, "0 9 * * MON")
)

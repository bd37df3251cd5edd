/** What the API says of reports; a report itself is `domain/Report.ts`. */
import { Schema } from "effect"
import { LocalDay } from "../domain/LocalDay.ts"
import { ReportKind } from "../domain/ReportPeriod.ts"

/** A report that is there. */
export class ReportInfo extends Schema.Class<ReportInfo>("glider/api/ReportInfo")({
  key: Schema.String,
  kind: ReportKind,
  from: LocalDay,
  to: LocalDay,
  made_at: Schema.DateTimeUtcFromString,
  /** How often it was made; the last one is kept. */
  times_made: Schema.Natural
}) {}

/** A page of reports, by their days, the newest first. */
export class ReportsPage extends Schema.Class<ReportsPage>("glider/api/ReportsPage")({
  reports: Schema.Array(ReportInfo),
  /** What `after` is for the next page; none after the last. */
  next: Schema.OptionFromNullOr(Schema.String)
}) {}

/** Which report is made. */
export class ReportOrder extends Schema.Class<ReportOrder>("glider/api/ReportOrder")({
  kind: ReportKind,
  /** Its day, or one of its week; without it the last that is over is meant. */
  date: Schema.optionalKey(LocalDay)
}) {}

/** The `[reports]` table: to whom reports are mailed. */
import { Option, Predicate, Schema } from "effect"
import type { Complaint } from "./Complaints.ts"
import { distinct, NonEmptyText, optional } from "./Keys.ts"
import { valueAt } from "./Positions.ts"

export const reports = Schema.Struct({
  mail: optional(
    distinct(NonEmptyText, "a list of names"),
    "To whom reports are mailed that are made by the clock: names of [alerts.email.<name>] tables."
  )
})

/** `[reports]`, decoded. */
export interface ReportSettings {
  /** Names of mailboxes. */
  readonly mail: ReadonlyArray<string>
}

export const reportsOf = ({ mail = [] }: typeof reports.Type): ReportSettings => ({ mail })

/** The table as a file has it. */
export const shownReports = (settings: ReportSettings | undefined): { readonly reports?: ReportSettings } =>
  settings === undefined || settings.mail.length === 0 ? {} : { reports: settings }

const isNames = Schema.is(Schema.Array(Schema.String))

/** Mailboxes that there are not. */
export const reportComplaints = (file: unknown): ReadonlyArray<Complaint> => {
  const path = ["reports", "mail"]
  const known = Option.getOrUndefined(valueAt(file, ["alerts", "email"]))
  return Option.match(Option.filter(valueAt(file, path), isNames), {
    onNone: () => [],
    onSome: (names) =>
      names.filter((name) => !(Predicate.isObject(known) && name in known)).map((name) => ({
        path,
        at: "value" as const,
        message: `there is no [alerts.email.${name}], which says how mail goes there`
      }))
  })
}

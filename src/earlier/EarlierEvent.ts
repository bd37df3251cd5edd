/** Events of the earlier Glider, whose ids did not tell of which calendar they are. */
import { Option, Result } from "effect"
import { CalendarEventFromGoogle } from "../domain/CalendarEvent.ts"
import { eventRow } from "../store/GoogleEvents.ts"
import type { EarlierRow } from "./EarlierRow.ts"
import { instantText, isInstant, mended } from "./Instants.ts"
import { objectOf, type Outcome, type Owner, readOne, those } from "./Outcome.ts"

type Columns = EarlierRow["fields"]

const day = /^\d{4}-\d{2}-\d{2}$/

/** A beginning or an end as Google sends it. */
const timeOf = (column: unknown): object | undefined => {
  if (typeof column === "string" && day.test(column)) return { date: column }
  return objectOf(mended(column)) ??
    Option.getOrUndefined(Option.map(instantText(column), (dateTime) => ({ dateTime })))
}

/** The event as Google would send it, out of the columns. */
const sentOf = (columns: Columns, id: string): object => ({
  id: columns["google_id"] ?? id,
  status: columns["status"],
  summary: columns["summary"],
  description: columns["description"],
  location: columns["location"],
  start: timeOf(columns["start"]),
  end: timeOf(columns["end"]),
  recurringEventId: columns["recurring_event_id"],
  colorId: columns["color_id"],
  htmlLink: columns["html_link"],
  created: Option.getOrUndefined(instantText(columns["created"])),
  updated: Option.getOrUndefined(instantText(columns["updated"]))
})

/** Columns that hold an instant, or in an object of Google's one. */
const isMended = (column: unknown): boolean => {
  const text = objectOf(column)?.["dateTime"] ?? column
  return typeof text === "string" && !day.test(text) && !isInstant(text)
}

/** `onlyCalendar` is the one that the earlier store knew, where it knew one. */
export const eventOf = (
  { connection, userId }: Owner,
  { fields, id }: EarlierRow,
  onlyCalendar: Option.Option<string>
): Outcome => {
  const named = fields["calendar_id"]
  const calendar = typeof named === "string" && named !== "" ? Option.some(named) : onlyCalendar
  if (Option.isNone(calendar)) return Result.fail("it does not say of which calendar it is, and there were several")
  const raw = objectOf(mended(fields["_raw"]))
  return Result.flatMap(
    readOne(CalendarEventFromGoogle, raw ?? sentOf(fields, id)),
    ({ raw: sent, record }) =>
      record.status === "cancelled"
        ? Result.fail("Google had cancelled it")
        : Result.succeed({
          row: eventRow(connection, calendar.value === "primary" ? userId : calendar.value, record, sent),
          repairs: those({
            instant: ["start", "end", "created", "updated"].some((column) => isMended(fields[column])),
            calendar: calendar.value !== named || named === "primary",
            columns: raw === undefined
          })
        })
  )
}

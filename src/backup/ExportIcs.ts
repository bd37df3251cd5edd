/** Events as iCalendar (RFC 5545). Each instance of a series is an event of its own, as it is stored. */
import { Buffer } from "node:buffer"

type Row = { readonly [column: string]: unknown }

/** A content line of at most 75 bytes, continued in further ones; no letter is cut. */
const folded = (line: string): string => {
  const lines: Array<string> = []
  let open = ""
  let size = 0
  for (const letter of line) {
    const length = Buffer.byteLength(letter)
    if (size + length > 75) {
      lines.push(open)
      open = " "
      size = 1
    }
    open += letter
    size += length
  }
  return `${[...lines, open].join("\r\n")}\r\n`
}

/** A text; controls, which iCalendar has no form for, are left out. */
const escaped = (text: string): string =>
  text.replaceAll("\\", "\\\\").replaceAll(";", "\\;").replaceAll(",", "\\,").replace(/\r\n|\r|\n/g, "\\n")
    .replace(/(?!\t)\p{Cc}/gu, "")

export const calendarStart = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Glider//Glider//EN", "CALSCALE:GREGORIAN"]
  .map(folded).join("")

export const calendarEnd = folded("END:VCALENDAR")

/** `20261127T083000Z`. */
const instant = (text: string): string => text.replace(/\.\d+/, "").replaceAll(/[-:]/g, "")

const statuses: { readonly [status: string]: string } = {
  confirmed: "CONFIRMED",
  tentative: "TENTATIVE",
  cancelled: "CANCELLED"
}

/** A row of the calendar's events; nothing of one that is gone. */
export const eventText = (row: Row): string => {
  const text = (column: string): string | undefined => {
    const value = row[column]
    return typeof value === "string" && value !== "" ? value : undefined
  }
  if (text("deleted_at") !== undefined) return ""
  const lines: Array<string> = []
  const property = (name: string, value: string | undefined) => {
    if (value !== undefined) lines.push(folded(`${name}:${value}`))
  }
  const words = (name: string, column: string) => {
    const value = text(column)
    if (value !== undefined) property(name, escaped(value))
  }
  const time = (name: string, column: string) => {
    const day = text(`${column}_date`)
    const at = text(column)
    if (day !== undefined) property(`${name};VALUE=DATE`, day.replaceAll("-", ""))
    else if (at !== undefined) property(name, instant(at))
  }
  property("BEGIN", "VEVENT")
  words("UID", "google_id")
  property("DTSTAMP", instant(text("_synced_at") ?? "1970-01-01T00:00:00Z"))
  time("DTSTART", "start")
  time("DTEND", "end")
  words("SUMMARY", "summary")
  words("DESCRIPTION", "description")
  words("LOCATION", "location")
  property("URL", text("html_link"))
  property("STATUS", statuses[text("status") ?? ""])
  property("TRANSP", text("transparency") === "transparent" ? "TRANSPARENT" : "OPAQUE")
  for (const [name, column] of [["CREATED", "created"], ["LAST-MODIFIED", "updated"]] as const) {
    const at = text(column)
    if (at !== undefined) property(name, instant(at))
  }
  words("RELATED-TO", "recurring_event_id")
  words("X-GLIDER-CALENDAR", "calendar_id")
  words("X-GLIDER-TIMEZONE", "start_zone")
  property("END", "VEVENT")
  return lines.join("")
}

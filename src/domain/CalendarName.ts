import { Schema } from "effect"

/** What a person calls a calendar that was imported; its records belong to the connection `ics:<name>`. */
export const CalendarName = Schema.String.check(
  Schema.isPattern(/^[a-z0-9][a-z0-9_.-]{0,63}$/, {
    expected: "a name of at most 64 small letters, digits, dots, - and _"
  })
)

/** What a calendar is called whose file, or host, is called so. */
export const calendarNameOf = (name: string): string => {
  const plain = name.normalize("NFKD").toLowerCase().replace(/\.(?:ics|ical|zip)$/, "").replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "").slice(0, 64)
  return plain === "" ? "calendar" : plain
}

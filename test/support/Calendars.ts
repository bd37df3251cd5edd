/** Calendars as programs write them, made up. */

/** The lines of an event, with its beginning and end. */
export const event = (uid: string, ...lines: ReadonlyArray<string>): string =>
  ["BEGIN:VEVENT", `UID:${uid}`, "DTSTAMP:20260101T000000Z", ...lines, "END:VEVENT"].join("\r\n")

/** A calendar of these components. */
export const calendar = (...components: ReadonlyArray<string>): string =>
  `${
    ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Example//EN", "X-WR-CALNAME:Home", ...components, "END:VCALENDAR"]
      .join("\r\n")
  }\r\n`

/** A zone that no list knows, by rules of its own: an hour ahead of UTC, two from March to October. */
export const customZone = [
  "BEGIN:VTIMEZONE",
  "TZID:Customized Time Zone",
  "BEGIN:STANDARD",
  "DTSTART:16011028T030000",
  "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10",
  "TZOFFSETFROM:+0200",
  "TZOFFSETTO:+0100",
  "END:STANDARD",
  "BEGIN:DAYLIGHT",
  "DTSTART:16010325T020000",
  "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3",
  "TZOFFSETFROM:+0100",
  "TZOFFSETTO:+0200",
  "END:DAYLIGHT",
  "END:VTIMEZONE"
].join("\r\n")

/** Events as Google writes them. */
import { type Content, type Entry, instantOf, type Stamp, type When } from "./CalendarEntry.ts"
import type { JsonObject } from "./Contract.ts"
import { dayText, stampText, utcText, zonedText } from "./Instants.ts"

/** A calendar of the account. */
export interface CalendarFacts {
  readonly id: string
  readonly summary: string
  readonly zone: string
  readonly accessRole: "owner" | "reader"
  readonly primary: boolean
}

/** Twice the microseconds of the change, as Google's etags of events are; the turn keeps two of one instant apart. */
const etag = (stamp: Stamp): string => `"${stamp.at * 2000 + (stamp.turn % 2000)}"`

const time = (when: When, zone: string): JsonObject =>
  "day" in when
    ? { date: dayText(when.day) }
    : { dateTime: zonedText(zone, when.at).replace("+00:00", "Z"), timeZone: when.zone }

/** `20260921T133000Z`, or `20260921` for a day. */
export const slotKey = (start: When): string =>
  "day" in start ? dayText(start.day).replaceAll("-", "") : stampText(start.at)

const body = (content: Content, entry: Entry, calendar: CalendarFacts, zone: string): JsonObject => {
  const { description, end, location, more, start, summary } = content
  const person: JsonObject = calendar.primary
    ? { email: calendar.id, self: true }
    : { email: calendar.id, displayName: calendar.summary, self: true }
  return {
    htmlLink: `https://www.google.com/calendar/event?eid=${
      Buffer.from(`${entry.id} ${calendar.id}`).toString("base64url")
    }`,
    created: utcText(Math.floor(entry.created / 1000) * 1000),
    updated: utcText(entry.stamp.at),
    ...(summary === undefined ? {} : { summary }),
    ...(description === undefined ? {} : { description }),
    ...(location === undefined ? {} : { location }),
    creator: person,
    organizer: person,
    start: time(start, zone),
    end: time(end, zone),
    ...(entry.rule === undefined ? {} : { recurrence: [entry.rule] }),
    ...(entry.series === undefined ? {} : {
      recurringEventId: entry.series.id,
      originalStartTime: time(entry.series.original, zone)
    }),
    iCalUID: `${entry.series?.id ?? entry.id}@google.com`,
    sequence: entry.sequence,
    reminders: { useDefault: calendar.primary },
    eventType: "default",
    ...more
  }
}

/** The event as served; of a cancelled one only what Google guarantees. `zone` is the zone times are written in. */
export const eventJson = (entry: Entry, calendar: CalendarFacts, zone: string): JsonObject => {
  const head: JsonObject = { kind: "calendar#event", etag: etag(entry.stamp), id: entry.id }
  if (entry.content === undefined) {
    return {
      ...head,
      status: "cancelled",
      ...(entry.series === undefined ? {} : {
        recurringEventId: entry.series.id,
        originalStartTime: time(entry.series.original, zone)
      })
    }
  }
  return { ...head, status: "confirmed", ...body(entry.content, entry, calendar, zone) }
}

const reminders = [{ method: "popup", minutes: 10 }]

export const calendarJson = (calendar: CalendarFacts): JsonObject => ({
  kind: "calendar#calendar",
  etag: `"${calendar.id.length}calendar"`,
  id: calendar.id,
  summary: calendar.summary,
  timeZone: calendar.zone,
  conferenceProperties: { allowedConferenceSolutionTypes: ["hangoutsMeet"] }
})

export const calendarListJson = (calendar: CalendarFacts): JsonObject => ({
  ...calendarJson(calendar),
  kind: "calendar#calendarListEntry",
  etag: `"${calendar.id.length}entry"`,
  colorId: calendar.primary ? "14" : "8",
  backgroundColor: calendar.primary ? "#9fe1e7" : "#16a765",
  foregroundColor: "#000000",
  selected: true,
  accessRole: calendar.accessRole,
  defaultReminders: calendar.primary ? reminders : [],
  ...(calendar.primary ? { primary: true } : {})
})

/** The frame of a list of events. */
export const listJson = (calendar: CalendarFacts, zone: string, updated: number): JsonObject => ({
  kind: "calendar#events",
  summary: calendar.summary,
  updated: utcText(updated),
  timeZone: zone,
  accessRole: calendar.accessRole,
  defaultReminders: calendar.primary ? reminders : []
})

/** Whether an event touches the window: its end after `timeMin`, its start before `timeMax`, neither equal. */
export const touches = (
  entry: Entry,
  zone: string,
  window: { readonly timeMin?: number | undefined; readonly timeMax?: number | undefined }
): boolean =>
  (window.timeMin === undefined || instantOf(entry.end, zone) > window.timeMin) &&
  (window.timeMax === undefined || instantOf(entry.start, zone) < window.timeMax)

/** The prepared calendar, as Google sends it. Days are Prague's. */
import { hostileStrings } from "../HostileStrings.ts"

type Sent = Record<string, unknown> & { readonly id: string }

const timed = (id: string, from: string, to: string, more: Record<string, unknown> = {}): Sent => ({
  id,
  status: "confirmed",
  start: { dateTime: from, timeZone: "Europe/Prague" },
  end: { dateTime: to, timeZone: "Europe/Prague" },
  ...more
})

const allDay = (id: string, from: string, to: string, more: Record<string, unknown> = {}): Sent => ({
  id,
  status: "confirmed",
  start: { date: from },
  end: { date: to },
  ...more
})

const two = (value: number): string => String(value).padStart(2, "0")

/** The week of 19 October 2026, whose Sunday has 25 hours. */
const autumn = [
  ...Array.from(
    { length: 11 },
    (_, index) =>
      timed(
        `colour${index + 1}`,
        `2026-10-20T${two(8 + index)}:00:00+02:00`,
        `2026-10-20T${two(8 + index)}:50:00+02:00`,
        {
          summary: `Colour ${index + 1}`,
          colorId: String(index + 1)
        }
      )
  ),
  timed("plain", "2026-10-19T08:00:00+02:00", "2026-10-19T09:00:00+02:00", { summary: "Of no colour" }),
  timed("unknown", "2026-10-19T09:00:00+02:00", "2026-10-19T10:00:00+02:00", {
    summary: "Of colour 99",
    colorId: "99"
  }),
  ...["19", "21", "23"].map((day) =>
    timed(`yoga_${day}`, `2026-10-${day}T18:00:00+02:00`, `2026-10-${day}T19:00:00+02:00`, {
      summary: "Yoga",
      recurringEventId: "yoga"
    })
  ),
  timed("untitled", "2026-10-21T10:00:00+02:00", "2026-10-21T12:00:00+02:00", { location: "Café Louvre, Praha" }),
  timed("midnight", "2026-10-21T23:30:00+02:00", "2026-10-22T00:30:00+02:00", { summary: "Over midnight" }),
  timed("early", "2026-10-22T03:00:00+02:00", "2026-10-22T04:00:00+02:00", { summary: "Before six" }),
  timed("one", "2026-10-23T10:00:00+02:00", "2026-10-23T12:00:00+02:00", { summary: "One of three" }),
  timed("two", "2026-10-23T10:30:00+02:00", "2026-10-23T11:30:00+02:00", { summary: "Two of three" }),
  timed("three", "2026-10-23T11:00:00+02:00", "2026-10-23T13:00:00+02:00", { summary: "Three of three" }),
  timed("first pass", "2026-10-25T02:15:00+02:00", "2026-10-25T02:45:00+02:00", { summary: "In the first pass" }),
  timed("second pass", "2026-10-25T02:15:00+01:00", "2026-10-25T02:45:00+01:00", { summary: "In the second pass" }),
  timed("both passes", "2026-10-25T01:30:00+02:00", "2026-10-25T03:30:00+01:00", { summary: "Over both passes" }),
  allDay("trip", "2026-10-20", "2026-10-23", { summary: "Trip to Brno", description: "Three days" }),
  allDay("holiday", "2026-10-23", "2026-10-24", { summary: "A day of one's own" })
]

/** A Wednesday with thirty events at once. */
const crowd = Array.from(
  { length: 30 },
  (_, index) =>
    timed(
      `crowd${index}`,
      `2026-10-14T${two(9 + Math.floor(index / 10))}:${two(index % 10 * 5)}:00+02:00`,
      `2026-10-14T14:${two(index)}:00+02:00`,
      { summary: `Meeting ${index + 1} of thirty`, location: `Room ${index}` }
    )
)

const spring = [
  timed("skipped", "2026-03-29T01:30:00+01:00", "2026-03-29T03:30:00+02:00", {
    summary: "Over the hour that is skipped"
  })
]

const hostileDetails = (text: string, index: number) => ({
  summary: text,
  description: hostileStrings[(index + 7) % hostileStrings.length],
  location: hostileStrings[(index + 13) % hostileStrings.length],
  htmlLink: hostileStrings[(index + 17) % hostileStrings.length],
  colorId: hostileStrings[(index + 19) % hostileStrings.length]
})

/** Thirty a day from 2 November 2026 on, two of them for the whole day. */
const hostileEvents = hostileStrings.map((text, index) => {
  const day = two(2 + Math.floor(index / 30))
  const at = index % 30
  const details = hostileDetails(text, index)
  const minutes = (at - 2) * 50
  const clock = (from: number) => `2026-11-${day}T${two(Math.floor(from / 60))}:${two(from % 60)}:00+01:00`
  return at < 2
    ? allDay(`hostile${index}`, `2026-11-${day}`, `2026-11-${two(Number(day) + 1)}`, details)
    : timed(`hostile${index}`, clock(minutes), clock(minutes + 40), details)
})

/** Today's, for the overview. */
const todays = (today: string) =>
  hostileStrings.slice(0, 60).map((text, index) =>
    index < 5
      ? allDay(
        `today${index}`,
        today,
        `${today.slice(0, 8)}${two(Number(today.slice(8)) + 1)}`,
        hostileDetails(text, index)
      )
      : timed(
        `today${index}`,
        `${today}T${two(Math.floor(index / 3))}:${two(index % 3 * 20)}:00Z`,
        `${today}T${two(Math.floor(index / 3))}:${two(index % 3 * 20 + 15)}:00Z`,
        hostileDetails(text, index)
      )
  )

export const events = (today: string): ReadonlyArray<Sent> => [
  ...autumn,
  ...crowd,
  ...spring,
  ...hostileEvents,
  ...todays(today)
]

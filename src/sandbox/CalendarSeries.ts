/** What repeats in the account's calendar, and which of its instances are moved or called off. */
import type { Content, Series, Slot, Version, When } from "./CalendarEntry.ts"
import { slotKey } from "./CalendarJson.ts"
import { atLocal, dayLength, dayOfDate, minute, stampText, weekday } from "./Instants.ts"
import { firstDay, home, lastDay, type World } from "./World.ts"

/** No event of the world begins later: series have an end, so that a list does. */
export const horizon = lastDay + 150

export const made = (at: number, content: Content): Version => ({ at, turn: 0, kind: "content", content })
export const called = (at: number): Version => ({ at, turn: 0, kind: "cancelled" })

interface Plan {
  readonly name: string
  readonly weekdays: ReadonlyArray<number>
  readonly minutes: number
  readonly length: number
  readonly every?: number
  readonly zone?: string
  readonly from?: number
  /** The last day before "this and following" was changed, 18 days ahead. */
  readonly cut?: number
  readonly location?: string
  readonly description?: string
  readonly eventType?: string
  readonly allDay?: boolean
}

export const split = dayOfDate(2026, 9, 1)

export const plans: ReadonlyArray<Plan> = [
  { name: "Standup", weekdays: [1, 2, 3, 4, 5], minutes: 9 * 60 + 30, length: 15 },
  { name: "Planning", weekdays: [1], minutes: 13 * 60, length: 60, every: 2, location: "Meeting room Vltava" },
  { name: "1:1 with Jana", weekdays: [3], minutes: 11 * 60, length: 30, every: 2 },
  { name: "Yoga", weekdays: [2], minutes: 18 * 60 + 15, length: 75, location: "Studio Letná, Praha 7" },
  { name: "Choir rehearsal", weekdays: [4], minutes: 19 * 60, length: 150, cut: split },
  { name: "Call with New York", weekdays: [4], minutes: 10 * 60, length: 45, zone: "America/New_York" },
  { name: "Focus", weekdays: [5], minutes: 13 * 60, length: 180, eventType: "focusTime", description: "No meetings." },
  { name: "Swimming with the kids", weekdays: [6], minutes: 9 * 60, length: 90, from: dayOfDate(2026, 2, 7) },
  { name: "Paper bins out", weekdays: [1], minutes: 0, length: 0, every: 2, allDay: true }
]

const dayNames = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"]

const slotsOf = (plan: Plan): ReadonlyArray<Slot> => {
  const { every = 1, from = firstDay - 60, zone = home } = plan
  const slots: Array<Slot> = []
  for (let day = from; day <= horizon; day++) {
    if (plan.weekdays.includes(weekday(day)) && Math.floor((day + 4) / 7) % every === 0) {
      const start: When = plan.allDay === true ? { day } : { at: atLocal(zone, day, plan.minutes), zone }
      const end: When = "day" in start ? { day: day + 1 } : { at: start.at + plan.length * minute, zone }
      slots.push({ key: slotKey(start), start, end })
    }
  }
  return slots
}

export const seriesOf = (world: World, plan: Plan, id: string): Series | undefined => {
  const slots = slotsOf(plan)
  const [first] = slots
  if (first === undefined) {
    return undefined
  }
  const until = plan.cut === undefined ? "" : `;UNTIL=${stampText(atLocal(home, plan.cut, 0))}`
  const interval = plan.every === undefined ? "" : `;INTERVAL=${plan.every}`
  const content: Content = {
    summary: plan.name,
    ...(plan.description === undefined ? {} : { description: plan.description }),
    ...(plan.location === undefined ? {} : { location: plan.location }),
    start: first.start,
    end: first.end,
    ...(plan.eventType === undefined ? {} : { more: { eventType: plan.eventType } })
  }
  const created = startOf(first.start) - 20 * dayLength + plan.name.length * 1000
  const exceptions = new Map<string, Array<Version>>()
  for (const slot of slots) {
    const from = world.draw("exception", id, slot.key)
    const told = startOf(slot.start) - from.int(1, 5 * 24 * 60) * minute - from.int(0, 999)
    const fate = from.next()
    if (told > created && fate < 0.04) {
      exceptions.set(slot.key, [called(told)])
    } else if (told > created && fate < 0.08) {
      exceptions.set(slot.key, [made(told, { ...content, ...shifted(slot, from.pick([-60, 30, 120, 24 * 60])) })])
    }
  }
  return {
    id,
    versions: [
      made(created, content),
      ...(plan.cut === undefined ? [] : [made(atLocal(home, plan.cut - 18, 610), { ...content, until: plan.cut })])
    ],
    slots,
    exceptions,
    rule: `RRULE:FREQ=WEEKLY${interval}${until};BYDAY=${plan.weekdays.map((day) => dayNames[day] ?? "").join(",")}`
  }
}

export const startOf = (when: When): number => "day" in when ? atLocal(home, when.day, 0) : when.at

/** The slot so many minutes later; whole days for a day. */
const shifted = (slot: Slot, minutes: number): { readonly start: When; readonly end: When } => {
  const move = (when: When): When =>
    "day" in when ? { day: when.day + (minutes > 0 ? 1 : -1) } : { ...when, at: when.at + minutes * minute }
  return { start: move(slot.start), end: move(slot.end) }
}

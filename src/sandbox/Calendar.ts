/** The account's calendars: what they held at any state, and the changes made by hand. */
import { Effect } from "effect"
import {
  type Content,
  type Entry,
  instancesAt,
  known,
  masterAt,
  type Series,
  singleAt,
  type Slot,
  type Stamp,
  type Version,
  type When
} from "./CalendarEntry.ts"
import { type CalendarFacts, slotKey } from "./CalendarJson.ts"
import { type CalendarContent, calendars, growCalendars } from "./CalendarWorld.ts"
import type { EventAddress, EventTime, SandboxCalendar } from "./Contract.ts"
import { dayLength, instantOfWall, parseDay, parseInstant, wallAt, zoneExists } from "./Instants.ts"
import { SandboxMisuse } from "./SandboxMisuse.ts"
import { base32hex } from "./Seeded.ts"
import { home, type World } from "./World.ts"

/** One calendar with what it holds and the number of times its sync tokens were declared dead. */
export interface CalendarBook {
  readonly facts: CalendarFacts
  readonly content: CalendarContent
  generation: number
}

export interface Calendars extends SandboxCalendar {
  /** The calendar of an id, or of `primary`. */
  readonly book: (calendarId: string) => CalendarBook | undefined
  /** All calendars; they are grown at the first call. */
  readonly books: () => ReadonlyArray<CalendarBook>
  /** The state now. */
  readonly state: () => Stamp
}

/** Everything a calendar knows at that state, cancelled entries included, in the order of their last change. */
export const entriesAt = (book: CalendarBook, state: Stamp, singleEvents: boolean): ReadonlyArray<Entry> => {
  const { series, singles } = book.content
  const entries = [...singles.values()].flatMap((single) => singleAt(single, state) ?? [])
  for (const one of series.values()) {
    const master = masterAt(one, state)
    if (master === undefined) {
      continue
    }
    if (singleEvents) {
      entries.push(...(master.alone ? [master] : instancesAt(one, state)))
    } else {
      entries.push(
        master,
        ...instancesAt(one, state).filter((entry) => master.content !== undefined && entry.exception)
      )
    }
  }
  return entries.toSorted((a, b) =>
    a.stamp.at - b.stamp.at || a.stamp.turn - b.stamp.turn || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
  )
}

/** What changed between two states. */
export const changedSince = (entries: ReadonlyArray<Entry>, since: Stamp): ReadonlyArray<Entry> =>
  entries.filter((entry) => !known(entry.stamp, since))

const readTime = (time: EventTime): When | undefined => {
  if ("date" in time) {
    const day = parseDay(time.date)
    return day === undefined ? undefined : { day }
  }
  const at = parseInstant(time.dateTime)
  const zone = time.timeZone ?? home
  return at === undefined || !zoneExists(zone) ? undefined : { at, zone }
}

const badTime = new SandboxMisuse({
  message:
    "start and end are { date: \"YYYY-MM-DD\" } or { dateTime: RFC 3339 with offset, timeZone? }, both of a kind."
})

const repeat = (start: When, end: When, frequency: "daily" | "weekly", count: number): ReadonlyArray<Slot> =>
  Array.from({ length: count }, (_, index) => {
    const later = index * (frequency === "daily" ? 1 : 7)
    const move = (when: When): When =>
      "day" in when
        ? { day: when.day + later }
        : { ...when, at: instantOfWall(when.zone, wallAt(when.zone, when.at) + later * dayLength) }
    return { key: slotKey(move(start)), start: move(start), end: move(end) }
  })

/** What a change by hand is about: the versions it adds to, and the content they had. */
interface Target {
  readonly versions: Array<Version>
  readonly content: Content | undefined
  readonly series: Series | undefined
  readonly instance: boolean
}

export const makeCalendars = (world: World, now: () => number): Calendars => {
  let grown: ReadonlyArray<CalendarBook> | undefined
  const books = (): ReadonlyArray<CalendarBook> =>
    grown ??= growCalendars(world).map((content, index) => ({
      facts: calendars[index] ?? calendars[0],
      content,
      generation: 0
    }))
  let turn = 0
  const state = (): Stamp => ({ at: now(), turn })
  const book = (id: string): CalendarBook | undefined =>
    books().find((one) => one.facts.id === id || (id === "primary" && one.facts.primary))

  const bookOf = Effect.fnUntraced(function*(id: string) {
    const found = book(id)
    return found ?? (yield* new SandboxMisuse({
      message: `No calendar ${id}. There are ${calendars.map((calendar) => calendar.id).join(" and ")}, and primary.`
    }))
  })

  const target = Effect.fnUntraced(function*({ calendarId, eventId }: EventAddress) {
    const { content } = yield* bookOf(calendarId)
    const single = content.singles.get(eventId)
    if (single !== undefined) {
      const last = single.versions.findLast((version) => version.content !== undefined && version.at <= now())
      return { versions: single.versions, content: last?.content, series: undefined, instance: false } satisfies Target
    }
    const series = content.series.get(eventId) ??
      [...content.series.values()].find((one) => one.slots.some((slot) => `${one.id}_${slot.key}` === eventId))
    if (series === undefined) {
      return yield* new SandboxMisuse({ message: `No event ${eventId} in ${calendarId}. truth.events lists them.` })
    }
    const shared = series.versions.findLast((version) => version.content !== undefined && version.at <= now())?.content
    const slot = series.slots.find((one) => `${series.id}_${one.key}` === eventId)
    if (slot === undefined) {
      return { versions: series.versions, content: shared, series, instance: false } satisfies Target
    }
    const versions = series.exceptions.get(slot.key) ?? []
    series.exceptions.set(slot.key, versions)
    const own = versions.findLast((version) => version.content !== undefined && version.at <= now())?.content
    const plain = shared && { ...shared, start: slot.start, end: slot.end }
    return { versions, content: own ?? plain, series, instance: true } satisfies Target
  })

  /** What the world had planned for an event after now does not come about once a hand has changed it. */
  const put = ({ versions }: Target, version: Pick<Version, "kind" | "content" | "alone">): void => {
    const kept = versions.filter((one) => one.at <= now())
    versions.splice(0, versions.length, ...kept, { ...version, at: now(), turn: ++turn })
  }

  const change = Effect.fnUntraced(function*(address: EventAddress, edit: (content: Content) => Content) {
    const found = yield* target(address)
    if (found.content === undefined) {
      return yield* new SandboxMisuse({ message: `${address.eventId} does not exist yet.` })
    }
    put(found, { kind: "content", content: edit(found.content) })
  })

  const addEvent: SandboxCalendar["addEvent"] = Effect.fn("Sandbox.addEvent")(function*(event) {
    const { content } = yield* bookOf(event.calendarId ?? "primary")
    const [start, end] = [readTime(event.start), readTime(event.end)]
    if (start === undefined || end === undefined || "day" in start !== "day" in end) {
      return yield* badTime
    }
    const id = event.eventId ?? base32hex(26, world.seed, "added", turn + 1)
    if (content.singles.has(id) || content.series.has(id)) {
      return yield* new SandboxMisuse({ message: `There is an event ${id} already.` })
    }
    const { description, location, recurrence, summary } = event
    const said: Content = {
      ...(summary === undefined ? {} : { summary }),
      ...(description === undefined ? {} : { description }),
      ...(location === undefined ? {} : { location }),
      start,
      end
    }
    const versions: Array<Version> = [{ at: now(), turn: ++turn, kind: "content", content: said }]
    if (recurrence === undefined) {
      content.singles.set(id, { id, versions })
    } else {
      const { count, frequency } = recurrence
      const rule = `RRULE:FREQ=${frequency.toUpperCase()};COUNT=${count}`
      content.series.set(id, { id, versions, slots: repeat(start, end, frequency, count), exceptions: new Map(), rule })
    }
    return id
  })

  const moveEvent: SandboxCalendar["moveEvent"] = Effect.fn("Sandbox.moveEvent")(function*(address) {
    const [start, end] = [readTime(address.start), readTime(address.end)]
    if (start === undefined || end === undefined || "day" in start !== "day" in end) {
      return yield* badTime
    }
    const found = yield* target(address)
    if (found.series !== undefined && !found.instance) {
      return yield* new SandboxMisuse({
        message: "A series is moved one instance at a time: <series>_<original start>."
      })
    }
    yield* change(address, (content) => ({ ...content, start, end }))
  })

  const renameEvent: SandboxCalendar["renameEvent"] = Effect.fn("Sandbox.renameEvent")(({ summary, ...address }) =>
    change(address, (content) => ({ ...content, summary }))
  )

  const cancelEvent: SandboxCalendar["cancelEvent"] = Effect.fn("Sandbox.cancelEvent")(function*(address) {
    put(yield* target(address), { kind: "cancelled", alone: address.tombstone === "master" })
  })

  const restoreEvent: SandboxCalendar["restoreEvent"] = Effect.fn("Sandbox.restoreEvent")(function*(address) {
    const found = yield* target(address)
    if (found.instance) {
      put(found, { kind: "plain" })
      return
    }
    yield* change(address, (content) => content)
  })

  const invalidateSyncTokens: SandboxCalendar["invalidateSyncTokens"] = (calendarId) =>
    Effect.sync(() =>
      books().filter((one) => calendarId === undefined || one === book(calendarId)).forEach((one) =>
        void one.generation++
      )
    )

  return {
    addEvent,
    book,
    books,
    calendarIds: calendars.map((calendar) => calendar.id),
    cancelEvent,
    invalidateSyncTokens,
    moveEvent,
    renameEvent,
    restoreEvent,
    state
  }
}

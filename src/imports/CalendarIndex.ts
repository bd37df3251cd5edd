/** What has to be known of a whole calendar before its first event can be read: its zones, and which events speak of others. */
import { Effect, type FileSystem, Result, Stream } from "effect"
import { hash } from "node:crypto"
import { type IsTold, type Reading, slotToldOf } from "./CalendarEvents.ts"
import { type CalendarItem, CalendarItems } from "./CalendarItems.ts"
import { type CalendarZone, CalendarZones } from "./CalendarZone.ts"
import { dayMillis } from "./Civil.ts"
import { type Component, componentOf, first, propertyOf, textOf } from "./ContentLines.ts"
import { bytesOf, type ExportPart } from "./ExportFile.ts"
import { type ImportError, NotAnExport } from "./ImportError.ts"

/** What of each event is held in memory is bounded by this. */
const mostEvents = 300_000

/** How a calendar is to be read. */
export interface CalendarOptions {
  /** What clocks mean where neither the event nor its calendar says so. */
  readonly zone: CalendarZone
  /** Series go on until here, in milliseconds. */
  readonly until: number
}

export interface CalendarIndex {
  readonly reading: Reading
  /** Whether this is what holds of the event: another of the same may say it anew. */
  readonly holds: (item: CalendarItem, component: Component) => boolean
  /** Which instances of the series are told of by events of their own. */
  readonly toldOf: (uid: string) => IsTold
}

/** What an event says but for when it was written down, which many servers say is now. */
export const lastingText = (text: string): string => text.replace(/^DTSTAMP[;:].*\n/m, "")

/** The id of an event; one that has none is known by what it says. */
export const uidOf = (component: Component, text: string): string =>
  textOf(component, "UID")?.trim() ?? `no-uid-${hash("sha1", lastingText(text), "hex")}`

/** The event and the instance of it that is spoken of. */
const subjectOf = (component: Component, text: string): string => {
  const instance = first(component, "RECURRENCE-ID")
  return `${uidOf(component, text)}\n${instance?.parameters.get("TZID") ?? ""}\n${instance?.value ?? ""}`
}

/** A later version of an event comes after an earlier one. */
const versionOf = (component: Component): string => {
  const sequence = Number(textOf(component, "SEQUENCE") ?? 0)
  const number = Number.isSafeInteger(sequence) && sequence > 0 ? sequence : 0
  return `${String(number).padStart(16, "0")} ${textOf(component, "LAST-MODIFIED") ?? ""}`
}

const nowhere: IsTold = () => false

/** Reads a calendar once for it. */
export const indexOf = Effect.fn("Import.calendar")(
  function*(
    path: string,
    part: ExportPart,
    { until, zone }: CalendarOptions
  ): Effect.fn.Return<CalendarIndex, ImportError, FileSystem.FileSystem> {
    const zones = new CalendarZones(Math.ceil(until / dayMillis))
    const parser = new CalendarItems()
    const newest = new Map<string, { readonly version: string; readonly number: number }>()
    const changed: Array<Component> = []
    let events = 0
    const look = (item: CalendarItem) => {
      const component = componentOf(item.text)
      if (component?.name === "VTIMEZONE") zones.add(component)
      if (component?.name !== "VEVENT") return
      events++
      const subject = subjectOf(component, item.text)
      const version = versionOf(component)
      const known = newest.get(subject)
      if (known === undefined || known.version <= version) newest.set(subject, { version, number: item.number })
      const instance = first(component, "RECURRENCE-ID")
      if (instance === undefined) return
      const uid = { name: "UID", parameters: new Map<string, string>(), value: uidOf(component, item.text) }
      changed.push({ name: component.name, properties: [uid, instance], children: [] })
    }
    yield* Stream.runForEach(bytesOf(path, part), (bytes) => {
      for (const item of parser.push(bytes)) look(item)
      return events > mostEvents
        ? Effect.fail(new NotAnExport({ file: part.name, why: `it has more than ${mostEvents} events` }))
        : Effect.void
    }).pipe(
      // what is damaged is told by whoever reads it for its events
      Effect.catchTag("ExportDamaged", () => Effect.void)
    )
    for (const item of parser.end().items) look(item)
    const headers = new Map(
      parser.headers.flatMap((line) => {
        const property = propertyOf(line)
        return property === undefined ? [] : [[property.name, property.value.trim()] as const]
      })
    )
    const reading: Reading = { zones, until, floating: zones.of(headers.get("X-WR-TIMEZONE") ?? "") ?? zone }
    const told = new Map<string, Set<string>>()
    for (const component of changed) {
      const slot = slotToldOf(component, reading)
      if (Result.isFailure(slot) || slot.success === undefined) continue
      const uid = textOf(component, "UID") ?? ""
      const slots = told.get(uid) ?? new Set()
      told.set(uid, slots.add(slot.success))
    }
    return {
      reading,
      holds: ({ number, text }, component) => newest.get(subjectOf(component, text))?.number === number,
      toldOf: (uid) => {
        const slots = told.get(uid)
        return slots === undefined ? nowhere : (slot) => slots.has(slot)
      }
    }
  }
)

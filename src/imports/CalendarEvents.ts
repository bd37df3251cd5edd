/** A `VEVENT` as the events that it stands for: one, or each instance of a series within a time that has an end. */
import { DateTime, Option, Result } from "effect"
import { CalendarEvent, EventTime } from "../domain/CalendarEvent.ts"
import { LocalDay } from "../domain/LocalDay.ts"
import { type CalendarZone, type CalendarZones, utcZone, wallOf } from "./CalendarZone.ts"
import { compactText, dayMillis, dayText } from "./Civil.ts"
import { all, type Component, first, type Property, textOf } from "./ContentLines.ts"
import { daysOfRule } from "./Recurrence.ts"
import { type RecurrenceRule, ruleOf } from "./RecurrenceRule.ts"

/** More instances than this of a series are no person's: 27 years of each day. */
export const mostInstances = 10_000

/** What all instances of a series say together, in letters: a long text is not kept ten thousand times. */
const mostLetters = 32 * 1024 * 1024

/** How a calendar is read. */
export interface Reading {
  readonly zones: CalendarZones
  /** What clocks mean that name no zone. */
  readonly floating: CalendarZone
  /** Series go on until here, in milliseconds. */
  readonly until: number
}

/** A time of a calendar: what the clocks show, and where. */
interface Told {
  readonly wall: number
  readonly isDay: boolean
  readonly zone: CalendarZone
}

type Read<A> = Result.Result<A, string>

const told = ({ parameters, value }: Property, { floating, zones }: Reading, text = value): Read<Told> => {
  const wall = wallOf(text)
  if (wall === undefined) return Result.fail(`it says ${value.slice(0, 60)} for a time`)
  const { isDay, isUtc } = wall
  if (isDay || isUtc) return Result.succeed({ wall: wall.wall, isDay, zone: utcZone })
  const tzid = parameters.get("TZID")
  const zone = tzid === undefined ? floating : zones.of(tzid)
  if (zone !== undefined) return Result.succeed({ wall: wall.wall, isDay, zone })
  return Result.fail(
    `its zone ${tzid?.slice(0, 60)} is none that the world knows, and the file does not say what it is`
  )
}

const instantOf = ({ wall, zone }: Told): number => zone.instant(wall)

/** What tells an instance of a series from the others: the instant at which it was to begin, or its day. */
const slotOf = (time: Told): string =>
  time.isDay ? compactText(time.wall, false) : `${compactText(instantOf(time), true)}Z`

const eventTime = (time: Told): EventTime =>
  time.isDay
    ? EventTime.cases.Day.make({ date: LocalDay.make(dayText(Math.floor(time.wall / dayMillis))) })
    : EventTime.cases.Moment.make({
      at: DateTime.makeUnsafe(instantOf(time)),
      zone: Option.fromUndefinedOr(time.zone.name)
    })

/** `P1DT2H30M`: days as the clocks have them, and the rest as time passes. */
const lengthOf = (text: string): { readonly days: number; readonly millis: number } | undefined => {
  const found = /^\+?P(?:(\d{1,4})W)?(?:(\d{1,5})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,7})M)?(?:(\d{1,8})S)?)?$/.exec(
    text.trim()
  )
  if (found === null) return undefined
  const [, weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = found
  return {
    days: Number(weeks) * 7 + Number(days),
    millis: (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000
  }
}

/** The end of what begins then. */
type EndOf = (start: Told) => Told | undefined

const endOf = (component: Component, start: Told, reading: Reading): Read<EndOf> => {
  const sent = first(component, "DTEND")
  if (sent !== undefined) {
    return Result.map(told(sent, reading), (end): EndOf => {
      const length = start.isDay ? end.wall - start.wall : instantOf(end) - instantOf(start)
      if (length <= 0 || end.isDay !== start.isDay) return () => undefined
      return (from) =>
        from.isDay
          ? { ...from, wall: from.wall + length }
          : { wall: end.zone.wall(instantOf(from) + length), isDay: false, zone: end.zone }
    })
  }
  const length = lengthOf(first(component, "DURATION")?.value ?? "")
  if (start.isDay) return Result.succeed((from) => ({ ...from, wall: from.wall + (length?.days || 1) * dayMillis }))
  if (length === undefined) return Result.succeed(() => undefined)
  return Result.succeed((from) => {
    const instant = from.zone.instant(from.wall + length.days * dayMillis) + length.millis
    return { wall: from.zone.wall(instant), isDay: false, zone: from.zone }
  })
}

/** The times of a property that lists them; of stretches of time their beginnings. */
const listed = (component: Component, name: string, reading: Reading): Read<ReadonlyArray<Told>> => {
  const times: Array<Told> = []
  for (const property of all(component, name)) {
    for (const text of property.value.split(",").slice(0, mostInstances)) {
      const time = told(property, reading, text.split("/")[0])
      if (Result.isFailure(time)) return Result.fail(time.failure)
      times.push(time.success)
    }
  }
  return Result.succeed(times)
}

/** When the instances of a series begin, in no order; or why that cannot be said. */
const instances = (component: Component, start: Told, reading: Reading): Read<ReadonlyArray<Told>> => {
  const rules: Array<RecurrenceRule> = []
  for (const { value } of all(component, "RRULE")) {
    const rule = ruleOf(value)
    if (Result.isFailure(rule)) return Result.fail(rule.failure)
    rules.push(rule.success)
  }
  const [added, removed] = [listed(component, "RDATE", reading), listed(component, "EXDATE", reading)]
  if (Result.isFailure(added)) return added
  if (Result.isFailure(removed)) return removed
  const found = new Map([start, ...added.success].map((time) => [slotOf(time), time]))
  const day = Math.floor(start.wall / dayMillis)
  for (const rule of rules) {
    const end = rule.until === undefined ? undefined : wallOf(rule.until)
    if (rule.until !== undefined && end === undefined) return Result.fail(`its rule ends at ${rule.until.slice(0, 60)}`)
    const last = end === undefined
      ? Infinity
      : end.isUtc && !start.isDay
      ? start.zone.wall(end.wall)
      : end.isDay && !start.isDay
      ? end.wall + dayMillis - 1
      : end.wall
    let number = 0
    for (const one of daysOfRule(rule, day, Math.floor(reading.until / dayMillis))) {
      const time = { ...start, wall: start.wall + (one - day) * dayMillis }
      if (time.wall > last || (rule.count !== undefined && ++number > rule.count)) break
      found.set(slotOf(time), time)
      if (found.size > mostInstances) {
        return Result.fail(
          `it has more than ${mostInstances} instances until ${dayText(Math.floor(reading.until / dayMillis))}`
        )
      }
    }
  }
  for (const time of removed.success) {
    found.delete(slotOf(time))
    // a day that is left out leaves out what begins on it
    if (time.isDay && !start.isDay) found.delete(slotOf({ ...start, wall: time.wall + start.wall - day * dayMillis }))
  }
  return Result.succeed([...found.values()])
}

const statuses: { readonly [status: string]: string } = { TENTATIVE: "tentative", CANCELLED: "cancelled" }

const optionalText = (component: Component, name: string) => Option.fromUndefinedOr(textOf(component, name))

/** A link that a browser may follow. */
const linkOf = (component: Component) =>
  Option.filter(optionalText(component, "URL"), (url) => /^https?:\/\//i.test(url))

const stampOf = (component: Component, name: string): Option.Option<DateTime.Utc> => {
  const wall = wallOf(first(component, name)?.value ?? "")
  return wall?.isUtc === true ? Option.some(DateTime.makeUnsafe(wall.wall)) : Option.none()
}

/** Whether the instance of a series that was to begin then is told of by an event of its own. */
export type IsTold = (slot: string) => boolean

/** What an instance that is told of by itself was to begin as; none for an event that is no such instance. */
export const slotToldOf = (component: Component, reading: Reading): Read<string | undefined> => {
  const sent = first(component, "RECURRENCE-ID")
  if (sent === undefined) return Result.succeed(undefined)
  if (sent.parameters.has("RANGE")) return Result.fail("it changes all instances from one on, which is not followed")
  return Result.map(told(sent, reading), slotOf)
}

/** The events of a component, whose id is `uid`; or why it cannot be read. */
export const eventsOf = (
  component: Component,
  uid: string,
  reading: Reading,
  isTold: IsTold
): Read<ReadonlyArray<CalendarEvent>> => {
  const sent = first(component, "DTSTART")
  if (sent === undefined) return Result.fail("it does not say when it begins")
  const start = told(sent, reading)
  if (Result.isFailure(start)) return Result.fail(start.failure)
  const end = endOf(component, start.success, reading)
  if (Result.isFailure(end)) return Result.fail(end.failure)
  const recurrence = first(component, "RECURRENCE-ID")
  const slot = recurrence === undefined ? undefined : told(recurrence, reading)
  if (slot !== undefined && Result.isFailure(slot)) return Result.fail(slot.failure)
  const common = {
    status: statuses[textOf(component, "STATUS")?.toUpperCase() ?? ""] ?? "confirmed",
    summary: optionalText(component, "SUMMARY"),
    description: optionalText(component, "DESCRIPTION"),
    location: optionalText(component, "LOCATION"),
    colorId: Option.none(),
    htmlLink: linkOf(component),
    eventType: Option.none(),
    transparency: textOf(component, "TRANSP")?.toUpperCase() === "TRANSPARENT"
      ? Option.some("transparent")
      : Option.none(),
    created: stampOf(component, "CREATED"),
    updated: stampOf(component, "LAST-MODIFIED")
  }
  const event = (time: Told, original: Told | undefined) =>
    new CalendarEvent({
      ...common,
      id: original === undefined ? uid : `${uid}_${slotOf(original)}`,
      start: eventTime(time),
      end: Option.map(Option.fromUndefinedOr(end.success(time)), eventTime),
      seriesId: original === undefined ? Option.none() : Option.some(uid),
      originalStart: Option.map(Option.fromUndefinedOr(original), eventTime)
    })
  if (slot !== undefined) return Result.succeed([event(start.success, slot.success)])
  if (first(component, "RRULE") === undefined && first(component, "RDATE") === undefined) {
    return Result.succeed([event(start.success, undefined)])
  }
  return Result.flatMap(instances(component, start.success, reading), (times) => {
    const letters = component.properties.reduce((sum, { value }) => sum + value.length, 0)
    if (times.length * letters > mostLetters) {
      return Result.fail("it says too much to be kept for each of its instances")
    }
    return Result.succeed(times.filter((time) => !isTold(slotOf(time))).map((time) => event(time, time)))
  })
}

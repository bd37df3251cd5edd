/**
 * How a calendar remembers: every event, series and exception is a row of versions, so that any past state can be told
 * again. That is what page tokens (a state) and sync tokens (what has changed since a state) stand on.
 */
import type { JsonObject } from "./Contract.ts"
import { atLocal, dayLength } from "./Instants.ts"

/** A day without a zone, or an instant with one. */
export type When = { readonly day: number } | { readonly at: number; readonly zone: string }

/** What an event says. */
export interface Content {
  readonly summary?: string
  readonly description?: string
  readonly location?: string
  readonly start: When
  readonly end: When
  /** Further fields as served: attendees, transparency, eventType. */
  readonly more?: JsonObject
  /** A series: slots on later days than this are gone ("this and following" was changed). */
  readonly until?: number
}

/** A change: the instant it bears, and its turn among the changes made by hand (0 for the world's own). */
export interface Stamp {
  readonly at: number
  readonly turn: number
}

/** `content` is absent for a cancelled event, and for `plain`, an instance that is as its series says again. */
export interface Version extends Stamp {
  readonly kind: "content" | "cancelled" | "plain"
  readonly content?: Content
  /** A cancelled series is told by its own tombstone alone. */
  readonly alone?: boolean
}

/** An event that stands for itself. */
export interface Single {
  readonly id: string
  readonly versions: Array<Version>
}

/** One place of a series. */
export interface Slot {
  readonly key: string
  readonly start: When
  readonly end: When
}

/** A repeated event. Its slots are fixed; what they say comes from the newest version of the series or of the slot. */
export interface Series {
  readonly id: string
  readonly versions: Array<Version>
  readonly slots: ReadonlyArray<Slot>
  readonly exceptions: Map<string, Array<Version>>
  readonly rule: string
}

/** An event as it stands at some state. */
export interface Entry {
  readonly id: string
  /** Absent when cancelled. */
  readonly content: Content | undefined
  /** The last change. */
  readonly stamp: Stamp
  readonly created: number
  /** How often the times were changed. */
  readonly sequence: number
  /** Where it is, or was, for windows. */
  readonly start: When
  readonly end: When
  readonly series?: { readonly id: string; readonly original: When }
  /** A series as such, for `singleEvents=false`. */
  readonly rule?: string
  /** An instance that differs from its series. */
  readonly exception?: boolean
}

/** Whether a version is known at that state. */
export const known = (stamp: Stamp, state: Stamp): boolean => stamp.at <= state.at && stamp.turn <= state.turn

const later = (a: Stamp, b: Stamp): boolean => a.at > b.at || (a.at === b.at && a.turn > b.turn)

const newest = (versions: ReadonlyArray<Version>, state: Stamp): Version | undefined =>
  versions.filter((version) => known(version, state)).reduce<Version | undefined>(
    (best, version) => best === undefined || !later(best, version) ? version : best,
    undefined
  )

const contentBefore = (versions: ReadonlyArray<Version>, state: Stamp): Content | undefined =>
  versions.findLast((version) => known(version, state) && version.content !== undefined)?.content

/** The time of a `When` for comparing with a window; days begin at midnight of the calendar's zone. */
export const instantOf = (when: When, zone: string): number => "day" in when ? atLocal(zone, when.day, 0) : when.at

const sameTime = (a: When, b: When): boolean => "day" in a ? "day" in b && a.day === b.day : "at" in b && a.at === b.at

const moves = (versions: ReadonlyArray<Version>, state: Stamp): number =>
  versions.filter((version, index) => {
    const before = versions[index - 1]?.content
    return known(version, state) && before !== undefined && version.content !== undefined &&
      !(sameTime(before.start, version.content.start) && sameTime(before.end, version.content.end))
  }).length

export const singleAt = (single: Single, state: Stamp): Entry | undefined => {
  const version = newest(single.versions, state)
  const times = contentBefore(single.versions, state)
  return version === undefined || times === undefined ? undefined : {
    id: single.id,
    content: version.content,
    stamp: version,
    created: single.versions[0]?.at ?? 0,
    sequence: moves(single.versions, state),
    start: times.start,
    end: times.end
  }
}

/** The series itself; none before it was created. */
export const masterAt = (series: Series, state: Stamp): Entry & { readonly alone: boolean } | undefined => {
  const version = newest(series.versions, state)
  const times = contentBefore(series.versions, state)
  return version === undefined || times === undefined ? undefined : {
    id: series.id,
    content: version.content,
    stamp: version,
    created: series.versions[0]?.at ?? 0,
    sequence: 0,
    start: times.start,
    end: times.end,
    rule: series.rule,
    alone: version.alone === true
  }
}

/** The instances of a series, cancelled ones included. */
export const instancesAt = (series: Series, state: Stamp): ReadonlyArray<Entry> => {
  const master = masterAt(series, state)
  if (master === undefined) {
    return []
  }
  const { content: shared, created, stamp } = master
  return series.slots.map((slot) => {
    const versions = series.exceptions.get(slot.key) ?? []
    const own = newest(versions, state)
    const gone = shared === undefined || (shared.until !== undefined && slotDay(slot) > shared.until)
    const plain: Content | undefined = shared && { ...shared, start: slot.start, end: slot.end }
    const content = gone ? undefined : own === undefined || own.kind === "plain" ? plain : own.content
    return {
      id: `${series.id}_${slot.key}`,
      content,
      stamp: own !== undefined && later(own, stamp) ? own : stamp,
      created,
      sequence: moves(versions, state) + (own?.kind === "content" ? 1 : 0),
      start: content?.start ?? slot.start,
      end: content?.end ?? slot.end,
      series: { id: series.id, original: slot.start },
      exception: own !== undefined && own.kind !== "plain"
    }
  })
}

const slotDay = (slot: Slot): number => "day" in slot.start ? slot.start.day : Math.floor(slot.start.at / dayLength)

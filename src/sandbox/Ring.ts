/** Everything the ring's account holds: the records of the world, with the changes made by hand laid over them. */
import { Effect } from "effect"
import { activityDay, dailyActivity, dailyStress, sessionRecord, workoutRecord } from "./ActivityRecords.ts"
import type { JsonObject, OuraType, SandboxRing } from "./Contract.ts"
import { makeHeartRates } from "./Heartrate.ts"
import { atLocal, dayAt, dayLength, hour, minute, parseDay, parseInstant, parseWall, toInstant } from "./Instants.ts"
import { makeRingDays } from "./RingDay.ts"
import { SandboxMisuse } from "./SandboxMisuse.ts"
import { dailyReadiness, dailySleep, dailySpo2, documentId, napPeriod, nightPeriod } from "./SleepRecords.ts"
import { firstDay, home, type World } from "./World.ts"

/** The types that are documents with an id. */
export type DocumentType = Exclude<OuraType, "heartrate">

export const documentTypes: ReadonlyArray<DocumentType> = [
  "daily_stress",
  "daily_activity",
  "daily_readiness",
  "daily_sleep",
  "daily_spo2",
  "sleep",
  "session",
  "workout"
]

/** A record with the value by which windows are compared and pages ordered. */
export interface Anchored {
  /** The document's id; for a heart-rate row what tells it from others of the same instant. */
  readonly id: string
  readonly anchor: number
  readonly json: JsonObject
}

const text = (row: JsonObject, field: string): string => {
  const value = row[field]
  return typeof value === "string" ? value : ""
}

/** Types compared by the instant of their start; the others are compared by a wall clock. */
export const comparedInUtc = (type: DocumentType): boolean => type === "workout" || type === "session"

/** What Oura compares with a window's bounds, each type by its own field; `undefined` when the row lacks it. */
const anchorOf = (type: DocumentType, row: JsonObject): number | undefined => {
  switch (type) {
    case "sleep":
      return parseWall(text(row, "bedtime_end"))?.wall
    case "daily_activity":
      return parseWall(text(row, "timestamp"))?.wall
    case "workout":
    case "session":
      return parseInstant(text(row, "start_datetime"))
    default: {
      const day = parseDay(text(row, "day"))
      return day === undefined ? undefined : day * dayLength
    }
  }
}

interface Candidate {
  readonly id: string
  readonly visibleFrom: number
  readonly json: () => JsonObject | undefined
}

interface Change {
  readonly from: number
  readonly row: JsonObject | undefined
}

export interface Ring extends SandboxRing {
  /** Visible documents with `low <= anchor`, and `anchor <= high` or `< high`, in order. */
  readonly documents: (
    now: number,
    type: DocumentType,
    low: number,
    high: number,
    closed: boolean
  ) => ReadonlyArray<Anchored>
  readonly document: (now: number, type: DocumentType, id: string) => JsonObject | undefined
  /** Visible rows with `from <= timestamp <= to`, oldest first. */
  readonly heartrate: (now: number, from: number, to: number) => ReadonlyArray<Anchored>
}

const byAnchor = (a: Anchored, b: Anchored): number => a.anchor - b.anchor || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)

const rowId = (row: JsonObject): string => `${text(row, "timestamp")} ${text(row, "source")} ${String(row["bpm"])}`

export const makeRing = (world: World, now: () => number): Ring => {
  const days = makeRingDays(world)
  const rates = makeHeartRates(world, days)
  const changes = new Map<string, Array<Change>>()
  const added = new Map<OuraType, Set<string>>()
  const addedHeart = new Map<string, { readonly at: number; readonly from: number; readonly json: JsonObject }>()
  const deletedHeart = new Map<number, number>()

  const candidates = (type: DocumentType, day: number, at: number): ReadonlyArray<Candidate> => {
    const facts = days.of(day)
    const fetched = days.lastFetch(at)
    const morning = facts.night === undefined ? Infinity : days.fetchedFrom(facts.night.to + 10 * minute)
    const again = facts.recomputedAfterHours ?? Infinity
    const revision = at >= morning + again * hour ? 1 : 0
    const id = (extra = 0, turn = revision): string => documentId(world, facts, type, turn, extra)
    const scored = (
      json: () => JsonObject | undefined
    ): ReadonlyArray<Candidate> => [{ id: id(), visibleFrom: morning, json }]
    switch (type) {
      case "sleep":
        return [
          ...scored(() => nightPeriod(world, facts, revision)),
          ...facts.naps.map((nap, index) => ({
            id: id(index + 1, 0),
            visibleFrom: days.fetchedFrom(nap.to + 10 * minute),
            json: () => napPeriod(world, facts, index)
          }))
        ]
      case "daily_sleep":
        return scored(() => dailySleep(world, facts, revision))
      case "daily_readiness":
        return scored(() => dailyReadiness(world, facts, revision))
      case "daily_spo2":
        return [{ id: id(0, 0), visibleFrom: morning, json: () => dailySpo2(world, facts) }]
      case "daily_activity": {
        const from = days.fetchedFrom(activityDay(facts).from + hour)
        return [{ id: id(0, 0), visibleFrom: from, json: () => dailyActivity(world, facts, fetched) }]
      }
      case "daily_stress": {
        const from = days.fetchedFrom(atLocal(facts.zone, day, 6 * 60))
        return [{ id: id(0, 0), visibleFrom: from, json: () => dailyStress(world, facts, fetched) }]
      }
      case "workout":
        return facts.workouts.map((workout, index) => {
          const json = workoutRecord(world, facts, workout, index)
          return { id: text(json, "id"), visibleFrom: days.fetchedFrom(workout.to + 5 * minute), json: () => json }
        })
      case "session": {
        const json = sessionRecord(world, facts)
        const ends = facts.session?.to ?? Infinity
        return json === undefined ? [] : [{
          id: text(json, "id"),
          visibleFrom: days.fetchedFrom(ends + 5 * minute),
          json: () => json
        }]
      }
    }
  }

  const changeAt = (type: OuraType, id: string, at: number): Change | undefined =>
    changes.get(`${type} ${id}`)?.findLast((change) => change.from <= at)

  const anchored = (type: DocumentType, id: string, json: JsonObject | undefined): ReadonlyArray<Anchored> => {
    const anchor = json === undefined ? undefined : anchorOf(type, json)
    return json === undefined || anchor === undefined ? [] : [{ id, anchor, json }]
  }

  const ofDay = (type: DocumentType, day: number, at: number): ReadonlyArray<Anchored> =>
    candidates(type, day, at).filter((candidate) => candidate.visibleFrom <= at).flatMap((candidate) => {
      const change = changeAt(type, candidate.id, at)
      return anchored(type, candidate.id, change === undefined ? candidate.json() : change.row)
    })

  const ofHand = (type: DocumentType, at: number): ReadonlyArray<Anchored> =>
    [...added.get(type) ?? []].flatMap((id) => anchored(type, id, changeAt(type, id, at)?.row))

  const documents: Ring["documents"] = (at, type, low, high, closed) => {
    const found = [...ofHand(type, at)]
    const last = Math.min(Math.floor(high / dayLength) + 2, dayAt(home, at) + 1)
    for (let day = Math.max(firstDay, Math.floor(low / dayLength) - 2); day <= last; day++) {
      found.push(...ofDay(type, day, at))
    }
    return found.filter(({ anchor }) => anchor >= low && (closed ? anchor <= high : anchor < high)).toSorted(byAnchor)
  }

  const document: Ring["document"] = (at, type, id) => {
    for (let day = firstDay; day <= dayAt(home, at) + 1; day++) {
      const found = candidates(type, day, at).find((candidate) => candidate.id === id)
      if (found !== undefined) {
        const change = changeAt(type, id, at)
        return found.visibleFrom > at ? undefined : change === undefined ? found.json() : change.row
      }
    }
    return added.get(type)?.has(id) === true ? changeAt(type, id, at)?.row : undefined
  }

  const heartrate: Ring["heartrate"] = (at, from, to) => {
    const generated = rates.between(at, from, to)
      .filter((row) => (deletedHeart.get(row.at) ?? Infinity) > at)
      .map((row) => ({ id: rowId(row.json), anchor: row.at, json: row.json }))
    const byHand = [...addedHeart.values()].filter((row) => row.from <= at && row.at >= from && row.at <= to)
      .filter((row) => (deletedHeart.get(row.at) ?? Infinity) > at)
      .map((row) => ({ id: rowId(row.json), anchor: row.at, json: row.json }))
    return byHand.length === 0 ? generated : [...generated, ...byHand].toSorted(byAnchor)
  }

  const change = (type: OuraType, id: string, from: number, row: JsonObject | undefined): void => {
    const key = `${type} ${id}`
    changes.set(key, [...(changes.get(key) ?? []).filter((known) => known.from <= from), { from, row }])
  }

  const addRow: SandboxRing["addRow"] = Effect.fn("Sandbox.addRow")(function*(type, row, visibleFrom) {
    const from = visibleFrom === undefined ? now() : toInstant(visibleFrom)
    if (from === undefined) {
      return yield* new SandboxMisuse({ message: "visibleFrom is RFC 3339 with an offset." })
    }
    if (type === "heartrate") {
      const at = parseInstant(text(row, "timestamp"))
      if (at === undefined || typeof row["bpm"] !== "number") {
        return yield* new SandboxMisuse({ message: "A heart-rate row needs timestamp (RFC 3339), bpm and source." })
      }
      deletedHeart.delete(at)
      addedHeart.set(rowId(row), { at, from, json: row })
      return
    }
    const id = text(row, "id")
    if (id === "" || anchorOf(type, row) === undefined) {
      return yield* new SandboxMisuse({ message: `A row of ${type} needs an id and its times, as Oura writes them.` })
    }
    added.set(type, (added.get(type) ?? new Set()).add(id))
    change(type, id, from, row)
  })

  const missing = (type: OuraType, id: string): SandboxMisuse =>
    new SandboxMisuse({ message: `No row ${id} of ${type} is visible now.` })

  const replaceRow: SandboxRing["replaceRow"] = Effect.fn("Sandbox.replaceRow")(function*(type, id, fields) {
    const row = type === "heartrate" ? undefined : document(now(), type, id)
    if (row === undefined) {
      return yield* missing(type, id)
    }
    change(type, id, now(), { ...row, ...fields })
  })

  const deleteRow: SandboxRing["deleteRow"] = Effect.fn("Sandbox.deleteRow")(function*(type, id) {
    if (type === "heartrate") {
      const at = parseInstant(id)
      if (at === undefined || heartrate(now(), at, at).length === 0) {
        return yield* missing(type, id)
      }
      deletedHeart.set(at, now())
      return
    }
    if (document(now(), type, id) === undefined) {
      return yield* missing(type, id)
    }
    change(type, id, now(), undefined)
  })

  return { addRow, deleteRow, document, documents, heartrate, replaceRow }
}

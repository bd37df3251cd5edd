/** What the providers held at each instant at which the process was let go, and what it has said to be stored. */
import { DateTime, Duration, Effect } from "effect"
import { OuraDataType, type SyncName } from "../../src/domain/Task.ts"
import type { JsonObject } from "../../src/sandbox/Contract.ts"
import { Sandbox } from "../../src/sandbox/Sandbox.ts"
import { digestOf } from "./VictimLines.ts"

/** The providers at one instant; records are known by digest. */
export interface Moment {
  readonly at: number
  readonly plays: ReadonlySet<string>
  /** By calendar: id and digest. Every event of `must` was listed; one of `may` might have ended before the window. */
  readonly events: ReadonlyMap<
    string,
    { readonly must: ReadonlyMap<string, string>; readonly may: ReadonlyMap<string, string> }
  >
  /** By data type, all of the days from `fromDay` to `toDay`: id and digest. */
  readonly documents: ReadonlyMap<string, ReadonlyMap<string, string>>
  readonly fromDay: string
  readonly toDay: string
  readonly heartRate: ReadonlySet<string>
}

/** Everything known about what a store must hold. */
export interface Ledger {
  readonly began: DateTime.Utc
  /** Of Oura's sync. */
  readonly lookbackDays: number
  readonly moments: Array<Moment>
  /** Plays that a finished poll has seen. */
  readonly polled: Set<string>
  /** The newest moment that a task has said to have brought the store up to. */
  readonly reached: Map<SyncName, number>
  /** Runs that said how they ended. */
  readonly ended: Map<string, string>
  /** Runs that were found cut short so far. */
  interrupted: number
}

export const newLedger = Effect.fnUntraced(function*(lookbackDays: number) {
  const { clock } = yield* Sandbox
  const ledger: Ledger = {
    began: yield* clock.now,
    lookbackDays,
    moments: [],
    polled: new Set(),
    reached: new Map(),
    ended: new Map(),
    interrupted: 0
  }
  return ledger
})

const byId = (records: ReadonlyArray<JsonObject>): ReadonlyMap<string, string> =>
  new Map(records.map((record) => [String(record["id"]), digestOf(record)]))

/** Notes what the providers hold now. */
export const note = Effect.fnUntraced(function*(ledger: Ledger) {
  const { calendar, clock, truth, year } = yield* Sandbox
  const now = yield* clock.now
  const zone = DateTime.zoneMakeNamedUnsafe(year.timeZone)
  const day = (ago: number) =>
    DateTime.formatIsoDate(DateTime.setZone(DateTime.subtractDuration(now, Duration.days(ago)), zone))
  const [fromDay, toDay] = [day(ledger.lookbackDays - 1), day(0)]
  const events = new Map<string, { must: ReadonlyMap<string, string>; may: ReadonlyMap<string, string> }>()
  for (const id of calendar.calendarIds) {
    const from = (days: number) => ({ timeMin: DateTime.subtractDuration(ledger.began, Duration.days(days)) })
    events.set(id, {
      must: byId(yield* Effect.orDie(truth.events(id, from(20)))),
      may: byId(yield* Effect.orDie(truth.events(id, from(32))))
    })
  }
  const documents = new Map<string, ReadonlyMap<string, string>>()
  for (const type of OuraDataType.literals) {
    if (type !== "heartrate") documents.set(type, byId(yield* truth.oura(type, { from: fromDay, to: toDay })))
  }
  const plays = yield* truth.plays
  const heartRate = yield* truth.heartrate(DateTime.subtractDuration(now, Duration.days(ledger.lookbackDays - 1)), now)
  ledger.moments.push({
    at: now.epochMilliseconds,
    plays: new Set(plays.map(digestOf)),
    events,
    documents,
    fromDay,
    toDay,
    heartRate: new Set(heartRate.map(digestOf))
  })
})

/** The newest moment at or before the instant. */
export const momentAt = ({ moments }: Ledger, instant: number): Moment | undefined =>
  moments.findLast(({ at }) => at <= instant)

/** When a calendar's listings began, oldest first: what is listed is what there was then, however long the pages take. */
export const listingsBegun = Effect.gen(function*() {
  const { calendar, requests } = yield* Sandbox
  const log = yield* requests
  return new Map(calendar.calendarIds.map((id) => [
    id,
    log.flatMap(({ at, path, query, status }) =>
      status === 200 && query["pageToken"] === undefined && decodeURIComponent(path).endsWith(`/calendars/${id}/events`)
        ? [DateTime.makeUnsafe(at).epochMilliseconds]
        : []
    )
  ]))
})

import { Array as Arr, Context, DateTime, Effect, Layer, Option } from "effect"
import type { Connection } from "../domain/Connection.ts"
import { LocalDay, startOfDay } from "../domain/LocalDay.ts"
import type { OuraDocumentType } from "../domain/OuraDocument.ts"
import type { RecordKind } from "../domain/RecordKind.ts"
import { OuraDataType } from "../domain/Task.ts"
import type { Reach } from "../domain/Unrecorded.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { FirstRecords } from "../store/FirstRecords.ts"
import { ouraTable } from "../store/OuraRecords.ts"
import { playsTable } from "../store/Plays.ts"
import { SyncStates } from "../store/SyncStates.ts"
import { Owner } from "./Owner.ts"
import { type Plans, type Reading, readingOf } from "./Reading.ts"

/** The kinds of documents that the body's days are made of. */
export const bodyTypes: ReadonlyArray<OuraDocumentType> = OuraDataType.literals.filter((type) => type !== "heartrate")

/** What the person granted to read them by; any one of these is enough. */
const grants = (type: OuraDocumentType): ReadonlyArray<string> => {
  switch (type) {
    case "workout":
    case "session":
      return [type]
    case "daily_spo2":
      return ["spo2", "spo2Daily"]
    default:
      return ["daily"]
  }
}

type Ends = Pick<Reach, "lacking" | "since" | "until">

type Instants = ReadonlyArray<Option.Option<DateTime.Utc>>

/** How far the records of an account go, by its sync states and its first record; and what of it was never read at all. */
export class Reaches extends Context.Service<Reaches, {
  /** What the config in force does not read is left out. */
  readonly of: (account: Connection, kind: RecordKind, plans: Plans) => Effect.Effect<Reach, SurrealError>
}>()("glider/records/Reaches") {
  static readonly layer = Layer.effect(
    Reaches,
    Effect.gen(function*() {
      const firsts = yield* FirstRecords
      const { zone } = yield* Owner
      const states = yield* SyncStates

      const calendar = Effect.fnUntraced(function*(account: Connection, { calendars }: Reading) {
        const of = yield* Effect.forEach(
          new Set(calendars.map((id) => id === "primary" ? account.userId : id)),
          (id) => Effect.map(states.google(account.id, id), (state) => ({ id, state }))
        )
        const listed = of.map(({ state }) => state).flatMap(Option.toArray)
        return {
          since: latest(listed.map(({ coveredFrom }) => coveredFrom)),
          until: earliest(listed.map(({ lastSync }) => lastSync)),
          // a listing that is under way has a state as well
          lacking: of.filter(({ state }) => Option.isNone(Option.flatMap(state, ({ lastSync }) => lastSync)))
            .map(({ id }) => `the calendar ${id}`)
        }
      })

      const listening = Effect.fnUntraced(function*(account: Connection) {
        const state = yield* states.spotify(account.id)
        const first = yield* firsts.of(playsTable, account.id)
        return sinceFirst(account, [first], latest([Option.map(state, ({ lastSyncAt }) => lastSyncAt)]))
      })

      const heartRate = Effect.fnUntraced(function*(account: Connection) {
        const state = yield* states.oura(account.id, "heartrate")
        const first = yield* firsts.of(ouraTable("heartrate"), account.id)
        return sinceFirst(account, [first], latest([Option.map(state, ({ lastSyncEnd }) => lastSyncEnd)]))
      })

      const body = Effect.fnUntraced(function*(account: Connection, reading: Reading) {
        const read = new Set(bodyTypes.filter((type) => reading.types.has(type)))
        const types = read.size === 0 ? bodyTypes : [...read]
        const of = yield* Effect.forEach(
          types,
          (type) => Effect.map(states.oura(account.id, type), Option.map(({ lastSyncEnd }) => lastSyncEnd))
        )
        const first = yield* Effect.forEach(types, (type) => firsts.of(ouraTable(type), account.id))
        const ends = sinceFirst(
          account,
          first.map(Option.map((day) => startOfDay(LocalDay.make(DateTime.formatIsoDateUtc(day)), zone))),
          earliest(of)
        )
        // what no task asks for, or the person did not grant, is not waited for
        const lacking = types.filter((type, index) =>
          read.has(type) && isGranted(account, type) && Option.isNone(Option.flatten(Arr.get(of, index)))
        )
        return { ...ends, lacking }
      })

      const endsOf = (account: Connection, kind: RecordKind, reading: Reading): Effect.Effect<Ends, SurrealError> => {
        switch (kind) {
          case "calendar":
            return calendar(account, reading)
          case "listening":
            return listening(account)
          case "heart_rate":
            return heartRate(account)
          case "body":
            return body(account, reading)
        }
      }

      const of = Effect.fn("Reaches.of")(function*(account: Connection, kind: RecordKind, plans: Plans) {
        const reading = readingOf(account, plans)
        const ends = yield* endsOf(account, kind, reading)
        const connected = account.connectedAt.epochMilliseconds
        return {
          ...ends,
          revoked: account.state === "revoked",
          connected,
          patience: reading.patience(kind, ends.until ?? connected)
        }
      })
      return Reaches.of({ of })
    })
  )
}

/** An account of which no grant is known may have any. */
const isGranted = ({ scopes }: Connection, type: OuraDocumentType): boolean =>
  scopes.length === 0 || grants(type).some((scope) => scopes.includes(scope))

const millis = (instants: Instants): ReadonlyArray<number> =>
  instants.flatMap(Option.toArray).map(({ epochMilliseconds }) => epochMilliseconds)

const earliest = (instants: Instants): number | undefined =>
  millis(instants).reduce<number | undefined>((least, at) => least === undefined ? at : Math.min(least, at), undefined)

const latest = (instants: Instants): number | undefined =>
  millis(instants).reduce<number | undefined>((most, at) => most === undefined ? at : Math.max(most, at), undefined)

/** What was asked for when the account was signed in, or before, as records show that are older. */
const sinceFirst = ({ connectedAt }: Connection, first: Instants, until: number | undefined): Ends => {
  const oldest = earliest(first)
  return {
    since: oldest === undefined && until === undefined
      ? undefined
      : Math.min(oldest ?? Infinity, connectedAt.epochMilliseconds),
    until,
    lacking: []
  }
}

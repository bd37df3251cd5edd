/** What is derived, brought to what the tables say, while others read and write. */
import { Array as Arr, DateTime, Effect, Schema, Stream } from "effect"
import { ConnectionId } from "../domain/Connection.ts"
import type { Surreal } from "../services/Surreal.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { deriver } from "./Derived.ts"
import { type CountedPlay, lineOf, ListeningDays, listeningDaysTable } from "./ListeningDays.ts"
import { occupied, type Stretch } from "./Occupied.ts"
import { playsTable } from "./Plays.ts"
import { plannedAgain, refill } from "./Refill.ts"

const day = 86_400_000

/** A play that is counted at another instant than its key's is not counted so far from it. */
const apart = 2 * day

/** Plays that are taken away in one transaction, which must not become large. */
const batch = 500

const Counted = Schema.Array(Schema.Tuple([Schema.Finite, Schema.String]))

const nameOf = (at: number, uri: string): string => `${at} ${lineOf(uri)}`

/**
 * Adds what is missing, and takes away plays that are counted and are none; says how many these were. May be done again at any time, and
 * then changes nothing.
 */
export const rebuild = Effect.fn("Store.rebuild")(function*(surreal: Surreal["Service"]) {
  const days = yield* ListeningDays
  const derived = deriver(surreal)
  yield* refill(surreal)

  const live = Effect.fnUntraced(function*(connection: ConnectionId, { from, to }: Stretch) {
    const plays = yield* surreal.query(
      Counted,
      "SELECT VALUE [IF started_at != NONE { time::millis(started_at) } ELSE { record::id(id)[1] }, record::id(id)[2]] " +
        `FROM ${playsTable}:[$connection, $from]..[$connection, $to] WHERE deleted_at = NONE`,
      { connection, from: from - apart, to: to + apart }
    )
    return new Set(plays.map(([at, uri]) => nameOf(at, uri)))
  })

  const taken = (connection: ConnectionId, plays: ReadonlyArray<CountedPlay>): Effect.Effect<void, SurrealError> =>
    plannedAgain(Effect.gen(function*() {
      const gone = plays.map(({ at, uri }) => [connection, at, uri])
      yield* surreal.transaction(yield* derived([{ table: playsTable, written: [], gone }], yield* DateTime.now))
    }))

  const connections = yield* surreal.query(
    Schema.Array(ConnectionId),
    "SELECT VALUE record::id(id)[0] FROM connection"
  )
  let removed = 0
  for (const connection of connections) {
    const removeIn = Effect.fnUntraced(function*(stretch: Stretch) {
      const counted = yield* days.between(connection, stretch)
      const known = yield* live(connection, stretch)
      const stale = counted.filter(({ at, uri }) => !known.has(nameOf(at, uri)))
      for (const chunk of Arr.chunksOf(stale, batch)) yield* taken(connection, chunk)
      return stale.length
    })
    removed += yield* occupied(surreal, { table: listeningDaysTable, connection, unit: day }).pipe(
      Stream.mapEffect(removeIn),
      Stream.runSum
    )
  }
  return removed
})

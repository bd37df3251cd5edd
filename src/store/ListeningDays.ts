import { Context, Effect, Layer, Schema } from "effect"
import type { ConnectionId } from "../domain/Connection.ts"
import { type Statement, Surreal } from "../services/Surreal.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { recordId } from "../services/SurrealValue.ts"
import { keyText } from "./ContentHash.ts"
import type { Key } from "./Write.ts"

/** The plays of a day of UTC in a few characters each: a play has two thousand with all that Spotify says of it. */
export const listeningDaysTable = "listening_day"

const dayMillis = 86_400_000

/** The day of UTC that an instant in milliseconds is of, as so many days since 1970. */
export const utcDay = (at: number): number => Math.floor(at / dayMillis)

/** A line separates plays; an address that holds one is none, and must not look like two. */
export const lineOf = (uri: string): string => uri.replaceAll("\n", " ")

/** A play that comes, with the length of its track in milliseconds, or goes, then without one. */
export interface DayChange {
  readonly connection: string
  readonly at: number
  readonly uri: string
  readonly duration: number | undefined
}

const DayRow = Schema.Struct({
  key: Schema.Tuple([Schema.String, Schema.Finite]),
  plays: Schema.String
})

/** Nearly everything is a track. */
const track = "spotify:track:"

/** Milliseconds of the day, those of the track, and the address: a track's without what all have, others after a colon. */
const written = ({ at, duration, uri }: CountedPlay): string =>
  `${at - utcDay(at) * dayMillis} ${duration} ${uri.startsWith(track) ? uri.slice(track.length) : `:${uri}`}`

/** Adds the plays of a day with `from <= at < to`, in order. */
const addPlays = (plays: Array<CountedPlay>, day: number, text: string, from: number, to: number): void => {
  const start = day * dayMillis
  for (let begin = 0; begin < text.length;) {
    const first = text.indexOf(" ", begin)
    const second = text.indexOf(" ", first + 1)
    const newline = text.indexOf("\n", second)
    const end = newline === -1 ? text.length : newline
    const at = start + Number(text.slice(begin, first))
    if (at >= from && at < to) {
      const address = text.slice(second + 1, end)
      const uri = address.startsWith(":") ? address.slice(1) : track + address
      plays.push({ at, duration: Number(text.slice(first + 1, second)), uri })
    }
    begin = end + 1
  }
}

/**
 * The statements after which the days hold the plays. A day is made from what it holds now; should another transaction be
 * faster, this one fails with `AlreadyExists`, and is to be planned again.
 */
export const daysPlanner = (surreal: Surreal["Service"]) =>
  Effect.fnUntraced(
    function*(changes: ReadonlyArray<DayChange>): Effect.fn.Return<ReadonlyArray<Statement>, SurrealError> {
      if (changes.length === 0) return []
      const days = Map.groupBy(changes, ({ at, connection }) => keyText([connection, utcDay(at)]))
      const keys = [...days.values()].flatMap(([first]) => first === undefined ? [] : [dayKey(first)])
      const rows = yield* surreal.query(
        Schema.Array(DayRow),
        "SELECT record::id(id) AS key, plays FROM $ids WHERE id != NONE",
        { ids: keys.map((key) => recordId(listeningDaysTable, key)) }
      )
      const before = new Map(rows.map(({ key, plays }) => [keyText(key), plays]))
      return keys.map((key) => {
        const id = recordId(listeningDaysTable, key)
        const was = before.get(keyText(key))
        const plays = changed(Number(key[1]), was ?? "", days.get(keyText(key)) ?? [])
        return was === undefined
          ? { sql: `INSERT INTO ${listeningDaysTable} $row RETURN NONE`, vars: { row: { id, plays } } }
          : {
            sql: "IF array::len((UPDATE $id SET plays = $plays WHERE plays = $was RETURN VALUE true)) = 0 " +
              "{ THROW 'another state of the day already exists' }",
            vars: { id, plays, was }
          }
      })
    }
  )

const dayKey = ({ at, connection }: DayChange): Key => [connection, utcDay(at)]

const changed = (day: number, before: string, changes: ReadonlyArray<DayChange>): string => {
  const known: Array<CountedPlay> = []
  addPlays(known, day, before, -Infinity, Infinity)
  const plays = new Map(known.map((play) => [`${play.at} ${play.uri}`, play]))
  // what goes goes first: another play may come where one was
  for (const { at, duration, uri } of changes) if (duration === undefined) plays.delete(`${at} ${lineOf(uri)}`)
  for (const { at, duration, uri } of changes) {
    if (duration === undefined) continue
    plays.set(`${at} ${lineOf(uri)}`, { at, duration: Math.max(0, Math.round(duration)), uri: lineOf(uri) })
  }
  return [...plays.values()]
    .toSorted((one, other) => one.at - other.at || (one.uri < other.uri ? -1 : 1))
    .map(written)
    .join("\n")
}

/** A play as it counts; `at` and the track's `duration` in milliseconds, which is 0 where it is unknown. */
export interface CountedPlay {
  readonly at: number
  readonly duration: number
  readonly uri: string
}

/** The listening history in short, for sums over years. */
export class ListeningDays extends Context.Service<ListeningDays, {
  /** The live plays with `from <= at < to`, in milliseconds, oldest first: a range of ids. */
  readonly between: (
    connection: ConnectionId,
    range: { readonly from: number; readonly to: number }
  ) => Effect.Effect<ReadonlyArray<CountedPlay>, SurrealError>
}>()("glider/store/ListeningDays") {
  static readonly layer: Layer.Layer<ListeningDays, never, Surreal> = Layer.effect(
    ListeningDays,
    Effect.gen(function*() {
      const surreal = yield* Surreal
      const between = Effect.fn("ListeningDays.between")(
        function*(connection: ConnectionId, { from, to }: { readonly from: number; readonly to: number }) {
          const days = yield* surreal.query(
            Schema.Array(Schema.Tuple([Schema.Finite, Schema.String])),
            `SELECT VALUE [record::id(id)[1], plays] FROM ${listeningDaysTable}:[$connection, $from]..[$connection, $to]`,
            { connection, from: utcDay(from), to: utcDay(to - 1) + 1 }
          )
          const plays: Array<CountedPlay> = []
          for (const [day, text] of days) addPlays(plays, day, text, from, to)
          return plays
        }
      )
      return ListeningDays.of({ between })
    })
  )
}

/** Streams of imports beside plays of the feed: what is the same listening is counted once, and nothing of either is lost. */
import { Cause, Context, DateTime, Effect, Exit, Layer, Option, Random } from "effect"
import type { ConnectionId } from "../domain/Connection.ts"
import * as Series from "../Series.ts"
import { Surreal } from "../services/Surreal.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { CandidateRows } from "../store/CandidateRows.ts"
import { Commit } from "../store/Commit.ts"
import { keyText } from "../store/ContentHash.ts"
import { ImportCoverage } from "../store/ImportCoverage.ts"
import { playsTable } from "../store/Plays.ts"
import { candidatesBetween, polledBetween } from "../store/StreamedPlays.ts"
import type { Key } from "../store/Write.ts"
import { decide, type Decided, nothingDecided, sumOf } from "./Deciding.ts"
import { reach } from "./Matching.ts"

/** How many are looked at in one go when nobody says. */
const usualLimit = 200

/** Whoever has taken candidates and not come to an end for so long is gone, and they are free again. */
const stuckAfter = { minutes: 10 }

/** How long ago a play may have been that a sync brings only now. */
const latest = { days: 90 }

const outcomes = Series.counter("glider_candidates_total", {
  description: "Imported streams by what became of them: merged into a play of the feed, counted by themselves, " +
    "skipped since they are too short, review by a person, failed",
  labels: ["outcome"],
  seeds: ["merged", "counted", "skipped", "review", "failed"].map((outcome) => ({ outcome }))
})

/** What one go has come to. */
export interface Processed extends Decided {
  readonly failed: number
  /** Whether there may be more: as many were found as were asked for. */
  readonly hasMore: boolean
}

export class Candidates extends Context.Service<Candidates, {
  /**
   * Looks at up to `limit` of the new ones. Each stretch of time of a connection is one transaction, and whoever comes later
   * than somebody else who has taken a stretch over writes nothing of it.
   */
  readonly process: (limit?: number) => Effect.Effect<Processed, SurrealError>
  /**
   * Goes on until there are none left that are new. Who is but once at work, as a run is, says who it is: then it takes up at once what it
   * had taken before its process ended.
   */
  readonly processAll: (owner?: string) => Effect.Effect<Processed, SurrealError>
  /** Takes up again what a sync of the account, since then, brought new plays beside; how many. */
  readonly reconsider: (connection: ConnectionId, since: DateTime.Utc) => Effect.Effect<number, SurrealError>
}>()("glider/imports/Candidates") {
  static readonly layer = Layer.effect(
    Candidates,
    Effect.gen(function*() {
      const commit = yield* Commit
      const coverage = yield* ImportCoverage
      const rows = yield* CandidateRows
      const surreal = yield* Surreal
      const candidatesOf = candidatesBetween(surreal)
      const polledOf = polledBetween(surreal)

      /** One stretch of time of a connection, within which candidates are not far from each other. */
      const stretch = Effect.fnUntraced(
        function*(keys: ReadonlyArray<Key>, claim: string) {
          const connection = String(keys[0]?.[0])
          const ends = keys.map(([, end]) => Number(end))
          const longest = Math.max(...keys.map(([, , , millisPlayed]) => Number(millisPlayed)))
          const [from, to] = [Math.min(...ends) - reach, Math.max(...ends) + reach]
          const candidates = yield* candidatesOf(connection, from, to)
          const plays = yield* polledOf(connection, from - longest, to)
          const mine = new Set(keys.map(keyText))
          const at = yield* DateTime.now
          const { decided, page, reviews } = decide({ connection, candidates, plays }, mine, claim, at)
          const plan = yield* commit.plan(page)
          yield* surreal.transaction([...plan.statements, ...reviews])
          yield* commit.committed(plan)
          return decided
        },
        // another writer was faster: look again at what is there
        Effect.retry({ times: 3, while: ({ reason }) => reason._tag === "AlreadyExists" || reason._tag === "Conflict" })
      )

      /** A stretch that cannot be written is taken one by one, so that a bad candidate takes no other with it. */
      const careful = Effect.fnUntraced(function*(keys: ReadonlyArray<Key>, claim: string) {
        let sum: Decided = nothingDecided
        let failed = 0
        const whole = yield* Effect.exit(stretch(keys, claim))
        if (Exit.isSuccess(whole)) return { sum: whole.value, failed }
        if (isPassing(whole.cause)) return yield* Effect.failCause(whole.cause)
        for (const key of keys) {
          const one = yield* Effect.exit(stretch([key], claim))
          if (Exit.isSuccess(one)) {
            sum = sumOf(sum, one.value)
            continue
          }
          if (isPassing(one.cause)) return yield* Effect.failCause(one.cause)
          failed++
          yield* rows.fail([key], claim, problemOf(one.cause))
          yield* Effect.logError("an imported stream cannot be looked at", one.cause)
        }
        return { sum, failed }
      })

      const process = Effect.fn("candidates.process")(function*(limit: number = usualLimit, owner = "") {
        const now = yield* DateTime.now
        yield* rows.recover(DateTime.subtract(now, stuckAfter))
        const claim = `${owner}${now.epochMilliseconds}-${yield* Random.nextIntBetween(0, 0x40000000)}`
        const taken = yield* rows.claim(limit, claim, now)
        let [sum, failed] = [nothingDecided, 0]
        for (const keys of stretchesOf(taken)) {
          const found = yield* careful(keys, claim)
          sum = sumOf(sum, found.sum)
          failed += found.failed
        }
        yield* Effect.forEach(
          Object.entries({ ...sum, failed }),
          ([outcome, count]) => count > 0 ? outcomes.update({ outcome }, count) : Effect.void,
          { discard: true }
        )
        return { ...sum, failed, hasMore: taken.length === limit }
      })

      const processAll = Effect.fnUntraced(function*(owner?: string) {
        const mine = owner === undefined ? "" : `${owner} `
        if (owner !== undefined) yield* rows.release(mine)
        let whole: Processed = { ...nothingDecided, failed: 0, hasMore: true }
        while (whole.hasMore) {
          const { failed, hasMore, ...sum } = yield* process(5 * usualLimit, mine)
          whole = { ...sumOf(whole, sum), failed: whole.failed + failed, hasMore }
        }
        return whole
      })

      const reconsider = Effect.fn("Candidates.reconsider")(function*(connection: ConnectionId, since: DateTime.Utc) {
        const covered = yield* coverage.of(playsTable, connection)
        const end = Math.max(-Infinity, ...covered.map(({ to }) => to))
        const from = DateTime.subtract(yield* DateTime.now, latest)
        if (end < from.epochMilliseconds) return 0
        const brought = (yield* rows.broughtSince(connection, since, from)).filter((at) => at - reach < end)
        let reopened = 0
        for (const [first, last] of days(brought)) {
          reopened += yield* rows.reopen(connection, first - reach, last + reach)
        }
        return reopened
      })
      return Candidates.of({ process, processAll, reconsider })
    })
  )
}

/** The first and the last of instants between which none is far from the next: what is compared with them is compared once. */
const days = (instants: ReadonlyArray<number>): ReadonlyArray<readonly [first: number, last: number]> => {
  const found: Array<[number, number]> = []
  for (const at of instants.toSorted((one, other) => one - other)) {
    const last = found.at(-1)
    if (last !== undefined && at - last[1] <= reach) last[1] = at
    else found.push([at, at])
  }
  return found
}

/** What will be over by itself: nothing is wrong with the candidates. */
const isPassing = (cause: Cause.Cause<SurrealError>): boolean =>
  Cause.hasInterrupts(cause) ||
  Option.exists(
    Cause.findErrorOption(cause),
    ({ reason: { _tag } }) => _tag !== "QueryFailed" && _tag !== "UnexpectedRow"
  )

const problemOf = (cause: Cause.Cause<SurrealError>): string =>
  Option.match(Cause.findErrorOption(cause), {
    onNone: () => "looking at it has met a bug",
    onSome: ({ message }) => message
  })

/** Keys by connection and time, apart wherever nothing comes for long: the rows between are not to be read. */
const stretchesOf = (keys: ReadonlyArray<Key>): ReadonlyArray<ReadonlyArray<Key>> => {
  const stretches: Array<Array<Key>> = []
  const sorted = keys.toSorted((one, other) =>
    String(one[0]).localeCompare(String(other[0])) || Number(one[1]) - Number(other[1])
  )
  for (const key of sorted) {
    const last = stretches.at(-1)
    const before = last?.at(-1)
    if (last !== undefined && before?.[0] === key[0] && Number(key[1]) - Number(before?.[1]) <= reach) last.push(key)
    else stretches.push([key])
  }
  return stretches
}

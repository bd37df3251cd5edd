/** Who looks at a candidate, and which wait for a person: the columns of `spotify_streaming_history` beside what was read. */
import { Context, type DateTime, Effect, Layer, Option, Schema } from "effect"
import type { ConnectionId } from "../domain/Connection.ts"
import type { ReviewState } from "../domain/ImportResult.ts"
import { Surreal } from "../services/Surreal.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { Instant, recordId } from "../services/SurrealValue.ts"
import { CandidateReview, reviewColumns, reviewTable } from "./CandidateReviewRows.ts"
import { imported, playsTable } from "./Plays.ts"
import { CandidateStatus, RowKey, streamedTable } from "./StreamedPlays.ts"
import type { Key } from "./Write.ts"

const comparedTable = "candidate_compared"

/** So often is a candidate taken up that nobody has come to an end with. */
const mostAttempts = 5

/** The row of a synced table as the provider sent it. */
const Raw = Schema.Struct({ key: RowKey, raw: Schema.Unknown })

/** How many candidates there are, by status. */
export type CandidateCounts = { readonly [S in CandidateStatus]: number }

/** The candidates of all connections. */
export class CandidateRows extends Context.Service<CandidateRows, {
  /** Takes up to so many that are new, oldest first by connection; their keys. `claim` is who takes them. */
  readonly claim: (limit: number, claim: string, now: DateTime.Utc) => Effect.Effect<ReadonlyArray<Key>, SurrealError>
  /** Makes new again what somebody took before `before` and never came to an end with; after five times it has failed. */
  readonly recover: (before: DateTime.Utc) => Effect.Effect<void, SurrealError>
  /** The same for what is claimed in a name that begins so, whenever that was. */
  readonly release: (owner: string) => Effect.Effect<void, SurrealError>
  /** Marks what cannot be looked at. */
  readonly fail: (keys: ReadonlyArray<Key>, claim: string, problem: string) => Effect.Effect<void, SurrealError>
  /** Makes those new again that count by themselves and ended at such a time, in milliseconds; how many. */
  readonly reopen: (connection: ConnectionId, from: number, to: number) => Effect.Effect<number, SurrealError>
  /** The instants of plays that the feed has brought from then on, and that no stream is merged into. */
  readonly broughtSince: (
    connection: ConnectionId,
    since: DateTime.Utc,
    from: DateTime.Utc
  ) => Effect.Effect<ReadonlyArray<number>, SurrealError>
  /** Until when the plays that syncs of the account have brought are compared; none where nobody ever did. */
  readonly comparedUntil: (connection: ConnectionId) => Effect.Effect<Option.Option<DateTime.Utc>, SurrealError>
  readonly compared: (connection: ConnectionId, until: DateTime.Utc) => Effect.Effect<void, SurrealError>
  readonly reviews: (state: ReviewState, limit: number) => Effect.Effect<ReadonlyArray<CandidateReview>, SurrealError>
  readonly review: (key: Key) => Effect.Effect<Option.Option<CandidateReview>, SurrealError>
  /** What was read, by the keys of streams or of plays. */
  readonly raw: (
    table: typeof streamedTable | typeof playsTable,
    keys: ReadonlyArray<Key>
  ) => Effect.Effect<ReadonlyArray<{ readonly key: Key; readonly raw: unknown }>, SurrealError>
  readonly counts: Effect.Effect<CandidateCounts, SurrealError>
}>()("glider/store/CandidateRows") {
  static readonly layer: Layer.Layer<CandidateRows, never, Surreal> = Layer.effect(
    CandidateRows,
    Effect.gen(function*() {
      const surreal = yield* Surreal
      const Keys = Schema.Array(RowKey)

      const claim = Effect.fn("CandidateRows.claim")(function*(limit: number, claim: string, now: DateTime.Utc) {
        const keys = yield* surreal.query(
          Keys,
          `SELECT VALUE record::id(id) FROM ${streamedTable} WITH INDEX ${streamedTable}_by_status ` +
            "WHERE status = 'new' LIMIT $limit",
          { limit }
        )
        if (keys.length === 0) return keys
        const ids = keys.map((key) => recordId(streamedTable, key))
        return yield* surreal.query(
          Keys,
          "UPDATE $ids SET status = 'processing', claim = $claim, claimed_at = $now, attempts += 1 " +
            "WHERE status = 'new' RETURN VALUE record::id(id)",
          { ids, claim, now }
        )
      })

      /** Makes those new again that were taken, and whom the condition fits. */
      const freed = Effect.fnUntraced(function*(condition: string, vars: { readonly [name: string]: unknown }) {
        const taken = `status = 'processing' AND ${condition}`
        // found by the index first: an UPDATE by a condition reads the whole table
        const keys = yield* surreal.query(
          Keys,
          `SELECT VALUE record::id(id) FROM ${streamedTable} WITH INDEX ${streamedTable}_by_status WHERE ${taken}`,
          vars
        )
        if (keys.length === 0) return
        yield* surreal.execute(
          "UPDATE $ids SET status = IF attempts >= $most { 'failed' } ELSE { 'new' }, claim = NONE, " +
            "problem = IF attempts >= $most { 'it was taken up five times, and nobody came to an end' } ELSE { NONE } " +
            `WHERE ${taken} RETURN NONE`,
          { ...vars, ids: keys.map((key) => recordId(streamedTable, key)), most: mostAttempts }
        )
      })

      const recover = Effect.fn("CandidateRows.recover")((before: DateTime.Utc) =>
        freed("claimed_at < $before", { before })
      )

      const release = Effect.fn("CandidateRows.release")((owner: string) =>
        freed("string::starts_with(claim ?? '', $owner)", { owner })
      )

      const fail = Effect.fn("CandidateRows.fail")((keys: ReadonlyArray<Key>, claim: string, problem: string) =>
        surreal.execute(
          "UPDATE $ids SET status = 'failed', claim = NONE, problem = $problem WHERE claim = $claim RETURN NONE",
          { ids: keys.map((key) => recordId(streamedTable, key)), claim, problem }
        )
      )

      const reopen = Effect.fn("CandidateRows.reopen")((connection: ConnectionId, from: number, to: number) =>
        Effect.gen(function*() {
          // a person has said that these are two, which holds
          const apart = yield* surreal.query(
            Keys,
            `SELECT VALUE record::id(id) FROM ${reviewTable}:[$connection, $from]..[$connection, $to] ` +
              "WHERE state = 'rejected'",
            { connection, from, to }
          )
          const keys = yield* surreal.query(
            Keys,
            `UPDATE ${streamedTable}:[$connection, $from]..[$connection, $to] SET status = 'new', attempts = 0 ` +
              "WHERE status = 'processed' AND play != NONE AND id NOT IN $apart RETURN VALUE record::id(id)",
            { connection, from, to, apart: apart.map((key) => recordId(streamedTable, key)) }
          )
          return keys.length
        })
      )

      const broughtSince = Effect.fn("CandidateRows.broughtSince")(
        (connection: ConnectionId, since: DateTime.Utc, from: DateTime.Utc) =>
          surreal.query(
            Schema.Array(Schema.Finite),
            `SELECT VALUE record::id(id)[1] FROM ${playsTable}:[$connection, $from]..[$connection, ..] ` +
              "WHERE _synced_at >= $since AND streamed = NONE AND deleted_at = NONE AND origin != $imported",
            { connection, since, from: from.epochMilliseconds, imported }
          )
      )

      const reviews = Effect.fn("CandidateRows.reviews")((state: ReviewState, limit: number) =>
        surreal.query(
          Schema.Array(CandidateReview),
          `SELECT VALUE { ${reviewColumns} } FROM ${reviewTable} WITH INDEX ${reviewTable}_by_state ` +
            "WHERE state = $state LIMIT $limit",
          { state, limit }
        )
      )

      const comparedUntil = Effect.fn("CandidateRows.comparedUntil")((connection: ConnectionId) =>
        Effect.map(
          surreal.query(Schema.Array(Instant), "SELECT VALUE until FROM $ids WHERE id != NONE", {
            ids: [recordId(comparedTable, [connection])]
          }),
          ([until]) => Option.fromUndefinedOr(until)
        )
      )

      const compared = Effect.fn("CandidateRows.compared")((connection: ConnectionId, until: DateTime.Utc) =>
        surreal.execute("UPSERT $id SET until = $until RETURN NONE", {
          id: recordId(comparedTable, [connection]),
          until
        })
      )

      const review = Effect.fn("CandidateRows.review")((key: Key) =>
        Effect.map(
          surreal.query(
            Schema.Array(CandidateReview),
            `SELECT VALUE { ${reviewColumns} } FROM $ids WHERE id != NONE`,
            { ids: [recordId(reviewTable, key)] }
          ),
          ([found]) => Option.fromUndefinedOr(found)
        )
      )

      const raw = Effect.fn("CandidateRows.raw")((table: string, keys: ReadonlyArray<Key>) =>
        surreal.query(
          Schema.Array(Raw),
          "SELECT VALUE { key: record::id(id), raw: _raw } FROM $ids WHERE id != NONE",
          { ids: keys.map((key) => recordId(table, key)) }
        )
      )

      const counts = Effect.gen(function*() {
        const rows = yield* surreal.query(
          Schema.Array(Schema.Struct({ status: CandidateStatus, count: Schema.Natural })),
          `SELECT status, count() AS count FROM ${streamedTable} WITH INDEX ${streamedTable}_by_status ` +
            "WHERE status IN $all GROUP BY status",
          { all: CandidateStatus.literals }
        )
        const of = new Map(rows.map(({ count, status }) => [status, count]))
        const count = (status: CandidateStatus) => of.get(status) ?? 0
        return {
          new: count("new"),
          processing: count("processing"),
          processed: count("processed"),
          merged: count("merged"),
          skipped: count("skipped"),
          failed: count("failed")
        }
      }).pipe(Effect.withSpan("CandidateRows.counts"))
      return CandidateRows.of({
        claim,
        recover,
        release,
        fail,
        reopen,
        broughtSince,
        comparedUntil,
        compared,
        reviews,
        review,
        raw,
        counts
      })
    })
  )
}

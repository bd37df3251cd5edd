import { Array as Arr, Context, DateTime, Effect, Layer, Metric, Option, Schema } from "effect"
import { StreamCounts } from "../domain/Run.ts"
import { CrashPoint } from "../services/CrashPoint.ts"
import { type Statement, Surreal } from "../services/Surreal.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { OptionalInstant, recordId } from "../services/SurrealValue.ts"
import * as Statements from "./CommitStatements.ts"
import { contentHash, keyText } from "./ContentHash.ts"
import type { Key, Page, Row, Write } from "./Write.ts"

/** Rows in one statement: large statements are what the engine is fast at. */
const batch = 500

const KeyParts = Schema.Array(Schema.Union([Schema.String, Schema.Finite]))

const Existing = Schema.Struct({
  key: KeyParts,
  hash: Schema.String,
  listing: Schema.OptionFromOptional(Schema.String),
  deletedAt: OptionalInstant
})

/** What a statement that sets tombstones answers. */
const Deleted = Schema.is(Schema.Array(Schema.Literal(true)))

const records = Metric.counter("glider_records_total", {
  description: "Records of committed pages, by stream and by what became of them"
})

interface Plan {
  readonly statements: ReadonlyArray<Statement>
  readonly counts: StreamCounts
}

const plain = (...statements: ReadonlyArray<Statement>): Plan => ({ statements, counts: StreamCounts.none })

/** The one place where pages become rows. */
export class Commit extends Context.Service<Commit, {
  /**
   * Commits a page's rows and its cursor in one transaction, uninterruptibly, and says what it did. Rows whose content
   * is what the store has already are not written.
   */
  readonly page: (page: Page) => Effect.Effect<StreamCounts, SurrealError>
}>()("glider/store/Commit") {
  static readonly layer = Layer.effect(
    Commit,
    Effect.gen(function*() {
      const surreal = yield* Surreal
      const crashPoint = yield* CrashPoint

      const existing = Effect.fnUntraced(function*(table: string, rows: ReadonlyArray<Row>) {
        const found = yield* Effect.forEach(Arr.chunksOf(rows, batch), (chunk) =>
          surreal.query(
            Schema.Array(Existing),
            "SELECT VALUE { key: record::id(id), hash: _hash, listing: _listing, deletedAt: deleted_at } FROM $ids " +
              "WHERE id != NONE",
            { ids: chunk.map(({ key }) => recordId(table, key)) }
          ))
        return new Map(found.flat().map((row) => [keyText(row.key), row]))
      })

      const upsert = Effect.fnUntraced(function*(write: Extract<Write, { readonly _tag: "Upsert" }>, at: DateTime.Utc) {
        const rows = [...new Map(write.rows.map((row) => [keyText(row.key), row])).values()]
        const known = yield* existing(write.table, rows)
        const created: Array<Statements.Content> = []
        const updated: Array<Statements.Content> = []
        const unmarked: Array<Key> = []
        for (const row of rows) {
          const before = known.get(keyText(row.key))
          if (before === undefined) created.push(Statements.content(write, row, at))
          else if (before.hash !== contentHash(row) || Option.isSome(before.deletedAt)) {
            updated.push(Statements.content(write, row, at))
          } else if (
            Option.isSome(write.listing) && Option.getOrUndefined(before.listing) !== write.listing.value
          ) unmarked.push(row.key)
        }
        return {
          statements: [
            ...Arr.chunksOf(created, batch).map((chunk) => Statements.insert(write.table, chunk)),
            ...Arr.chunksOf(updated, batch).map((chunk) => Statements.replace(write.table, chunk)),
            ...Arr.chunksOf(unmarked, batch).map((chunk) =>
              Statements.mark(write.table, chunk, Option.getOrElse(write.listing, () => ""))
            )
          ],
          counts: new StreamCounts({
            ...StreamCounts.none,
            created: created.length,
            updated: updated.length,
            unchanged: rows.length - created.length - updated.length
          })
        }
      })

      const retain = Effect.fnUntraced(function*(write: Extract<Write, { readonly _tag: "Retain" }>, at: DateTime.Utc) {
        if (write.keep.length === 0) return plain()
        const { sql, vars } = Statements.liveIn(write)
        const live = yield* surreal.query(Schema.Array(KeyParts), sql, vars)
        const keep = new Set(write.keep.map(keyText))
        const gone = live.filter((key) => !keep.has(keyText(key)))
        return gone.length === 0 ? plain() : plain(Statements.tombstone(write.table, gone, "reconcile", at))
      })

      const plan = (write: Write, at: DateTime.Utc): Effect.Effect<Plan, SurrealError> => {
        switch (write._tag) {
          case "Upsert":
            return upsert(write, at)
          case "Retain":
            return retain(write, at)
          case "Tombstone":
            return Effect.succeed(plain(Statements.tombstone(write.table, write.keys, "provider", at)))
          case "Sweep":
            return Effect.succeed(plain(Statements.sweep(write, at)))
          case "Quarantine":
            return Effect.succeed({
              statements: [Statements.quarantine(write, at)],
              counts: new StreamCounts({ ...StreamCounts.none, quarantined: write.records.length })
            })
          case "Gap":
            return Effect.succeed({
              statements: [Statements.gap(write, at)],
              counts: new StreamCounts({ ...StreamCounts.none, gaps: 1 })
            })
        }
      }

      const page = Effect.fn("Commit.page")(
        function*({ cursor, read, stream, writes }: Page) {
          yield* Effect.annotateCurrentSpan({ "glider.stream": stream, "glider.page.read": read })
          const at = yield* DateTime.now
          const plans = yield* Effect.forEach(writes, (write) => plan(write, at))
          yield* crashPoint("commit.before")
          const results = yield* surreal.transaction([
            ...plans.flatMap(({ statements }) => statements),
            ...Option.match(cursor, { onNone: () => [], onSome: (cursor) => [Statements.advance(cursor)] })
          ])
          yield* crashPoint("commit.after")
          const deleted = results.reduce<number>((sum, result) => sum + (Deleted(result) ? result.length : 0), 0)
          const counts = plans.reduce(
            (sum, { counts }) => sum.plus(counts),
            new StreamCounts({ ...StreamCounts.none, read, deleted })
          )
          yield* Effect.forEach(
            Object.entries(counts),
            ([outcome, count]) => Metric.update(Metric.withAttributes(records, { stream, outcome }), count)
          )
          return counts
        },
        // another writer was faster: look again at what is there
        Effect.retry({
          times: 3,
          while: ({ reason }) => reason._tag === "AlreadyExists" || reason._tag === "Conflict"
        }),
        Effect.uninterruptible
      )
      return Commit.of({ page })
    })
  )
}

/** What it takes to commit a page, looked up in the store. */
import { Array as Arr, DateTime, Effect, Option, Schema } from "effect"
import { StreamCounts } from "../domain/Run.ts"
import type { Statement, Surreal } from "../services/Surreal.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { OptionalInstant, recordId } from "../services/SurrealValue.ts"
import * as Statements from "./CommitStatements.ts"
import { contentHash, keyText } from "./ContentHash.ts"
import { type Change, countedAt, deriver } from "./Derived.ts"
import type { Receivers } from "./Outbox.ts"
import { pageEvents, type Touched } from "./PageEvents.ts"
import type { Key, Page, Row, Write } from "./Write.ts"

/** Rows in one statement: large statements are what the engine is fast at. */
const batch = 500

const KeyParts = Schema.Array(Schema.Union([Schema.String, Schema.Finite]))

const Existing = Schema.Struct({
  key: KeyParts,
  hash: Schema.String,
  listing: Schema.OptionFromOptional(Schema.String),
  deletedAt: OptionalInstant,
  amended: Schema.Struct({ started_at: OptionalInstant, played_ms: Schema.OptionFromOptional(Schema.Finite) })
})

/** A page as a transaction, by what the store holds now. */
export interface PagePlan {
  readonly stream: string
  /** The rows, what is derived from them, what is told of them, and last the cursor. */
  readonly statements: ReadonlyArray<Statement>
  /** What becomes of the records. */
  readonly counts: StreamCounts
  /** Whether somebody elsewhere is to be told of it. */
  readonly tells: boolean
}

interface WritePlan extends Pick<PagePlan, "statements" | "counts"> {
  readonly changes: ReadonlyArray<Change & Touched>
}

const planOf = (
  statements: ReadonlyArray<Statement>,
  counts: Partial<StreamCounts>,
  ...changes: ReadonlyArray<Change & Touched>
): WritePlan => ({
  statements,
  counts: new StreamCounts({ ...StreamCounts.none, ...counts }),
  changes
})

/** Whether rows are live by what the writes of the page do that come before; none of it is in the store yet. */
class Fates {
  readonly #live = new Map<string, boolean>()
  of(table: string, key: Key): boolean | undefined {
    return this.#live.get(`${table} ${keyText(key)}`)
  }
  set(table: string, keys: ReadonlyArray<Key>, live: boolean): void {
    for (const key of keys) this.#live.set(`${table} ${keyText(key)}`, live)
  }
}

const distinct = <A>(all: ReadonlyArray<A>, keyOf: (one: A) => Key): ReadonlyArray<A> => [
  ...new Map(all.map((one) => [keyText(keyOf(one)), one])).values()
]

/** What the store alone knows of a row, and something is derived from. */
const amendedOf = ({ amended }: typeof Existing.Type): Row["fields"] => ({
  ...Option.match(amended.started_at, {
    onNone: () => ({}),
    onSome: (started_at) => ({ started_at, [countedAt]: started_at.epochMilliseconds })
  }),
  ...Option.match(amended.played_ms, { onNone: () => ({}), onSome: (played_ms) => ({ played_ms }) })
})

type Of<Tag extends Write["_tag"]> = Extract<Write, { readonly _tag: Tag }>

/** Plans pages for this store. */
export const planner = (surreal: Surreal["Service"], outbox: Receivers) => {
  const derived = deriver(surreal)

  const existing = Effect.fnUntraced(function*(table: string, rows: ReadonlyArray<Row>) {
    const found = yield* Effect.forEach(Arr.chunksOf(rows, batch), (chunk) =>
      surreal.query(
        Schema.Array(Existing),
        "SELECT VALUE { key: record::id(id), hash: _hash, listing: _listing, deletedAt: deleted_at, " +
          "amended: { started_at: started_at, played_ms: played_ms } } FROM $ids " +
          "WHERE id != NONE",
        { ids: chunk.map(({ key }) => recordId(table, key)) }
      ))
    return new Map(found.flat().map((row) => [keyText(row.key), row]))
  })

  const upsert = Effect.fnUntraced(function*(write: Of<"Upsert">, at: DateTime.Utc, fates: Fates) {
    const rows = distinct(write.rows, ({ key }) => key)
    const known = yield* existing(write.table, rows)
    const created: Array<Statements.Content> = []
    const updated: Array<Statements.Content> = []
    const unmarked: Array<Key> = []
    const added: Array<Row> = []
    const changed: Array<Row> = []
    for (const row of rows) {
      const before = known.get(keyText(row.key))
      if (write.keepsOld === true && before !== undefined) continue
      const isNew = before === undefined
      const differs = isNew || before.hash !== contentHash(row) || Option.isSome(before.deletedAt) ||
        fates.of(write.table, row.key) === false
      if (differs) {
        const whole = before === undefined ? row : { ...row, fields: { ...amendedOf(before), ...row.fields } }
        ;(isNew ? added : changed).push(whole)
        const contents = isNew ? created : updated
        contents.push(Statements.content(write, row, at))
      } else if (
        Option.isSome(write.listing) && Option.getOrUndefined(before.listing) !== write.listing.value
      ) unmarked.push(row.key)
    }
    fates.set(write.table, rows.map(({ key }) => key), true)
    return planOf(
      [
        ...Arr.chunksOf(created, batch).map((chunk) => Statements.insert(write.table, chunk)),
        ...Arr.chunksOf(updated, batch).map((chunk) => Statements.replace(write.table, chunk)),
        ...Arr.chunksOf(unmarked, batch).map((chunk) =>
          Statements.mark(write.table, chunk, Option.getOrElse(write.listing, () => ""))
        )
      ],
      {
        created: created.length,
        updated: updated.length,
        unchanged: rows.length - added.length - changed.length
      },
      {
        table: write.table,
        written: [...added, ...changed],
        gone: [],
        created: added,
        updated: changed,
        amended: [],
        deleted: []
      }
    )
  })

  const keysOf = ({ sql, vars }: Statement) => surreal.query(Schema.Array(KeyParts), sql, vars)

  const removal = (
    table: string,
    gone: ReadonlyArray<Key>,
    fates: Fates,
    statement: (keys: ReadonlyArray<Key>) => Statement
  ): WritePlan => {
    fates.set(table, gone, false)
    return planOf(Arr.chunksOf(gone, batch).map(statement), { deleted: gone.length }, {
      table,
      written: [],
      gone,
      created: [],
      updated: [],
      amended: [],
      deleted: gone
    })
  }

  const tombstone = Effect.fnUntraced(function*(
    { by, keys, table }: Of<"Tombstone">,
    at: DateTime.Utc,
    fates: Fates
  ) {
    const asked = distinct(keys, (key) => key)
    const found = yield* Effect.forEach(
      Arr.chunksOf(asked, batch),
      (chunk) => keysOf(Statements.liveAmong(table, chunk))
    )
    const live = new Set(found.flat().map(keyText))
    const gone = asked.filter((key) => fates.of(table, key) ?? live.has(keyText(key)))
    return removal(table, gone, fates, (chunk) => Statements.tombstone(table, chunk, by ?? "provider", at))
  })

  const amend = (write: Of<"Amend">): WritePlan => {
    const written = write.rows.map(({ fields, key, set }) => ({ key, fields: { ...fields, ...set } }))
    return planOf(
      Arr.chunksOf(write.rows, batch).map((chunk) =>
        Statements.amend(write, chunk.map(({ key, set }) => ({ id: recordId(write.table, key), set })))
      ),
      {},
      {
        table: write.table,
        written,
        gone: [],
        created: [],
        updated: [],
        amended: write.rows.map(({ key }) => key),
        deleted: []
      }
    )
  }

  const retain = Effect.fnUntraced(function*(write: Of<"Retain">, at: DateTime.Utc, fates: Fates) {
    if (write.keep.length === 0) return planOf([], {})
    const live = yield* keysOf(Statements.liveIn(write))
    const keep = new Set(write.keep.map(keyText))
    const gone = live.filter((key) => !keep.has(keyText(key)) && fates.of(write.table, key) !== false)
    return removal(write.table, gone, fates, (chunk) => Statements.tombstone(write.table, chunk, "reconcile", at))
  })

  const sweep = Effect.fnUntraced(function*(write: Of<"Sweep">, at: DateTime.Utc, fates: Fates) {
    const live = yield* keysOf(Statements.liveUnlisted(write))
    const gone = live.filter((key) => fates.of(write.table, key) === undefined)
    return removal(write.table, gone, fates, (chunk) => Statements.sweep(write, chunk, at))
  })

  const planWrite = (write: Write, at: DateTime.Utc, fates: Fates): Effect.Effect<WritePlan, SurrealError> => {
    switch (write._tag) {
      case "Upsert":
        return upsert(write, at, fates)
      case "Retain":
        return retain(write, at, fates)
      case "Tombstone":
        return tombstone(write, at, fates)
      case "Sweep":
        return sweep(write, at, fates)
      case "Amend":
        return Effect.succeed(amend(write))
      case "Quarantine":
        return Effect.succeed(planOf([Statements.quarantine(write, at)], { quarantined: write.records.length }))
      case "Gap":
        return Effect.succeed(planOf([Statements.gap(write, at)], { gaps: 1 }))
    }
  }

  return Effect.fnUntraced(function*({ cursor, read, stream, writes }: Page): Effect.fn.Return<PagePlan, SurrealError> {
    const at = yield* DateTime.now
    const fates = new Fates()
    const plans = yield* Effect.forEach(writes, (write) => planWrite(write, at, fates))
    const changes = plans.flatMap((plan) => plan.changes)
    const told = pageEvents(outbox, stream, changes, at)
    return {
      stream,
      tells: told.length > 0,
      statements: [
        ...plans.flatMap(({ statements }) => statements),
        ...yield* derived(changes, at),
        ...told,
        ...Option.match(cursor, { onNone: () => [], onSome: (cursor) => [Statements.advance(cursor)] })
      ],
      counts: plans.reduce((sum, { counts }) => sum.plus(counts), new StreamCounts({ ...StreamCounts.none, read }))
    }
  })
}

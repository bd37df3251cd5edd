/** The rows of a backup, written to an empty store and read back from there. */
import { Effect, Stream } from "effect"
import { RecordId } from "surrealdb"
import type { Surreal } from "../services/Surreal.ts"
import { packed } from "../services/SurrealCodec.ts"
import { migrate } from "../store/Migrations.ts"
import { BackupDamaged, RestoreDiffers } from "./BackupError.ts"
import { linesOf, named, tablesOf } from "./Dump.ts"
import { Tally } from "./Format.ts"
import { differences, type ReadRow, rowsOf, type Verified } from "./ReadBackup.ts"
import { fromJson, keyFromJson } from "./Values.ts"

/** What one transaction takes at most; a large one never ends (`services/SurrealEngine.ts`). */
const most = { rows: 500, characters: 4_000_000 }

interface Batch {
  readonly rows: Array<ReadRow>
  length: number
}

/** Rows of one table that are written together. */
const batches = Stream.mapAccum(
  (): Batch => ({ rows: [], length: 0 }),
  (open, row: ReadRow): readonly [Batch, ReadonlyArray<Batch>] => {
    const [first] = open.rows
    const goesOn = first === undefined ||
      first.table === row.table && open.rows.length < most.rows && open.length + row.length <= most.characters
    if (!goesOn) return [{ rows: [row], length: row.length }, [open]]
    open.rows.push(row)
    open.length += row.length
    return [open, []]
  },
  { onHalt: (open) => open.rows.length === 0 ? [] : [open] }
)

const insert = (surreal: Surreal["Service"], path: string) =>
  Effect.fnUntraced(function*({ rows }: Batch) {
    const [first] = rows
    if (first === undefined) return
    const { table } = first
    const values = yield* Effect.try({
      try: () => rows.map(({ id, row }) => ({ ...fieldsOf(row), id: new RecordId(table, keyFromJson(id)) })),
      catch: (cause) => new BackupDamaged({ path, why: `rows of ${table} cannot be read: ${String(cause)}` })
    })
    yield* surreal.transaction([{
      sql: `INSERT INTO ${named(table)} encoding::cbor::decode($rows) RETURN NONE`,
      vars: { rows: packed(values) }
    }])
  })

const fieldsOf = (row: ReadRow["row"]): object => {
  const value = fromJson(row)
  return typeof value === "object" && value !== null ? value : {}
}

/**
 * Makes an empty store what the backup says: the schema that it had, its rows, then the steps of the schema that it lacks. What
 * was written is read back and compared before those.
 */
export const load = Effect.fn("Backup.load")(function*(surreal: Surreal["Service"], backup: Verified) {
  yield* migrate(surreal, backup.header.schema)
  yield* surreal.execute("DELETE migration RETURN NONE") // it has the rows of its own
  yield* rowsOf(backup.path).pipe(batches, Stream.runForEach(insert(surreal, backup.path)))
  const tally = new Tally()
  yield* Effect.scoped(Effect.gen(function*() {
    const query = yield* surreal.snapshot
    for (const table of yield* tablesOf(query)) {
      yield* Stream.runForEach(linesOf(query, table), (lines) =>
        Effect.sync(() => {
          for (const line of lines) tally.row(table, line)
        }))
    }
  }))
  const [difference] = differences(backup.manifest, tally.manifest())
  if (difference !== undefined) {
    return yield* new RestoreDiffers({ message: `what was written does not read back: ${difference}` })
  }
  return yield* migrate(surreal)
})

/** What doctor finds only by reading all that is stored: `glider doctor --deep`. */
import { Context, Effect, FileSystem, Layer, Option, Schema, Stream } from "effect"
import { LastBackup } from "../backup/Backups.ts"
import { linesOf, named, tablesOf } from "../backup/Dump.ts"
import { verify } from "../backup/ReadBackup.ts"
import { type Query, Surreal } from "../services/Surreal.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { Check } from "./Messages.ts"

const restore = "glider db restore <newest backup> --yes; see docs/integrity.md"

const ok = (name: string, message: string): Check => new Check({ name, state: "ok", message, fix: Option.none() })
const problem = (name: string, message: string, fix: string): Check =>
  new Check({ name, state: "problem", message, fix: Option.some(fix) })

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`

const Counted = Schema.Array(Schema.Struct({ count: Schema.Int }))

/** The rows of a table that can be read, and what is wrong with them. */
const readTable = Effect.fnUntraced(function*(query: Query, table: string) {
  const counted = yield* query(Counted, `SELECT count() FROM ${named(table)} GROUP ALL`)
  const rows = yield* Stream.runFold(linesOf(query, table), () => 0, (sum, lines) => sum + lines.length)
  const count = counted[0]?.count ?? 0
  return rows === count
    ? { rows, fault: Option.none<string>() }
    : { rows, fault: Option.some(`${table} has ${count} rows, of which ${rows} can be read`) }
})

/** Reads everything again: the store's files, each row of each table, the newest backup. It takes as long as a backup does. */
export class DeepChecks extends Context.Service<DeepChecks, {
  readonly checks: Effect.Effect<ReadonlyArray<Check>, SurrealError>
}>()("glider/api/DeepChecks") {
  static readonly layer = Layer.effect(
    DeepChecks,
    Effect.gen(function*() {
      const backup = yield* LastBackup
      const fs = yield* FileSystem.FileSystem
      const surreal = yield* Surreal

      const files = Effect.map(
        surreal.recheck,
        (read) =>
          Option.toArray(read).map(({ bytes, damage, files }) =>
            damage.length === 0
              ? ok("files", `${files} files of the store, ${megabytes(bytes)}, are as they were written`)
              : problem("files", damage.join("; "), restore)
          )
      )

      const rows = Effect.gen(function*() {
        const query = yield* surreal.snapshot
        const tables = yield* tablesOf(query)
        const faults: Array<string> = []
        let sum = 0
        for (const table of tables) {
          const { fault, rows } = yield* readTable(query, table).pipe(
            Effect.catch(({ message }) =>
              Effect.succeed({ rows: 0, fault: Option.some(`${table} cannot be read: ${message}`) })
            )
          )
          sum += rows
          faults.push(...Option.toArray(fault))
        }
        return faults.length === 0
          ? ok("rows", `${sum} rows of ${tables.length} tables can be read`)
          : problem("rows", faults.join("; "), restore)
      }).pipe(Effect.scoped)

      const checks = Effect.gen(function*() {
        const kept = Option.isSome(backup) ? yield* backup.value : Option.none()
        const backups = yield* Effect.forEach(Option.toArray(kept), ({ path }) =>
          verify(path).pipe(
            Effect.match({
              onFailure: ({ message }) => problem("newest backup", message, "glider db backup"),
              onSuccess: ({ bytes }) => ok("newest backup", `${path}, ${megabytes(bytes)}, is as it was written`)
            }),
            Effect.provideService(FileSystem.FileSystem, fs)
          ))
        return [...yield* files, yield* rows, ...backups]
      }).pipe(Effect.withSpan("DeepChecks.checks"))

      return DeepChecks.of({ checks })
    })
  )
}

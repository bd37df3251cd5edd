/** A backup before the schema changes, so that there is a way back. */
import { Context, DateTime, Effect, type FileSystem, type Path } from "effect"
import { Surreal } from "../services/Surreal.ts"
import type { Migration } from "../store/Migration.ts"
import { MigrationHeld } from "../store/Migrations.ts"
import { dump, hasRows, type Origin, schemaOf } from "./Dump.ts"
import { stamp } from "./StoreSwap.ts"
import { write } from "./WriteBackup.ts"

/** Makes a backup of a store that has rows; without one no step is run. */
export const beforeMigration = Effect.fnUntraced(function*(folder: string, origin: Origin) {
  const surroundings = yield* Effect.context<FileSystem.FileSystem | Path.Path | Surreal>()
  const surreal = Context.get(surroundings, Surreal)
  return Effect.fn("Backup.beforeMigration")(
    function*(due: ReadonlyArray<Migration>) {
      if (!(yield* hasRows(surreal.query))) return
      const schema = String(yield* schemaOf(surreal.query)).padStart(4, "0")
      const path = `${folder}/before-schema-${schema}-${stamp(yield* DateTime.now)}.jsonl.gz`
      const { bytes, manifest } = yield* write(path, dump(surreal, origin))
      yield* Effect.logInfo("backed up before the schema changes").pipe(
        Effect.annotateLogs({ path, rows: manifest.rows, bytes, steps: due.length })
      )
    },
    Effect.provideContext(surroundings),
    Effect.mapError(({ message }) =>
      new MigrationHeld({
        message: `the schema is not changed, since no backup could be made before: ${message}`,
        fix:
          "mend that and start again; or, with a copy of the data folder elsewhere, set [backup] before_migration = false"
      })
    )
  )
})

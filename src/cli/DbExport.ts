/** What `glider db export` does: it takes a backup, and writes the records in it into other files. */
import { Console, Effect, FileSystem, Option, Path, Stream } from "effect"
import { type Choice, exportable, exportTo, textOf } from "../backup/Export.ts"
import { readable } from "../backup/Restore.ts"
import { write } from "../backup/WriteBackup.ts"
import { withClient } from "./Ask.ts"
import { CommandFailed, exitCodes } from "./Failure.ts"
import { print, say } from "./Print.ts"

interface Asked extends Omit<Choice, "tables"> {
  readonly table: ReadonlyArray<string>
}

/** The one format that not every table has. */
const events = "google_calendar_events"

/** Which tables are meant. */
const tablesOf = Effect.fnUntraced(function*({ format, table }: Asked) {
  const possible = format === "ics" ? [events] : exportable
  const unknown = table.find((name) => !possible.includes(name))
  if (unknown === undefined) return table.length === 0 ? possible : table
  return yield* new CommandFailed({
    message: exportable.includes(unknown)
      ? `${unknown} has no form in iCalendar, only ${events}`
      : `there is no table ${unknown} of records; there are ${exportable.join(", ")}`,
    fix: "glider db export --help",
    exitCode: exitCodes.usage
  })
})

/** The backup to read: the one that is named, or a new one that is gone afterwards. */
const source = Effect.fnUntraced(function*(named: Option.Option<string>) {
  const paths = yield* Path.Path
  if (Option.isSome(named)) return yield* readable(paths.resolve(named.value))
  const fs = yield* FileSystem.FileSystem
  const folder = yield* fs.makeTempDirectoryScoped({ prefix: "glider-export-" })
  return yield* withClient((client) =>
    Effect.flatMap(
      client.system.backup(),
      (lines) => write(paths.join(folder, "now.jsonl.gz"), Stream.decodeText(lines))
    )
  )
})

/** Writes the records into a folder, or, with `-` and one table, to standard output. */
export const exportRecords = Effect.fn("cli.exportRecords")(
  function*(given: string, backup: Option.Option<string>, asked: Asked) {
    const tables = yield* tablesOf(asked)
    const [only, ...others] = tables
    if (given === "-" && (only === undefined || others.length > 0)) {
      return yield* new CommandFailed({
        message: "standard output takes one table",
        fix: "name it with --table, or a folder in place of -",
        exitCode: exitCodes.usage
      })
    }
    const choice = { format: asked.format, from: asked.from, to: asked.to, tables }
    const { path } = yield* source(backup)
    if (given === "-" && only !== undefined) {
      return yield* Stream.runForEach(textOf(path, only, choice), (text) => Console.log(text.replace(/\r?\n$/, "")))
    }
    const folder = (yield* Path.Path).resolve(given)
    const files = yield* exportTo(path, folder, choice)
    yield* print({ json: { files }, text: files.join("\n") })
    yield* say("They hold your records as plain text: keep them where nobody else reads them.")
  },
  Effect.scoped
)

/** What `glider db import-earlier` does: it reads the store of the earlier Glider, and writes what is in it into this one's. */
import { Effect, Layer, Option, Path } from "effect"
import { damageFound, unlessDamaged } from "../api/Damage.ts"
import { earlierCredentials } from "../config/Settings.ts"
import { fromFile } from "../earlier/EarlierFile.ts"
import { fromServer } from "../earlier/EarlierServer.ts"
import { importRows, type TableReport } from "../earlier/Import.ts"
import { type NamedOwners, ownersOf } from "../earlier/Owners.ts"
import { place } from "../services/SurrealEngine.ts"
import { dataFolder, running } from "./Client.ts"
import { CommandFailed, exitCodes } from "./Failure.ts"
import { ConfigFlag, DataDirFlag, ServerUrlFlag } from "./Flags.ts"
import { forCommand, places } from "./Layers.ts"
import { print, say, table } from "./Print.ts"

interface Choice extends NamedOwners {
  readonly namespace: string
  readonly database: string
  readonly dryRun: boolean
}

const isAddress = (source: string): boolean => /^(wss?|https?):\/\//.test(source)

const refuseElsewhere = Effect.gen(function*() {
  if (Option.isSome(yield* ServerUrlFlag)) {
    return yield* new CommandFailed({
      message: "records are imported on the machine that has the store",
      fix: "run it there, without --server-url",
      exitCode: exitCodes.usage
    })
  }
  const { path } = yield* dataFolder
  const daemon = yield* running(path)
  if (Option.isNone(daemon)) return
  return yield* new CommandFailed({
    message: `glider run (pid ${daemon.value.daemon.pid}) is at work on ${path}`,
    fix: "stop it first: the store is opened for the import alone",
    exitCode: exitCodes.failed
  })
})

const rowsOf = Effect.fnUntraced(function*(source: string, { database, namespace }: Choice) {
  if (!isAddress(source)) return yield* fromFile((yield* Path.Path).resolve(source))
  const credentials = Option.some(yield* earlierCredentials)
  return yield* fromServer({ url: source.replace(/^http/, "ws").replace(/\/$/, ""), namespace, database, credentials })
})

const numbers = ["read", "created", "known", "quarantined", "left", "repaired"] as const

const reportText = (reports: ReadonlyArray<TableReport>): string => {
  const mended = reports.flatMap(({ repairs, table }) =>
    Object.entries(repairs).map(([repair, count]) => `mended in ${table}: ${repair} of ${count}`)
  )
  const left = reports.flatMap(({ table, why }) => why === null ? [] : [`left out, ${table}: ${why}`])
  return [
    table(
      ["TABLE", "READ", "NEW", "THERE", "QUARANTINED", "LEFT OUT", "MENDED"],
      reports.map((report) => [report.table, ...numbers.map((number) => String(report[number]))])
    ),
    ...mended.length + left.length > 0 ? ["", ...mended, ...left] : []
  ].join("\n")
}

/** Imports what the source holds, and tells what has become of each table. */
export const importEarlier = Effect.fn("cli.importEarlier")(
  function*(source: string, choice: Choice) {
    yield* refuseElsewhere
    const rows = yield* rowsOf(source, choice)
    const where = { config: yield* ConfigFlag, dataDir: yield* DataDirFlag }
    const store = yield* Layer.build(Layer.provideMerge(forCommand, places(where)))
    // what is open then is a copy, which ends with the command
    if (!choice.dryRun) {
      yield* Effect.provideContext(Effect.flatMap(damageFound, unlessDamaged), store)
    }
    const reports = yield* Effect.flatMap(
      ownersOf(rows, choice),
      (owners) => importRows(rows, owners, choice)
    ).pipe(Effect.provideContext(store))
    yield* print({ json: { source: place(source), dryRun: choice.dryRun, tables: reports }, text: reportText(reports) })
    if (choice.dryRun) return yield* say("Nothing is written. Without --dry-run this is done.")
    if (reports.some(({ quarantined }) => quarantined > 0)) {
      yield* say("What could not be read is kept as it was: glider dlq list")
    }
    yield* say("Next: glider auth google, spotify, oura, where that is not done; then glider run.")
  },
  Effect.scoped
)

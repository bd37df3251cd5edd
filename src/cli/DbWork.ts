/** What `glider db` does, loaded only by its commands. */
import { Context, DateTime, Effect, Layer, Option, Path, Stream } from "effect"
import { backupFolder } from "../backup/Backups.ts"
import type { Verified } from "../backup/ReadBackup.ts"
import { readable, restore } from "../backup/Restore.ts"
import { isThere, refuseHeld, stamp } from "../backup/StoreSwap.ts"
import { write } from "../backup/WriteBackup.ts"
import { CurrentConfig } from "../Config.ts"
import { examine } from "../services/StoreExamination.ts"
import { accept } from "../services/StoreWitness.ts"
import { storeFolder } from "../services/SurrealEngine.ts"
import { type Client, dataFolder, running } from "./Client.ts"
import { CommandFailed, exitCodes } from "./Failure.ts"
import { ConfigFlag, DataDirFlag, ServerUrlFlag } from "./Flags.ts"
import { places } from "./Layers.ts"
import { storeTarget } from "./OpenedStore.ts"
import { print, say, table } from "./Print.ts"

/** A number of bytes, as a person reads it. */
export const sizeText = (bytes: number): string =>
  bytes < 1000
    ? `${bytes} B`
    : bytes < 1_000_000
    ? `${(bytes / 1000).toFixed(1)} kB`
    : bytes < 1_000_000_000
    ? `${(bytes / 1_000_000).toFixed(1)} MB`
    : `${(bytes / 1_000_000_000).toFixed(2)} GB`

const show = Effect.fnUntraced(function*({ bytes, header, manifest, path }: Verified) {
  const tables = Object.entries(manifest.tables)
  yield* print({
    json: { path, bytes, ...header, rows: manifest.rows, tables: manifest.tables },
    text: [
      table(
        ["TABLE", "ROWS"],
        tables.filter(([, { rows }]) => rows > 0).map(([name, { rows }]) => [name, String(rows)])
      ),
      "",
      `${path}: ${manifest.rows} rows of ${header.at}, schema ${header.schema}, ${sizeText(bytes)}`
    ].join("\n")
  })
})

/** Where the config or, without one here, the data folder has backups. */
const ownFolder = Effect.gen(function*() {
  const { path } = yield* dataFolder
  const context = yield* Effect.option(
    Layer.build(places({ config: yield* ConfigFlag, dataDir: yield* DataDirFlag }))
  )
  return backupFolder(
    path,
    Option.flatMapNullishOr(context, (known) => Context.get(known, CurrentConfig).backup).pipe(
      Option.flatMap(({ folder }) => folder)
    )
  )
})

/** What is read of a damaged store is no backup, unless somebody wants it and says where. */
const refuseDamaged = Effect.fnUntraced(function*(client: Client) {
  const { damaged } = yield* client.system.status()
  if (Option.isNone(damaged)) return
  return yield* new CommandFailed({
    message: `${damaged.value.message}; what can be read of it is not put among the backups`,
    fix: "name another file: glider db backup <file>",
    exitCode: exitCodes.failed
  })
})

/** Writes what the API gives into a file, and says what came of it. */
export const backUp = Effect.fn("cli.backUp")(function*(client: Client, file: Option.Option<string>) {
  const paths = yield* Path.Path
  if (Option.isNone(file)) yield* refuseDamaged(client)
  const name = `glider-${stamp(yield* DateTime.now)}.jsonl.gz`
  const target = yield* Option.match(file, {
    onNone: () => Effect.map(ownFolder, (folder) => paths.join(folder, name)),
    onSome: (given) => Effect.succeed(paths.resolve(given))
  })
  const lines = yield* client.system.backup()
  const written = yield* write(target, Stream.decodeText(lines))
  yield* show(written)
  yield* say(`It has been read back. Restore it with: glider db restore ${target}`)
  yield* say("The tokens in it are encrypted: keep the key of the data folder, too, but elsewhere.")
})

/** Says what a file holds, when it is as it was written. */
export const verifyFile = Effect.fn("cli.verifyFile")(function*(file: string) {
  yield* show(yield* readable((yield* Path.Path).resolve(file)))
  yield* say("It is as it was written.")
})

/** Refuses while a daemon is at work, which may also be one that only reads a copy of the store. */
const refuseRunning = Effect.fnUntraced(function*(why: string) {
  const { path } = yield* dataFolder
  const daemon = yield* running(path)
  if (Option.isNone(daemon)) return
  return yield* new CommandFailed({
    message: `glider run (pid ${daemon.value.daemon.pid}) is at work on ${path}`,
    fix: `stop it first: ${why}`,
    exitCode: exitCodes.failed
  })
})

/** Tells how the files of the store differ from what was left; with `yes`, what is there counts from now on. */
export const acceptStore = Effect.fn("cli.acceptStore")(function*(yes: boolean) {
  const folder = storeFolder((yield* target).url)
  if (Option.isNone(folder)) {
    return yield* new CommandFailed({
      message: "only an embedded store is looked at like this",
      fix: "look after a server's store there",
      exitCode: exitCodes.usage
    })
  }
  yield* refuseHeld(folder.value)
  if (yes) yield* refuseRunning("what is there is accepted while nobody reads it")
  const { bytes, damage, files, notes } = yield* examine(folder.value)
  yield* print({
    json: { folder: folder.value, files, bytes, damage, notes, accepted: yes },
    text: [`${files} files, ${sizeText(bytes)}`, ...damage, ...notes].join("\n")
  })
  if (damage.length === 0) return yield* say("All of them are as Glider left them: there is nothing to accept.")
  if (!yes) {
    return yield* new CommandFailed({
      message:
        "what was in these files may be gone; a restored backup has it, and the syncs read again what came later",
      fix: "glider db restore <backup> --yes, or to go on with what is there: glider db accept --yes",
      exitCode: exitCodes.failed
    })
  }
  yield* accept(folder.value)
  yield* say("What is there counts from now on. Next: glider run")
}, Effect.scoped)

const target = Effect.gen(function*() {
  const where = { config: yield* ConfigFlag, dataDir: yield* DataDirFlag }
  const context = yield* Layer.build(places(where))
  return yield* Effect.provideContext(storeTarget, context)
})

/** Restores a backup where nobody uses the store; `yes` where there is one already. */
export const restoreFile = Effect.fn("cli.restoreFile")(
  function*(given: string, { dryRun, yes }: { readonly yes: boolean; readonly dryRun: boolean }) {
    if (Option.isSome(yield* ServerUrlFlag)) {
      return yield* new CommandFailed({
        message: "a store is restored on the machine that has it",
        fix: "run it there, without --server-url",
        exitCode: exitCodes.usage
      })
    }
    const file = (yield* Path.Path).resolve(given)
    yield* refuseRunning("a store is restored while nobody uses it")
    const to = yield* target
    const folder = Option.getOrUndefined(storeFolder(to.url))
    const replaces = folder !== undefined && (yield* isThere(folder))
    if (dryRun) {
      yield* show(yield* readable(file))
      yield* say(
        replaces
          ? `It would replace ${folder}, which would be kept beside it as ${folder}-before-restore-…`
          : `It would be restored to ${folder ?? "the empty database"}.`
      )
      return
    }
    if (replaces && !yes) {
      yield* readable(file)
      return yield* new CommandFailed({
        message: `there is a store in ${folder}, which would be replaced, and kept under another name`,
        fix: `glider db restore ${given} --yes`,
        exitCode: exitCodes.failed
      })
    }
    const { applied, backup, kept } = yield* restore(file, to)
    yield* print({
      json: {
        path: backup.path,
        rows: backup.manifest.rows,
        applied: applied.map(({ name, number }) => ({ name, number })),
        kept: Option.getOrNull(kept)
      },
      text: [
        `${backup.manifest.rows} rows are restored and read back`,
        ...applied.map(({ name, number }) => `schema ${number}  ${name}`),
        ...Option.toArray(Option.map(kept, (where) => `the store that was there is now ${where}`))
      ].join("\n")
    })
    yield* say("Next: glider run; and glider doctor, which tells whether the tokens open with the key that is here.")
  },
  Effect.scoped
)

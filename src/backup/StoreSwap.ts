/**
 * How a restored store takes the place of the one before. It is built in `<store>-restoring`, which becomes `<store>-restored` once
 * it is complete and compared; then the old one gets out of its way, and it gets the name. A process that ends anywhere
 * leaves the old store in force, or, between the last two renames, no store but a complete one: `settle` ends that.
 */
import { DateTime, Effect, FileSystem, Option, Path, type PlatformError } from "effect"
import { isAlive } from "../services/ProcessAlive.ts"
import { holder } from "../services/StoreHolder.ts"
import { witnessFile } from "../services/StoreWitness.ts"
import { syncFolder } from "../services/SyncFolder.ts"
import { BackupUnreachable, RestoreRefused } from "./BackupError.ts"

const restoring = (store: string): string => `${store}-restoring`
const restored = (store: string): string => `${store}-restored`

/** An instant as part of a file's name. */
export const stamp = (at: DateTime.Utc): string => DateTime.formatIso(at).replace(/\.\d+Z$/, "Z").replaceAll(":", "-")

const failed = (what: string) => ({ message }: PlatformError.PlatformError) =>
  new BackupUnreachable({ message: `${what}: ${message}`, fix: "see that the data folder may be written to" })

/** Whether there is a store at all. */
export const isThere = Effect.fnUntraced(function*(store: string) {
  const fs = yield* FileSystem.FileSystem
  const files = yield* Effect.orElseSucceed(fs.readDirectory(store), () => [])
  return files.length > 0
})

/** Refuses while a process has the store. */
export const refuseHeld = Effect.fnUntraced(function*(store: string) {
  const pid = Option.filter(yield* holder(store), isAlive)
  if (Option.isNone(pid)) return
  return yield* new RestoreRefused({
    message: `another glider (pid ${pid.value}) holds the store ${store}`,
    fix: "stop it first: a store is restored while nobody uses it"
  })
})

/** A folder to build in, without what a restore that was cut short has left. */
export const buildPlace = Effect.fnUntraced(function*(store: string) {
  const fs = yield* FileSystem.FileSystem
  for (const left of [restoring(store), witnessFile(restoring(store)), restored(store)]) {
    yield* Effect.mapError(fs.remove(left, { recursive: true, force: true }), failed(`${left} cannot be removed`))
  }
  return restoring(store)
})

/** Removes what was built and will not be used. */
export const discard = Effect.fnUntraced(function*(store: string) {
  const fs = yield* FileSystem.FileSystem
  yield* Effect.ignore(fs.remove(restoring(store), { recursive: true, force: true }))
  yield* Effect.ignore(fs.remove(witnessFile(restoring(store)), { force: true }))
})

/** Puts what was built in the place of the store; gives where the one before is now. */
export const swap = Effect.fn("Backup.swap")(function*(store: string) {
  const fs = yield* FileSystem.FileSystem
  const paths = yield* Path.Path
  const folder = paths.dirname(store)
  const rename = Effect.fnUntraced(function*(from: string, to: string) {
    yield* fs.rename(from, to)
    yield* syncFolder(folder)
  }, Effect.mapError(failed("the store cannot be put in its place")))
  yield* rename(restoring(store), restored(store))
  let kept = Option.none<string>()
  if (yield* isThere(store)) {
    const before = `${store}-before-restore-${stamp(yield* DateTime.now)}`
    yield* rename(store, before)
    kept = Option.some(before)
    yield* Effect.ignore(fs.rename(witnessFile(store), witnessFile(before)))
  }
  // what was seen of the one before must not be held against this one
  yield* Effect.mapError(fs.remove(witnessFile(store), { force: true }), failed("the store cannot be put in its place"))
  yield* rename(restored(store), store)
  yield* Effect.ignore(fs.rename(witnessFile(restoring(store)), witnessFile(store)))
  return kept
}, Effect.uninterruptible)

/** Before a store is opened: ends a restore that was cut short when only its last step was missing. */
export const settle = Effect.fn("Backup.settle")(function*(store: string) {
  const fs = yield* FileSystem.FileSystem
  if ((yield* isThere(store)) || !(yield* isThere(restored(store)))) return
  const failure = Effect.mapError(failed("the restored store cannot be put in its place"))
  yield* failure(fs.remove(witnessFile(store), { force: true }))
  yield* failure(fs.rename(restored(store), store))
  yield* Effect.logWarning("a restore that was cut short is complete now").pipe(Effect.annotateLogs({ store }))
})

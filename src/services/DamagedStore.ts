/**
 * A store that is not as Glider left it, of which a copy is open to be looked at. The copy may change; what it was made of
 * must not, so that nothing more is lost. See docs/integrity.md.
 */
import { Context, Effect, FileSystem, Option, Path, Schedule } from "effect"
import { isAlive } from "./ProcessAlive.ts"
import { kindOf } from "./StoreFiles.ts"
import { pidFile } from "./StoreHolder.ts"
import type { StoreDamaged } from "./SurrealError.ts"

/** How the files of the store differ of which a copy is open; none where the store itself is. */
export class DamagedStore extends Context.Reference<Option.Option<StoreDamaged>>(
  "glider/services/DamagedStore",
  { defaultValue: () => Option.none() }
) {}

/** Where the copy of a process is: beside the store, so that both can share what never changes. */
const copyOf = (store: string, pid: number): string => `${store}-inspect-${pid}`

/** The engine's own notes, and the lock that it makes anew. */
const isLeftOut = (name: string): boolean => name === "LOCK" || /^LOG(\.|$)/.test(name)

/** The engine's own threads may still write for a moment after the copy is closed. */
const removed = Effect.fnUntraced(function*(folder: string) {
  const fs = yield* FileSystem.FileSystem
  yield* fs.remove(folder, { recursive: true, force: true }).pipe(
    Effect.retry({ schedule: Schedule.spaced("100 millis"), times: 20 }),
    Effect.andThen(fs.remove(pidFile(folder), { force: true })),
    Effect.catch(({ message }) => Effect.logWarning(`a copy of a damaged store is left behind: ${message}`))
  )
})

/** Removes the copies that processes which are gone have left. */
export const sweep = Effect.fnUntraced(function*(store: string) {
  const fs = yield* FileSystem.FileSystem
  const paths = yield* Path.Path
  const names = yield* Effect.orElseSucceed(fs.readDirectory(paths.dirname(store)), () => [])
  const prefix = copyOf(paths.basename(store), 0).slice(0, -1)
  for (const name of names) {
    if (!name.startsWith(prefix)) continue
    const pid = Number(name.slice(prefix.length))
    if (!Number.isInteger(pid) || (pid !== globalThis.process.pid && isAlive(pid))) continue
    yield* removed(copyOf(store, pid))
  }
})

/**
 * A copy of the store's folder that goes with the scope. Tables are in both folders at once, since the engine never writes into
 * one that is there; where the file system cannot do that they are copied, as everything else is.
 */
export const copy = Effect.fn("DamagedStore.copy")(function*(store: string) {
  const fs = yield* FileSystem.FileSystem
  const folder = yield* Effect.acquireRelease(
    Effect.gen(function*() {
      const folder = copyOf(store, globalThis.process.pid)
      yield* removed(folder)
      yield* fs.makeDirectory(folder, { mode: 0o700 })
      return folder
    }),
    removed
  )
  for (const name of yield* fs.readDirectory(store)) {
    if (isLeftOut(name)) continue
    const [from, to] = [`${store}/${name}`, `${folder}/${name}`]
    const copied = fs.copy(from, to)
    yield* Option.contains(kindOf(name), "table") ? Effect.catch(fs.link(from, to), () => copied) : copied
  }
  return folder
})

/** Which process holds the folder of an embedded store. */
import { Effect, FileSystem, Option, Schema } from "effect"
import { isAlive } from "./ProcessAlive.ts"

/** Where the process that holds an embedded store leaves its id. */
export const pidFile = (folder: string): string => `${folder}.pid`

/** The process that said last that it holds the folder; it may be gone. */
export const holder = Effect.fnUntraced(function*(folder: string) {
  const fs = yield* FileSystem.FileSystem
  const text = yield* Effect.option(fs.readFileString(pidFile(folder)))
  return Option.flatMap(text, (pid) => Schema.decodeOption(Schema.FiniteFromString)(pid.trim()))
})

/** Whether a process has a file open; also when it may not be looked at. The number of a file alone stands for others on other disks. */
const hasOpen = Effect.fnUntraced(function*(pid: string, { dev, ino }: FileSystem.File.Info) {
  const fs = yield* FileSystem.FileSystem
  const files = yield* fs.readDirectory(`/proc/${pid}/fd`).pipe(
    Effect.catchIf(({ reason }) => reason._tag === "NotFound", () => Effect.succeed([])), // it has ended meanwhile
    Effect.option
  )
  if (Option.isNone(files)) return true
  for (const file of files.value) {
    const open = yield* Effect.option(fs.stat(`/proc/${pid}/fd/${file}`))
    if (Option.exists(open, (open) => open.dev === dev && Option.getOrNull(open.ino) === Option.getOrNull(ino))) {
      return true
    }
  }
  return false
})

/**
 * Whether another process has the folder open at this moment: by Linux' list of locks, in which that of the engine stands,
 * and elsewhere by the process that said so last.
 */
export const isHeld = Effect.fnUntraced(function*(folder: string) {
  const fs = yield* FileSystem.FileSystem
  const lock = yield* Effect.option(fs.stat(`${folder}/LOCK`))
  const locks = yield* Effect.option(fs.readFileString("/proc/locks"))
  if (Option.isSome(locks) && Option.isSome(lock) && Option.isSome(lock.value.ino)) {
    const held = locks.value.matchAll(new RegExp(` (\\d+) [0-9a-f]+:[0-9a-f]+:${lock.value.ino.value} `, "g"))
    for (const [, pid = ""] of held) {
      if (yield* hasOpen(pid, lock.value)) return true
    }
    return false
  }
  return Option.exists(yield* holder(folder), (pid) => pid !== globalThis.process.pid && isAlive(pid))
})

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

/**
 * Whether another process has the folder open at this moment: by Linux' list of locks, in which that of the engine stands,
 * and elsewhere by the process that said so last.
 */
export const isHeld = Effect.fnUntraced(function*(folder: string) {
  const fs = yield* FileSystem.FileSystem
  const lock = yield* Effect.option(fs.stat(`${folder}/LOCK`))
  const locks = yield* Effect.option(fs.readFileString("/proc/locks"))
  const inode = Option.flatMap(lock, ({ ino }) => ino)
  if (Option.isSome(locks) && Option.isSome(inode)) return new RegExp(`:${inode.value} `).test(locks.value)
  return Option.exists(yield* holder(folder), (pid) => pid !== globalThis.process.pid && isAlive(pid))
})

/** Backups are written beside their place, read back, and only then get their name. */
import { NodeStream } from "@effect/platform-node"
import { Effect, FileSystem, Path, type PlatformError, Stream } from "effect"
import { createHash } from "node:crypto"
import { createGzip } from "node:zlib"
import { syncFolder } from "../services/SyncFolder.ts"
import { BackupUnreachable } from "./BackupError.ts"
import { verify } from "./ReadBackup.ts"
import { seal } from "./Seal.ts"

const compressed = <E, R>(text: Stream.Stream<string, E, R>) =>
  Stream.encodeText(text).pipe(
    NodeStream.pipeThroughDuplex({
      evaluate: () => createGzip(),
      chunkSize: 16,
      onError: (cause) => new BackupUnreachable({ message: String(cause), fix: "try it again; report it if it lasts" })
    })
  )

const unreachable = (path: string) => ({ message }: PlatformError.PlatformError) =>
  new BackupUnreachable({
    message: `${path} cannot be written: ${message}`,
    fix: "see that the folder may be written to and the disk is not full, or name another file"
  })

/**
 * Writes the lines of a backup to a file that is not there yet, readable by its owner alone, and gives what reading it back
 * has found. Until all of that is done there is no file of that name.
 */
export const write = Effect.fn("Backup.write")(
  function*<E, R>(path: string, text: Stream.Stream<string, E, R>) {
    const fs = yield* FileSystem.FileSystem
    const folder = (yield* Path.Path).dirname(path)
    const failed = unreachable(path)
    if (yield* Effect.mapError(fs.exists(path), failed)) {
      return yield* new BackupUnreachable({ message: `${path} is there already`, fix: "name another file" })
    }
    yield* Effect.mapError(fs.makeDirectory(folder, { recursive: true, mode: 0o700 }), failed)
    const unfinished = `${path}.part`
    yield* Effect.ignore(fs.remove(unfinished))
    const verified = yield* Effect.gen(function*() {
      yield* Effect.scoped(Effect.gen(function*() {
        const file = yield* Effect.mapError(fs.open(unfinished, { flag: "wx", mode: 0o600 }), failed)
        const hash = createHash("sha256")
        yield* Stream.runForEach(compressed(text), (bytes) => {
          hash.update(bytes)
          return Effect.mapError(file.writeAll(bytes), failed)
        })
        yield* Effect.mapError(file.writeAll(seal(hash.digest("hex"))), failed)
        yield* Effect.mapError(file.sync, failed)
      }))
      const verified = yield* verify(unfinished)
      yield* Effect.mapError(fs.rename(unfinished, path), failed)
      yield* Effect.mapError(syncFolder(folder), failed)
      return verified
    }).pipe(Effect.onError(() => Effect.ignore(fs.remove(unfinished))))
    return { ...verified, path }
  }
)

/** The files of an embedded store: RocksDB's tables, which never change once they are written, and its logs, which only grow. */
import { Array as Arr, Effect, FileSystem, Option, type PlatformError } from "effect"
import { crc32 } from "node:zlib"

/**
 * `table`: written once. `log`: the write-ahead log and the manifest, which grow until they are replaced. `pointer`: names the
 * manifest in force.
 */
export type StoreFileKind = "table" | "log" | "pointer"

/** Of a file that matters what it is; none of the engine's own notes, whose loss loses nothing. */
export const kindOf = (name: string): Option.Option<StoreFileKind> =>
  /^\d+\.(sst|blob)$/.test(name)
    ? Option.some("table")
    : /^\d+\.log$/.test(name) || /^MANIFEST-\d+$/.test(name)
    ? Option.some("log")
    : name === "CURRENT"
    ? Option.some("pointer")
    : Option.none()

/** The number of a manifest: later ones have greater numbers. */
export const manifestNumber = (name: string): Option.Option<number> =>
  Option.map(Option.fromNullishOr(/^MANIFEST-(\d+)$/.exec(name)), ([, digits]) => Number(digits))

/** The number of a write-ahead log: later ones have greater numbers. */
export const logNumber = (name: string): Option.Option<number> =>
  Option.map(Option.fromNullishOr(/^(\d+)\.log$/.exec(name)), ([, digits]) => Number(digits))

/** So much of a file is read at once, in bytes. */
const part = 4 * 1024 * 1024

/** The files that matter, with their sizes in bytes; none where there is no folder. What is removed meanwhile is left out. */
export const filesOf = Effect.fnUntraced(function*(folder: string) {
  const fs = yield* FileSystem.FileSystem
  const names = yield* Effect.catchIf(
    fs.readDirectory(folder),
    ({ reason }) => reason._tag === "NotFound",
    () => Effect.succeed(Arr.empty<string>())
  )
  const found = yield* Effect.forEach(
    names.filter((name) => Option.isSome(kindOf(name))),
    (name) =>
      fs.stat(`${folder}/${name}`).pipe(
        Effect.map(({ size }) => Option.some([name, Number(size)] as const)),
        Effect.catchIf(({ reason }) => reason._tag === "NotFound", () => Effect.succeedNone)
      ),
    { concurrency: 16 }
  )
  return new Map(Arr.getSomes(found))
})

/** Bytes of a file, from one place up to another or to the end, part by part. */
export const readParts = (
  path: string,
  from: number,
  to: number,
  use: (bytes: Uint8Array) => void
): Effect.Effect<number, PlatformError.PlatformError, FileSystem.FileSystem> =>
  Effect.scoped(Effect.gen(function*() {
    const fs = yield* FileSystem.FileSystem
    const file = yield* fs.open(path, { flag: "r" })
    yield* file.seek(BigInt(from), "start")
    let at = from
    while (at < to) {
      const bytes = yield* file.readAlloc(Math.min(part, to - at))
      if (Option.isNone(bytes)) break
      use(bytes.value)
      at += bytes.value.byteLength
    }
    return at
  }))

/** The checksum (CRC-32) of a file up to a size, going on from that of its beginning; none when the file is shorter. */
export const checksumOf = Effect.fnUntraced(function*(path: string, to: number, from = 0, begun = 0) {
  let sum = begun
  const at = yield* readParts(path, from, to, (bytes) => {
    sum = crc32(bytes, sum)
  })
  return at < to ? Option.none<number>() : Option.some(sum)
})

/** The bytes of a file from one place up to another, or to its end. */
export const bytesBetween = Effect.fnUntraced(function*(path: string, from: number, to: number) {
  const parts: Array<Uint8Array> = []
  yield* readParts(path, from, to, (bytes) => {
    parts.push(bytes)
  })
  return Buffer.concat(parts)
})

/** The bytes of a file from a place on. */
export const bytesFrom = (path: string, from: number) => bytesBetween(path, from, Number.MAX_SAFE_INTEGER)

/** Reads places of a file that follow one another, for which the file is read in large parts. */
export const placesIn = (path: string) => {
  let begin = 0
  let bytes = Buffer.alloc(0)
  return Effect.fnUntraced(function*(from: number, to: number) {
    if (from < begin || to > begin + bytes.length) {
      begin = from
      bytes = yield* bytesBetween(path, from, Math.max(to, from + part))
    }
    return bytes.subarray(from - begin, to - begin)
  })
}

/** Backups are read to their end before anything is believed of them. */
import { NodeStream } from "@effect/platform-node"
import { Effect, FileSystem, Option, type PlatformError, Predicate, Result, Schema, Stream } from "effect"
import { Buffer } from "node:buffer"
import { createHash } from "node:crypto"
import { createGunzip } from "node:zlib"
import {
  BackupCutOff,
  BackupDamaged,
  BackupUnreachable,
  MadeByNewer,
  NotABackup,
  type ReadError
} from "./BackupError.ts"
import { formatName, formatVersion, Header, LastLine, type Manifest, RowLine, Tally } from "./Format.ts"
import { seal, sealLength } from "./Seal.ts"

/** A backup that has been read to its end, and is as it was written. */
export interface Verified {
  readonly path: string
  readonly header: Header
  readonly manifest: Manifest
  /** Of the file. */
  readonly bytes: number
}

const unreadable = (path: string) => ({ message }: PlatformError.PlatformError) =>
  new BackupUnreachable({ message: `${path} cannot be read: ${message}`, fix: "see that it is there and may be read" })

/** What zlib says of a file that is no gzip, of one that ends too early, and of all else that is wrong. */
const unzipped = (path: string) => (cause: unknown): ReadError => {
  const code = Predicate.hasProperty(cause, "code") ? cause.code : undefined
  const message = cause instanceof Error ? cause.message : String(cause)
  if (Predicate.isTagged(cause, "PlatformError")) {
    return new BackupUnreachable({ message: `${path} cannot be read: ${message}`, fix: "see that it may be read" })
  }
  if (code === "Z_BUF_ERROR") return new BackupCutOff({ path })
  return new BackupDamaged({ path, why: message })
}

const magic = Buffer.from([0x1f, 0x8b])

/** The lines of the file, without their ends. */
const linesOf = Effect.fnUntraced(function*(path: string) {
  const fs = yield* FileSystem.FileSystem
  const { size } = yield* Effect.mapError(fs.stat(path), unreadable(path))
  const start = yield* fs.stream(path, { bytesToRead: 2 }).pipe(
    Stream.runFold(() => Buffer.alloc(0), (all, bytes) => Buffer.concat([all, bytes])),
    Effect.mapError(unreadable(path))
  )
  if (size === 0n) return yield* new BackupCutOff({ path })
  if (!start.equals(magic)) return yield* new NotABackup({ path })
  return fs.stream(path).pipe(
    Stream.mapError(unreadable(path)),
    NodeStream.pipeThroughDuplex({ evaluate: () => createGunzip(), chunkSize: 16, onError: unzipped(path) }),
    Stream.decodeText,
    Stream.splitLines
  )
})

const parse = Schema.decodeUnknownResult(Schema.fromJsonString(Schema.Unknown))
const parseHeader = Schema.decodeUnknownResult(Header)
const isLast = Schema.is(LastLine)
const isRow = Schema.is(RowLine)

/** The first line of something that may be ours, of this version or a later one. */
const headerOf = (path: string, line: string): Result.Result<Header, ReadError> => {
  const json = parse(line)
  if (
    Result.isFailure(json) || !Predicate.hasProperty(json.success, "format") || json.success.format !== formatName
  ) return Result.fail(new NotABackup({ path }))
  const { success } = json
  if (Predicate.hasProperty(success, "version") && Number(success.version) > formatVersion) {
    const glider = Predicate.hasProperty(success, "glider") ? String(success.glider) : "of an unknown version"
    return Result.fail(new MadeByNewer({ path, glider, what: `its form is number ${String(success.version)}` }))
  }
  return Result.mapError(parseHeader(success), ({ message }) => new BackupDamaged({ path, why: message }))
}

/** In what the tables that were read are others than those that a manifest tells of. */
export const differences = (said: Manifest, read: Manifest): ReadonlyArray<string> => {
  const tables = new Set([...Object.keys(said.tables), ...Object.keys(read.tables)])
  return [...tables].flatMap((table) => {
    const one = said.tables[table]
    const other = read.tables[table] ?? { rows: 0, sha256: emptySum }
    if (one === undefined) return other.rows === 0 ? [] : [`${table} is not in its manifest`]
    if (one.rows !== other.rows) return [`${table} has ${other.rows} rows, not ${one.rows}`]
    return one.sha256 === other.sha256 ? [] : [`rows of ${table} are not as they were written`]
  })
}

const emptySum = createHash("sha256").digest("hex")

/** A row of a backup, and how long its line is. */
export interface ReadRow extends RowLine {
  readonly length: number
}

/** Reads a backup line by line; what it gives is to be believed only once it has been verified. */
export const rowsOf = (path: string): Stream.Stream<ReadRow, ReadError, FileSystem.FileSystem> =>
  Stream.unwrap(linesOf(path)).pipe(
    Stream.drop(1),
    Stream.mapEffect((line) =>
      Effect.mapError(
        Effect.map(Effect.fromResult(parse(line)), (json) => isRow(json) ? [{ ...json, length: line.length }] : []),
        ({ message }) => new BackupDamaged({ path, why: message })
      )
    ),
    Stream.flattenIterable
  )

/** Reads a backup to its end and compares it with what it says of itself. */
export const verify = Effect.fn("Backup.verify")(function*(path: string) {
  const fs = yield* FileSystem.FileSystem
  const tally = new Tally()
  let header = Option.none<Header>()
  let manifest = Option.none<Manifest>()
  let number = 0
  const damaged = (why: string) => Effect.fail(new BackupDamaged({ path, why }))
  yield* Stream.runForEach(
    yield* linesOf(path),
    (line): Effect.Effect<void, ReadError> => {
      number++
      if (Option.isNone(header)) {
        return Effect.map(Effect.fromResult(headerOf(path, line)), (found) => {
          header = Option.some(found)
          tally.line(`${line}\n`)
        })
      }
      if (Option.isSome(manifest)) return damaged(`there is more after its last line, in line ${number}`)
      const json = parse(line)
      if (Result.isSuccess(json) && isRow(json.success)) {
        const { table } = json.success
        return Effect.sync(() => tally.row(table, `${line}\n`))
      }
      if (Result.isSuccess(json) && isLast(json.success)) {
        manifest = Option.some(json.success.manifest)
        return Effect.void
      }
      return damaged(`line ${number} cannot be read`)
    }
  )
  if (Option.isNone(header) || Option.isNone(manifest)) return yield* new BackupCutOff({ path })
  const read = tally.manifest()
  const [difference] = differences(manifest.value, read)
  if (difference !== undefined) return yield* damaged(difference)
  if (read.rows !== manifest.value.rows || read.sha256 !== manifest.value.sha256) {
    return yield* damaged("its lines are not as they were written")
  }
  const bytes = Number((yield* Effect.mapError(fs.stat(path), unreadable(path))).size)
  yield* checkSeal(path, bytes)
  return { path, header: header.value, manifest: manifest.value, bytes } satisfies Verified
})

/** Compares the file's end with the bytes before it. */
const checkSeal = Effect.fnUntraced(function*(path: string, bytes: number) {
  const fs = yield* FileSystem.FileSystem
  const hash = createHash("sha256")
  const length = Math.max(0, bytes - sealLength)
  yield* fs.stream(path, { bytesToRead: length }).pipe(
    Stream.runForEach((piece) => Effect.sync(() => hash.update(piece))),
    Effect.mapError(unreadable(path))
  )
  const end = yield* fs.stream(path, { offset: length }).pipe(
    Stream.runFold(() => Buffer.alloc(0), (all, piece) => Buffer.concat([all, piece])),
    Effect.mapError(unreadable(path))
  )
  if (end.equals(seal(hash.digest("hex")))) return
  return yield* new BackupDamaged({ path, why: "the bytes of the file are not those that were written" })
})

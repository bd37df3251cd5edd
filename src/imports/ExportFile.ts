/** What is in a file that a person imports: parts of a listening history, or calendars, in an archive or by themselves. */
import { NodeStream } from "@effect/platform-node"
import { Effect, FileSystem, Predicate, Schema, Stream } from "effect"
import { crc32, createInflateRaw } from "node:zlib"
import { contentAt, entriesOf, unreachable } from "./Archive.ts"
import { ExportDamaged, type ImportError, NotAnExport } from "./ImportError.ts"

/** One file of a listening history, or a calendar. */
export const ExportPart = Schema.Struct({
  /** Of a calendar; a history without it. */
  kind: Schema.optionalKey(Schema.Literal("calendar")),
  /** As it is called in the archive. */
  name: Schema.String,
  /** Which of the files of the history it is, where its name says so. */
  number: Schema.NullOr(Schema.Natural),
  /** In bytes. */
  size: Schema.Natural,
  /** Where it is packed; none where it is the file itself. */
  packed: Schema.NullOr(Schema.Struct({
    at: Schema.Natural,
    length: Schema.Natural,
    method: Schema.Literals([0, 8]),
    crc32: Schema.Natural
  }))
})
export type ExportPart = typeof ExportPart.Type

/** `Streaming_History_Audio_2019-2021_3.json`, and as the same was called before 2023. */
const history = /^(?:Streaming_History_Audio_[^/]*|endsong(?:_\d+)?)\.json$/i

/** What Spotify sends within days, and what says neither addresses nor seconds. */
const accountData = /^StreamingHistory(?:_music|_podcast)?_?\d*\.json$/i

const isCalendar = ({ name }: { readonly name: string }): boolean => /\.(?:ics|ical)$/i.test(name)

/** Whether all of it are calendars. */
export const areCalendars = (parts: ReadonlyArray<ExportPart>): boolean =>
  parts.length > 0 && parts.every(({ kind }) => kind === "calendar")

/** A calendar of a person has a few megabytes at most. */
const largestCalendar = 256 * 1024 * 1024

export const isHistory = (name: string): boolean => history.test(name.split("/").at(-1) ?? "")

const numberOf = (name: string): number | null => {
  const found = /(?:^|_)(\d{1,3})\.json$/i.exec(name)?.[1]
  return found === undefined ? null : Number(found)
}

const isPacked = (method: number): method is 0 | 8 => method === 0 || method === 8

/** The parts of a file, which a person calls `file`, in the order of their numbers. */
export const partsOf = Effect.fn("Import.parts")(
  function*(file: string, path: string): Effect.fn.Return<
    ReadonlyArray<ExportPart>,
    ImportError,
    FileSystem.FileSystem
  > {
    const fs = yield* FileSystem.FileSystem
    const size = Number((yield* Effect.mapError(fs.stat(path), unreachable(path))).size)
    const start = yield* fs.stream(path, { bytesToRead: 64 }).pipe(
      Stream.decodeText,
      Stream.mkString,
      Effect.mapError(unreachable(path))
    )
    if (/^\uFEFF?\s*\[/.test(start)) {
      return [{ name: file, number: numberOf(file), size, packed: null }]
    }
    if (/^\uFEFF?\s*BEGIN:VCALENDAR/i.test(start)) {
      if (size > largestCalendar) return yield* tooLarge(file)
      return [{ kind: "calendar", name: file, number: null, size, packed: null }]
    }
    if (!start.startsWith("PK")) {
      return yield* new NotAnExport({
        file,
        why: start.includes("\0")
          ? "it is text in UTF-16: save it as UTF-8"
          : "it is neither a zip archive nor a list in JSON, and no calendar"
      })
    }
    const entries = yield* entriesOf(file, path)
    const histories = entries.filter(({ name }) => isHistory(name))
    const wanted = histories.length > 0 ? histories : entries.filter(isCalendar)
    if (wanted !== histories && wanted.some(({ size }) => size > largestCalendar)) return yield* tooLarge(file)
    if (wanted.length === 0) {
      const isAccount = entries.some(({ name }) => accountData.test(name.split("/").at(-1) ?? ""))
      return yield* new NotAnExport({
        file,
        why: isAccount
          ? "it is Spotify's account data, which does not say what was played but by name; ask for the extended history"
          : `none of its ${entries.length} files is a Streaming_History_Audio_….json of Spotify, or a calendar (.ics)`
      })
    }
    const parts = yield* Effect.forEach(
      wanted,
      Effect.fnUntraced(function*(entry) {
        const { crc32, method, name, packed: length, size } = entry
        if (!isPacked(method)) return yield* new ExportDamaged({ file, why: `${name} is packed in an unknown way` })
        const at = yield* contentAt(file, path, entry)
        const packed = { at, length, method, crc32 }
        const part: ExportPart = { name, number: numberOf(name), size, packed }
        return histories.length > 0 ? part : { ...part, kind: "calendar" as const, number: null }
      })
    )
    return parts.toSorted((one, other) =>
      (one.number ?? Infinity) - (other.number ?? Infinity) || (one.name < other.name ? -1 : 1)
    )
  }
)

const tooLarge = (file: string) => new NotAnExport({ file, why: "a calendar has at most 256 MB here" })

const inflated = (part: ExportPart) => (cause: unknown): ImportError =>
  Predicate.isTagged(cause, "PlatformError")
    ? unreachable(part.name)({ message: "message" in cause ? String(cause.message) : "" })
    : new ExportDamaged({ file: part.name, why: cause instanceof Error ? cause.message : String(cause) })

/** The bytes of a part, unpacked as they are asked for, and never more than it says it has; checked at their end. */
export const bytesOf = (
  path: string,
  part: ExportPart
): Stream.Stream<Uint8Array, ImportError, FileSystem.FileSystem> =>
  Stream.unwrap(Effect.map(FileSystem.FileSystem, (fs) => {
    const { packed, size } = part
    if (packed === null) return Stream.mapError(fs.stream(path, { chunkSize: 65_536 }), unreachable(path))
    const source = fs.stream(path, { offset: packed.at, bytesToRead: packed.length, chunkSize: 65_536 })
    const bytes: Stream.Stream<Uint8Array, ImportError> = packed.method === 0
      ? Stream.mapError(source, unreachable(path))
      : source.pipe(
        Stream.mapError(unreachable(path)),
        NodeStream.pipeThroughDuplex({ evaluate: () => createInflateRaw(), chunkSize: 16, onError: inflated(part) })
      )
    let [sum, length] = [0, 0]
    const damaged = (why: string) => Effect.fail(new ExportDamaged({ file: part.name, why }))
    return bytes.pipe(
      Stream.tap((piece) => {
        length += piece.length
        sum = crc32(piece, sum)
        return length > size ? damaged("it is longer than its archive says") : Effect.void
      }),
      Stream.concat(
        Stream.drain(
          Stream.fromEffect(
            Effect.suspend(() =>
              length !== size || sum !== packed.crc32
                ? damaged("its bytes are not those that were packed")
                : Effect.void
            )
          )
        )
      )
    )
  }))

/** The number of a run of files without a hole: their histories go on from one to the next. */
export const follows = (before: number | null, number: number | null): boolean =>
  before !== null && number === before + 1

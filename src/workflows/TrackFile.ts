/** A list of songs in a file, as other services export theirs: CSV with a header, or a line of JSON for each. */
import { parse } from "csv-parse/sync"
import { Effect, FileSystem, Option, Path, Result, Schema } from "effect"
import { BatchTrack } from "../music/Batch.ts"

/** A song of a list, and where it stands there: its line or its place, from 1. */
export interface ListedTrack {
  readonly place: number
  readonly track: BatchTrack
}

/** What could not be read of a list. */
export const BadRow = Schema.Struct({ place: Schema.Natural, message: Schema.String })
export type BadRow = typeof BadRow.Type

export interface TrackList {
  readonly tracks: ReadonlyArray<ListedTrack>
  readonly bad: ReadonlyArray<BadRow>
}

/** A file of songs that cannot be used as a whole. */
export class TrackFileError extends Schema.TaggedError<TrackFileError>()("TrackFileError", {
  file: Schema.String,
  message: Schema.String
}) {}

/** The largest file that is read, in bytes. */
const largest = 5 * 1024 * 1024

/** A path below the folder of the config file. */
export const TrackFilePath = Schema.String.check(
  Schema.isMaxLength(500),
  Schema.isPattern(/^(?![/\\])(?!(?:.*[/\\])?\.\.(?:[/\\]|$))[^\p{Cc}]+\.(?:csv|jsonl|ndjson)$/iu, {
    expected: "a .csv, .jsonl or .ndjson file in the folder of config.toml or below it, such as \"songs.csv\""
  })
)

const names: ReadonlyMap<string, keyof BatchTrack> = new Map([
  ["track_name", "track_name"],
  ["track", "track_name"],
  ["title", "track_name"],
  ["name", "track_name"],
  ["song", "track_name"],
  ["artist", "artist"],
  ["artist_name", "artist"],
  ["artists", "artist"],
  ["album", "album"],
  ["album_name", "album"],
  ["isrc", "isrc"]
])

const nameOf = (heading: string): keyof BatchTrack | undefined =>
  names.get(heading.trim().toLowerCase().replaceAll(/[\s-]+/g, "_"))

const decode = Schema.decodeUnknownResult(BatchTrack)

/** A row by its headings; what is blank is not known. */
export const trackOf = (
  row: Iterable<readonly [heading: string, value: unknown]>
): Result.Result<BatchTrack, string> => {
  const known = new Map<keyof BatchTrack, unknown>()
  for (const [heading, value] of row) {
    const name = nameOf(heading)
    if (name === undefined || known.has(name) || value === null || value === undefined) continue
    if (typeof value !== "string" || value.trim() !== "") known.set(name, value)
  }
  return Result.mapError(
    decode(Object.fromEntries(known)),
    ({ message }) => message.replaceAll(/\s+/g, " ").slice(0, 300)
  )
}

/** Columns are parted by what parts the headings. */
const delimiterOf = (header: string): string => [",", ";", "\t"].find((delimiter) => header.includes(delimiter)) ?? ","

const Rows = Schema.Array(Schema.Struct({
  record: Schema.Array(Schema.String),
  info: Schema.Struct({ lines: Schema.Natural })
}))

const readCsv = (file: string, text: string): Result.Result<TrackList, TrackFileError> => {
  const bad: Array<BadRow> = []
  const [first = ""] = text.split(/\r?\n/, 1)
  const parsed = Result.try({
    try: () =>
      Schema.decodeUnknownSync(Rows)(parse(text, {
        delimiter: delimiterOf(first),
        info: true,
        trim: true,
        relax_column_count: true,
        skip_empty_lines: true,
        skip_records_with_error: true,
        max_record_size: 10_000,
        on_skip: (error) => {
          const lines: unknown = error === undefined ? undefined : Reflect.get(error, "lines")
          bad.push({ place: typeof lines === "number" ? lines : 0, message: error?.message ?? "it cannot be read" })
          return undefined
        }
      })),
    catch: (cause) =>
      new TrackFileError({ file, message: `is no CSV: ${cause instanceof Error ? cause.message : "?"}` })
  })
  return Result.flatMap(parsed, (rows) => {
    const [header, ...rest] = rows
    const headings = header?.record ?? []
    const found = new Set(headings.map(nameOf))
    if (!found.has("track_name") || !found.has("artist")) {
      return Result.fail(
        new TrackFileError({
          file,
          message: `its first line has to name the columns, track_name and artist among them; it says "${
            first.slice(0, 100)
          }"`
        })
      )
    }
    const tracks: Array<ListedTrack> = []
    for (const { info: { lines }, record } of rest) {
      const track = trackOf(headings.map((heading, index) => [heading, record[index]] as const))
      if (Result.isSuccess(track)) tracks.push({ place: lines, track: track.success })
      else bad.push({ place: lines, message: track.failure })
    }
    return Result.succeed({ tracks, bad })
  })
}

const decodeLine = Schema.decodeUnknownOption(Schema.fromJsonString(Schema.Record(Schema.String, Schema.Unknown)))

const readLines = (text: string): TrackList => {
  const tracks: Array<ListedTrack> = []
  const bad: Array<BadRow> = []
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === "") continue
    const track = Option.match(decodeLine(line), {
      onNone: () => Result.fail("it is no object of JSON"),
      onSome: (row) => trackOf(Object.entries(row))
    })
    if (Result.isSuccess(track)) tracks.push({ place: index + 1, track: track.success })
    else bad.push({ place: index + 1, message: track.failure })
  }
  return { tracks, bad }
}

/** Reads the text of such a file. */
export const parseTracks = (file: string, text: string): Result.Result<TrackList, TrackFileError> => {
  const bare = text.replace(/^\uFEFF/, "")
  return /\.csv$/i.test(file) ? readCsv(file, bare) : Result.succeed(readLines(bare))
}

/** Reads a file of songs below the folder; links do not lead out of it. */
export const readTracks = Effect.fn("TrackFile.read")(
  function*(
    folder: string,
    file: string
  ): Effect.fn.Return<TrackList, TrackFileError, FileSystem.FileSystem | Path.Path> {
    const fs = yield* FileSystem.FileSystem
    const paths = yield* Path.Path
    const failed = (message: string) => new TrackFileError({ file, message })
    const home = yield* Effect.mapError(fs.realPath(folder), () => failed(`there is no folder ${folder}`))
    const path = yield* Effect.mapError(
      fs.realPath(paths.resolve(home, file)),
      () => failed(`there is no such file in ${home}`)
    )
    if (!path.startsWith(`${home}${paths.sep}`)) return yield* failed(`lies outside of ${home}`)
    const { size, type } = yield* Effect.mapError(fs.stat(path), () => failed("cannot be looked at"))
    if (type !== "File") return yield* failed("is no file")
    if (size > largest) return yield* failed("is larger than 5 MB: split it")
    const bytes = yield* Effect.mapError(fs.readFile(path), ({ reason }) => failed(`cannot be read: ${reason._tag}`))
    const text = yield* Effect.try({
      try: () => new TextDecoder("utf-8", { fatal: true }).decode(bytes),
      catch: () => failed("is not UTF-8: export or save it as UTF-8")
    })
    return yield* Effect.fromResult(parseTracks(file, text))
  }
)

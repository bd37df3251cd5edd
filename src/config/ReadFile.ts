import { Clock, Effect, FileSystem, Option, Result, Schema } from "effect"
import { alertComplaints } from "./AlertKeys.ts"
import { calendarComplaints } from "./CalendarKeys.ts"
import { type Complaint, complaints, contradictions } from "./Complaints.ts"
import { ConfigFile } from "./ConfigFile.ts"
import { connectionComplaints } from "./ConnectionKeys.ts"
import { toolServerComplaints } from "./McpKeys.ts"
import { ConfigFileError, Mistake, noConfigFile, wholeFile } from "./Mistake.ts"
import { keyText, type Positions, positions, unknownPositions } from "./Positions.ts"
import { reportComplaints } from "./ReportKeys.ts"
import { scheduleComplaints } from "./ScheduleComplaints.ts"
import { webhookComplaints } from "./WebhookKeys.ts"

/** A file in its own words, with defaults filled in. */
export interface ReadConfig {
  readonly file: ConfigFile
  /** Where its keys stand. */
  readonly positions: Effect.Effect<Positions>
}

const decode = Schema.decodeUnknownResult(ConfigFile, { errors: "all", onExcessProperty: "error" })

/** Decodes a TOML text strictly; `path` is how the file is called in messages. */
export const readText = Effect.fn("Config.readText")(
  function*(path: string, text: string): Effect.fn.Return<ReadConfig, ConfigFileError> {
    const source = text.replace(/^\uFEFF/, "")
    const toml = yield* Effect.promise(() => import("smol-toml"))
    const parsed = yield* Effect.try({
      try: (): unknown => toml.parse(source),
      catch: (cause) => {
        const { column, line, message } = cause instanceof toml.TomlError
          ? cause
          : { column: 1, line: 1, message: String(cause) }
        return failure(path, [
          new Mistake({
            source: path,
            position: Option.some({ line, column }),
            key: "",
            // the lines that follow quote the file, which may hold what should not be shown
            message: `not valid TOML: ${message.split("\n", 1)[0]?.replace("Invalid TOML document: ", "")}`
          })
        ])
      }
    })
    const decoded = decode(parsed)
    const found: ReadonlyArray<Complaint> = [
      ...(Result.isFailure(decoded) ? complaints(decoded.failure.issue, parsed) : []),
      ...contradictions(parsed),
      ...toolServerComplaints(parsed),
      ...connectionComplaints(parsed),
      ...calendarComplaints(parsed),
      ...webhookComplaints(parsed),
      ...alertComplaints(parsed),
      ...reportComplaints(parsed),
      ...scheduleComplaints(parsed, yield* Clock.currentTimeMillis)
    ]
    if (Result.isSuccess(decoded) && found.length === 0) return { file: decoded.success, positions: locate(source) }
    return yield* placed(path, found, yield* locate(source))
  }
)

/** Reads and decodes a file. */
export const readFile = Effect.fn("Config.readFile")(
  function*(path: string): Effect.fn.Return<ReadConfig, ConfigFileError, FileSystem.FileSystem> {
    const fs = yield* FileSystem.FileSystem
    const text = yield* Effect.mapError(
      fs.readFileString(path),
      ({ reason }) =>
        reason._tag === "NotFound" ? noConfigFile([path]) : wholeFile(path, `cannot be read: ${reason._tag}`)
    )
    return yield* readText(path, text)
  }
)

/** Mistakes of a file that was read before, with the places where they stand in it. */
export const refuse = Effect.fnUntraced(function*(path: string, found: ReadonlyArray<Complaint>) {
  const fs = yield* FileSystem.FileSystem
  const places = yield* fs.readFileString(path).pipe(
    Effect.flatMap((text) => locate(text.replace(/^\uFEFF/, ""))),
    Effect.orElseSucceed(() => unknownPositions)
  )
  return yield* placed(path, found, places)
})

const placed = (path: string, found: ReadonlyArray<Complaint>, places: Positions): ConfigFileError =>
  failure(
    path,
    found
      .map(({ at, message, path: key }) => ({ position: places[at](key), key: keyText(key), message }))
      .toSorted((a, b) => a.position.line - b.position.line || a.position.column - b.position.column)
      .map(({ key, message, position }) => new Mistake({ source: path, position: Option.some(position), key, message }))
  )

const failure = (path: string, mistakes: ReadonlyArray<Mistake>): ConfigFileError =>
  new ConfigFileError({ path, mistakes })

/** A text that smol-toml reads and toml-eslint-parser does not has mistakes without exact places. */
const locate = (text: string): Effect.Effect<Positions> =>
  Effect.promise(() => import("toml-eslint-parser")).pipe(
    Effect.flatMap(({ parseTOML }) => Effect.try(() => positions(parseTOML(text, { tomlVersion: "1.1" })))),
    Effect.orElseSucceed(() => unknownPositions)
  )

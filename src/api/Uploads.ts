/** Files that come in over the API: written as they come, looked at once, and given to a run that reads them. */
import { Context, Effect, FileSystem, Layer, Option, Stream } from "effect"
import { HttpServerError } from "effect/http"
import { DataFolder } from "../config/Places.ts"
import { calendarNameOf } from "../domain/CalendarName.ts"
import { type ConnectionId, isCalled } from "../domain/Connection.ts"
import { RunControl } from "../engine/RunControl.ts"
import { RunOptions } from "../engine/RunOptions.ts"
import { areCalendars, partsOf } from "../imports/ExportFile.ts"
import type { ImportError } from "../imports/ImportError.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { Connections } from "../store/Connections.ts"
import { calendarConnection, ImportedCalendars } from "../store/ImportedCalendars.ts"
import { Import, uploadFolder } from "../workflows/Import.ts"
import { ImportCalendar } from "../workflows/ImportCalendar.ts"
import { uploadId } from "../workflows/UploadId.ts"
import { ImportAccepted } from "./ImportMessages.ts"
import { InvalidRequest, PayloadTooLarge, RunConflict, StoreFailed } from "./Problems.ts"
import { largestUpload } from "./RequestLimits.ts"
import { storeFailed } from "./Translate.ts"

/** A file, and what is said of it. */
export interface Upload {
  readonly file: string | undefined
  readonly connection: string | undefined
  /** The calendar that it is; by its file name where nobody says. */
  readonly calendar: string | undefined
  readonly bytes: Stream.Stream<Uint8Array, unknown>
}

export class Uploads extends Context.Service<Uploads, {
  /** Keeps the file and starts the run. A file that cannot be imported is refused, and not kept. */
  readonly receive: (
    upload: Upload
  ) => Effect.Effect<ImportAccepted, InvalidRequest | PayloadTooLarge | RunConflict | StoreFailed>
}>()("glider/api/Uploads") {
  static readonly layer = Layer.effect(
    Uploads,
    Effect.gen(function*() {
      const calendars = yield* ImportedCalendars
      const connections = yield* Connections
      const control = yield* RunControl
      const fs = yield* FileSystem.FileSystem
      const folder = uploadFolder((yield* DataFolder).path)
      const unwritable = ({ message }: { readonly message: string }) =>
        new StoreFailed({
          detail: `The file cannot be kept in ${folder}: ${message}`,
          fix: "see that the disk is not full and the data folder may be written to"
        })

      const accountOf = Effect.fnUntraced(function*(asked: string | undefined) {
        const accounts = (yield* Effect.mapError(connections.ofProvider("spotify"), storeFailed)).map(
          ({ connection }) => connection
        )
        if (asked !== undefined) {
          const found = accounts.find((account) => isCalled(account, asked))
          if (found !== undefined) return found.id
          const message = `there is no account ${asked}`
          return yield* new InvalidRequest({
            detail: `${message}.`,
            details: [{ pointer: "/query/connection", message }],
            fix: "glider auth status"
          })
        }
        const living = accounts.filter(({ state }) => state !== "revoked")
        const found = living.find(({ name }) => Option.isNone(name)) ?? (living.length === 1 ? living[0] : undefined)
        if (found !== undefined) return found.id
        if (living.length > 1) {
          const names = living.flatMap(({ name }) => Option.toArray(name)).join(", ")
          const message = `say whose records they are, of: ${names}`
          return yield* new InvalidRequest({
            detail: `${message}.`,
            details: [{ pointer: "/query/connection", message }],
            fix: "name one with --connection"
          })
        }
        return yield* new RunConflict({
          detail: "No Spotify account is connected, whose records they could be.",
          fix: "glider auth spotify"
        })
      })

      /** Writes all that comes; how much that was. */
      const written = Effect.fnUntraced(function*(path: string, bytes: Upload["bytes"]) {
        let length = 0
        yield* Effect.scoped(Effect.gen(function*() {
          const file = yield* Effect.mapError(fs.open(path, { flag: "wx", mode: 0o600 }), unwritable)
          const whole = bytes.pipe(
            Stream.mapError(() => cut(length)),
            Stream.catchDefect((defect) => isCut(defect) ? Stream.fail(cut(length)) : Stream.die(defect))
          )
          yield* Stream.runForEach(whole, (piece): Effect.Effect<void, PayloadTooLarge | StoreFailed> => {
            length += piece.length
            return length > largestUpload ? Effect.fail(tooLarge) : Effect.mapError(file.writeAll(piece), unwritable)
          })
          yield* Effect.mapError(file.sync, unwritable)
        }))
        return length
      })

      /** A calendar that is read from an address is no other file's: what that lacks would be gone. */
      const calendarOf = Effect.fnUntraced(function*(name: string) {
        const known = yield* Effect.mapError(calendars.get(name), storeFailed)
        if (!Option.exists(known, ({ address }) => Option.isSome(address))) return name
        const message = `the calendar ${name} is read from an address`
        return yield* new InvalidRequest({
          detail: `${message}.`,
          details: [{ pointer: "/query/calendar", message }],
          fix: "import the file under another name: glider import <file> --calendar <name>"
        })
      })

      const started = (
        id: string,
        file: string,
        connection: ConnectionId,
        kind: { connection: ConnectionId } | { calendar: string }
      ) =>
        ("calendar" in kind
          ? control.start(ImportCalendar._tag, { key: id, upload: id, file, ...kind, fetched: null }, Option.some(id))
          : control.start(Import._tag, { key: id, upload: id, file, ...kind }, Option.some(id))).pipe(
            Effect.provideService(RunOptions, { ...RunOptions.defaultValue(), attributes: { file, connection } }),
            Effect.catchTags({
              UnknownWorkflow: Effect.die,
              InvalidInput: Effect.die,
              SurrealError: (error: SurrealError) => Effect.fail(storeFailed(error))
            })
          )

      const receive = Effect.fn("Uploads.receive")(function*(
        { bytes, calendar, connection: asked, file: named }: Upload
      ) {
        const id = yield* uploadId
        const file = named ?? id
        const path = `${folder}/${id}`
        yield* Effect.mapError(fs.makeDirectory(folder, { recursive: true, mode: 0o700 }), unwritable)
        const { connection, kind, length, parts } = yield* Effect.gen(function*() {
          const length = yield* written(path, bytes)
          const parts = yield* partsOf(file, path).pipe(
            Effect.provideService(FileSystem.FileSystem, fs),
            Effect.mapError(refused)
          )
          if (areCalendars(parts)) {
            const name = yield* calendarOf(calendar ?? calendarNameOf(file))
            return { length, parts, connection: calendarConnection(name), kind: { calendar: name } }
          }
          const connection = yield* accountOf(asked)
          return { length, parts, connection, kind: { connection } }
        }).pipe(Effect.onError(() => Effect.ignore(fs.remove(path, { force: true }))))
        // from here on the file is the run's, which may be there although its start has failed
        yield* Effect.uninterruptible(started(id, file, connection, kind))
        return new ImportAccepted({ id, file, bytes: length, connection, files: parts.length })
      })
      return Uploads.of({ receive })
    })
  )
}

const tooLarge = new PayloadTooLarge({ detail: "A file has at most 4 GB here.", fix: "import its parts one by one" })

/** Whoever sends is gone, or the line is. */
const isCut = (defect: unknown): boolean =>
  HttpServerError.isHttpServerError(defect) && defect.reason._tag === "RequestParseError" &&
  defect.reason.reason !== "BodyTooLarge"

const cut = (length: number): InvalidRequest => {
  const message = `the file was cut short: ${length} bytes of it came, and its end did not`
  return new InvalidRequest({
    detail: `${message}.`,
    details: [{ pointer: "/payload", message }],
    fix: "send it again; over a slow line copy it to the machine first, and import it there"
  })
}

/** What is wrong with a file is wrong with the request. */
const refused = ({ fix, message }: ImportError): InvalidRequest =>
  new InvalidRequest({ detail: `${message}.`, details: [{ pointer: "/payload", message }], fix })

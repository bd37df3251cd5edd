/** Files that come in over the API: written as they come, looked at once, and given to a run that reads them. */
import { Context, Effect, FileSystem, Layer, Option, Random, Stream } from "effect"
import { HttpServerError } from "effect/http"
import { DataFolder } from "../config/Places.ts"
import { type ConnectionId, isCalled } from "../domain/Connection.ts"
import { RunControl } from "../engine/RunControl.ts"
import { RunOptions } from "../engine/RunOptions.ts"
import { partsOf } from "../imports/ExportFile.ts"
import type { ImportError } from "../imports/ImportError.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { Connections } from "../store/Connections.ts"
import { Import, uploadFolder } from "../workflows/Import.ts"
import { ImportAccepted } from "./ImportMessages.ts"
import { InvalidRequest, PayloadTooLarge, RunConflict, StoreFailed } from "./Problems.ts"
import { largestUpload } from "./RequestLimits.ts"
import { storeFailed } from "./Translate.ts"

/** A file, and what is said of it. */
export interface Upload {
  readonly file: string | undefined
  readonly connection: string | undefined
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

      const started = (id: string, file: string, connection: ConnectionId) =>
        control.start(Import._tag, { key: id, upload: id, file, connection }, Option.some(id)).pipe(
          Effect.provideService(RunOptions, { ...RunOptions.defaultValue(), attributes: { file } }),
          Effect.catchTags({
            UnknownWorkflow: Effect.die,
            InvalidInput: Effect.die,
            SurrealError: (error: SurrealError) => Effect.fail(storeFailed(error))
          })
        )

      const receive = Effect.fn("Uploads.receive")(function*({ bytes, connection: asked, file: named }: Upload) {
        const connection = yield* accountOf(asked)
        const id = `import-${yield* randomName}`
        const file = named ?? id
        const path = `${folder}/${id}`
        yield* Effect.mapError(fs.makeDirectory(folder, { recursive: true, mode: 0o700 }), unwritable)
        const { length, parts } = yield* Effect.gen(function*() {
          const length = yield* written(path, bytes)
          const parts = yield* partsOf(file, path).pipe(
            Effect.provideService(FileSystem.FileSystem, fs),
            Effect.mapError(refused)
          )
          return { length, parts }
        }).pipe(Effect.onError(() => Effect.ignore(fs.remove(path, { force: true }))))
        // from here on the file is the run's, which may be there although its start has failed
        yield* Effect.uninterruptible(started(id, file, connection))
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

const randomName = Effect.map(
  Effect.replicateEffect(Random.nextIntBetween(0, 0x100000000, { halfOpen: true }), 3),
  (parts) => parts.map((part) => part.toString(16).padStart(8, "0")).join("")
)

/** Calendars at an address: fetched when they have changed, and given to a run that reads them. */
import { Context, DateTime, Effect, FileSystem, Layer, Option, Redacted, Result, Schema, Stream } from "effect"
import { HttpClientRequest } from "effect/http"
import { hash } from "node:crypto"
import { DataFolder } from "../config/Places.ts"
import { calendarNameOf } from "../domain/CalendarName.ts"
import { unfinishedStates } from "../domain/Run.ts"
import { parse } from "../domain/RunQueryParser.ts"
import { RunControl } from "../engine/RunControl.ts"
import { RunOptions } from "../engine/RunOptions.ts"
import { areCalendars, partsOf } from "../imports/ExportFile.ts"
import { broken } from "../services/AnswerBody.ts"
import { GuardedHttp } from "../services/GuardedHttp.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { calendarConnection, ImportedCalendars } from "../store/ImportedCalendars.ts"
import type { Runs } from "../store/Runs.ts"
import { uploadFolder } from "./Import.ts"
import { ImportCalendar } from "./ImportCalendar.ts"
import { uploadId } from "./UploadId.ts"

/** An address gives no calendar; nothing that is told of it tells the address, which may be a secret. */
export class CalendarUnreachable extends Schema.TaggedError<CalendarUnreachable>()("CalendarUnreachable", {
  message: Schema.String,
  fix: Schema.String,
  /** Whether the same address may give one a little later. */
  isPassing: Schema.Boolean
}) {}

/** What has become of an address that was asked. */
export interface Fetched {
  readonly calendar: string
  /** The run that reads it; none where nothing has changed since it was read. */
  readonly run: Option.Option<string>
  readonly bytes: number
}

export class CalendarAddresses extends Context.Service<CalendarAddresses, {
  /**
   * Asks the address, and starts an import where it has something new. A calendar has the name of its host where it is given none. `renews`: it may
   * be another address than the calendar had before, which is then its own.
   */
  readonly fetch: (
    address: Redacted.Redacted<string>,
    calendar: string | undefined,
    options?: { readonly renews?: boolean }
  ) => Effect.Effect<Fetched, CalendarUnreachable | SurrealError>
}>()("glider/workflows/CalendarAddresses") {
  static readonly layerIn = (dataFolder: string) =>
    Layer.effect(
      CalendarAddresses,
      Effect.gen(function*() {
        const calendars = yield* ImportedCalendars
        const control = yield* RunControl
        const fs = yield* FileSystem.FileSystem
        const http = yield* GuardedHttp
        const folder = uploadFolder(dataFolder)

        /** Writes what comes; how much that was. */
        const written = Effect.fnUntraced(
          function*(path: string, bytes: Stream.Stream<Uint8Array, unknown>) {
            let length = 0
            const file = yield* Effect.mapError(fs.open(path, { flag: "wx", mode: 0o600 }), unkept)
            yield* Stream.runForEach(Stream.mapError(bytes, cut), (piece) => {
              length += piece.length
              return length > largest ? Effect.fail(tooLarge) : Effect.mapError(file.writeAll(piece), unkept)
            })
            yield* Effect.mapError(file.sync, unkept)
            return length
          },
          Effect.scoped
        )

        /** What is none is refused before there is a run of it. */
        const looked = (calendar: string, path: string) =>
          partsOf(calendar, path).pipe(
            Effect.provideService(FileSystem.FileSystem, fs),
            Effect.mapError(({ fix, message }) => new CalendarUnreachable({ message, fix, isPassing: false })),
            Effect.filterOrFail(areCalendars, () => noCalendar)
          )

        const fetch = Effect.fn("CalendarAddresses.fetch")(
          function*(given: Redacted.Redacted<string>, asked: string | undefined, { renews = false } = {}) {
            const url = URL.parse(Redacted.value(given).replace(/^webcals?:/i, "https:"))
            if (url === null || !/^https?:$/.test(url.protocol)) return yield* noAddress
            const address = hash("sha256", url.href, "base64url")
            const calendar = asked ??
              `${calendarNameOf(url.hostname).slice(0, 50)}-${hash("sha256", url.href).slice(0, 8)}`
            yield* Effect.annotateCurrentSpan({ "glider.calendar": calendar })
            const known = yield* calendars.get(calendar)
            const isSame = Option.exists(known, (known) => Option.contains(known.address, address))
            const isRenewed = renews && Option.exists(known, (known) => Option.isSome(known.address))
            if (Option.isSome(known) && !isSame && !isRenewed) return yield* another(calendar)
            const before = Option.filter(known, ({ read_at }) => isSame && Option.isSome(read_at))
            const header = (name: string, value: Option.Option<string>) =>
              Option.match(value, { onNone: () => ({}), onSome: (value) => ({ [name]: value }) })
            const response = yield* http.execute(
              HttpClientRequest.get(url.href).pipe(HttpClientRequest.setHeaders({
                accept: "text/calendar, */*;q=0.1",
                "user-agent": "glider",
                ...header("if-none-match", Option.flatMap(before, ({ etag }) => etag)),
                ...header("if-modified-since", Option.flatMap(before, ({ last_modified }) => last_modified))
              }))
            ).pipe(
              Effect.catchTags({
                AddressRefused: unreached,
                HttpClientError: ({ reason }) => unreached(broken(reason))
              })
            )
            const at = yield* DateTime.now
            if (response.status === 304) {
              yield* calendars.unchanged(calendar, at)
              return { calendar, run: Option.none(), bytes: 0 }
            }
            if (response.status !== 200) return yield* answered(response.status)
            const id = yield* uploadId
            const path = `${folder}/${id}`
            yield* Effect.mapError(fs.makeDirectory(folder, { recursive: true, mode: 0o700 }), unkept)
            const bytes = yield* Effect.tap(written(path, response.stream), looked(calendar, path)).pipe(
              Effect.onError(() => Effect.ignore(fs.remove(path, { force: true })))
            )
            const fetched = {
              address,
              etag: response.headers["etag"] ?? null,
              lastModified: response.headers["last-modified"] ?? null
            }
            const payload = { key: id, upload: id, file: calendar, calendar, fetched }
            yield* control.start(ImportCalendar._tag, payload, Option.some(id)).pipe(
              Effect.provideService(RunOptions, {
                ...RunOptions.defaultValue(),
                attributes: { file: calendar, connection: calendarConnection(calendar) }
              }),
              Effect.catchTags({ UnknownWorkflow: Effect.die, InvalidInput: Effect.die }),
              Effect.uninterruptible
            )
            return { calendar, run: Option.some(id), bytes }
          },
          Effect.scoped,
          Effect.timeoutOrElse({
            duration: "2 minutes",
            orElse: () => unreached("it did not come to an end within 2 minutes")
          })
        )
        return CalendarAddresses.of({ fetch })
      })
    )

  static readonly layer = Layer.unwrap(Effect.map(DataFolder, ({ path }) => CalendarAddresses.layerIn(path)))
}

/** As a file. */
const largest = 256 * 1024 * 1024

const unkept = ({ message }: { readonly message: string }) =>
  new CalendarUnreachable({
    message: `what it gave cannot be kept: ${message}`,
    fix: "see that the disk is not full and the data folder may be written to",
    isPassing: true
  })

const cut = () =>
  new CalendarUnreachable({
    message: "the connection broke before the calendar had come",
    fix: "try again",
    isPassing: true
  })

const tooLarge = new CalendarUnreachable({
  message: "a calendar has at most 256 MB here",
  fix: "see that the address is right",
  isPassing: false
})

const noAddress = new CalendarUnreachable({
  message: "it is no address of a calendar",
  fix: "give one that begins with https:// or webcal://",
  isPassing: false
})

const noCalendar = new CalendarUnreachable({
  message: "what it gives is no calendar",
  fix: "see that the address is right: it is often called iCal or ICS, and may need to be made public first",
  isPassing: false
})

const another = (calendar: string) =>
  new CalendarUnreachable({
    message: `there is another calendar ${calendar}, which is not read from this address`,
    fix: "give this one another name",
    isPassing: false
  })

const unreached = (why: string | { readonly message: string; readonly fix: string }) =>
  Effect.fail(
    typeof why === "string"
      ? new CalendarUnreachable({
        message: `its server cannot be reached: ${why}`,
        fix: "see that the address is right, and try again",
        isPassing: true
      })
      : new CalendarUnreachable({ message: why.message, fix: why.fix, isPassing: false })
  )

/** Statuses that are over after a while. */
const isPassing = (status: number): boolean => status >= 500 || status === 408 || status === 425 || status === 429

const answered = (status: number) =>
  status >= 300 && status < 400
    ? new CalendarUnreachable({
      message: `it leads elsewhere (${status}), which is not followed`,
      fix: "give the address that it leads to in the end",
      isPassing: false
    })
    : new CalendarUnreachable({
      message: `its server answered ${status}`,
      fix: isPassing(status) ? "try again later" : "see that the address is right: it may have been renewed",
      isPassing: isPassing(status)
    })

/** Whether an import of the calendar is under way. */
export const isBeingRead = (runs: Runs["Service"], calendar: string) => {
  const query = Result.getOrThrow(
    parse(
      `workflow = ${ImportCalendar._tag} and connection = ${JSON.stringify(calendarConnection(calendar))} and ` +
        `state in (${unfinishedStates.join()})`
    )
  )
  return Effect.map(
    runs.list({ query: Option.some(query), after: Option.none(), limit: 1 }),
    ({ runs }) => runs.length > 0
  )
}

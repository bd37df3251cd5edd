import { Effect, Option, Result, Schema } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { ImportResult } from "../domain/ImportResult.ts"
import type { Run } from "../domain/Run.ts"
import { parse } from "../domain/RunQueryParser.ts"
import { calendarConnection } from "../store/ImportedCalendars.ts"
import { Runs } from "../store/Runs.ts"
import { CalendarAddresses } from "../workflows/CalendarAddresses.ts"
import { Import } from "../workflows/Import.ts"
import { ImportCalendar } from "../workflows/ImportCalendar.ts"
import { Api } from "./Api.ts"
import { CalendarFetched, ImportInfo } from "./ImportMessages.ts"
import { InvalidRequest, NotFound } from "./Problems.ts"
import { storeFailed } from "./Translate.ts"
import { Uploads } from "./Uploads.ts"

const decodeResult = Schema.decodeUnknownOption(ImportResult)

const decodeReached = Schema.decodeUnknownOption(Schema.Struct({ message: Schema.String }))

const infoOf = ({ attributes, error, finishedAt, id, progress, report, startedAt, status }: Run): ImportInfo =>
  new ImportInfo({
    id,
    status,
    started_at: startedAt,
    finished_at: finishedAt,
    file: Option.filter(Option.fromUndefinedOr(attributes["file"]), (file) => typeof file === "string"),
    progress: Option.map(decodeReached(progress), ({ message }) => message),
    error,
    result: decodeResult(report)
  })

const workflows: ReadonlyArray<string> = [Import._tag, ImportCalendar._tag]

const ofImports = Result.getOrThrow(parse(`workflow in (${workflows.join(", ")})`))

export const importsHandlers = HttpApiBuilder.group(
  Api,
  "imports",
  Effect.fn(function*(handlers) {
    const runs = yield* Runs
    const addresses = yield* CalendarAddresses
    const uploads = yield* Uploads
    return handlers.handleAll({
      upload: ({ payload, query: { calendar, connection, file } }) =>
        uploads.receive({ file, connection, calendar, bytes: payload }),
      address: ({ payload: { address, calendar } }) =>
        addresses.fetch(address, calendar).pipe(
          Effect.map(({ bytes, calendar, run }) =>
            new CalendarFetched({ calendar, connection: calendarConnection(calendar), id: run, bytes })
          ),
          Effect.catchTags({
            CalendarUnreachable: ({ fix, message }) =>
              Effect.fail(
                new InvalidRequest({
                  detail: `The address gives no calendar: ${message}.`,
                  details: [{ pointer: "/payload/address", message }],
                  fix
                })
              ),
            SurrealError: (error) => Effect.fail(storeFailed(error))
          })
        ),
      list: ({ query: { limit = 50 } }) =>
        Effect.map(
          Effect.mapError(runs.list({ query: Option.some(ofImports), after: Option.none(), limit }), storeFailed),
          ({ runs }) => runs.map(infoOf)
        ),
      get: Effect.fnUntraced(function*({ params: { id } }) {
        const found = yield* Effect.mapError(runs.get(id), storeFailed)
        if (Option.isSome(found) && workflows.includes(found.value.workflow)) return infoOf(found.value)
        return yield* new NotFound({ detail: `There is no import ${id}.`, fix: "glider import list" })
      })
    })
  })
)

import { Effect, Option, Predicate, Result, Schema } from "effect"
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

const decodeReached = Schema.decodeUnknownOption(Schema.Struct({
  step: Schema.String,
  done: Schema.Finite,
  total: Schema.Finite,
  message: Schema.String
}))

const infoOf = (run: Run): ImportInfo => {
  const { attributes, error, finishedAt, id, progress, report, startedAt, status, workflow } = run
  const attribute = (name: string) => Option.filter(Option.fromUndefinedOr(attributes[name]), Predicate.isString)
  const reached = decodeReached(progress)
  return new ImportInfo({
    id,
    kind: workflow === ImportCalendar._tag ? "calendar" : "history",
    status,
    started_at: startedAt,
    finished_at: finishedAt,
    file: attribute("file"),
    connection: attribute("connection"),
    progress: Option.map(reached, ({ message }) => message),
    fraction: reached.pipe(
      Option.filter(({ step, total }) => step === "read" && total > 0),
      Option.map(({ done, total }) => Math.min(1, done / total))
    ),
    error,
    result: decodeResult(report)
  })
}

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

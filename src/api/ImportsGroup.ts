import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema } from "effect/http-api"
import { CalendarName } from "../domain/CalendarName.ts"
import { ReviewState } from "../domain/ImportResult.ts"
import { Authorization, Readable, Replayed, Uploaded } from "./Guards.ts"
import { CalendarFetched, CandidateAnswered, CandidateInfo, ImportAccepted, ImportInfo } from "./ImportMessages.ts"
import { InvalidRequest, NotFound, PayloadTooLarge, RunConflict, StoreFailed } from "./Problems.ts"
import { RequiredScope } from "./Scopes.ts"

/** What a person calls a file: shown again, and never opened by that name. */
const FileName = Schema.String.check(Schema.isMinLength(1), Schema.isMaxLength(255))

const Limit = Schema.NumberFromString.check(Schema.isInt(), Schema.isBetween({ minimum: 1, maximum: 500 }))

const Params = { id: Schema.NonEmptyString }

/** Files that providers send a person on request. */
export class ImportsGroup extends HttpApiGroup.make("imports")
  .add(
    /** The body is the file, of up to 4 GB; it is read as it comes. */
    HttpApiEndpoint.post("upload", "/", {
      query: {
        /** What the file is called. */
        file: Schema.optionalKey(FileName),
        /** Whose records they are, where several accounts are connected: `spotify:…`. */
        connection: Schema.optionalKey(Schema.NonEmptyString),
        /** What a calendar is to be called; like its file without it. */
        calendar: Schema.optionalKey(CalendarName)
      },
      payload: HttpApiSchema.StreamUint8Array({
        contentType: ["application/octet-stream", "application/zip", "application/json", "text/calendar"]
      }),
      success: ImportAccepted,
      error: [InvalidRequest, PayloadTooLarge, RunConflict, StoreFailed]
    }).annotate(RequiredScope, "data:write").annotate(Replayed, false).annotate(Uploaded, true),
    /** Asks the address once; it is kept nowhere. Imports what it gives, unless nothing has changed since it was read. */
    HttpApiEndpoint.post("address", "/address", {
      payload: Schema.Struct({
        /** `https://…` or `webcal://…`. */
        address: Schema.RedactedFromValue(Schema.NonEmptyString.check(Schema.isMaxLength(4096)), { label: "address" }),
        /** What the calendar is to be called; like the host, with a few letters more, without it. */
        calendar: Schema.optionalKey(CalendarName)
      }),
      success: CalendarFetched,
      error: [InvalidRequest, StoreFailed]
    }).annotate(RequiredScope, "data:write").annotate(Replayed, false),
    /** The newest first. */
    HttpApiEndpoint.get("list", "/", {
      query: { limit: Schema.optionalKey(Limit) },
      success: Schema.Array(ImportInfo),
      error: StoreFailed
    }).annotate(RequiredScope, "data:read"),
    HttpApiEndpoint.get("get", "/:id", {
      params: Params,
      success: ImportInfo,
      error: [NotFound, StoreFailed]
    }).annotate(RequiredScope, "data:read")
  )
  .middleware(Authorization)
  .middleware(Readable)
  .prefix("/api/v1/imports")
{}

/** Streams of imports that wait for a person to say whether they are plays which are there already. */
export class CandidatesGroup extends HttpApiGroup.make("candidates")
  .add(
    HttpApiEndpoint.get("list", "/", {
      query: { state: Schema.optionalKey(ReviewState), limit: Schema.optionalKey(Limit) },
      success: Schema.Array(CandidateInfo),
      error: StoreFailed
    }).annotate(RequiredScope, "data:read"),
    HttpApiEndpoint.get("get", "/:id", {
      params: Params,
      success: CandidateInfo,
      error: [NotFound, StoreFailed]
    }).annotate(RequiredScope, "data:read"),
    HttpApiEndpoint.post("approve", "/:id/approve", {
      params: Params,
      success: CandidateAnswered,
      error: [NotFound, RunConflict, StoreFailed]
    }).annotate(RequiredScope, "data:write"),
    HttpApiEndpoint.post("reject", "/:id/reject", {
      params: Params,
      success: CandidateAnswered,
      error: [NotFound, RunConflict, StoreFailed]
    }).annotate(RequiredScope, "data:write")
  )
  .middleware(Authorization)
  .middleware(Readable)
  .prefix("/api/v1/candidates")
{}

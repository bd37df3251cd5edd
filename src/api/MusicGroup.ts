/** Songs that are put into playlists, as contract 1C has it: for a phone, and for whatever asked the system before. */
import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema } from "effect/http-api"
import { Authorization, Readable } from "./Guards.ts"
import {
  Cancellable,
  LetterRetried,
  LettersRetried,
  SyncAccepted,
  SyncCancelled,
  SyncHealth,
  SyncLetters,
  SyncRequest,
  SyncState
} from "./MusicMessages.ts"
import { InvalidRequest, MusicUnavailable, NotFound, RunConflict, StoreFailed } from "./Problems.ts"
import { RequiredScope } from "./Scopes.ts"

const Params = { id: Schema.NonEmptyString }

const Limit = Schema.NumberFromString.check(Schema.isInt(), Schema.isBetween({ minimum: 1, maximum: 500 }))

export class MusicGroup extends HttpApiGroup.make("music")
  .add(
    HttpApiEndpoint.post("sync", "/sync", {
      payload: SyncRequest,
      success: SyncAccepted.pipe(HttpApiSchema.status(202)),
      error: [InvalidRequest, MusicUnavailable, StoreFailed]
    }).annotate(RequiredScope, "workflow.run:write"),
    HttpApiEndpoint.get("state", "/sync/:id", {
      params: Params,
      success: SyncState,
      error: [NotFound, StoreFailed]
    }).annotate(RequiredScope, "workflow.run:read"),
    HttpApiEndpoint.post("cancel", "/sync/:id/cancel", {
      params: Params,
      success: SyncCancelled,
      error: [NotFound, RunConflict, StoreFailed]
    }).annotate(RequiredScope, "workflow.run:write"),
    HttpApiEndpoint.get("cancellable", "/sync/:id/cancellable", {
      params: Params,
      success: Cancellable,
      error: [NotFound, StoreFailed]
    }).annotate(RequiredScope, "workflow.run:read"),
    HttpApiEndpoint.get("health", "/health", { success: SyncHealth }).annotate(RequiredScope, "system:read")
  )
  .middleware(Authorization)
  .middleware(Readable)
  .prefix("/api/v1")
{}

export class MusicLettersGroup extends HttpApiGroup.make("musicLetters")
  .add(
    HttpApiEndpoint.get("list", "/list", {
      query: { after: Schema.optionalKey(Schema.String), limit: Schema.optionalKey(Limit) },
      success: SyncLetters,
      error: [InvalidRequest, StoreFailed]
    }).annotate(RequiredScope, "workflow.run:read"),
    HttpApiEndpoint.post("retry", "/retry/:id", {
      params: Params,
      success: LetterRetried,
      error: [NotFound, RunConflict, StoreFailed]
    }).annotate(RequiredScope, "workflow.run:write"),
    HttpApiEndpoint.post("retryAll", "/retry", {
      success: LettersRetried,
      error: [StoreFailed]
    }).annotate(RequiredScope, "workflow.run:write")
  )
  .middleware(Authorization)
  .middleware(Readable)
  .prefix("/api/v1/dlq")
{}

/** Failures of the services as problems of the API. */
import { Effect, Option } from "effect"
import type { AccountsError } from "../accounts/AccountsError.ts"
import type { ConfigFileError } from "../config/Mistake.ts"
import { mendFor } from "../domain/Mends.ts"
import type { ProviderError } from "../domain/ProviderError.ts"
import type { InvalidInput, UnknownWorkflow } from "../engine/RunControl.ts"
import type { InvalidChange } from "../schedules/ScheduleChanges.ts"
import type { StaleRevision, UnknownSchedule } from "../schedules/ScheduleErrors.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import type { CannotSync } from "../workflows/MusicIntake.ts"
import type { CannotRetry } from "../workflows/Retries.ts"
import {
  InvalidConfig,
  InvalidRequest,
  MusicUnavailable,
  NotFound,
  PreconditionFailed,
  RunConflict,
  SignInFailed,
  StoreFailed
} from "./Problems.ts"

/** What to do about it, where its message does not say that. */
const mended = (name: string, names: { readonly [part: string]: string }): { readonly fix?: string } =>
  Option.match(mendFor(name, names), { onNone: () => ({}), onSome: (fix) => ({ fix }) })

/** The store's failure, in its own words. */
export const storeFailed = (error: SurrealError): StoreFailed =>
  new StoreFailed({ detail: error.message, ...mended(error.reason._tag, {}) })

/** Why no song can be put into a playlist here, and what to do about it. */
export const cannotSync = ({ fix, message }: CannotSync): Effect.Effect<never, MusicUnavailable> =>
  Effect.fail(new MusicUnavailable({ detail: `${message}.`, fix }))

/** Every mistake of the config file, with its line. */
export const invalidConfig = (error: ConfigFileError): InvalidConfig =>
  new InvalidConfig({
    detail: error.message,
    details: error.mistakes.map((mistake) => ({
      pointer: `/${mistake.key.replaceAll(".", "/")}`,
      message: mistake.text
    })),
    fix: "glider config check"
  })

/** Why a sign-in, or its end, did not go through; the sentence says what to do. */
export const signInFailed = (error: AccountsError | ProviderError): SignInFailed =>
  new SignInFailed({ detail: error.message, ...mended(error.reason._tag, { provider: error.provider }) })

/** The input of a run, as the workflow's schema judges it. */
export const invalidInput = ({ message, problem }: InvalidInput): InvalidRequest =>
  new InvalidRequest({
    detail: message,
    details: [{ pointer: "/payload/input", message: problem }],
    fix: "glider workflow list --output json"
  })

/** The value of a signal, as the run that asks for it judges it. */
export const invalidSignal = ({ message, problem }: InvalidInput): InvalidRequest =>
  new InvalidRequest({ detail: message, details: [{ pointer: "/payload/value", message: problem }] })

/** A name that no workflow bears. */
export const unknownWorkflow = ({ message }: UnknownWorkflow): NotFound =>
  new NotFound({ detail: message, fix: "glider workflow list" })

/** Why a run is not tried again. */
export const cannotRetry = ({ message, run, why }: CannotRetry): NotFound | RunConflict =>
  why === "unknown"
    ? new NotFound({ detail: message, fix: "glider runs list" })
    : new RunConflict({ detail: message, fix: `glider runs ${why === "not_over" ? "cancel" : "show"} ${run}` })

/** A name that no schedule bears. */
export const unknownSchedule = ({ message }: UnknownSchedule): NotFound =>
  new NotFound({ detail: message, fix: "glider schedule list" })

/** What a schedule cannot be. */
export const invalidChange = ({ field, message }: InvalidChange): InvalidRequest =>
  new InvalidRequest({ detail: `${field}: ${message}`, details: [{ pointer: `/payload/${field}`, message }] })

/** Somebody else was faster. */
export const staleRevision = ({ message }: StaleRevision): PreconditionFailed =>
  new PreconditionFailed({ detail: message, fix: "read it again and repeat the change" })

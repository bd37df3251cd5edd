import { Cause, type Context, Effect, Exit, Schema, type Scope } from "effect"
import type { Workflow, WorkflowEngine } from "effect/workflow"
import type { ExitJson } from "../domain/RunEntry.ts"
import { exitJson, exitOf } from "./ExitCodec.ts"

/** A workflow's payload and result as JSON, and back. */
export interface WorkflowCodec {
  readonly encodePayload: (payload: unknown) => Exit.Exit<unknown, unknown>
  readonly decodePayload: (stored: unknown) => Exit.Exit<unknown, unknown>
  /** The exit as stored, and as it counts: a result that its own schema refuses is a defect. */
  readonly encodeExit: (
    exit: Exit.Exit<unknown, unknown>
  ) => { readonly stored: ExitJson; readonly exit: Exit.Exit<unknown, unknown> }
  readonly decodeExit: (stored: ExitJson) => Exit.Exit<unknown, unknown>
}

/** A workflow that this process can run. */
export interface Registered {
  readonly workflow: Workflow.Any
  readonly execute: (
    payload: object,
    executionId: string
  ) => Effect.Effect<unknown, unknown, WorkflowEngine.WorkflowInstance | WorkflowEngine.WorkflowEngine>
  readonly codec: WorkflowCodec
  /** What was around its registration: runs see this and not what was around their caller. */
  readonly services: Context.Context<never>
  readonly scope: Scope.Scope
}

type Translate = (value: unknown) => Exit.Exit<unknown, unknown>

const translate = (exit: Exit.Exit<unknown, unknown>, success: Translate, error: Translate) => {
  if (Exit.isSuccess(exit)) {
    const translated = success(exit.value)
    return Exit.isSuccess(translated) ? translated : Exit.die(Cause.squash(translated.cause))
  }
  return Exit.failCause(Cause.fromReasons(exit.cause.reasons.map((reason) => {
    if (reason._tag !== "Fail") return reason
    const translated = error(reason.error)
    return Exit.isSuccess(translated)
      ? Cause.makeFailReason(translated.value)
      : Cause.makeDieReason(Cause.squash(translated.cause))
  })))
}

const defects = (exit: Exit.Exit<unknown, unknown>): number =>
  Exit.isSuccess(exit) ? 0 : exit.cause.reasons.filter(({ _tag }) => _tag === "Die").length

/** Whether encoding has turned a value into a defect. */
const isRefused = (exit: Exit.Exit<unknown, unknown>, encoded: Exit.Exit<unknown, unknown>): boolean =>
  Exit.isFailure(encoded) && defects(encoded) > defects(exit)

/**
 * The codec of a workflow. Its schemas may use services, but have to encode and decode synchronously: they do so between
 * two steps.
 */
export const codecOf = <
  Name extends string,
  Payload extends Workflow.AnyStructSchema,
  Success extends Schema.Top,
  Error extends Schema.Top
>(
  workflow: Workflow.Workflow<Name, Payload, Success, Error>
) =>
  Effect.contextWith((
    services: Context.Context<
      | Payload["DecodingServices"]
      | Payload["EncodingServices"]
      | Success["DecodingServices"]
      | Success["EncodingServices"]
      | Error["DecodingServices"]
      | Error["EncodingServices"]
    >
  ) => Effect.succeed(makeCodec(workflow, Effect.runSyncExitWith(services))))

const makeCodec = <
  Name extends string,
  Payload extends Workflow.AnyStructSchema,
  Success extends Schema.Top,
  Error extends Schema.Top
>(
  workflow: Workflow.Workflow<Name, Payload, Success, Error>,
  now: <A, E>(
    effect: Effect.Effect<
      A,
      E,
      | Payload["DecodingServices"]
      | Payload["EncodingServices"]
      | Success["DecodingServices"]
      | Success["EncodingServices"]
      | Error["DecodingServices"]
      | Error["EncodingServices"]
    >
  ) => Exit.Exit<A, E>
): WorkflowCodec => {
  const payload = Schema.toCodecJson(workflow.payloadSchema)
  const success = Schema.toCodecJson(workflow.successSchema)
  const error = Schema.toCodecJson(workflow.errorSchema)
  const encodePayload = Schema.encodeUnknownEffect(payload)
  const decodePayload = Schema.decodeUnknownEffect(payload)
  const encodeSuccess = Schema.encodeUnknownEffect(success)
  const decodeSuccess = Schema.decodeUnknownEffect(success)
  const encodeError = Schema.encodeUnknownEffect(error)
  const decodeError = Schema.decodeUnknownEffect(error)
  return {
    encodePayload: (value) => now(encodePayload(value)),
    decodePayload: (stored) => now(decodePayload(stored)),
    encodeExit: (exit) => {
      const encoded = translate(exit, (value) => now(encodeSuccess(value)), (value) => now(encodeError(value)))
      return { stored: exitJson(encoded), exit: isRefused(exit, encoded) ? encoded : exit }
    },
    decodeExit: (stored) =>
      translate(
        exitOf(stored),
        (value) => now(decodeSuccess(value ?? null)),
        (value) => now(decodeError(value ?? null))
      )
  }
}

import { Cause, Context, Effect, Exit, Layer, Option, Schema } from "effect"
import type { RunError } from "../domain/Run.ts"
import { errorOf } from "../engine/RunOptions.ts"
import type { CurrentJob, JobType, Plain } from "./JobType.ts"

/** What was given to a job does not fit its type. */
export class InvalidPayload extends Schema.TaggedError<InvalidPayload>()("InvalidPayload", {
  type: Schema.String,
  problem: Schema.String
}) {
  override get message(): string {
    return `the payload of ${this.type}: ${this.problem}`
  }
}

/** Nobody here does jobs of that type. */
export class UnknownJobType extends Schema.TaggedError<UnknownJobType>()("UnknownJobType", {
  type: Schema.String,
  known: Schema.Array(Schema.String)
}) {
  override get message(): string {
    return `there is no job type ${this.type}; there are ${this.known.join(", ")}`
  }
}

/** What a try came to: a result as JSON, or a failure, and whether a further try may help. */
export type Ended =
  | { readonly _tag: "Succeeded"; readonly result: string }
  | { readonly _tag: "Failed"; readonly error: RunError; readonly isRetryable: boolean }

/** A type without its types: all is JSON. */
export interface RegisteredType {
  readonly name: string
  readonly pool: string
  /** Fails when it does not fit; else gives the resource of such a job. */
  readonly check: (payload: Schema.Json) => Effect.Effect<Option.Option<string>, InvalidPayload>
  /** One try. Fails never; interrupted, it is the caller's to say what that means. */
  readonly attempt: (payload: Schema.Json, job: CurrentJob["Service"]) => Effect.Effect<Ended>
}

/** The types that have a handler here. */
export class JobTypes extends Context.Service<JobTypes, {
  readonly register: (type: RegisteredType) => Effect.Effect<void>
  readonly find: (name: string) => Option.Option<RegisteredType>
  readonly all: () => ReadonlyArray<RegisteredType>
}>()("glider/jobs/JobTypes") {
  static readonly layer = Layer.sync(JobTypes, () => {
    const types = new Map<string, RegisteredType>()
    return JobTypes.of({
      register: (type) =>
        Effect.suspend(() => {
          if (types.has(type.name)) return Effect.die(new Error(`the job type ${type.name} has two handlers`))
          types.set(type.name, type)
          return Effect.void
        }),
      find: (name) => Option.fromUndefinedOr(types.get(name)),
      all: () => [...types.values()]
    })
  })
}

/** A bug stays one however often it is tried. */
const failed = <E>(cause: Cause.Cause<E>, isRetryable: (error: E) => boolean): Effect.Effect<Ended> =>
  Effect.succeed({
    _tag: "Failed",
    error: errorOf(cause),
    isRetryable: !Cause.hasDies(cause) && Option.exists(Cause.findErrorOption(cause), isRetryable)
  })

export const registered = <Payload extends Plain, Success extends Plain, Failure extends Plain>(
  type: JobType<Payload, Success, Failure>,
  handler: (
    payload: Payload["Type"],
    job: CurrentJob["Service"]
  ) => Effect.Effect<Success["Type"], Failure["Type"]>
): RegisteredType => {
  const { isRetryable, name, pool, resource } = type
  const decode = Schema.decodeUnknownEffect(Schema.toCodecJson(type.payload))
  const encode = Schema.encodeUnknownEffect(Schema.fromJsonString(Schema.toCodecJson(type.success)))

  const decoded = (payload: Schema.Json) =>
    Effect.mapError(decode(payload), ({ message }) => new InvalidPayload({ type: name, problem: message }))

  const attempt = Effect.fnUntraced(function*(payload: Schema.Json, job: CurrentJob["Service"]) {
    const given = yield* Effect.exit(decoded(payload))
    if (Exit.isFailure(given)) return yield* failed(given.cause, () => false)
    const exit = yield* Effect.exit(handler(given.value, job))
    if (Exit.isFailure(exit)) {
      return yield* Cause.hasInterruptsOnly(exit.cause) ? Effect.interrupt : failed(exit.cause, isRetryable)
    }
    // a result that does not fit its own type is a bug of the handler
    const result = yield* Effect.exit(encode(exit.value))
    if (Exit.isFailure(result)) return yield* failed(result.cause, () => false)
    return { _tag: "Succeeded", result: result.value } satisfies Ended
  })

  return {
    name,
    pool,
    check: (payload) => Effect.map(decoded(payload), (given) => Option.fromUndefinedOr(resource(given))),
    attempt
  }
}

/** Kinds of work that the store holds until it is done: what they are told, what they come to, and who does them. */
import { Effect, Layer } from "effect"
import { CurrentJob, type JobOptions, type JobType, type Plain } from "./JobType.ts"
import { JobTypes, registered } from "./JobTypes.ts"

/**
 * A kind of work.
 *
 * ```ts
 * export const Reindex = Job.make("index.rebuild", {
 *   payload: Schema.Struct({ table: Schema.String }),
 *   success: Schema.Struct({ rows: Schema.Natural }),
 *   error: IndexError,
 *   isRetryable: ({ reason }) => reason === "busy",
 *   resource: ({ table }) => `index:${table}`
 * })
 *
 * export const layer = Job.toLayer(Reindex, Effect.fnUntraced(function*({ table }) {
 *   return { rows: yield* rebuilt(table) }
 * }))
 * ```
 *
 * A job is done at least once: a worker that dies between its last effect and the note of its result leaves it to another. What it does
 * twice has to be harmless, as a write under an id of its own, or a workflow under `CurrentJob`'s key.
 */
export const make = <Payload extends Plain, Success extends Plain, Failure extends Plain>(
  name: string,
  options: JobOptions<Payload, Success, Failure>
): JobType<Payload, Success, Failure> => ({
  isRetryable: () => true,
  resource: () => undefined,
  pool: "default",
  priority: 0,
  maxAttempts: 5,
  ...options,
  name
})

/** Who does it. */
export const toLayer = <Payload extends Plain, Success extends Plain, Failure extends Plain, R>(
  type: JobType<Payload, Success, Failure>,
  handler: (payload: Payload["Type"]) => Effect.Effect<Success["Type"], Failure["Type"], R>
): Layer.Layer<never, never, JobTypes | Exclude<R, CurrentJob>> =>
  Layer.effectDiscard(Effect.gen(function*() {
    const types = yield* JobTypes
    const services = yield* Effect.context<Exclude<R, CurrentJob>>()
    yield* types.register(
      registered(type, (payload, job) =>
        handler(payload).pipe(
          Effect.provideService(CurrentJob, job),
          Effect.provideContext(services)
        ))
    )
  }))

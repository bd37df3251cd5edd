/** What a kind of work is made of: see `Job.make`. */
import { Context, type DateTime, type Effect, type Schema } from "effect"

/** A schema that asks for no services. */
export type Plain = Schema.Codec<unknown, unknown>

/** What a kind of work says of itself. */
export interface JobOptions<Payload extends Plain, Success extends Plain, Failure extends Plain> {
  readonly payload: Payload
  readonly success: Success
  readonly error: Failure
  /** Which failures are worth another try; all when it does not say. */
  readonly isRetryable?: (error: Failure["Type"]) => boolean
  /** What it works on: no two jobs of one resource run at the same time. */
  readonly resource?: (payload: Payload["Type"]) => string
  /** With whom it shares its places; `default` when it does not say. */
  readonly pool?: string
  /** The higher ones go first; 0 when it does not say. */
  readonly priority?: number
  /** Tries before it has failed for good; 5 when it does not say. */
  readonly maxAttempts?: number
}

export interface JobType<Payload extends Plain, Success extends Plain, Failure extends Plain>
  extends Required<Omit<JobOptions<Payload, Success, Failure>, "resource">>
{
  readonly name: string
  readonly resource: (payload: Payload["Type"]) => string | undefined
}

/** The job that is being done. */
export class CurrentJob extends Context.Service<CurrentJob, {
  readonly id: string
  readonly type: string
  /** Counts from 1. */
  readonly attempt: number
  readonly maxAttempts: number
  readonly createdAt: DateTime.Utc
  /** Whether it is interrupted because somebody wants it to end, and not because the process does. */
  readonly isCancelled: Effect.Effect<boolean>
}>()("glider/jobs/JobType/CurrentJob") {}

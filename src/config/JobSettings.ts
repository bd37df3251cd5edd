import type { Duration } from "effect"

/** Work that is given by the clock. */
export interface StandingSettings {
  readonly enabled: boolean
  /** In the zone of the scheduler. */
  readonly cron: string
}

/** The `[jobs]` table. */
export interface JobSettings {
  /** Jobs of a pool that are done at the same time, by its name. */
  readonly concurrency: { readonly [pool: string]: number }
  /** How long a worker has a job without being heard of. */
  readonly lease: Duration.Duration
  /** After so much, what other processes have given is found. */
  readonly poll: Duration.Duration
  /** How long jobs that have succeeded or were cancelled are kept. */
  readonly retention: Duration.Duration
  /** What differs from the defaults of standing jobs, by their names. */
  readonly standing: { readonly [name: string]: StandingSettings }
}

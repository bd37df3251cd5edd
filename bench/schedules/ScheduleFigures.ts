import { Schema } from "effect"

export const ReconcileSetup = Schema.Struct({ folder: Schema.String, schedules: Schema.Natural })

/** One comparison of config and store. */
const Pass = Schema.Struct({
  seconds: Schema.Finite,
  created: Schema.Natural,
  updated: Schema.Natural,
  /** Calls that write, of the table's and of the store's. */
  writes: Schema.Natural,
  transactions: Schema.Natural
})

export const ReconcileFigures = Schema.Struct({
  first: Pass,
  /** The same again. */
  second: Pass,
  /** Once one in a hundred is said otherwise. */
  third: Pass
})

export const HeldSetup = Schema.Struct({
  folder: Schema.String,
  schedules: Schema.Natural,
  /** Epoch milliseconds, from which the schedules are made. */
  now: Schema.Finite,
  /** Until memory is read: what a start has left behind is gone by then. */
  restSeconds: Schema.Finite
})
export type HeldSetup = typeof HeldSetup.Type

/** Memory in megabytes of 10^6 bytes. */
export const HeldFigures = Schema.Struct({
  /** Before anything is supervised. */
  before: Schema.Finite,
  /** From the start of the process until the last schedule has its next tick. */
  supervisedMillis: Schema.Finite,
  atMost: Schema.Finite,
  /** Resident, once it has come to rest. */
  held: Schema.Finite,
  /** Of it the heap of JavaScript, and the objects in it that are in use. */
  heap: Schema.Finite,
  objects: Schema.Finite,
  /** From a changed expression until the supervisor has its next tick. */
  applyMillis: Schema.Finite
})

export const LatenessSetup = Schema.Struct({
  folder: Schema.String,
  schedules: Schema.Natural,
  isSpread: Schema.Boolean,
  /** Seconds from one tick to the next. */
  every: Schema.Natural,
  /** Ticks that are measured, after one that is not. */
  ticks: Schema.Natural
})
export type LatenessSetup = typeof LatenessSetup.Type

const Quantiles = Schema.Struct({ p50: Schema.Finite, p99: Schema.Finite, most: Schema.Finite })
export type Quantiles = typeof Quantiles.Type

/** Milliseconds from the instant at which a tick is due. */
export const LatenessFigures = Schema.Struct({
  /** Of each tick, until it is taken up. */
  takenUp: Schema.Array(Quantiles),
  /** What the ledger says: when its start was made ready. */
  ledger: Schema.Array(Quantiles),
  /** When its run says to have started. */
  started: Schema.Array(Quantiles),
  /** Until its start is durable. */
  durable: Schema.Array(Quantiles),
  /** Ticks of the ledger, by their outcomes. */
  outcomes: Schema.Record(Schema.String, Schema.Natural),
  /** Calls of the store for each tick, its run included. */
  commits: Schema.Finite,
  reads: Schema.Finite
})

export const FillSetup = Schema.Struct({
  folder: Schema.String,
  /** Of the schedules, one after the other. */
  runs: Schema.Natural,
  ids: Schema.Natural,
  now: Schema.Finite
})

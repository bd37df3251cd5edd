import { Schema } from "effect"

/**
 * What runs the workflows: ours over the embedded store, ours over a journal in memory (what is left is the engine
 * itself), or Effect's own engine in memory, which forgets everything when the process ends.
 */
export const Engine = Schema.Literals(["durable", "journalInMemory", "layerMemory"])
export type Engine = typeof Engine.Type

/** So many workflows, so many of them at the same time. */
export const Level = Schema.Struct({ concurrency: Schema.Natural, workflows: Schema.Natural })
export type Level = typeof Level.Type

export const ThroughputSetup = Schema.Struct({
  engine: Engine,
  /** Of the store; must not exist. */
  folder: Schema.String,
  /** Workflows before anything is measured, at 100 concurrent. */
  warmUp: Schema.Natural,
  levels: Schema.Array(Level),
  /** Whether the last level is sampled, and where the main thread's time went told. */
  profiled: Schema.Boolean
})
export type ThroughputSetup = typeof ThroughputSetup.Type

/** What one level gave. All but rate and latencies are per workflow. */
export const LevelFigures = Schema.Struct({
  ...Level.fields,
  perSecond: Schema.Finite,
  p50Millis: Schema.Finite,
  p99Millis: Schema.Finite,
  /** Transactions and queries; those that several workflows share count in parts. */
  commits: Schema.Finite,
  reads: Schema.Finite,
  /** Handed to the disk: the store's log, and what its compaction writes again. */
  bytesWritten: Schema.Finite,
  /** By which the store's folder grew. */
  bytesKept: Schema.Finite,
  /** Processor time of all threads, and of the main thread alone. */
  cpuMicros: Schema.Finite,
  mainThreadMicros: Schema.Finite,
  /** Part of the time during which a transaction was under way. */
  storeBusy: Schema.Finite,
  /** Part of the machine that other processes took meanwhile. */
  othersBusy: Schema.Finite
})
export type LevelFigures = typeof LevelFigures.Type

/** What a round took of the machine. */
export const Profile = Schema.Struct({
  /** Parts of the time that passed, on the main thread. */
  shares: Schema.Record(Schema.String, Schema.Finite),
  /** Processor time of the process's threads by their names, in milliseconds; Linux alone tells. */
  threadMillis: Schema.Record(Schema.String, Schema.Finite),
  hottest: Schema.Array(Schema.String)
})
export type Profile = typeof Profile.Type

export const ThroughputFigures = Schema.Struct({
  levels: Schema.Array(LevelFigures),
  profile: Schema.optional(Profile)
})

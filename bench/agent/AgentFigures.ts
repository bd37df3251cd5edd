/** What the process of this benchmark is told, and what it says. */
import { Schema } from "effect"

export const AgentSetup = Schema.Struct({
  folder: Schema.String,
  /** Requests of each kind. */
  requests: Schema.Natural,
  /** How long the stand-in for the model takes for an answer. */
  modelMillis: Schema.Natural
})

/** How one way to do it did. */
const Way = Schema.Struct({
  requests: Schema.Natural,
  /** Of those that can be found, the share that was added. */
  success: Schema.Finite,
  /** Tracks that were added and are not what was asked for. */
  wrong: Schema.Natural,
  /** Requests that a person is asked about. */
  reviews: Schema.Natural,
  medianMillis: Schema.Finite,
  p95Millis: Schema.Finite,
  /** Questions to the model, for a request, in the mean. */
  questions: Schema.Finite
})
export type Way = typeof Way.Type

export const AgentFigures = Schema.Struct({
  rules: Way,
  agents: Way,
  /** The share that was added, by kind of request. */
  kinds: Schema.Record(Schema.String, Schema.Struct({ rules: Schema.Finite, agents: Schema.Finite }))
})

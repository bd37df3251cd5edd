/** Affinities fall, each night. */
import { DateTime, Effect, Layer, Schema } from "effect"
import { Affinities, DecayResult } from "../affinity/Affinities.ts"
import * as Job from "../jobs/Job.ts"
import * as Standing from "../jobs/Standing.ts"
import { SurrealError } from "../services/SurrealError.ts"

export const Decay = Job.make("memory.decay", {
  payload: Schema.Struct({}),
  success: DecayResult,
  error: SurrealError,
  resource: () => "affinity"
})

export const layer = Layer.merge(
  Job.toLayer(Decay, () => Effect.flatMap(Affinities, ({ decay }) => decay)),
  Standing.toLayer(Decay, {
    name: "memory_decay",
    cron: "0 2 * * *",
    isEnabled: true,
    key: (at) => `memory_decay:${DateTime.formatIsoDate(at)}`,
    payload: () => ({})
  })
)

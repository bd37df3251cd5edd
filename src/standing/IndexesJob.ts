/** What is derived is brought to what the tables say. */
import { DateTime, Effect, Layer, Schema } from "effect"
import * as Job from "../jobs/Job.ts"
import * as Standing from "../jobs/Standing.ts"
import { Surreal } from "../services/Surreal.ts"
import { SurrealError } from "../services/SurrealError.ts"
import { ListeningDays } from "../store/ListeningDays.ts"
import { rebuild } from "../store/Rebuild.ts"

export const Rebuild = Job.make("indexes.derived_build", {
  payload: Schema.Struct({}),
  success: Schema.Struct({
    /** Plays that were counted and are none. */
    removed: Schema.Natural
  }),
  error: SurrealError,
  resource: () => "derived"
})

/** Registers it, and that it is given by the clock where the config wants that: every commit writes what is derived. */
export const layer = Layer.merge(
  Job.toLayer(Rebuild, () =>
    Effect.gen(function*() {
      return { removed: yield* rebuild(yield* Surreal) }
    })),
  Standing.toLayer(Rebuild, {
    name: "indexes_derived_build",
    cron: "30 4 * * SUN",
    isEnabled: false,
    key: (at) => `indexes_derived_build:${DateTime.formatIsoDate(at)}`,
    payload: () => ({})
  })
).pipe(Layer.provide(ListeningDays.layer))

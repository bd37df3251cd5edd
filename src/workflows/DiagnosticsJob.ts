/** A job that does nothing but show that all layers work: it runs a workflow with its activities, and tells how long that took. */
import { Clock, DateTime, Effect, Layer, Schema } from "effect"
import { awaited } from "../jobs/AwaitedRun.ts"
import * as Job from "../jobs/Job.ts"
import * as Standing from "../jobs/Standing.ts"
import { Diagnostics, DiagnosticsFailed } from "./Diagnostics.ts"

export const Noop = Job.make("diagnostics.noop", {
  payload: Schema.Struct({ key: Schema.NonEmptyString }),
  success: Schema.Struct({ millis: Schema.Finite }),
  error: DiagnosticsFailed,
  pool: "diagnostics",
  maxAttempts: 3
})

const handler = Job.toLayer(
  Noop,
  Effect.fnUntraced(function*({ key }) {
    const begun = yield* Clock.currentTimeMillis
    // the same run for every try of the job
    yield* awaited(Diagnostics, { key: `job ${key}` })
    return { millis: (yield* Clock.currentTimeMillis) - begun }
  })
)

const minutely = (at: DateTime.Zoned): string => DateTime.formatIso(at).slice(0, 16)

/** Registers it, and that it is given by the clock where the config wants that. */
export const layer = Layer.merge(
  handler,
  Standing.toLayer(Noop, {
    name: "diagnostics_noop",
    cron: "*/15 * * * *",
    isEnabled: false,
    key: (at) => `diagnostics_noop:${minutely(at)}`,
    payload: (at) => ({ key: minutely(at) })
  })
)

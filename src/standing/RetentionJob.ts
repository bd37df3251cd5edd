/** What is too old goes, each night. */
import { DateTime, Effect, Layer, Schema } from "effect"
import { RetentionStats } from "../domain/Evidence.ts"
import * as Job from "../jobs/Job.ts"
import * as Standing from "../jobs/Standing.ts"
import { EvidenceRetention } from "../retention/EvidenceRetention.ts"
import { SurrealError } from "../services/SurrealError.ts"

export const Retain = Job.make("evidence.retention", {
  payload: Schema.Struct({
    /** How many of each kind are removed between two looks at what is held; it goes on until nothing is left. */
    limit: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 10_000 })),
    /** Only counts. */
    dryRun: Schema.Boolean
  }),
  success: Schema.Struct({ kinds: Schema.Array(RetentionStats) }),
  error: SurrealError,
  resource: () => "retention"
})

const usual = { limit: 500, dryRun: false }

export const layer = Layer.merge(
  Job.toLayer(
    Retain,
    Effect.fnUntraced(function*({ dryRun, limit }) {
      const retention = yield* EvidenceRetention
      return { kinds: yield* (dryRun ? retention.run({ dryRun, limit }) : retention.runAll(limit)) }
    })
  ),
  Standing.toLayer(Retain, {
    name: "evidence_retention",
    cron: "0 3 * * *",
    isEnabled: true,
    key: (at) => `evidence_retention:${DateTime.formatIsoDate(at)}`,
    payload: () => usual
  })
)

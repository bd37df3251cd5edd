/** For how long each kind of evidence is kept, as the config says. */
import { Duration, Effect, Layer, Option } from "effect"
import { CurrentConfig } from "../Config.ts"
import { Surreal } from "../services/Surreal.ts"
import { auditEvidence, deliveryEvidence, messageEvidence, tickEvidence } from "../store/AgedEvidence.ts"
import { LegalHolds } from "../store/LegalHolds.ts"
import { rawEvidence } from "../store/RawEvidence.ts"
import { RetentionAudit } from "../store/RetentionAudit.ts"
import { runEvidence } from "../store/RunEvidence.ts"
import { EvidenceRetention } from "./EvidenceRetention.ts"

/** What the audit is kept for when nobody says: three years. */
const auditByDefault = Duration.days(1095)

/** Retention over the store, with the holds and the audit. */
export const layer = Layer.unwrap(Effect.gen(function*() {
  const { engine, retention, scheduler } = yield* CurrentConfig
  const surreal = yield* Surreal
  const raw = Option.flatMap(Option.fromUndefinedOr(retention), ({ raw }) => raw)
  return EvidenceRetention.layer([
    { evidence: runEvidence(surreal), age: engine.retention },
    { evidence: tickEvidence(surreal), age: scheduler.ledger },
    { evidence: deliveryEvidence(surreal), age: engine.retention },
    { evidence: messageEvidence(surreal), age: engine.retention },
    ...Option.toArray(Option.map(raw, (age) => ({ evidence: rawEvidence(surreal), age }))),
    { evidence: auditEvidence(surreal), age: retention?.audit ?? auditByDefault }
  ])
})).pipe(Layer.provideMerge([LegalHolds.layer, RetentionAudit.layer]))

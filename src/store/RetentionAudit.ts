import { Context, DateTime, Effect, Layer, Option, Schema } from "effect"
import { type EvidenceKind, RetentionRecord } from "../domain/Evidence.ts"
import { type Statement, Surreal } from "../services/Surreal.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { recordId } from "../services/SurrealValue.ts"

const Row = Schema.Struct({
  place: Schema.String,
  at: Schema.Natural,
  kind: RetentionRecord.fields.kind,
  action: RetentionRecord.fields.action,
  subjects: Schema.Array(Schema.String)
})

/** Ascends from the newest to the oldest. */
const placeOf = (at: number, kind: EvidenceKind, part: string): string =>
  `${(0xffff_ffff_ffff - at).toString(16).padStart(12, "0")} ${kind} ${part}`

/**
 * Notes what is removed, for the transaction that removes it, or what could not be. The first of the subjects makes the id, since
 * each of them is removed once.
 */
export const audited = (
  action: RetentionRecord["action"],
  kind: EvidenceKind,
  subjects: ReadonlyArray<string>,
  at: DateTime.Utc
): Statement => {
  const part = `${action} ${subjects[0] ?? ""}`
  return {
    sql: "INSERT IGNORE INTO retention_audit $row RETURN NONE",
    vars: {
      row: {
        id: recordId("retention_audit", [kind, `${at.epochMilliseconds} ${part}`]),
        at: at.epochMilliseconds,
        place: placeOf(at.epochMilliseconds, kind, part),
        kind,
        action,
        subjects
      }
    }
  }
}

/** The table `retention_audit`: what was removed for its age, and when. */
export class RetentionAudit extends Context.Service<RetentionAudit, {
  /** The newest first; `after` is the `next` of the page before. */
  readonly list: (after: Option.Option<string>, limit: number) => Effect.Effect<
    { readonly records: ReadonlyArray<RetentionRecord>; readonly next: Option.Option<string> },
    SurrealError
  >
}>()("glider/store/RetentionAudit") {
  static readonly layer: Layer.Layer<RetentionAudit, never, Surreal> = Layer.effect(
    RetentionAudit,
    Effect.gen(function*() {
      const surreal = yield* Surreal
      const list = Effect.fn("RetentionAudit.list")(function*(after: Option.Option<string>, limit: number) {
        const rows = yield* surreal.query(
          Schema.Array(Row),
          "SELECT place, at, kind, action, subjects FROM retention_audit WITH INDEX retention_audit_by_place " +
            "WHERE place > $after LIMIT $size",
          { after: Option.getOrElse(after, () => ""), size: limit + 1 }
        )
        const shown = rows.slice(0, limit)
        return {
          records: shown.map(({ action, at, kind, subjects }) =>
            new RetentionRecord({ at: DateTime.makeUnsafe(at), kind, action, subjects })
          ),
          next: rows.length > limit
            ? Option.map(Option.fromUndefinedOr(shown.at(-1)), ({ place }) => place)
            : Option.none()
        }
      })
      return RetentionAudit.of({ list })
    })
  )
}

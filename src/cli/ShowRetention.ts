/** Retention on the terminal. */
import { DateTime, Effect, Option, Schema } from "effect"
import { RetentionAuditPage, RetentionDone } from "../api/RetentionMessages.ts"
import { LegalHold } from "../domain/Evidence.ts"
import { fromNow, orDash, print, say, table } from "./Print.ts"

const encodeDone = Schema.encodeEffect(RetentionDone)
const encodeHold = Schema.encodeEffect(LegalHold)
const encodeHolds = Schema.encodeEffect(Schema.Array(LegalHold))
const encodeAudit = Schema.encodeEffect(RetentionAuditPage)

/** `glider retention run`. */
export const showRetention = Effect.fnUntraced(function*(done: RetentionDone) {
  yield* print({
    json: yield* Effect.orDie(encodeDone(done)),
    text: table(
      ["KIND", "OLDER THAN", "EXPIRED", "REMOVED", "VERIFIED", "FAILED", "HELD", "IN USE", "LEFT"],
      done.kinds.map((one) => [
        one.kind,
        DateTime.formatIsoDateUtc(one.before),
        ...[
          one.expired,
          one.deleted,
          one.verified,
          one.failed,
          one.skipped_legal_hold,
          one.skipped_in_use,
          one.left
        ].map(String)
      ])
    )
  })
  if (done.dry_run) yield* say("Nothing was removed.")
})

/** `glider retention hold add` and `remove`. */
export const showHeld = Effect.fnUntraced(function*(hold: LegalHold, what: string) {
  yield* print({ json: yield* Effect.orDie(encodeHold(hold)), text: `${hold.kind} ${hold.subject} ${what}` })
})

/** `glider retention hold list`. */
export const showHolds = Effect.fnUntraced(function*(holds: ReadonlyArray<LegalHold>) {
  const now = yield* DateTime.now
  yield* print({
    json: yield* Effect.orDie(encodeHolds(holds)),
    text: holds.length === 0 ? "nothing is held" : table(
      ["KIND", "SUBJECT", "SINCE", "UNTIL", "", "REASON"],
      holds.map(({ immutable, kind, reason, since, subject, until }) => [
        kind,
        subject,
        fromNow(now, since),
        orDash(Option.map(until, (at) => fromNow(now, at))),
        immutable ? "immutable" : "",
        reason
      ])
    )
  })
})

/** `glider retention audit`. */
export const showAudit = Effect.fnUntraced(function*(page: RetentionAuditPage) {
  const now = yield* DateTime.now
  yield* print({
    json: yield* Effect.orDie(encodeAudit(page)),
    text: page.records.length === 0 ? "nothing was removed yet" : table(
      ["WHEN", "WHAT", "KIND", "HOW MANY", "FIRST"],
      page.records.map(({ action, at, kind, subjects }) => [
        fromNow(now, at),
        action,
        kind,
        String(subjects.length),
        subjects[0] ?? "-"
      ])
    )
  })
  if (Option.isSome(page.next)) yield* say(`There are more: --after "${page.next.value}"`)
})

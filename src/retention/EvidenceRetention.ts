import { Context, DateTime, type Duration, Effect, Layer, Stream } from "effect"
import { EvidenceKind, RetentionStats } from "../domain/Evidence.ts"
import * as Series from "../Series.ts"
import { Surreal } from "../services/Surreal.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import type { Evidence, EvidencePage } from "../store/Evidence.ts"
import { LegalHolds, unlessHeld } from "../store/LegalHolds.ts"
import { audited } from "../store/RetentionAudit.ts"

/** How one look is made. */
export interface Look {
  /** How many of each kind are removed at most. */
  readonly limit: number
  /** Only counts. */
  readonly dryRun: boolean
  /** Of which kinds; of all without it. */
  readonly kinds?: ReadonlyArray<EvidenceKind> | undefined
}

/** One kind of evidence, and for how long it is kept. */
export interface Kept {
  readonly evidence: Evidence
  readonly age: Duration.Duration
}

/** Above so many the space is given back to the disk at once. */
const many = 10_000

type Counts = Omit<typeof RetentionStats.Encoded, "before" | "kind">

const none: Counts = {
  scanned: 0,
  expired: 0,
  deleted: 0,
  verified: 0,
  failed: 0,
  skipped_legal_hold: 0,
  skipped_in_use: 0,
  left: 0
}

const removals = Series.counter("glider_evidence_removed_total", {
  description: "Pieces of evidence that were removed for their age and read back, by kind",
  labels: ["kind"],
  seeds: EvidenceKind.literals.map((kind) => ({ kind }))
})

const sumOf = (one: Counts, other: Counts): Counts => ({
  scanned: one.scanned + other.scanned,
  expired: one.expired + other.expired,
  deleted: one.deleted + other.deleted,
  verified: one.verified + other.verified,
  failed: one.failed + other.failed,
  skipped_legal_hold: one.skipped_legal_hold + other.skipped_legal_hold,
  skipped_in_use: one.skipped_in_use + other.skipped_in_use,
  left: one.left + other.left
})

/** What two looks one after the other have done; what is still there is what the second has seen. */
const together = (first: RetentionStats, second: RetentionStats): RetentionStats => {
  if (first.kind !== second.kind) return first
  const { deleted, failed, verified } = sumOf(first, second)
  return new RetentionStats({
    ...second,
    deleted,
    verified,
    failed,
    scanned: first.deleted + second.scanned,
    expired: first.deleted + second.expired
  })
}

/** The kinds of which a look has come to its limit, and not for nothing. */
const cut = (stats: ReadonlyArray<RetentionStats>, limit: number): ReadonlyArray<EvidenceKind> =>
  stats.flatMap(({ deleted, kind, verified }) => deleted >= limit && verified > 0 ? [kind] : [])

/** Removes evidence that is too old to be kept, unless somebody holds it; and says so in the audit. */
export class EvidenceRetention extends Context.Service<EvidenceRetention, {
  /** Looks at each kind once, from the oldest on, until as many are removed as the limit says. */
  readonly run: (look: Look) => Effect.Effect<ReadonlyArray<RetentionStats>, SurrealError>
  /** Looks again and again, until nothing is left that could go. */
  readonly runAll: (limit: number) => Effect.Effect<ReadonlyArray<RetentionStats>, SurrealError>
  /** Whether there is such a piece of evidence; always so of a kind that is not kept here. */
  readonly isThere: (kind: EvidenceKind, subject: string) => Effect.Effect<boolean, SurrealError>
}>()("glider/retention/EvidenceRetention") {
  /** Over these kinds, in this order. */
  static readonly layer = (kept: ReadonlyArray<Kept>): Layer.Layer<EvidenceRetention, never, LegalHolds | Surreal> =>
    Layer.effect(
      EvidenceRetention,
      Effect.gen(function*() {
        const holds = yield* LegalHolds
        const surreal = yield* Surreal

        /**
         * Removes some of a page, unless somebody holds one of them meanwhile; reads them back; and notes what was removed, in the
         * same transaction, and what is still there.
         */
        const remove = Effect.fnUntraced(
          function*(
            { kind, present }: Evidence,
            page: EvidencePage,
            subjects: ReadonlyArray<string>,
            now: DateTime.Utc
          ) {
            yield* surreal.transaction([
              unlessHeld(kind, subjects, now),
              ...page.removal(subjects),
              audited("retention_deleted", kind, subjects, now)
            ])
            const still = yield* present(subjects)
            if (still.length > 0) {
              yield* surreal.transaction([audited("retention_delete_failed", kind, still, now)])
              yield* Effect.logError("what was removed is still there").pipe(
                Effect.annotateLogs({ kind, count: still.length })
              )
            }
            return { deleted: subjects.length, verified: subjects.length - still.length, failed: still.length }
          }
        )

        const ofPage = Effect.fnUntraced(
          function*(evidence: Evidence, page: EvidencePage, room: number, now: DateTime.Utc): Effect.fn.Return<
            Counts,
            SurrealError
          > {
            const inUse = new Set(page.inUse)
            const free = page.expired.filter((subject) => !inUse.has(subject))
            const held = yield* holds.among(evidence.kind, free, now)
            const going = free.filter((subject) => !held.has(subject))
            const chosen = going.slice(0, room)
            const removed = chosen.length === 0 ? {} : yield* remove(evidence, page, chosen, now)
            return {
              ...none,
              scanned: page.scanned,
              expired: page.expired.length,
              skipped_in_use: page.expired.length - free.length,
              skipped_legal_hold: free.length - going.length,
              ...removed,
              left: going.length - chosen.length
            }
          },
          // whoever holds one of them was faster, which is then one of those that are skipped
          Effect.retry({ times: 3, while: ({ reason }) => reason._tag === "AlreadyExists" })
        )

        const ofKind = Effect.fn("EvidenceRetention.kind")(
          function*({ age, evidence }: Kept, { dryRun, limit }: Look) {
            const now = yield* DateTime.now
            const before = DateTime.subtractDuration(now, age)
            const most = dryRun ? 0 : limit
            let counts = none
            yield* evidence.pages(before).pipe(
              Stream.mapEffect((page) => ofPage(evidence, page, most - counts.deleted, now)),
              Stream.takeUntil((page) => {
                counts = sumOf(counts, page)
                return !dryRun && counts.deleted >= limit
              }),
              Stream.runDrain
            )
            yield* Effect.annotateCurrentSpan({
              "glider.evidence.kind": evidence.kind,
              "glider.evidence.deleted": counts.deleted
            })
            yield* removals.update({ kind: evidence.kind }, counts.verified)
            return new RetentionStats({ kind: evidence.kind, before, ...counts })
          }
        )

        const run = Effect.fn("EvidenceRetention.run")((look: Look) =>
          Effect.forEach(
            kept.filter(({ evidence: { kind } }) => look.kinds === undefined || look.kinds.includes(kind)),
            (one) => ofKind(one, look)
          )
        )

        const runAll = Effect.fn("EvidenceRetention.runAll")(function*(limit: number) {
          let total = yield* run({ limit, dryRun: false })
          let kinds = cut(total, limit)
          while (kinds.length > 0) {
            const more = yield* run({ limit, dryRun: false, kinds })
            total = total.map((before) => more.reduce(together, before))
            kinds = cut(more, limit)
          }
          const removed = total.reduce((sum, { deleted }) => sum + deleted, 0)
          if (removed >= many) yield* surreal.execute("ALTER SYSTEM COMPACT")
          if (removed > 0) {
            yield* Effect.logInfo("old evidence was removed").pipe(Effect.annotateLogs({ count: removed }))
          }
          return total
        })

        const isThere = Effect.fn("EvidenceRetention.isThere")(function*(kind: EvidenceKind, subject: string) {
          const of = kept.find(({ evidence }) => evidence.kind === kind)
          return of === undefined || (yield* of.evidence.present([subject])).length > 0
        })
        return EvidenceRetention.of({ run, runAll, isThere })
      })
    )
}

import { assert, describe, it } from "@effect/vitest"
import { DateTime, Duration, Effect, Layer, Option, Schema, Stream } from "effect"
import { TestClock } from "effect/testing"
import { type EvidenceKind, LegalHold, type RetentionStats } from "../../src/domain/Evidence.ts"
import { EvidenceRetention, type Look } from "../../src/retention/EvidenceRetention.ts"
import { Surreal } from "../../src/services/Surreal.ts"
import { recordId } from "../../src/services/SurrealValue.ts"
import { auditEvidence, deliveryEvidence, messageEvidence, tickEvidence } from "../../src/store/AgedEvidence.ts"
import type { Evidence } from "../../src/store/Evidence.ts"
import { LegalHolds } from "../../src/store/LegalHolds.ts"
import { deliveryRow } from "../../src/store/Outbox.ts"
import { RetentionAudit } from "../../src/store/RetentionAudit.ts"
import { messageTaken } from "../../src/store/WebhookInbox.ts"
import { memoryStoreTest } from "../support/StoreTest.ts"

const now = DateTime.makeUnsafe("2026-11-24T03:00:00Z")
const daysAgo = (days: number) => DateTime.subtract(now, { days })

const store = Layer.mergeAll(LegalHolds.layer, RetentionAudit.layer).pipe(Layer.provideMerge(memoryStoreTest))

/** Deliveries that an endpoint has taken at these instants. */
const delivered = Effect.fnUntraced(function*(instants: ReadonlyArray<DateTime.Utc>) {
  const surreal = yield* Surreal
  const rows = instants.map((at, index) => ({
    ...deliveryRow(
      { id: `evt_${String(index).padStart(5, "0")}`, type: "run.failed", subject: "r", at, data: "{}" },
      "home"
    ),
    status: "published",
    published_at: at.epochMilliseconds
  }))
  yield* surreal.execute("INSERT INTO webhook_outbox $rows RETURN NONE", { rows })
})

const holdOf = (kind: EvidenceKind, subject: string, more: Partial<LegalHold> = {}) =>
  new LegalHold({ kind, subject, reason: "a dispute", since: now, until: Option.none(), immutable: false, ...more })

/** Looks at evidence of thirty days. */
const look = Effect.fnUntraced(function*(evidence: Evidence, options: Partial<Look> & { readonly all?: boolean } = {}) {
  const { all = false, dryRun = false, limit = 500 } = options
  const holds = yield* LegalHolds
  const surreal = yield* Surreal
  const [stats] = yield* Effect.gen(function*() {
    const retention = yield* EvidenceRetention
    return yield* (all ? retention.runAll(limit) : retention.run({ limit, dryRun }))
  }).pipe(
    Effect.provide(EvidenceRetention.layer([{ evidence, age: Duration.days(30) }])),
    Effect.provideService(LegalHolds, holds),
    Effect.provideService(Surreal, surreal)
  )
  assert.isDefined(stats)
  addsUp(stats)
  return stats
})

const addsUp = (stats: RetentionStats) => {
  assert.strictEqual(stats.expired, stats.deleted + stats.skipped_legal_hold + stats.skipped_in_use + stats.left)
  assert.strictEqual(stats.deleted, stats.verified + stats.failed)
  assert.isAtLeast(stats.scanned, stats.expired)
}

const left = Effect.flatMap(
  Surreal,
  (surreal) => surreal.query(Schema.Array(Schema.String), "SELECT VALUE event FROM webhook_outbox ORDER BY event")
)

const deliveries = Effect.map(Surreal, deliveryEvidence)

const records = Effect.gen(function*() {
  const { records } = yield* (yield* RetentionAudit).list(Option.none(), 100)
  return records
})

/** A test at that moment, over an empty store. */
const at3 = <A, E>(test: Effect.Effect<A, E, LegalHolds | RetentionAudit | Surreal>) =>
  Effect.andThen(TestClock.setTime(now.epochMilliseconds), test).pipe(Effect.provide(store))

describe("retention", () => {
  it.effect("removes what is too old, and nothing else; reads it back, and says so", () =>
    at3(Effect.gen(function*() {
      yield* delivered([daysAgo(40), daysAgo(31), daysAgo(30), daysAgo(1)])
      const evidence = yield* deliveries
      const dry = yield* look(evidence, { dryRun: true })
      assert.deepInclude(dry, { scanned: 2, expired: 2, deleted: 0, left: 2 })
      assert.lengthOf(yield* left, 4)
      assert.lengthOf(yield* records, 0)
      assert.deepInclude(yield* look(evidence), { expired: 2, deleted: 2, verified: 2, failed: 0, left: 0 })
      assert.deepStrictEqual(yield* left, ["evt_00002", "evt_00003"])
      const [record] = yield* records
      assert.deepInclude(record, {
        kind: "delivery",
        action: "retention_deleted",
        subjects: ["home/evt_00000", "home/evt_00001"]
      })
      assert.deepInclude(yield* look(evidence), { scanned: 0, deleted: 0 })
    })))

  it.effect("more holds at the head than a page or a limit has keep nothing back that is behind them", () =>
    at3(Effect.gen(function*() {
      yield* delivered(Array.from({ length: 700 }, (_, index) => DateTime.add(daysAgo(90), { minutes: index })))
      const surreal = yield* Surreal
      yield* surreal.execute("INSERT INTO legal_hold $rows RETURN NONE", {
        rows: Array.from({ length: 650 }, (_, index) => ({
          id: recordId("legal_hold", ["delivery", `home/evt_${String(index).padStart(5, "0")}`]),
          reason: "a dispute",
          since: now.epochMilliseconds,
          immutable: false
        }))
      })
      const evidence = yield* deliveries
      assert.deepInclude(yield* look(evidence, { limit: 20 }), {
        scanned: 700,
        skipped_legal_hold: 650,
        deleted: 20,
        verified: 20,
        left: 30
      })
      assert.deepInclude(yield* look(evidence, { limit: 20, all: true }), {
        deleted: 30,
        skipped_legal_hold: 650,
        left: 0
      })
      assert.strictEqual((yield* left).at(-1), "evt_00649")
      assert.lengthOf(yield* left, 650)
    })))

  it.effect("a thousand of one instant are each looked at once", () =>
    at3(Effect.gen(function*() {
      yield* delivered(Array.from({ length: 1_050 }, (_, index) => daysAgo(index < 1_010 ? 60 : 50)))
      const evidence = yield* deliveries
      assert.deepInclude(yield* look(evidence, { dryRun: true }), { scanned: 1_050, left: 1_050 })
      assert.deepInclude(yield* look(evidence, { all: true, limit: 400 }), { deleted: 1_050, verified: 1_050, left: 0 })
      assert.lengthOf(yield* left, 0)
    })))

  it.effect("what a person holds between the look and the removal stays", () =>
    at3(Effect.gen(function*() {
      yield* delivered([daysAgo(60), daysAgo(59)])
      const holds = yield* LegalHolds
      let asked = 0
      const late = LegalHolds.of({
        ...holds,
        among: (...subjects) =>
          Effect.tap(
            holds.among(...subjects),
            () => ++asked === 1 ? holds.add(holdOf("delivery", "home/evt_00000")) : Effect.void
          )
      })
      const stats = yield* Effect.provideService(Effect.flatMap(deliveries, (one) => look(one)), LegalHolds, late)
      assert.deepInclude(stats, { deleted: 1, skipped_legal_hold: 1 })
      assert.deepStrictEqual(yield* left, ["evt_00000"])
    })))

  it.effect("what is still there when it is read back has failed, is told, and is not looked at without end", () =>
    at3(Effect.gen(function*() {
      yield* delivered([daysAgo(60), daysAgo(59)])
      const honest = yield* deliveries
      const stuck: Evidence = {
        ...honest,
        pages: (before) => Stream.map(honest.pages(before), (page) => ({ ...page, removal: () => [] }))
      }
      assert.deepInclude(yield* look(stuck, { all: true, limit: 1 }), { deleted: 1, verified: 0, failed: 1, left: 1 })
      assert.deepStrictEqual((yield* records).map(({ action }) => action).toSorted(), [
        "retention_delete_failed",
        "retention_deleted"
      ])
    })))

  it.effect("a hold of all of a kind holds all of it, an ended one nothing, and an immutable one until its end", () =>
    at3(Effect.gen(function*() {
      yield* delivered([daysAgo(60)])
      const evidence = yield* deliveries
      const holds = yield* LegalHolds
      const until = Option.some(DateTime.add(now, { days: 7 }))
      assert.isTrue(yield* holds.add(holdOf("delivery", "*", { until, immutable: true })))
      assert.isFalse(yield* holds.add(holdOf("delivery", "*")))
      assert.isFalse(yield* holds.remove("delivery", "*", now))
      assert.deepInclude(yield* look(evidence), { skipped_legal_hold: 1, deleted: 0 })
      yield* TestClock.adjust("7 days")
      assert.deepInclude(yield* look(evidence, { dryRun: true }), { skipped_legal_hold: 0, left: 1 })
      assert.isTrue(yield* holds.add(holdOf("delivery", "home/evt_00000")))
      assert.deepInclude(yield* look(evidence), { skipped_legal_hold: 1, deleted: 0 })
      assert.isTrue(yield* holds.remove("delivery", "home/evt_00000", now))
      assert.isFalse(yield* holds.remove("delivery", "home/evt_00000", now))
      assert.deepInclude(yield* look(evidence), { deleted: 1 })
      assert.lengthOf(yield* holds.list(Option.none(), 10), 1)
    })))

  it.effect("ticks, messages and the audit itself go by their age, too", () =>
    at3(Effect.gen(function*() {
      const surreal = yield* Surreal
      const key = { source: "oura", message: "a/b" }
      yield* surreal.transaction([messageTaken(key, "run-1", daysAgo(31))])
      const at = daysAgo(40).epochMilliseconds
      yield* surreal.execute("INSERT INTO tick $row RETURN NONE", {
        row: { id: recordId("tick", ["glider", "a/b", at]), at, effective: at, outcome: "missed" }
      })
      assert.deepInclude(yield* look(tickEvidence(surreal)), { deleted: 1, verified: 1 })
      assert.deepInclude(yield* look(messageEvidence(surreal)), { deleted: 1, verified: 1 })
      assert.deepInclude(yield* look(auditEvidence(surreal)), { scanned: 0 })
      yield* TestClock.adjust("31 days")
      assert.deepInclude(yield* look(auditEvidence(surreal)), { deleted: 2, verified: 2 })
      const kept = yield* records
      assert.deepStrictEqual(kept.map(({ kind }) => kind), ["audit"])
    })))
})

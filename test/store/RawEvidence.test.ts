import { assert, describe, it } from "@effect/vitest"
import { DateTime, Duration, Effect, Layer, Option, Schema } from "effect"
import { TestClock } from "effect/testing"
import { LegalHold } from "../../src/domain/Evidence.ts"
import { EvidenceRetention } from "../../src/retention/EvidenceRetention.ts"
import { Surreal } from "../../src/services/Surreal.ts"
import { LegalHolds } from "../../src/store/LegalHolds.ts"
import { rawEvidence } from "../../src/store/RawEvidence.ts"
import {
  at,
  document,
  event,
  events,
  play,
  plays,
  records,
  ringTable,
  sample,
  signedIn,
  stored
} from "../records/RecordsWorld.ts"

const now = at("2026-11-24T03:00:00Z")

const retention = Layer.unwrap(
  Effect.map(
    Surreal,
    (surreal) => EvidenceRetention.layer([{ evidence: rawEvidence(surreal), age: Duration.days(365) }])
  )
).pipe(
  Layer.provideMerge(LegalHolds.layer),
  Layer.provideMerge(records)
)

/** Of which rows of a table what was sent is still there. */
const kept = (table: string) =>
  Effect.flatMap(
    Surreal,
    (surreal) => surreal.query(Schema.Array(Schema.Unknown), `SELECT VALUE _raw FROM ${table} WHERE _raw != {}`)
  )

const rows = (table: string) =>
  Effect.flatMap(Surreal, (surreal) => surreal.query(Schema.Array(Schema.Unknown), `SELECT VALUE true FROM ${table}`))

describe("store/RawEvidence", () => {
  it.effect("takes away what was sent of old records of every kind, and leaves the records and what is younger", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(now.epochMilliseconds)
      yield* signedIn
      yield* stored(
        plays,
        play("ancient", "1999-06-01T00:00:00Z"),
        play("old", "2025-11-24T02:59:59Z"),
        play("young", "2025-11-24T03:00:00Z")
      )
      yield* stored(
        events,
        event("old", { start: at("2025-11-20T08:00:00Z"), end: at("2025-11-20T09:00:00Z") }),
        event("old days", { all_day: true, start_date: "2025-11-23", end_date: "2025-11-24" }),
        event("young days", { all_day: true, start_date: "2025-11-24", end_date: "2025-11-25" }),
        event("young", { start: at("2026-11-20T08:00:00Z"), end: at("2026-11-20T09:00:00Z") })
      )
      yield* stored(ringTable("heartrate"), sample("2024-01-01T00:00:00Z", 60), sample("2026-01-01T00:00:00Z", 61))
      yield* stored(
        ringTable("daily_sleep"),
        document("old", "2025-11-23", { score: 80 }),
        document("young", "2025-11-24", { score: 81 })
      )
      const held = `${events}/["google:me","primary","old"]`
      const holds = yield* LegalHolds
      yield* holds.add(
        new LegalHold({ kind: "raw", subject: held, reason: "", since: now, until: Option.none(), immutable: false })
      )
      const [stats] = yield* (yield* EvidenceRetention).runAll(2)
      assert.deepInclude(stats, { deleted: 5, verified: 5, skipped_legal_hold: 1, left: 0 })
      assert.deepStrictEqual(yield* kept(plays), [{ name: "young" }])
      assert.lengthOf(yield* rows(plays), 3)
      assert.sameDeepMembers([...yield* kept(events)], [{ id: "old" }, { id: "young" }, { id: "young days" }])
      assert.deepStrictEqual(yield* kept(ringTable("heartrate")), [{ bpm: 61 }])
      assert.deepStrictEqual(yield* kept(ringTable("daily_sleep")), [{ id: "young", day: "2025-11-24" }])
      const retention = yield* EvidenceRetention
      assert.isTrue(yield* retention.isThere("raw", held))
      assert.isFalse(yield* retention.isThere("raw", "connection/[\"google:me\"]"))
      assert.strictEqual(DateTime.formatIso(stats?.before ?? now), "2025-11-24T03:00:00.000Z")
    }).pipe(Effect.provide(retention)))
})

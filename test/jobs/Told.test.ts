import { assert, layer } from "@effect/vitest"
import { Effect, Option, Schema } from "effect"
import { TestClock } from "effect/testing"
import { RunError } from "../../src/domain/Run.ts"
import { Jobs } from "../../src/jobs/Jobs.ts"
import { reap } from "../../src/jobs/Reaper.ts"
import { Surreal } from "../../src/services/Surreal.ts"
import { JobLeases } from "../../src/store/JobLeases.ts"
import { Outbox } from "../../src/store/Outbox.ts"
import { memoryStoreTest } from "../support/StoreTest.ts"
import { Errand, inWorld, untilStatus, untilTrue, worker } from "./JobWorld.ts"

const Failed = Schema.Struct({
  subject: Schema.String,
  data: Schema.fromJsonString(Schema.Record(Schema.String, Schema.Json))
})

/** What is told of jobs, and how often whoever sends was woken. */
const told = Effect.flatMap(
  Surreal,
  ({ query }) =>
    query(Schema.Array(Failed), "SELECT subject, data FROM webhook_outbox WHERE type = 'job.failed' AND subject != ''")
)

/** With somebody who wants to hear of jobs that fail. */
const heard = <A, E, R>(body: Effect.Effect<A, E, R>) => {
  let rings = 0
  return Effect.andThen(
    Effect.flatMap(Surreal, ({ execute }) => execute("DELETE webhook_outbox RETURN NONE")),
    inWorld(Effect.tap(body, () => Effect.sync(() => assert.isAbove(rings, 0)))).pipe(
      Effect.provideService(Outbox, {
        receivers: (type) => type === "job.failed" ? [{ name: "home", per: "page" }] : [],
        wake: Effect.sync(() => void rings++)
      })
    )
  )
}

layer(memoryStoreTest)("a job that fails for good is told of", (it) => {
  it.effect("once its tries are spent, and not before", () =>
    heard(Effect.gen(function*() {
      const jobs = yield* Jobs
      yield* worker()
      const { id } = yield* jobs.enqueue(Errand, { name: "one", does: "fail" }, { maxAttempts: 2 })
      yield* untilTrue(Effect.map(jobs.get(id), ({ attempts, status }) => attempts === 1 && status === "queued"))
      assert.deepStrictEqual(yield* told, [])
      yield* TestClock.adjust("3 seconds")
      yield* untilStatus(id, "failed")
      assert.deepStrictEqual(yield* told, [{
        subject: id,
        data: {
          job: id,
          type: "test.errand",
          attempts: 2,
          failed_at: (yield* told)[0]?.data["failed_at"] ?? "",
          error: { tag: "Told", message: "it was told to fail" }
        }
      }])
    })))

  it.effect("when the lease of its last try runs out, and by nobody whose result comes late", () =>
    heard(Effect.gen(function*() {
      const jobs = yield* Jobs
      const leases = yield* JobLeases
      const { id } = yield* jobs.enqueue(Errand, { name: "one", does: "wait" }, { maxAttempts: 2 })
      const taking = { worker: "gone", types: [Errand.name], limit: 1, now: 0, until: 10 }
      const [late] = yield* leases.take(taking)
      assert.isDefined(late)
      yield* TestClock.setTime(10)
      yield* reap({ all: false })
      const error = new RunError({ tag: "Told", message: "too late", fix: Option.none() })
      assert.isFalse(yield* leases.settle(late, { _tag: "Failed", error }, 20))
      assert.deepStrictEqual(yield* told, [])
      yield* leases.promote(60_000)
      yield* leases.take({ ...taking, now: 60_000, until: 60_010 })
      yield* TestClock.setTime(60_010)
      assert.deepStrictEqual(yield* reap({ all: false }), { queued: 0, failed: 1 })
      const [only, ...others] = yield* told
      assert.deepStrictEqual([only?.subject, others], [id, []])
      assert.deepStrictEqual(only?.data["error"], { tag: "LeaseExpired", message: "Lease expired" })
    })))
})

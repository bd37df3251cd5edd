import { assert, layer } from "@effect/vitest"
import { Clock, Deferred, Duration, Effect, Logger, Option, References } from "effect"
import { TestClock } from "effect/testing"
import { plainBackoff } from "../../src/jobs/Backoff.ts"
import { Jobs } from "../../src/jobs/Jobs.ts"
import { reap } from "../../src/jobs/Reaper.ts"
import { Surreal } from "../../src/services/Surreal.ts"
import { JobLeases } from "../../src/store/JobLeases.ts"
import { storeTest } from "../support/StoreTest.ts"
import {
  away,
  Deeds,
  deeds,
  Errand,
  inWorld,
  meanwhile,
  until,
  untilDone,
  untilStatus,
  untilTrue,
  worker,
  workerElsewhere
} from "./JobWorld.ts"

const long = { name: "long", does: "wait" } as const

const leaseOf = (id: string) =>
  Effect.flatMap(Jobs, (jobs) => Effect.map(jobs.get(id), ({ leaseUntil }) => Option.getOrUndefined(leaseUntil)))

layer(storeTest)("the lease of a job", (it) => {
  it.effect("is renewed after each third of it, for as long as the work takes", () =>
    inWorld(Effect.gen(function*() {
      const jobs = yield* Jobs
      yield* worker()
      const { id } = yield* jobs.enqueue(Errand, long)
      yield* untilDone(1)
      const ends = new Set<number>()
      while (ends.size < 4) {
        yield* TestClock.adjust("5 seconds")
        const end = (yield* leaseOf(id))?.epochMilliseconds ?? 0
        ends.add(end)
        assert.isAtLeast(end - (yield* Clock.currentTimeMillis), 350_000)
      }
      yield* Deferred.succeed((yield* Deeds).released, undefined)
      yield* untilStatus(id, "succeeded")
      assert.deepStrictEqual(yield* deeds, ["long 1"])
    })))

  it.effect("outlasts a store that is away for a while: nobody else does the work meanwhile", () =>
    inWorld(Effect.gen(function*() {
      const jobs = yield* Jobs
      yield* worker()
      yield* workerElsewhere()
      const { id } = yield* jobs.enqueue(Errand, long)
      yield* untilDone(1)
      yield* TestClock.adjust("199 seconds")
      yield* away(Effect.andThen(TestClock.adjust("5 seconds"), meanwhile))
      yield* untilTrue(
        Effect.andThen(
          TestClock.adjust("1 second"),
          Effect.map(leaseOf(id), (at) => (at?.epochMilliseconds ?? 0) > 800_000)
        )
      )
      yield* TestClock.adjust("500 seconds")
      yield* Deferred.succeed((yield* Deeds).released, undefined)
      assert.strictEqual((yield* untilStatus(id, "succeeded")).attempts, 1)
      assert.deepStrictEqual(yield* deeds, ["long 1"])
    })))

  it.effect("ends the work when it has run out while the store was away, before another may begin it", () =>
    inWorld(Effect.gen(function*() {
      const jobs = yield* Jobs
      yield* worker()
      yield* jobs.enqueue(Errand, long)
      yield* untilDone(1)
      yield* away(Effect.andThen(TestClock.adjust("600 seconds"), untilDone(2)))
      assert.deepStrictEqual(yield* deeds, ["long 1", "long interrupted"])
    })))

  it.effect("once run out lets the job be tried again after a wait, with what happened as its error", () =>
    inWorld(Effect.gen(function*() {
      const jobs = yield* Jobs
      const leases = yield* JobLeases
      const { id } = yield* jobs.enqueue(Errand, long)
      yield* leases.take({ worker: "gone", types: [Errand.name], limit: 1, now: 0, until: 600_000 })
      yield* TestClock.setTime(599_999)
      assert.deepStrictEqual(yield* reap({ all: false }), { queued: 0, failed: 0 })
      yield* TestClock.setTime(600_000)
      assert.deepStrictEqual(yield* reap({ all: false }), { queued: 1, failed: 0 })
      const job = yield* jobs.get(id)
      assert.deepStrictEqual([job.status, job.attempts, job.worker], ["queued", 1, Option.none()])
      assert.deepStrictEqual(Option.map(job.error, ({ message }) => message), Option.some("Lease expired"))
      assert.closeTo(job.runAt.epochMilliseconds, 602_000, 400)
    })))

  it.effect("once run out fails the job whose tries are spent", () =>
    inWorld(Effect.gen(function*() {
      const jobs = yield* Jobs
      const leases = yield* JobLeases
      const { id } = yield* jobs.enqueue(Errand, long, { maxAttempts: 1 })
      yield* leases.take({ worker: "gone", types: [Errand.name], limit: 1, now: 0, until: 1 })
      yield* TestClock.setTime(1)
      assert.deepStrictEqual(yield* reap({ all: false }), { queued: 0, failed: 1 })
      assert.strictEqual((yield* jobs.get(id)).status, "failed")
    })))

  it.effect("of a process that is known to be gone is over at once", () =>
    inWorld(Effect.gen(function*() {
      const jobs = yield* Jobs
      const leases = yield* JobLeases
      const { id } = yield* jobs.enqueue(Errand, { name: "again", does: "succeed" })
      yield* leases.take({ worker: "gone", types: [Errand.name], limit: 1, now: 0, until: 600_000 })
      yield* worker({ isAlone: true })
      yield* until(id, ({ status }) => status === "queued")
      yield* TestClock.adjust("3 seconds")
      assert.strictEqual((yield* untilStatus(id, "succeeded")).attempts, 2)
    })))
})

layer(storeTest)("a result", (it) => {
  it.effect("that comes after the lease was lost is refused with a warning, and changes nothing", () =>
    Effect.gen(function*() {
      const warnings: Array<unknown> = []
      const listening = Logger.layer([Logger.make(({ logLevel, message }) => {
        if (logLevel === "Warn") warnings.push(message)
      })])
      yield* inWorld(Effect.gen(function*() {
        const jobs = yield* Jobs
        const leases = yield* JobLeases
        const surreal = yield* Surreal
        yield* worker({ poll: Duration.hours(1) })
        const { id } = yield* jobs.enqueue(Errand, long)
        yield* untilDone(1)
        // others think that it is gone, and one has the job
        yield* surreal.execute("UPDATE background_job SET lease_until = 0")
        yield* reap({ all: false })
        const runAt = (yield* jobs.get(id)).runAt.epochMilliseconds
        yield* leases.promote(runAt)
        yield* leases.take({ worker: "other", types: [Errand.name], limit: 1, now: runAt, until: runAt + 600_000 })
        const before = yield* jobs.get(id)
        yield* Deferred.succeed((yield* Deeds).released, undefined)
        yield* untilTrue(Effect.sync(() => warnings.some((line) => String(line).includes("refused"))))
        assert.deepStrictEqual(yield* jobs.get(id), before)
        assert.deepStrictEqual(Option.getOrUndefined(before.worker), "other")
      })).pipe(Effect.provide(listening), Effect.provideService(References.MinimumLogLevel, "Warn"))
    }))

  it.effect("counts for its own try alone, also when the same worker has the job again", () =>
    inWorld(Effect.gen(function*() {
      const jobs = yield* Jobs
      const leases = yield* JobLeases
      const { id } = yield* jobs.enqueue(Errand, long)
      const taking = { worker: "one", types: [Errand.name], limit: 1, now: 0, until: 10 }
      const [first] = yield* leases.take(taking)
      assert.isDefined(first)
      yield* TestClock.setTime(10)
      yield* reap({ all: false })
      yield* leases.promote(60_000)
      const [second] = yield* leases.take({ ...taking, now: 60_000, until: 70_000 })
      assert.isDefined(second)
      const result = { _tag: "Succeeded", result: "{}" } as const
      assert.isFalse(yield* leases.settle(first, result, 60_001))
      assert.isFalse(yield* leases.extend(first, 90_000))
      assert.isFalse(yield* leases.giveBack(first, 60_001))
      assert.strictEqual((yield* jobs.get(id)).status, "running")
      assert.isTrue(yield* leases.settle(second, result, 60_001))
    })))

  it.effect("is written once the store is there again", () =>
    inWorld(Effect.gen(function*() {
      const jobs = yield* Jobs
      yield* worker()
      const { id } = yield* jobs.enqueue(Errand, long)
      yield* untilDone(1)
      yield* away(Effect.gen(function*() {
        yield* Deferred.succeed((yield* Deeds).released, undefined)
        yield* meanwhile
        yield* TestClock.adjust("5 seconds")
        yield* meanwhile
      }))
      yield* untilTrue(
        Effect.andThen(TestClock.adjust("1 second"), Effect.map(jobs.get(id), ({ status }) => status === "succeeded"))
      )
      assert.deepStrictEqual(yield* deeds, ["long 1"])
    })))
})

layer(storeTest)("waits between tries", (it) => {
  it.effect("double from 2 s to at most 300 s", () =>
    Effect.sync(() =>
      assert.deepStrictEqual(
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 50].map((attempts) => Duration.toSeconds(plainBackoff(attempts))),
        [2, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]
      )
    ))
})

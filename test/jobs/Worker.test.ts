import { assert, layer } from "@effect/vitest"
import { DateTime, Deferred, Duration, Effect, Exit, Option, Scope } from "effect"
import { TestClock } from "effect/testing"
import { Jobs } from "../../src/jobs/Jobs.ts"
import { storeTest } from "../support/StoreTest.ts"
import { Deeds, deeds, Errand, inWorld, meanwhile, Slow, until, untilDone, untilStatus, worker } from "./JobWorld.ts"

const errand = (name: string, does: typeof Errand.payload.Type["does"] = "succeed") => ({ name, does })

layer(storeTest)("a worker", (it) => {
  it.effect("does the most urgent jobs first, of these those that could have begun first", () =>
    inWorld(Effect.gen(function*() {
      const jobs = yield* Jobs
      yield* TestClock.setTime(100_000)
      yield* jobs.enqueue(Errand, errand("usual"))
      yield* jobs.enqueue(Errand, errand("early"), { runAt: DateTime.makeUnsafe(50_000) })
      yield* jobs.enqueue(Errand, errand("urgent"), { priority: 5 })
      yield* jobs.enqueue(Errand, errand("idle"), { priority: -1 })
      yield* jobs.enqueue(Errand, errand("most urgent"), { priority: 10, runAt: DateTime.makeUnsafe(100_000) })
      yield* worker()
      assert.deepStrictEqual(yield* untilDone(5), ["most urgent 1", "urgent 1", "early 1", "usual 1", "idle 1"])
    })))

  it.effect("leaves a job alone until its time has come, and then does it at once", () =>
    inWorld(Effect.gen(function*() {
      const jobs = yield* Jobs
      yield* worker()
      const { id } = yield* jobs.enqueue(Errand, errand("later"), { runAt: DateTime.makeUnsafe(500) })
      yield* TestClock.adjust("499 millis")
      yield* meanwhile
      assert.deepStrictEqual(yield* deeds, [])
      yield* TestClock.adjust("1 millis")
      const job = yield* untilStatus(id, "succeeded")
      assert.deepStrictEqual(job.result, Option.some({ name: "later", attempt: 1 }))
      assert.deepStrictEqual(job.completedAt, Option.some(DateTime.makeUnsafe(500)))
    })))

  it.effect("tries what has failed again, later each time, until its tries are spent", () =>
    inWorld(Effect.gen(function*() {
      const jobs = yield* Jobs
      yield* worker()
      const { id } = yield* jobs.enqueue(Errand, errand("poor", "fail"), { maxAttempts: 3 })
      for (const [attempt, seconds] of [[1, 2], [2, 4]] as const) {
        const job = yield* until(id, (job) => job.status === "queued" && job.attempts === attempt)
        const wait = DateTime.distance(yield* DateTime.now, job.runAt)
        assert.closeTo(Duration.toSeconds(wait), seconds, seconds / 5)
        yield* TestClock.adjust(wait)
      }
      const job = yield* untilStatus(id, "failed")
      assert.strictEqual(job.attempts, 3)
      assert.deepStrictEqual(
        Option.map(job.error, ({ message, tag }) => [tag, message]),
        Option.some(["Told", "it was told to fail"])
      )
      assert.deepStrictEqual(yield* deeds, ["poor 1", "poor 2", "poor 3"])
    })))

  it.effect("gives up at once what no further try would mend, or what dies of a bug, and goes on", () =>
    inWorld(Effect.gen(function*() {
      const jobs = yield* Jobs
      yield* worker()
      const hopeless = yield* jobs.enqueue(Errand, errand("hopeless", "give up"))
      const poisoned = yield* jobs.enqueue(Errand, errand("poisoned", "die"))
      const fine = yield* jobs.enqueue(Errand, errand("fine"))
      assert.strictEqual((yield* untilStatus(hopeless.id, "failed")).attempts, 1)
      const bug = yield* untilStatus(poisoned.id, "failed")
      assert.deepStrictEqual(Option.map(bug.error, ({ message }) => message), Option.some("a bug"))
      yield* untilStatus(fine.id, "succeeded")
    })))

  it.effect("ends a cancelled job in the middle of its work, and lets its finalizers run", () =>
    inWorld(Effect.gen(function*() {
      const jobs = yield* Jobs
      yield* worker()
      const { id } = yield* jobs.enqueue(Errand, errand("long", "wait"))
      yield* untilDone(1)
      assert.isTrue(yield* jobs.cancel(id))
      assert.deepStrictEqual(yield* untilDone(2), ["long 1", "long cancelled"])
      assert.strictEqual((yield* jobs.get(id)).status, "cancelled")
      assert.isFalse(yield* jobs.cancel(id))
    })))

  it.effect("keeps places for each pool, so that a slow type holds no other up", () =>
    inWorld(Effect.gen(function*() {
      const jobs = yield* Jobs
      yield* worker()
      yield* jobs.enqueue(Slow, {}, { priority: 9 })
      yield* jobs.enqueue(Slow, {}, { priority: 9 })
      const fast = yield* jobs.enqueue(Errand, errand("fast"))
      yield* untilStatus(fast.id, "succeeded")
      assert.deepStrictEqual((yield* untilDone(2)).toSorted(), ["fast 1", "slow"])
    })))

  it.effect("gives back what it has not come to the end of when its process ends, and that try does not count", () =>
    inWorld(Effect.gen(function*() {
      const jobs = yield* Jobs
      const scope = yield* Scope.make()
      yield* Scope.provide(worker(), scope)
      const { id } = yield* jobs.enqueue(Errand, errand("long", "wait"), { maxAttempts: 1 })
      yield* untilDone(1)
      yield* Scope.close(scope, Exit.void)
      const back = yield* jobs.get(id)
      assert.deepStrictEqual([back.status, back.attempts, back.worker], ["queued", 0, Option.none()])
      assert.deepStrictEqual(yield* deeds, ["long 1", "long interrupted"])
      yield* Deferred.succeed((yield* Deeds).released, undefined)
      yield* worker()
      yield* untilStatus(id, "succeeded")
    })))
})

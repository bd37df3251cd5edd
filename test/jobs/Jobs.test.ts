import { assert, layer } from "@effect/vitest"
import { Array as Arr, DateTime, Effect, Option, Schema } from "effect"
import { TestClock } from "effect/testing"
import { anyJob } from "../../src/domain/BackgroundJob.ts"
import * as Job from "../../src/jobs/Job.ts"
import { Jobs } from "../../src/jobs/Jobs.ts"
import { strangers } from "../../src/jobs/Strangers.ts"
import { JobLeases } from "../../src/store/JobLeases.ts"
import { storeTest } from "../support/StoreTest.ts"
import { deeds, Errand, inWorld, untilDone, untilStatus, worker } from "./JobWorld.ts"

const errand = (name: string, does: typeof Errand.payload.Type["does"] = "succeed") => ({ name, does })

layer(storeTest)("a key", (it) => {
  it.effect("makes one job of many, while it waits, and after it has succeeded", () =>
    inWorld(Effect.gen(function*() {
      const jobs = yield* Jobs
      const first = yield* jobs.enqueue(Errand, errand("report"), { key: "day:1" })
      const second = yield* jobs.enqueue(Errand, errand("report"), { key: "day:1" })
      assert.deepStrictEqual([first.isNew, second], [true, { id: first.id, isNew: false }])
      yield* worker()
      yield* untilStatus(first.id, "succeeded")
      assert.deepStrictEqual(yield* jobs.enqueue(Errand, errand("report"), { key: "day:1" }), second)
      assert.isTrue((yield* jobs.enqueue(Errand, errand("report"), { key: "day:2" })).isNew)
      assert.deepStrictEqual(yield* untilDone(2), ["report 1", "report 1"])
    })))

  it.effect("is free again once its job has failed or was cancelled", () =>
    inWorld(Effect.gen(function*() {
      const jobs = yield* Jobs
      const cancelled = yield* jobs.enqueue(Errand, errand("report"), { key: "day" })
      yield* jobs.cancel(cancelled.id)
      const failing = yield* jobs.enqueue(Errand, errand("report", "give up"), { key: "day" })
      assert.isTrue(failing.isNew)
      yield* worker()
      yield* untilStatus(failing.id, "failed")
      const last = yield* jobs.enqueue(Errand, errand("report"), { key: "day" })
      yield* untilStatus(last.id, "succeeded")
      assert.strictEqual(new Set([cancelled.id, failing.id, last.id]).size, 3)
      assert.deepStrictEqual((yield* jobs.get(failing.id)).key, Option.some("day"))
    })))

  it.effect("holds for much work at once", () =>
    inWorld(Effect.gen(function*() {
      const jobs = yield* Jobs
      const items = Arr.makeBy(1200, (index) => ({ payload: errand(`${index}`), key: `sweep:${index}` }))
      const first = yield* jobs.enqueueAll(Errand, items)
      const again = yield* jobs.enqueueAll(Errand, items)
      assert.isTrue(first.every(({ isNew }) => isNew) && again.every(({ isNew }) => !isNew))
      assert.deepStrictEqual(again.map(({ id }) => id), first.map(({ id }) => id))
    })))
})

layer(storeTest)("a job that is over", (it) => {
  it.effect("is repeated as a new one without a key, and each names the other", () =>
    inWorld(Effect.gen(function*() {
      const jobs = yield* Jobs
      yield* worker()
      const { id } = yield* jobs.enqueue(Errand, errand("poor", "give up"), { key: "k", priority: 3, resource: "r" })
      yield* untilStatus(id, "failed")
      const next = yield* jobs.retry(id)
      const repeated = yield* untilStatus(next, "failed")
      assert.deepStrictEqual(
        [repeated.key, repeated.priority, repeated.resource, repeated.retryOf],
        [Option.none(), 3, Option.some("r"), Option.some(id)]
      )
      assert.deepStrictEqual((yield* jobs.get(id)).retriedBy, Option.some(next))
    })))

  it.effect("is replayed with what is different", () =>
    inWorld(Effect.gen(function*() {
      const jobs = yield* Jobs
      const { id } = yield* jobs.enqueue(Errand, errand("one", "give up"))
      const runAt = DateTime.makeUnsafe(9_000)
      const next = yield* jobs.replay(id, {
        payload: { does: "succeed" },
        runAt,
        priority: 7,
        maxAttempts: 2,
        resource: "here"
      })
      const job = yield* jobs.get(next)
      assert.deepStrictEqual(
        [job.payload, job.runAt, job.priority, job.maxAttempts, job.resource],
        [errand("one"), runAt, 7, 2, Option.some("here")]
      )
      const wrong = yield* Effect.flip(jobs.replay(id, { payload: { does: "dance" } }))
      assert.strictEqual(wrong._tag, "InvalidPayload")
      const missing = yield* Effect.flip(jobs.replay("job_none", {}))
      assert.strictEqual(missing._tag, "UnknownJob")
    })))

  it.effect("is what may be repeated, and no other", () =>
    inWorld(Effect.gen(function*() {
      const jobs = yield* Jobs
      const { id } = yield* jobs.enqueue(Errand, errand("one"))
      assert.strictEqual((yield* Effect.flip(jobs.retry(id)))._tag, "JobNotOver")
    })))

  it.effect("goes when it is old, by its status, and is counted before", () =>
    inWorld(Effect.gen(function*() {
      const jobs = yield* Jobs
      yield* worker()
      const failed = yield* jobs.enqueue(Errand, errand("failed", "give up"))
      yield* untilStatus(failed.id, "failed")
      const many = yield* jobs.enqueueAll(Errand, Arr.makeBy(4, (index) => ({ payload: errand(`${index}`) })))
      for (const { id } of many) yield* untilStatus(id, "succeeded")
      yield* TestClock.setTime(10 * 86_400_000)
      const young = yield* jobs.enqueue(Errand, errand("young"))
      yield* untilStatus(young.id, "succeeded")
      const purge = { before: DateTime.makeUnsafe(3 * 86_400_000), statuses: ["succeeded"] } as const
      const counts = { succeeded: 4, failed: 0, cancelled: 0 }
      assert.deepStrictEqual(yield* jobs.purge({ ...purge, isDry: true }), counts)
      assert.strictEqual((yield* jobs.list(anyJob, Option.none(), 10)).jobs.length, 6)
      assert.deepStrictEqual(yield* jobs.purge({ ...purge, isDry: false }), counts)
      assert.deepStrictEqual(
        (yield* jobs.list(anyJob, Option.none(), 10)).jobs.map(({ id }) => id),
        [young.id, failed.id]
      )
      assert.strictEqual((yield* jobs.purge({ ...purge, statuses: ["failed"], isDry: false })).failed, 1)
    })))
})

layer(storeTest)("the list of jobs", (it) => {
  it.effect("goes from the newest on, page by page, by type and by status", () =>
    inWorld(Effect.gen(function*() {
      const jobs = yield* Jobs
      const ids: Array<string> = []
      for (let index = 0; index < 5; index++) {
        yield* TestClock.adjust("1 second")
        ids.push((yield* jobs.enqueue(Errand, errand(`${index}`))).id)
      }
      const [oldest = ""] = ids
      yield* jobs.cancel(oldest)
      const pages: Array<ReadonlyArray<string>> = []
      let after = Option.none<string>()
      do {
        const page = yield* jobs.list({ ...anyJob, type: Option.some(Errand.name) }, after, 2)
        pages.push(page.jobs.map(({ id }) => id))
        after = page.next
      } while (Option.isSome(after))
      assert.deepStrictEqual(pages.flat(), ids.toReversed())
      assert.deepStrictEqual(pages.map(({ length }) => length), [2, 2, 1])
      const cancelled = yield* jobs.list({ ...anyJob, status: Option.some("cancelled") }, Option.none(), 5)
      assert.deepStrictEqual(cancelled.jobs.map(({ id }) => id), [oldest])
    })))
})

layer(storeTest)("a job that nobody here can do", (it) => {
  it.effect("fails for good, for its type is unknown", () =>
    inWorld(Effect.gen(function*() {
      const jobs = yield* Jobs
      const { id } = yield* jobs.enqueue({ ...Errand, name: "of.another.version" }, errand("x"))
      yield* strangers("worker")
      const job = yield* jobs.get(id)
      assert.deepStrictEqual([job.status, Option.map(job.error, ({ tag }) => tag)], [
        "failed",
        Option.some("UnknownJobType")
      ])
    })))

  it.effect("fails for good when its payload is not what its type takes", () =>
    inWorld(Effect.gen(function*() {
      const jobs = yield* Jobs
      const Older = Job.make(Errand.name, {
        payload: Schema.Struct({ who: Schema.String }),
        success: Schema.Void,
        error: Schema.Never
      })
      yield* worker()
      const { id } = yield* jobs.enqueue(Older, { who: "me" })
      const job = yield* untilStatus(id, "failed")
      assert.deepStrictEqual([job.attempts, Option.map(job.error, ({ tag }) => tag)], [
        1,
        Option.some("InvalidPayload")
      ])
      assert.deepStrictEqual(yield* deeds, [])
      assert.isEmpty(yield* (yield* JobLeases).expired(Infinity, 5))
    })))
})

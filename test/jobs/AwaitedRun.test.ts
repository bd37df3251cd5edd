import { assert, layer } from "@effect/vitest"
import { Effect, Layer, Option, Schema, Scope } from "effect"
import { TestClock } from "effect/testing"
import * as DurableEngine from "../../src/engine/DurableEngine.ts"
import { RunControl } from "../../src/engine/RunControl.ts"
import { awaited } from "../../src/jobs/AwaitedRun.ts"
import * as Job from "../../src/jobs/Job.ts"
import { Jobs } from "../../src/jobs/Jobs.ts"
import { Runs } from "../../src/store/Runs.ts"
import * as Diagnostics from "../../src/workflows/Diagnostics.ts"
import { memoryStoreTest } from "../support/StoreTest.ts"
import { inWorld, untilStatus, untilTrue, worker } from "./JobWorld.ts"

/** Waits for a run that waits for a signal. */
const Patient = Job.make("test.patient", {
  payload: Schema.Struct({ key: Schema.String }),
  success: Schema.Struct({ signal: Schema.Json }),
  error: Diagnostics.DiagnosticsFailed
})

const patient = Job.toLayer(Patient, ({ key }) =>
  Effect.map(
    awaited(Diagnostics.Diagnostics, { key, awaitSignal: true }),
    ({ signal }) => ({ signal })
  ))

const store = Diagnostics.layer.pipe(
  Layer.provideMerge(Layer.merge(DurableEngine.layer(), Runs.layer)),
  Layer.provideMerge(memoryStoreTest)
)

/** Writers that meet at a row try again after a while, which the clock has to let pass. */
const ticking = Effect.forkScoped(
  Effect.forever(Effect.andThen(TestClock.adjust("10 millis"), TestClock.withLive(Effect.sleep("5 millis"))))
)

/** A job that is being done, and the run that it waits for: it rests until its signal comes, so nobody who looks late misses it. */
const waiting = Effect.fnUntraced(function*(key: string) {
  const jobs = yield* Jobs
  const runs = yield* Runs
  const { id } = yield* jobs.enqueue(Patient, { key })
  const run = yield* Diagnostics.Diagnostics.executionId({ key, awaitSignal: true })
  yield* untilTrue(Effect.map(runs.get(run), Option.exists(({ state }) => state === "waiting")))
  return { job: id, run }
})

layer(store)("the run that a job waits for", (it) => {
  it.effect("is cancelled with the job", () =>
    inWorld(Effect.gen(function*() {
      yield* ticking
      const control = yield* RunControl
      const jobs = yield* Jobs
      yield* Layer.build(patient)
      yield* worker()
      const { job, run } = yield* waiting("unwanted")
      assert.isTrue(yield* jobs.cancel(job))
      const end = Option.getOrThrow(yield* control.ended(run))
      assert.strictEqual(end.state, "cancelled")
      yield* untilStatus(job, "cancelled")
    })))

  it.effect("goes on when the worker ends, and is the one that the next try waits for", () =>
    inWorld(Effect.gen(function*() {
      yield* ticking
      const control = yield* RunControl
      yield* Layer.build(patient)
      const first = yield* Scope.make()
      yield* Scope.provide(worker(), first)
      const { job, run } = yield* waiting("wanted")
      yield* Scope.close(first, yield* Effect.exit(Effect.void))
      yield* untilStatus(job, "queued")
      yield* worker()
      yield* untilStatus(job, "running")
      assert.isTrue(yield* control.signal(run, "go", "done"))
      const { result } = yield* untilStatus(job, "succeeded")
      assert.deepStrictEqual(result, Option.some({ signal: "done" }))
      assert.strictEqual(Option.getOrThrow(yield* control.ended(run)).state, "completed")
    })))
})

import { assert, layer } from "@effect/vitest"
import { Context, Deferred, Effect, Fiber, Layer, Option, Queue, Ref, Schema, Stream } from "effect"
import { TestClock } from "effect/testing"
import type { Progress } from "../../src/domain/Progress.ts"
import { Forbidden, NeedsAuth, Unavailable } from "../../src/domain/ProviderError.ts"
import type { Run } from "../../src/domain/Run.ts"
import * as DurableEngine from "../../src/engine/DurableEngine.ts"
import { Surreal } from "../../src/services/Surreal.ts"
import { QueryFailed, SurrealError } from "../../src/services/SurrealError.ts"
import { Commit } from "../../src/store/Commit.ts"
import { Connections } from "../../src/store/Connections.ts"
import { Runs } from "../../src/store/Runs.ts"
import { SyncRuns } from "../../src/store/SyncRuns.ts"
import type { Sync } from "../../src/syncs/Sync.ts"
import { Syncs } from "../../src/syncs/Syncs.ts"
import { RunNews } from "../../src/workflows/RunNews.ts"
import * as RunRecords from "../../src/workflows/RunRecords.ts"
import { StreamTurns } from "../../src/workflows/StreamTurns.ts"
import { SyncProgress } from "../../src/workflows/SyncProgress.ts"
import { RunOutcome, SyncRunner } from "../../src/workflows/SyncRunner.ts"
import * as SyncWorkflow from "../../src/workflows/SyncWorkflow.ts"
import { notePage, refusal, scriptedSync, signIn, spotifyTask } from "../support/ScriptedSync.ts"
import { storeTest } from "../support/StoreTest.ts"

/** The sync that the next runs are to do, in place of what their input says. */
class Script extends Context.Service<Script, Ref.Ref<Sync>>()("glider/test/SyncRunner/Script") {
  static readonly layer = Layer.effect(Script, Ref.make(scriptedSync({})))
}

const scripted = Layer.effect(
  Syncs,
  Effect.map(Script, (script) => Syncs.of({ of: () => Ref.get(script) }))
)

const stored = Layer.mergeAll(Runs.layer, SyncRuns.layer, Commit.layer, Connections.layer, Script.layer).pipe(
  Layer.provideMerge(storeTest)
)

const runner = (options: { readonly storeRunStatus: boolean }) =>
  SyncRunner.layer.pipe(
    Layer.provide(SyncWorkflow.layer),
    Layer.provide([StreamTurns.layer, scripted]),
    Layer.provide(SyncProgress.layer),
    Layer.provide(DurableEngine.layer().pipe(Layer.provide(RunRecords.layer(options)), Layer.provide(RunNews.layer)))
  )

const start = Effect.fnUntraced(
  function*(sync: Sync, onProgress: (progress: Progress) => Effect.Effect<void> = () => Effect.void) {
    const runner = yield* SyncRunner
    yield* Ref.set(yield* Script, sync)
    return yield* runner.run({ task: spotifyTask, trigger: "manual", onProgress })
  }
)

const run = (sync: Sync) =>
  Effect.flatMap(
    start(sync),
    RunOutcome.$match({
      Ran: ({ run }) => Effect.succeed(run),
      Skipped: () => Effect.die("skipped")
    })
  )

const notes = Effect.flatMap(
  Surreal,
  (surreal) => surreal.query(Schema.Array(Schema.String), "SELECT VALUE text FROM note ORDER BY text")
)

const clean = Effect.flatMap(
  Surreal,
  (surreal) =>
    surreal.execute(
      "DEFINE TABLE OVERWRITE note SCHEMALESS; DEFINE TABLE OVERWRITE note_state SCHEMALESS; DELETE note; DELETE note_state; DELETE run; DELETE journal; DELETE connection"
    )
)

const reason = (of: Run) => Option.map(of.error, ({ tag }) => tag)

const unavailable = refusal(new Unavailable({ status: Option.some(500), message: "down" }))

layer(runner({ storeRunStatus: true }).pipe(Layer.provideMerge(stored)))("workflows/SyncRunner", (it) => {
  it.effect("commits the pages in order, tells each, and records the run", () =>
    Effect.gen(function*() {
      yield* clean
      yield* signIn
      const told = yield* Ref.make<ReadonlyArray<number>>([])
      const outcome = yield* start(
        scriptedSync({ note: Stream.make(notePage("a"), notePage("b")) }),
        ({ pages }) => Ref.update(told, (all) => [...all, pages])
      )
      assert.strictEqual(outcome._tag, "Ran")
      if (outcome._tag !== "Ran") return
      assert.strictEqual(outcome.run.status, "completed")
      assert.strictEqual(outcome.run.syncReport.streams["note"]?.created, 2)
      assert.deepStrictEqual(yield* Ref.get(told), [1, 2])
      assert.deepStrictEqual(yield* notes, ["a", "b"])
      assert.deepStrictEqual(yield* Effect.flatMap(Runs, (runs) => runs.get(outcome.run.id)), Option.some(outcome.run))
    }))

  it.effect("ends as partial when one stream fails and another stands, and keeps what was committed", () =>
    Effect.gen(function*() {
      yield* clean
      yield* signIn
      const forbidden = refusal(new Forbidden({ message: "no scope" }))
      const ended = yield* run(scriptedSync({
        bad: Stream.concat(Stream.make(notePage("a")), Stream.fail(forbidden)),
        dead: Stream.die(new Error("a bug")),
        note: Stream.make(notePage("b"))
      }))
      assert.strictEqual(ended.status, "partial")
      assert.deepStrictEqual(Object.keys(ended.syncReport.errors), ["bad", "dead"])
      assert.deepStrictEqual(ended.syncReport.errors["bad"]?.fix, Option.some("glider auth spotify"))
      assert.deepStrictEqual(yield* notes, ["a", "b"])
    }))

  it.effect("ends as failed when nothing stood, also after a defect at the beginning", () =>
    Effect.gen(function*() {
      yield* clean
      yield* signIn
      const failed = yield* run(scriptedSync({ note: Stream.fail(unavailable) }))
      assert.deepStrictEqual([failed.status, reason(failed)], ["failed", Option.some("Unavailable")])
      const died = yield* run(scriptedSync({}, Effect.die(new TypeError("a bug"))))
      assert.deepStrictEqual([died.status, reason(died)], ["failed", Option.some("TypeError")])
    }))

  it.effect("ends as needs_auth, with the command that mends it, when no account is signed in or the sign-in is over", () =>
    Effect.gen(function*() {
      yield* clean
      const none = yield* run(scriptedSync({ note: Stream.make(notePage("a")) }))
      assert.strictEqual(none.status, "needs_auth")
      assert.deepStrictEqual(Option.flatMap(none.error, ({ fix }) => fix), Option.some("glider auth spotify"))
      assert.deepStrictEqual(yield* notes, [])
      yield* signIn
      const over = yield* run(scriptedSync({ note: Stream.fail(refusal(new NeedsAuth({ message: "revoked" }))) }))
      assert.strictEqual(over.status, "needs_auth")
    }))

  it.effect("ends a run that hangs after its time-out", () =>
    Effect.gen(function*() {
      yield* clean
      yield* signIn
      const reading = yield* Deferred.make<void>()
      const hanging = scriptedSync({
        note: Stream.fromEffect(Effect.andThen(Deferred.succeed(reading, undefined), Effect.never))
      })
      const fiber = yield* Effect.forkChild(run(hanging))
      yield* Deferred.await(reading)
      yield* TestClock.adjust("15 minutes")
      const ended = yield* Fiber.join(fiber)
      assert.deepStrictEqual([ended.status, reason(ended)], ["failed", Option.some("RunTimedOut")])
    }))

  it.effect("skips a second run of a task that is running, and says which", () =>
    Effect.gen(function*() {
      yield* clean
      yield* signIn
      const gate = yield* Deferred.make<void>()
      const reading = yield* Deferred.make<void>()
      const slow = scriptedSync({
        note: Stream.fromEffect(
          Deferred.succeed(reading, undefined).pipe(Effect.andThen(Deferred.await(gate)), Effect.as(notePage("slow")))
        )
      })
      const fiber = yield* Effect.forkChild(run(slow))
      yield* Deferred.await(reading)
      const second = yield* start(scriptedSync({ note: Stream.make(notePage("second")) }))
      yield* Deferred.succeed(gate, undefined)
      const first = yield* Fiber.join(fiber)
      assert.deepStrictEqual(second, RunOutcome.Skipped({ task: "spotify", runningId: first.id }))
      assert.deepStrictEqual(yield* notes, ["slow"])
    }))

  it.effect("reads a stream that two tasks fill for one of them at a time", () =>
    Effect.gen(function*() {
      yield* clean
      yield* signIn
      const gate = yield* Deferred.make<void>()
      const reading = yield* Queue.make<string>()
      const begin = Effect.fnUntraced(function*(title: string, until: Effect.Effect<void>) {
        const runner = yield* SyncRunner
        yield* Ref.set(
          yield* Script,
          scriptedSync({
            note: Stream.fromEffect(
              Queue.offer(reading, title).pipe(Effect.andThen(until), Effect.as(notePage(title)))
            )
          })
        )
        return yield* Effect.forkChild(runner.run({
          task: title === "first" ? spotifyTask : { ...spotifyTask, name: "oura", lookbackDays: 1, dataTypes: [] },
          trigger: "manual",
          onProgress: () => Effect.void
        }))
      })
      const first = yield* begin("first", Deferred.await(gate))
      assert.strictEqual(yield* Queue.take(reading), "first")
      const second = yield* begin("second", Effect.void)
      const runs = yield* Runs
      const running = Effect.map(
        runs.list({ query: Option.none(), after: Option.none(), limit: 9 }),
        (all) => all.runs.filter(({ status }) => status === "running").length
      )
      yield* Effect.repeat(running, { until: (count) => count === 2 })
      assert.deepStrictEqual(yield* Queue.clear(reading), [])
      yield* Deferred.succeed(gate, undefined)
      yield* Fiber.join(first)
      yield* Fiber.join(second)
      assert.deepStrictEqual(yield* notes, ["first", "second"])
    }))

  it.effect("records an interrupted run as interrupted, keeps its pages, and lets the task run again", () =>
    Effect.gen(function*() {
      yield* clean
      yield* signIn
      const committed = yield* Queue.make<void>()
      const endless = scriptedSync({ note: Stream.concat(Stream.make(notePage("a")), Stream.never) })
      const fiber = yield* Effect.forkChild(start(endless, () => Effect.asVoid(Queue.offer(committed, undefined))))
      yield* Queue.take(committed)
      yield* Fiber.interrupt(fiber)
      const runs = yield* Runs
      const [last] = yield* runs.newest(["spotify"])
      assert.strictEqual(last?.status, "interrupted")
      assert.strictEqual(last?.syncReport.streams["note"]?.created, 1)
      assert.deepStrictEqual(yield* notes, ["a"])
      assert.strictEqual((yield* run(scriptedSync({ note: Stream.make(notePage("b")) }))).status, "completed")
    }))
})

const full = Effect.fail(new SurrealError({ operation: "commit", reason: new QueryFailed({ message: "disk full" }) }))

layer(
  runner({ storeRunStatus: true }).pipe(
    Layer.provide(Layer.mock(SyncRuns, { record: () => full, refresh: full })),
    Layer.provideMerge(stored)
  )
)("workflows/SyncRunner with a last state that cannot be written", (it) => {
  it.effect("syncs all the same", () =>
    Effect.gen(function*() {
      yield* clean
      yield* signIn
      const ended = yield* run(scriptedSync({ note: Stream.make(notePage("a")) }))
      assert.strictEqual(ended.status, "completed")
      assert.deepStrictEqual(yield* notes, ["a"])
    }))
})

layer(runner({ storeRunStatus: false }).pipe(Layer.provideMerge(stored)))(
  "workflows/SyncRunner without history",
  (it) => {
    it.effect("keeps none", () =>
      Effect.gen(function*() {
        yield* clean
        yield* signIn
        const ended = yield* run(scriptedSync({ note: Stream.make(notePage("a")) }))
        assert.strictEqual(ended.status, "completed")
        const runs = yield* Runs
        assert.deepStrictEqual(yield* runs.newest(["spotify"]), [])
      }))
  }
)

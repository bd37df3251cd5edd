import { assert, layer } from "@effect/vitest"
import { Deferred, Effect, Fiber, Layer, Option, Queue, Ref, Schema, Stream } from "effect"
import { TestClock } from "effect/testing"
import type { Progress } from "../../src/domain/Progress.ts"
import { Forbidden, NeedsAuth, Unavailable } from "../../src/domain/ProviderError.ts"
import type { Run } from "../../src/domain/Run.ts"
import { Runner, RunOutcome } from "../../src/engine/Runner.ts"
import { Surreal } from "../../src/services/Surreal.ts"
import { QueryFailed, SurrealError } from "../../src/services/SurrealError.ts"
import { Commit } from "../../src/store/Commit.ts"
import { Connections } from "../../src/store/Connections.ts"
import { Runs } from "../../src/store/Runs.ts"
import type { Sync } from "../../src/syncs/Sync.ts"
import { notePage, refusal, scriptedSync, signIn, spotifyTask } from "../support/ScriptedSync.ts"
import { storeTest } from "../support/StoreTest.ts"

const stored = Layer.mergeAll(Runs.layer, Commit.layer, Connections.layer).pipe(Layer.provideMerge(storeTest))

const start = Effect.fnUntraced(
  function*(sync: Sync, onProgress: (progress: Progress) => Effect.Effect<void> = () => Effect.void) {
    const runner = yield* Runner
    return yield* runner.run({ task: spotifyTask, trigger: "manual", sync, onProgress })
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
      "DEFINE TABLE OVERWRITE note SCHEMALESS; DEFINE TABLE OVERWRITE note_state SCHEMALESS; DELETE note; DELETE note_state; DELETE run; DELETE connection"
    )
)

const reason = (of: Run) => Option.map(of.error, ({ tag }) => tag)

const unavailable = refusal(new Unavailable({ status: Option.some(500), message: "down" }))

layer(Runner.layer({ storeRunStatus: true }).pipe(Layer.provideMerge(stored)))("engine/Runner", (it) => {
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
      assert.strictEqual(outcome.run.report.streams["note"]?.created, 2)
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
      assert.deepStrictEqual(Object.keys(ended.report.errors), ["bad", "dead"])
      assert.deepStrictEqual(ended.report.errors["bad"]?.fix, Option.some("glider auth spotify"))
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
      const runner = yield* Runner
      const gate = yield* Deferred.make<void>()
      const reading = yield* Queue.make<string>()
      const begin = (title: string, until: Effect.Effect<void>) =>
        Effect.forkChild(runner.run({
          task: title === "first" ? spotifyTask : { ...spotifyTask, name: "oura", lookbackDays: 1, dataTypes: [] },
          trigger: "manual",
          sync: scriptedSync({
            note: Stream.fromEffect(
              Queue.offer(reading, title).pipe(Effect.andThen(until), Effect.as(notePage(title)))
            )
          }),
          onProgress: () => Effect.void
        }))
      const first = yield* begin("first", Deferred.await(gate))
      assert.strictEqual(yield* Queue.take(reading), "first")
      const second = yield* begin("second", Effect.void)
      const runs = yield* Runs
      const running = Effect.map(
        runs.list({ task: Option.none(), status: Option.some("running"), before: Option.none(), limit: 9 }),
        (all) => all.length
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
      const [last] = yield* runs.list({
        task: Option.some("spotify"),
        status: Option.none(),
        before: Option.none(),
        limit: 1
      })
      assert.strictEqual(last?.status, "interrupted")
      assert.strictEqual(last?.report.streams["note"]?.created, 1)
      assert.deepStrictEqual(yield* notes, ["a"])
      assert.strictEqual((yield* run(scriptedSync({ note: Stream.make(notePage("b")) }))).status, "completed")
    }))
})

const full = Effect.fail(new SurrealError({ operation: "commit", reason: new QueryFailed({ message: "disk full" }) }))

const failingHistory = Layer.mock(Runs, { started: () => full, finished: () => full })

layer(
  Runner.layer({ storeRunStatus: true }).pipe(
    Layer.provide(failingHistory),
    Layer.provideMerge(Layer.mergeAll(Commit.layer, Connections.layer).pipe(Layer.provideMerge(storeTest)))
  )
)("engine/Runner with a history that cannot be written", (it) => {
  it.effect("syncs all the same", () =>
    Effect.gen(function*() {
      yield* clean
      yield* signIn
      const ended = yield* run(scriptedSync({ note: Stream.make(notePage("a")) }))
      assert.strictEqual(ended.status, "completed")
      assert.deepStrictEqual(yield* notes, ["a"])
    }))
})

layer(Runner.layer({ storeRunStatus: false }).pipe(Layer.provideMerge(stored)))(
  "engine/Runner without history",
  (it) => {
    it.effect("keeps none", () =>
      Effect.gen(function*() {
        yield* clean
        yield* signIn
        yield* run(scriptedSync({ note: Stream.make(notePage("a")) }))
        const runs = yield* Runs
        assert.deepStrictEqual(yield* runs.newest, [])
      }))
  }
)

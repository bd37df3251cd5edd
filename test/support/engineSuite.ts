/** What every `WorkflowEngine` must do, Effect's own in memory included: it is asked by nothing but the service itself. */
import { assert, describe, it } from "@effect/vitest"
import { Cause, Deferred, Effect, Exit, Fiber, Layer, Option, Ref, Schema } from "effect"
import { TestClock } from "effect/testing"
import { Activity, DurableClock, DurableDeferred, Workflow, type WorkflowEngine } from "effect/workflow"
import { until } from "./Turns.ts"

class Refused extends Schema.TaggedError<Refused>()("Refused", { why: Schema.String }) {}

const named = <S extends Schema.Top = typeof Schema.Void>(name: string, success?: S) =>
  Workflow.make(name, {
    payload: { id: Schema.String },
    success: success ?? Schema.Void,
    error: Refused,
    idempotencyKey: ({ id }) => id
  })

/** A step that is counted. */
const counted = (
  log: Ref.Ref<ReadonlyArray<string>>,
  name: string,
  result: Effect.Effect<string, Refused> = Effect.succeed(name)
) =>
  Activity.make({
    name,
    success: Schema.String,
    error: Refused,
    execute: Effect.andThen(Ref.update(log, (all) => [...all, name]), result)
  })

const newLog = Ref.make<ReadonlyArray<string>>([])

export const engineSuite = (title: string, engine: Layer.Layer<WorkflowEngine.WorkflowEngine>): void => {
  const on = <A, E, R>(
    handlers: Layer.Layer<never, never, WorkflowEngine.WorkflowEngine>,
    test: Effect.Effect<A, E, R>
  ) => Effect.provide(test, Layer.provideMerge(handlers, Layer.fresh(engine)))

  describe(`${title}`, () => {
    it.effect("runs the steps in order and gives the result", () =>
      Effect.gen(function*() {
        const log = yield* newLog
        const work = named("three", Schema.String)
        const handler = work.toLayer(() =>
          Effect.gen(function*() {
            const one = yield* counted(log, "one")
            const two = yield* counted(log, "two")
            return `${one} ${two} ${yield* counted(log, "three")}`
          })
        )
        const result = yield* on(handler, work.execute({ id: "a" }))
        assert.strictEqual(result, "one two three")
        assert.deepStrictEqual(yield* Ref.get(log), ["one", "two", "three"])
      }))

    it.effect("runs a workflow once for one idempotency key, together and one after the other", () =>
      Effect.gen(function*() {
        const log = yield* newLog
        const work = named("once", Schema.String)
        const handler = work.toLayer(({ id }) => counted(log, id))
        const results = yield* on(
          handler,
          Effect.gen(function*() {
            const together = yield* Effect.all([work.execute({ id: "a" }), work.execute({ id: "a" })], {
              concurrency: "unbounded"
            })
            return [...together, yield* work.execute({ id: "a" }), yield* work.execute({ id: "b" })]
          })
        )
        assert.deepStrictEqual(results, ["a", "a", "a", "b"])
        assert.deepStrictEqual(yield* Ref.get(log), ["a", "b"])
      }))

    it.effect("fails with the typed error, and again with the same when it is asked again", () =>
      Effect.gen(function*() {
        const log = yield* newLog
        const work = named("fails")
        const handler = work.toLayer(() => Effect.asVoid(counted(log, "step", Effect.fail(new Refused({ why: "no" })))))
        const errors = yield* on(
          handler,
          Effect.all([Effect.flip(work.execute({ id: "a" })), Effect.flip(work.execute({ id: "a" }))])
        )
        assert.deepStrictEqual(errors.map(({ why }) => why), ["no", "no"])
        assert.deepStrictEqual(yield* Ref.get(log), ["step"])
      }))

    it.effect("turns a defect into the result of that run alone", () =>
      Effect.gen(function*() {
        const log = yield* newLog
        const work = named("dies", Schema.String)
        const handler = work.toLayer(({ id }) => id === "bad" ? Effect.die(new Error("a bug")) : counted(log, id))
        const [bad, good] = yield* on(
          handler,
          Effect.all([Effect.exit(work.execute({ id: "bad" })), Effect.exit(work.execute({ id: "good" }))], {
            concurrency: "unbounded"
          })
        )
        assert.isTrue(Exit.isFailure(bad) && Cause.hasDies(bad.cause))
        assert.deepStrictEqual(good, Exit.succeed("good"))
      }))

    it.effect("sleeps durably, and repeats no step when it wakes", () =>
      Effect.gen(function*() {
        const log = yield* newLog
        const work = named("sleeps", Schema.String)
        const handler = work.toLayer(() =>
          Effect.gen(function*() {
            yield* counted(log, "before")
            yield* DurableClock.sleep({ name: "night", duration: "8 hours", inMemoryThreshold: 0 })
            return yield* counted(log, "after")
          })
        )
        yield* on(
          handler,
          Effect.gen(function*() {
            const id = yield* work.execute({ id: "a" }, { discard: true })
            const isSuspended = Effect.map(work.poll(id), Option.exists(({ _tag }) => _tag === "Suspended"))
            const isComplete = Effect.map(work.poll(id), Option.exists(({ _tag }) => _tag === "Complete"))
            yield* until(() => isSuspended)
            yield* TestClock.adjust("7 hours")
            assert.isTrue(yield* isSuspended)
            yield* TestClock.adjust("1 hour")
            yield* until(() => isComplete)
          })
        )
        assert.deepStrictEqual(yield* Ref.get(log), ["before", "after"])
      }))

    it.effect("waits for a signal, takes the first, and wakes whoever waits for the run", () =>
      Effect.gen(function*() {
        const approval = DurableDeferred.make("approval", { success: Schema.String })
        const work = named("approves", Schema.String)
        const handler = work.toLayer(() => DurableDeferred.await(approval))
        const result = yield* on(
          handler,
          Effect.gen(function*() {
            const waiter = yield* Effect.forkChild(work.execute({ id: "a" }))
            const id = yield* work.executionId({ id: "a" })
            yield* until(() => Effect.map(work.poll(id), Option.exists(({ _tag }) => _tag === "Suspended")))
            const token = DurableDeferred.tokenFromExecutionId(approval, { workflow: work, executionId: id })
            yield* DurableDeferred.succeed(approval, { token, value: "yes" })
            yield* DurableDeferred.succeed(approval, { token, value: "no" })
            return yield* Fiber.join(waiter)
          })
        )
        assert.strictEqual(result, "yes")
      }))

    it.effect("starts a child once, and wakes the parent when the child ends", () =>
      Effect.gen(function*() {
        const log = yield* newLog
        const signal = DurableDeferred.make("go")
        const child = named("child", Schema.String)
        const parent = named("parent", Schema.String)
        const handlers = Layer.merge(
          child.toLayer(({ id }) =>
            Effect.gen(function*() {
              yield* DurableDeferred.await(signal)
              return yield* counted(log, `child ${id}`)
            })
          ),
          parent.toLayer(({ id }) =>
            Effect.gen(function*() {
              yield* counted(log, "parent")
              return `parent of ${yield* child.execute({ id: `${id}-1` })}`
            })
          )
        )
        const result = yield* on(
          handlers,
          Effect.gen(function*() {
            const waiter = yield* Effect.forkChild(parent.execute({ id: "p" }))
            const [parentId, childId] = yield* Effect.all([
              parent.executionId({ id: "p" }),
              child.executionId({ id: "p-1" })
            ])
            yield* until(() => Effect.map(parent.poll(parentId), Option.exists(({ _tag }) => _tag === "Suspended")))
            const token = DurableDeferred.tokenFromExecutionId(signal, { workflow: child, executionId: childId })
            yield* DurableDeferred.succeed(signal, { token, value: undefined })
            return yield* Fiber.join(waiter)
          })
        )
        assert.strictEqual(result, "parent of child p-1")
        assert.deepStrictEqual(yield* Ref.get(log), ["parent", "child p-1"])
      }))

    it.effect("compensates in reverse what succeeded before a failure, and nothing after a success", () =>
      Effect.gen(function*() {
        const log = yield* newLog
        const work = named("compensates")
        const undo = (name: string) => Effect.asVoid(Effect.orDie(counted(log, `undo ${name}`)))
        const handler = work.toLayer(({ id }) =>
          Effect.gen(function*() {
            yield* work.withCompensation(counted(log, "one"), () => undo("one"))
            yield* work.withCompensation(counted(log, "two"), () => undo("two"))
            if (id === "bad") yield* counted(log, "three", Effect.fail(new Refused({ why: "no" })))
          })
        )
        yield* on(handler, Effect.andThen(work.execute({ id: "good" }), Effect.flip(work.execute({ id: "bad" }))))
        assert.deepStrictEqual(yield* Ref.get(log), ["one", "two", "one", "two", "three", "undo two", "undo one"])
      }))

    it.effect("ends a waiting run safely: with its compensations, as interrupted", () =>
      Effect.gen(function*() {
        const log = yield* newLog
        const work = named("cancelled")
        const handler = work.toLayer(() =>
          Effect.gen(function*() {
            yield* work.withCompensation(
              counted(log, "one"),
              () => Effect.asVoid(Effect.orDie(counted(log, "undo one")))
            )
            yield* DurableClock.sleep({ name: "long", duration: "1 day", inMemoryThreshold: 0 })
            yield* counted(log, "never")
          })
        )
        const result = yield* on(
          handler,
          Effect.gen(function*() {
            const id = yield* work.execute({ id: "a" }, { discard: true })
            yield* until(() => Effect.map(work.poll(id), Option.exists(({ _tag }) => _tag === "Suspended")))
            yield* work.interrupt(id)
            yield* until(() => Effect.map(work.poll(id), Option.exists(({ _tag }) => _tag === "Complete")))
            return yield* work.poll(id)
          })
        )
        assert.isTrue(Option.exists(result, (end) =>
          end._tag === "Complete" && Exit.isFailure(end.exit) && Cause.hasInterruptsOnly(end.exit.cause)))
        assert.deepStrictEqual(yield* Ref.get(log), ["one", "undo one"])
      }))

    it.effect("lets the activity under way end before a safe end", () =>
      Effect.gen(function*() {
        const log = yield* newLog
        const [begun, gate] = yield* Effect.all([Deferred.make<void>(), Deferred.make<void>()])
        const work = named("patient")
        const handler = work.toLayer(() =>
          Effect.gen(function*() {
            yield* counted(
              log,
              "slow",
              Deferred.succeed(begun, undefined).pipe(
                Effect.andThen(Deferred.await(gate)),
                Effect.andThen(Ref.update(log, (all) => [...all, "slow ended"])),
                Effect.as("slow")
              )
            )
            yield* counted(log, "never")
          })
        )
        yield* on(
          handler,
          Effect.gen(function*() {
            const id = yield* work.execute({ id: "a" }, { discard: true })
            yield* Deferred.await(begun)
            const ending = yield* Effect.forkChild(work.interrupt(id), { startImmediately: true })
            yield* Deferred.succeed(gate, undefined)
            yield* Fiber.join(ending)
            yield* until(() => Effect.map(work.poll(id), Option.exists(({ _tag }) => _tag === "Complete")))
          })
        )
        assert.deepStrictEqual(yield* Ref.get(log), ["slow", "slow ended"])
      }))

    it.effect("keeps the winner of a race, and replays it", () =>
      Effect.gen(function*() {
        const log = yield* newLog
        const work = named("races", Schema.String)
        const handler = work.toLayer(() =>
          Effect.gen(function*() {
            const winner = yield* Activity.raceAll("first", [
              counted(log, "fast"),
              counted(log, "slow", Effect.never)
            ])
            yield* DurableClock.sleep({ name: "pause", duration: "1 hour", inMemoryThreshold: 0 })
            return winner
          })
        )
        const result = yield* on(
          handler,
          Effect.gen(function*() {
            const waiter = yield* Effect.forkChild(work.execute({ id: "a" }))
            const id = yield* work.executionId({ id: "a" })
            yield* until(() => Effect.map(work.poll(id), Option.exists(({ _tag }) => _tag === "Suspended")))
            yield* TestClock.adjust("1 hour")
            return yield* Fiber.join(waiter)
          })
        )
        assert.strictEqual(result, "fast")
        assert.lengthOf((yield* Ref.get(log)).filter((name) => name === "fast"), 1)
      }))

    it.effect("retries an activity with attempts of its own", () =>
      Effect.gen(function*() {
        const log = yield* newLog
        const work = named("retries", Schema.String)
        const handler = work.toLayer(() =>
          Activity.make({
            name: "flaky",
            success: Schema.String,
            error: Refused,
            execute: Effect.gen(function*() {
              const attempt = yield* Activity.CurrentAttempt
              yield* Ref.update(log, (all) => [...all, `attempt ${attempt}`])
              return attempt < 3 ? yield* new Refused({ why: "not yet" }) : "done"
            })
          }).pipe(Activity.retry({ times: 5 }))
        )
        assert.strictEqual(yield* on(handler, work.execute({ id: "a" })), "done")
        assert.deepStrictEqual(yield* Ref.get(log), ["attempt 1", "attempt 2", "attempt 3"])
      }))

    it.effect("runs activities side by side, each once", () =>
      Effect.gen(function*() {
        const log = yield* newLog
        const names = Array.from({ length: 20 }, (_, index) => `step ${index}`)
        const work = named("wide", Schema.Array(Schema.String))
        const handler = work.toLayer(() =>
          Effect.gen(function*() {
            const first = yield* Effect.forEach(names, (name) => counted(log, name), { concurrency: "unbounded" })
            yield* DurableClock.sleep({ name: "pause", duration: "1 hour", inMemoryThreshold: 0 })
            return first
          })
        )
        const result = yield* on(
          handler,
          Effect.gen(function*() {
            const waiter = yield* Effect.forkChild(work.execute({ id: "a" }))
            const id = yield* work.executionId({ id: "a" })
            yield* until(() => Effect.map(work.poll(id), Option.exists(({ _tag }) => _tag === "Suspended")))
            yield* TestClock.adjust("1 hour")
            return yield* Fiber.join(waiter)
          })
        )
        assert.deepStrictEqual(result, names)
        assert.lengthOf(yield* Ref.get(log), names.length)
      }))
  })
}

import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Exit, Fiber, Layer, Schema } from "effect"
import { TestClock } from "effect/testing"
import { DurableClock, DurableDeferred, Workflow } from "effect/workflow"
import * as JournalMemory from "../../src/engine/JournalMemory.ts"
import * as AwayJournal from "../support/AwayJournal.ts"
import { deed, type Deeds, Refused, undoing } from "../support/Deeds.ts"
import { begin, type Life } from "../support/EngineLives.ts"
import { until } from "../support/Turns.ts"

const named = <const Name extends string>(name: Name) =>
  Workflow.make(name, { payload: { id: Schema.String }, error: Refused, idempotencyKey: ({ id }) => id })

const work = named("work")
const part = named("part")
const news = DurableDeferred.make("news", { success: Schema.String })

const tell = (run: string, value: string) =>
  DurableDeferred.succeed(news, {
    token: DurableDeferred.tokenFromExecutionId(news, { workflow: work, executionId: run }),
    value
  })

const ids = Array.from({ length: 20 }, (_, index) => `${index}`)

/** Lets time pass in small pieces, with what happens in each. */
const pass = (life: Life, minutes: number) =>
  Effect.repeat(Effect.andThen(TestClock.adjust("5 seconds"), life.quiet), { times: minutes * 12 - 1 })

const isOver = (journal: JournalMemory.MemoryJournal) => () =>
  journal.runs.size > 0 && [...journal.runs.values()].every(({ state }) => state === "completed")

const times = (deeds: Deeds, name: string) => deeds.filter((one) => one === name).length

/** How long the store is away, in seconds: shorter and longer than a commit has patience. */
const absences = [5, 120]

describe("a store that is away", () => {
  for (const seconds of absences) {
    it.effect(`for ${seconds} seconds holds runs up, and ends none of them`, () =>
      Effect.gen(function*() {
        const journal = JournalMemory.make()
        const away = AwayJournal.of(journal)
        const deeds: Deeds = []
        const gate = yield* Deferred.make<void>()
        const handlers = Layer.merge(
          part.toLayer(({ id }) =>
            Effect.asVoid(part.withCompensation(deed(deeds, `part ${id}`), () => undoing(deeds, `part ${id}`)))
          ),
          work.toLayer(({ id }) =>
            Effect.gen(function*() {
              yield* work.withCompensation(deed(deeds, `one ${id}`), () => undoing(deeds, `one ${id}`))
              yield* deed(deeds, `two ${id}`, Effect.as(Deferred.await(gate), ""))
              yield* part.execute({ id })
              yield* deed(deeds, `three ${id}`)
            })
          )
        )
        const life = yield* begin(away, { handlers })
        yield* Effect.forEach(ids, (id) => life.do(work.execute({ id }, { discard: true })))
        yield* until(() => deeds.length === 40)
        yield* life.quiet
        yield* away.leave
        yield* Deferred.succeed(gate, undefined)
        yield* TestClock.adjust(`${seconds} seconds`)
        yield* away.comeBack
        yield* pass(life, 3)
        yield* until(isOver(journal))
        for (const id of ids) {
          assert.deepStrictEqual([`one ${id}`, `part ${id}`, `three ${id}`].map((name) => times(deeds, name)), [
            1,
            1,
            1
          ])
          assert.isAtMost(times(deeds, `two ${id}`), 2, "its result was lost with the commit")
        }
        assert.isFalse(deeds.some((name) => name.startsWith("undo")))
        yield* life.stop
      }))

    it.effect(`for ${seconds} seconds when a child begins or ends fails no parent`, () =>
      Effect.gen(function*() {
        const journal = JournalMemory.make()
        const away = AwayJournal.of(journal)
        const deeds: Deeds = []
        const gates = yield* Effect.all({ before: Deferred.make<void>(), within: Deferred.make<void>() })
        const handlers = Layer.merge(
          part.toLayer(({ id }) =>
            Effect.asVoid(deed(deeds, `part ${id}`, Effect.as(Deferred.await(gates.within), "")))
          ),
          work.toLayer(({ id }) =>
            Effect.gen(function*() {
              yield* work.withCompensation(deed(deeds, `one ${id}`), () => undoing(deeds, `one ${id}`))
              if (id === "late") yield* Deferred.await(gates.before)
              yield* part.execute({ id })
            })
          )
        )
        const life = yield* begin(away, { handlers })
        yield* Effect.forEach(["late", "early"], (id) => life.do(work.execute({ id }, { discard: true })))
        yield* until(() => times(deeds, "part early") === 1)
        yield* life.quiet
        yield* away.leave
        yield* Deferred.succeed(gates.before, undefined)
        yield* Deferred.succeed(gates.within, undefined)
        yield* TestClock.adjust(`${seconds} seconds`)
        yield* away.comeBack
        yield* pass(life, 3)
        yield* until(isOver(journal))
        assert.strictEqual(times(deeds, "one late"), 1)
        assert.isFalse(deeds.some((name) => name.startsWith("undo")))
        yield* life.stop
      }))

    it.effect(`for ${seconds} seconds while timers are due makes them late, and loses none`, () =>
      Effect.gen(function*() {
        const journal = JournalMemory.make()
        const away = AwayJournal.of(journal)
        const deeds: Deeds = []
        const handlers = work.toLayer(({ id }) =>
          Effect.gen(function*() {
            yield* DurableClock.sleep({ name: "nap", duration: `${10 + Number(id)} minutes`, inMemoryThreshold: 0 })
            yield* deed(deeds, id)
          })
        )
        const life = yield* begin(away, { handlers })
        yield* Effect.forEach(ids, (id) => life.do(work.execute({ id }, { discard: true })))
        yield* until(() => [...journal.runs.values()].every(({ state }) => state === "waiting"))
        yield* life.quiet
        yield* TestClock.adjust("9 minutes")
        yield* away.leave
        yield* TestClock.adjust("1 minute")
        yield* TestClock.adjust(`${seconds} seconds`)
        yield* away.comeBack
        yield* pass(life, 30)
        yield* until(isOver(journal))
        assert.deepStrictEqual([...deeds].toSorted(), [...ids].toSorted())
        yield* life.stop
      }))
  }

  it.effect("too long takes no signal, and takes it when it is back", () =>
    Effect.gen(function*() {
      const journal = JournalMemory.make()
      const away = AwayJournal.of(journal)
      const handlers = work.toLayer(() => Effect.asVoid(DurableDeferred.await(news)))
      const life = yield* begin(away, { handlers })
      const run = yield* life.do(work.execute({ id: "a" }, { discard: true }))
      yield* until(() => journal.runs.get(run)?.state === "waiting")
      yield* life.quiet
      yield* away.leave
      const telling = yield* Effect.forkChild(Effect.exit(life.do(tell(run, "lost"))), { startImmediately: true })
      yield* pass(life, 1)
      assert.isTrue(Exit.isFailure(yield* Fiber.join(telling)))
      yield* away.comeBack
      yield* life.do(tell(run, "kept"))
      yield* until(isOver(journal))
      const kept = (yield* journal.load(run))?.entries.flatMap((entry) => entry._tag === "Deferred" ? [entry.exit] : [])
      assert.deepStrictEqual(kept, [{ ok: "kept" }])
      yield* life.stop
    }))

  it.effect("too long begins no activity on a result that it has not taken", () =>
    Effect.gen(function*() {
      const journal = JournalMemory.make()
      const away = AwayJournal.of(journal)
      const deeds: Deeds = []
      const paid: Array<string> = []
      let price = 0
      const gate = yield* Deferred.make<void>()
      const handlers = work.toLayer(() =>
        Effect.gen(function*() {
          const asked = yield* deed(
            deeds,
            "ask",
            Effect.as(Deferred.await(gate), "").pipe(Effect.map(() => `${++price}`))
          )
          yield* Effect.sleep("30 seconds")
          yield* deed(deeds, "pay", Effect.sync(() => `${paid.push(asked)}`))
        })
      )
      const life = yield* begin(away, { handlers })
      const run = yield* life.do(work.execute({ id: "a" }, { discard: true }))
      yield* away.leave
      yield* Deferred.succeed(gate, undefined)
      yield* life.quiet
      // long enough for the commit to be given up, and over before the body goes on
      yield* TestClock.adjust("20 seconds")
      yield* away.comeBack
      yield* pass(life, 3)
      yield* until(isOver(journal))
      const recorded = (yield* journal.load(run))?.entries.flatMap((entry) =>
        entry._tag === "Activity" && entry.name === "ask" && "ok" in entry.exit ? [String(entry.exit.ok)] : []
      )
      assert.deepStrictEqual(paid, recorded)
      yield* life.stop
    }))
})

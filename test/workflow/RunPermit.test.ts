import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Fiber, Schema, Semaphore } from "effect"
import { TestClock } from "effect/testing"
import { RunPermit } from "../../src/workflow/RunPermit.ts"
import { joinInTime } from "./Engines.ts"
import { type Dice, dice } from "./Programs.ts"

const seed = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 2 ** 31 - 1 }))

const sleep = (throws: Dice) => Effect.suspend(() => Effect.sleep(throws(4)))

/** Works and waits in turns; a wait may need a permit of its own, or fail. */
const branch = (
  throws: Dice,
  permit: RunPermit,
  semaphores: ReadonlyArray<Semaphore.Semaphore>
): Effect.Effect<void> => {
  const child = Effect.suspend(() => throws(2) === 0 ? sleep(throws) : new RunPermit(semaphores).during(sleep(throws)))
  const wait = Effect.suspend(() => throws(4) === 0 ? Effect.andThen(child, Effect.fail("no")) : child)
  return Effect.repeat(Effect.andThen(sleep(throws), Effect.exit(permit.without(wait))), { times: throws(4) }).pipe(
    Effect.asVoid
  )
}

const body = (throws: Dice, permit: RunPermit, semaphores: ReadonlyArray<Semaphore.Semaphore>) =>
  Effect.gen(function*() {
    const branches = Array.from({ length: 1 + throws(4) }, () => branch(throws, permit, semaphores))
    if (throws(3) === 0) yield* Effect.forkDetach(branch(throws, permit, semaphores))
    yield* Effect.all(branches, { concurrency: "unbounded", discard: true })
    if (throws(4) === 0) return yield* Effect.interrupt
  })

describe("workflow/RunPermit", () => {
  it.effect.prop(
    "gives back every permit, whatever its branches do and however they end",
    { seed },
    ({ seed }) =>
      Effect.gen(function*() {
        const throws = dice(seed)
        const sizes = [1 + throws(2), 1 + throws(3)]
        const semaphores = sizes.map((permits) => Semaphore.makeUnsafe(permits))
        const runs = yield* Effect.forEach(Array.from({ length: 1 + throws(5) }), () => {
          const permit = new RunPermit(semaphores)
          return Effect.forkChild(Effect.exit(permit.during(body(throws, permit, semaphores))))
        })
        for (const run of runs) {
          if (throws(4) > 0) continue
          yield* TestClock.adjust(throws(5))
          yield* Fiber.interrupt(run)
        }
        for (let step = 0; step < 250; step++) yield* TestClock.adjust(1)
        for (const run of runs) assert.isDefined(run.pollUnsafe())
        for (const [index, semaphore] of semaphores.entries()) {
          assert.isTrue(
            yield* semaphore.takeIfAvailable(sizes[index] ?? 0),
            `semaphore ${index} of ${sizes.join(", ")}`
          )
          assert.isFalse(yield* semaphore.takeIfAvailable(1))
        }
      }),
    { arbitrary: { runs: 100 } }
  )

  it.effect("lets a body go on whose wait was interrupted, with its permit", () =>
    Effect.gen(function*() {
      const semaphore = Semaphore.makeUnsafe(1)
      const permit = new RunPermit([semaphore])
      const fiber = yield* Effect.forkChild(permit.during(
        Effect.gen(function*() {
          const exit = yield* Effect.exit(permit.without(Exit.interrupt(1)))
          assert.isTrue(Exit.hasInterrupts(exit))
          return yield* semaphore.takeIfAvailable(1)
        })
      ))
      assert.isFalse(yield* joinInTime(fiber))
      assert.isTrue(yield* semaphore.takeIfAvailable(1))
    }))

  it.effect("costs nothing where nothing is bounded", () =>
    Effect.gen(function*() {
      const permit = new RunPermit([])
      assert.strictEqual(yield* permit.during(permit.without(Effect.succeed(1))), 1)
    }))
})

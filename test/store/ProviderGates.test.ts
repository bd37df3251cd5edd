import { assert, describe, it, layer } from "@effect/vitest"
import { DateTime, Deferred, Effect, Fiber, Layer, Option, Ref, Schema } from "effect"
import { TestClock } from "effect/testing"
import type { Provider } from "../../src/domain/Provider.ts"
import { ProviderGate } from "../../src/services/ProviderGate.ts"
import { Surreal } from "../../src/services/Surreal.ts"
import { QueryFailed, SurrealError } from "../../src/services/SurrealError.ts"
import { providerGates } from "../../src/store/migrations/0004_provider_gates.ts"
import * as ProviderGates from "../../src/store/ProviderGates.ts"
import { gates } from "../support/ProviderTest.ts"
import { surrealTest } from "../support/StoreTest.ts"

const noon = DateTime.makeUnsafe("2026-11-20T12:00:00Z")
const after = (seconds: number) => DateTime.addDuration(noon, seconds * 1000)
const at = (seconds: number) => TestClock.setTime(DateTime.toEpochMillis(after(seconds)))

const pass = (provider: Provider) => Effect.flatMap(ProviderGate, (gate) => gate.pass(provider, "thing"))
const shut = (provider: Provider, seconds: number) =>
  Effect.flatMap(ProviderGate, (gate) => gate.shut(provider, after(seconds)))
const shutUntil = (provider: Provider) => Effect.flatMap(ProviderGate, (gate) => gate.shutUntil(provider))

describe("a provider's gate", () => {
  it.effect("is open until somebody shuts it", () =>
    Effect.gen(function*() {
      yield* at(0)
      yield* pass("oura")
      assert.deepStrictEqual(yield* shutUntil("oura"), Option.none())
    }).pipe(Effect.provide(gates)))

  it.effect("holds a call back for up to a minute, to the millisecond", () =>
    Effect.gen(function*() {
      yield* at(0)
      yield* shut("oura", 60)
      const fiber = yield* Effect.forkChild(pass("oura"), { startImmediately: true })
      yield* at(59.999)
      assert.isUndefined(fiber.pollUnsafe())
      yield* at(60)
      yield* Fiber.join(fiber)
    }).pipe(Effect.provide(gates)))

  it.effect("turns a call away when the wait is longer, and says until when", () =>
    Effect.gen(function*() {
      yield* at(0)
      yield* shut("oura", 60.001)
      const error = yield* Effect.flip(pass("oura"))
      assert.strictEqual(error.message, "Oura thing: rate limited until 2026-11-20T12:01:00.001Z")
      yield* pass("spotify")
      yield* at(1)
      const fiber = yield* Effect.forkChild(pass("oura"), { startImmediately: true })
      yield* at(61)
      yield* Fiber.join(fiber)
      assert.deepStrictEqual(yield* shutUntil("oura"), Option.none())
    }).pipe(Effect.provide(gates)))

  it.effect("stays shut for the longest time that was asked for, in whatever order", () =>
    Effect.gen(function*() {
      yield* at(0)
      yield* Effect.forEach([100, 3000, 200], (seconds) => shut("google", seconds), { concurrency: "unbounded" })
      assert.deepStrictEqual(yield* shutUntil("google"), Option.some(after(3000)))
    }).pipe(Effect.provide(gates)))

  it.effect("that is shut for longer meanwhile turns away those who wait", () =>
    Effect.gen(function*() {
      yield* at(0)
      yield* shut("oura", 30)
      const fiber = yield* Effect.forkChild(Effect.flip(pass("oura")), { startImmediately: true })
      yield* shut("oura", 3600)
      yield* at(30)
      assert.strictEqual((yield* Fiber.join(fiber)).reason._tag, "RateLimited")
    }).pipe(Effect.provide(gates)))

  it.effect("works in memory when the store does not", () =>
    Effect.gen(function*() {
      yield* at(0)
      yield* pass("oura")
      yield* shut("oura", 3600)
      assert.strictEqual((yield* Effect.flip(pass("oura"))).reason._tag, "RateLimited")
    }).pipe(Effect.provide(ProviderGates.layer.pipe(Layer.provide(brokenStore)))))

  it.effect("is stored as it is shut, even when the call that shuts it is given up meanwhile", () =>
    Effect.gen(function*() {
      yield* at(0)
      const writing = yield* Deferred.make<void>()
      const answer = yield* Deferred.make<void>()
      const stored = yield* Ref.make(false)
      const slowStore = Layer.succeed(Surreal, {
        query: (result) => Effect.orDie(Schema.decodeUnknownEffect(result)([])),
        execute: () =>
          Deferred.succeed(writing, undefined).pipe(
            Effect.andThen(Deferred.await(answer)),
            Effect.andThen(Ref.set(stored, true))
          ),
        transaction: () => Effect.succeed([]),
        snapshot: Effect.die("nothing is read as a whole here"),
        size: Effect.succeedNone,
        recheck: Effect.succeedNone
      })
      const fiber = yield* Effect.forkChild(
        Effect.provide(shut("oura", 3600), ProviderGates.layer.pipe(Layer.provide(slowStore)))
      )
      yield* Deferred.await(writing)
      const givenUp = yield* Effect.forkChild(Fiber.interrupt(fiber), { startImmediately: true })
      yield* Deferred.succeed(answer, undefined)
      yield* Fiber.join(givenUp)
      assert.isTrue(yield* Ref.get(stored))
    }))
})

layer(surrealTest)("a provider's gate in the store", (it) => {
  it.effect("outlives the process that shut it, with the longest of its waits", () =>
    Effect.gen(function*() {
      const surreal = yield* Surreal
      for (let run = 0; run < 2; run++) {
        yield* Effect.forEach(providerGates.statements, (statement) => surreal.execute(statement))
      }
      yield* at(0)
      const process = <A, E>(work: Effect.Effect<A, E, ProviderGate>) =>
        Effect.provide(work, Layer.fresh(ProviderGates.layer))
      yield* process(Effect.andThen(shut("spotify", 86_400), shut("spotify", 90)))
      assert.deepStrictEqual(yield* process(shutUntil("spotify")), Option.some(after(86_400)))
      assert.strictEqual(
        (yield* process(Effect.flip(pass("spotify")))).message,
        "Spotify thing: rate limited until 2026-11-21T12:00:00.000Z"
      )
      yield* process(pass("oura"))
      yield* at(86_400)
      yield* process(pass("spotify"))
      yield* process(shut("spotify", 86_500))
      assert.deepStrictEqual(yield* process(shutUntil("spotify")), Option.some(after(86_500)))
    }))
})

const brokenStore = Layer.sync(Surreal, () => {
  const broken = Effect.fail(
    new SurrealError({ operation: "SELECT", reason: new QueryFailed({ message: "the disk is full" }) })
  )
  return {
    query: () => broken,
    execute: () => broken,
    transaction: () => broken,
    snapshot: broken,
    size: Effect.succeedNone,
    recheck: Effect.succeedNone
  }
})

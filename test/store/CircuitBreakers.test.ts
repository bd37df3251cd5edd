import { assert, describe, it, layer } from "@effect/vitest"
import { DateTime, Deferred, Effect, Fiber, Layer, Logger, Metric, Option, References, Schema } from "effect"
import { TestClock } from "effect/testing"
import type { BreakerName } from "../../src/domain/Breaker.ts"
import { CircuitOpen } from "../../src/domain/ProviderError.ts"
import { CircuitBreakers, type Verdict } from "../../src/services/CircuitBreakers.ts"
import { Surreal } from "../../src/services/Surreal.ts"
import { QueryFailed, SurrealError } from "../../src/services/SurrealError.ts"
import * as Breakers from "../../src/store/CircuitBreakers.ts"
import { emptyStore } from "../support/ProviderTest.ts"
import { storeTest } from "../support/StoreTest.ts"

const noon = DateTime.makeUnsafe("2026-11-20T12:00:00Z")
const after = (seconds: number) => DateTime.addDuration(noon, seconds * 1000)
const at = (seconds: number) => TestClock.setTime(DateTime.toEpochMillis(after(seconds)))

const inMemory = Breakers.layer.pipe(Layer.provide(emptyStore))

/** A call that comes to this, and how often one was made. */
const calls = (name: BreakerName = "spotify") => {
  let made = 0
  const call = (verdict: Verdict | "success") =>
    Effect.flatMap(CircuitBreakers, ({ protect }) =>
      protect(name, (error: Verdict) => error)(
        Effect.suspend(() => {
          made++
          return verdict === "success" ? Effect.succeed("done") : Effect.fail(verdict)
        })
      ))
  return {
    made: () => made,
    succeeds: call("success"),
    fails: Effect.flip(call("out of order")),
    ends: (verdict: Verdict) => Effect.flip(call(verdict))
  }
}

const fiveFailures = (name: BreakerName = "spotify") => Effect.repeat(calls(name).fails, { times: 4 })

const breakerOf = (name: BreakerName) =>
  Effect.gen(function*() {
    const found = (yield* (yield* CircuitBreakers).all).find((breaker) => breaker.name === name)
    assert.isDefined(found)
    return found
  })

const isOpen = Schema.is(CircuitOpen)

describe("a circuit breaker", () => {
  it.effect("opens after five failed calls in a row, and then makes none for a minute", () =>
    Effect.gen(function*() {
      yield* at(0)
      const { fails, made } = calls()
      for (let number = 1; number <= 5; number++) assert.strictEqual(yield* fails, "out of order")
      const refused = yield* fails
      assert.isTrue(isOpen(refused))
      assert.strictEqual(
        (isOpen(refused) ? refused : undefined)?.message,
        "failed too often, and is left alone until 2026-11-20T12:01:00.000Z"
      )
      yield* at(59.999)
      assert.isTrue(isOpen(yield* fails))
      assert.strictEqual(made(), 5)
      const { failures, openedAt, retryAt, state } = yield* breakerOf("spotify")
      assert.deepStrictEqual([state, failures, openedAt, retryAt], [
        "open",
        5,
        Option.some(noon),
        Option.some(after(60))
      ])
    }).pipe(Effect.provide(inMemory)))

  it.effect("counts only what says that the other side is out of order, and begins anew at each answer", () =>
    Effect.gen(function*() {
      yield* at(0)
      const { ends, fails, made, succeeds } = calls()
      yield* Effect.repeat(fails, { times: 3 })
      yield* succeeds
      yield* Effect.repeat(fails, { times: 3 })
      assert.strictEqual(yield* ends("works"), "works") // a refusal is an answer
      yield* Effect.repeat(fails, { times: 3 })
      yield* ends("nothing")
      assert.strictEqual((yield* breakerOf("spotify")).failures, 4)
      assert.strictEqual(yield* fails, "out of order")
      assert.isTrue(isOpen(yield* fails))
      assert.strictEqual(made(), 16)
    }).pipe(Effect.provide(inMemory)))

  it.effect("lets one call try after the minute; the others wait for it, and are made when it succeeds", () =>
    Effect.gen(function*() {
      yield* at(0)
      yield* fiveFailures()
      yield* at(60)
      const { protect } = yield* CircuitBreakers
      const answer = yield* Deferred.make<string>()
      const probe = yield* Effect.forkChild(
        protect("spotify", (error: Verdict) => error)(Deferred.await(answer)),
        { startImmediately: true }
      )
      const { fails, made, succeeds } = calls()
      const impatient = yield* Effect.forkChild(fails, { startImmediately: true })
      assert.strictEqual((yield* breakerOf("spotify")).state, "half_open")
      yield* at(65)
      const refused = yield* Fiber.join(impatient)
      assert.deepStrictEqual(isOpen(refused) ? refused.retryAt : undefined, after(70))
      assert.strictEqual(made(), 0)
      const waiting = yield* Effect.forkChild(succeeds, { startImmediately: true })
      yield* Deferred.succeed(answer, "there")
      assert.strictEqual(yield* Fiber.join(probe), "there")
      assert.strictEqual(yield* Fiber.join(waiting), "done")
      assert.deepInclude(yield* breakerOf("spotify"), { state: "closed", failures: 0 })
    }).pipe(Effect.provide(inMemory)))

  it.effect("those who wait go on waiting when another's breaker closes, or when the call that tried says nothing", () =>
    Effect.gen(function*() {
      yield* at(0)
      yield* fiveFailures("spotify")
      yield* fiveFailures("oura")
      yield* at(60)
      const { protect } = yield* CircuitBreakers
      const probe = (name: "spotify" | "oura", answer: Deferred.Deferred<string, Verdict>) =>
        Effect.forkChild(Effect.exit(protect(name, (error: Verdict) => error)(Deferred.await(answer))), {
          startImmediately: true
        })
      const [ofSpotify, ofOura] = [yield* Deferred.make<string, Verdict>(), yield* Deferred.make<string, Verdict>()]
      yield* probe("spotify", ofSpotify)
      yield* probe("oura", ofOura)
      const waiting = yield* Effect.forEach(
        ["one", "two", "three"],
        (said) =>
          Effect.forkChild(protect("oura", (error: Verdict) => error)(Effect.succeed(said)), { startImmediately: true })
      )
      yield* Deferred.succeed(ofSpotify, "there")
      yield* at(62)
      assert.deepStrictEqual(waiting.map((fiber) => fiber.pollUnsafe()), [undefined, undefined, undefined])
      // one of them tries next, and the others wait for it
      yield* Deferred.fail(ofOura, "nothing")
      assert.deepStrictEqual(yield* Fiber.joinAll(waiting), ["one", "two", "three"])
    }).pipe(Effect.provide(inMemory)))

  it.effect("opens again when the call that tries fails, and lets another one try when it was given up", () =>
    Effect.gen(function*() {
      yield* at(0)
      yield* fiveFailures()
      yield* at(60)
      const { fails, made } = calls()
      assert.strictEqual(yield* fails, "out of order")
      assert.isTrue(isOpen(yield* fails))
      assert.strictEqual(made(), 1)
      const { openedAt, retryAt } = yield* breakerOf("spotify")
      assert.deepStrictEqual([openedAt, retryAt], [Option.some(noon), Option.some(after(120))])
      yield* at(120)
      const { protect } = yield* CircuitBreakers
      const probe = yield* Effect.forkChild(
        protect("spotify", (error: Verdict) => error)(Effect.never),
        { startImmediately: true }
      )
      yield* Fiber.interrupt(probe)
      assert.strictEqual(yield* calls().succeeds, "done")
      assert.strictEqual((yield* breakerOf("spotify")).state, "closed")
    }).pipe(Effect.provide(inMemory)))

  it.effect("is closed by a person, and hears nothing of the calls that were begun before", () =>
    Effect.gen(function*() {
      yield* at(0)
      const { protect, reset } = yield* CircuitBreakers
      const answer = yield* Deferred.make<never, Verdict>()
      const late = yield* Effect.forkChild(
        Effect.flip(protect("spotify", (error: Verdict) => error)(Deferred.await(answer))),
        { startImmediately: true }
      )
      yield* fiveFailures()
      assert.deepInclude(yield* reset("spotify"), { state: "closed", failures: 0, retryAt: Option.none() })
      yield* Deferred.fail(answer, "out of order")
      yield* Fiber.join(late)
      assert.strictEqual((yield* breakerOf("spotify")).failures, 0)
      assert.strictEqual(yield* calls().succeeds, "done")
    }).pipe(Effect.provide(inMemory)))

  it.effect("is one of its own for each of those that are called", () =>
    Effect.gen(function*() {
      yield* at(0)
      yield* fiveFailures("ai")
      assert.isTrue(isOpen(yield* calls("ai").fails))
      assert.strictEqual(yield* calls("oura").succeeds, "done")
      assert.deepStrictEqual(
        (yield* (yield* CircuitBreakers).all).map(({ name, state }) => `${name} ${state}`),
        ["google closed", "spotify closed", "oura closed", "ai open"]
      )
    }).pipe(Effect.provide(inMemory)))

  it.effect("is told of once when it opens and once when it closes, and counted", () => {
    const lines: Array<string> = []
    const log = Logger.make(({ logLevel, message }) => {
      lines.push(`${logLevel} ${String(message)}`)
    })
    return Effect.gen(function*() {
      yield* at(0)
      yield* fiveFailures()
      const values = Effect.map(
        Metric.snapshot,
        (all) =>
          all.flatMap(({ attributes, id, state }) =>
            id.startsWith("circuit_breaker") && attributes?.["connector"] === "spotify" ? [[id, state]] : []
          )
      )
      const valuesOf = (id: string) => Effect.map(values, (all) => all.find(([name]) => name === id)?.[1])
      assert.deepInclude(yield* valuesOf("circuit_breaker_state"), { value: 2 })
      assert.deepInclude(yield* valuesOf("circuit_breaker_failures_total"), { count: 5 })
      yield* at(60)
      yield* calls().fails
      yield* at(120)
      yield* calls().succeeds
      assert.deepInclude(yield* valuesOf("circuit_breaker_state"), { value: 0 })
      assert.deepInclude(yield* valuesOf("circuit_breaker_failures_total"), { count: 6 })
      assert.deepStrictEqual(lines, [
        "Warn Spotify is left alone until 2026-11-20T12:01:00.000Z: 5 calls in a row have failed",
        "Info Spotify works again"
      ])
    }).pipe(
      Effect.provide(inMemory),
      Effect.provide(Logger.layer([log])),
      Effect.provideService(References.MinimumLogLevel, "Info"),
      Effect.provideService(Metric.MetricRegistry, new Map())
    )
  })

  it.effect("works in memory when the store does not", () =>
    Effect.gen(function*() {
      yield* at(0)
      assert.strictEqual(yield* calls().succeeds, "done")
      yield* fiveFailures()
      assert.isTrue(isOpen(yield* calls().fails))
    }).pipe(Effect.provide(Breakers.layer.pipe(Layer.provide(brokenStore)))))
})

layer(storeTest)("a circuit breaker in the store", (it) => {
  it.effect("outlives the process that met the failures", () =>
    Effect.gen(function*() {
      yield* at(0)
      const process = <A, E>(work: Effect.Effect<A, E, CircuitBreakers>) =>
        Effect.provide(work, Layer.fresh(Breakers.layer))
      yield* process(Effect.repeat(calls().fails, { times: 2 }))
      assert.strictEqual((yield* process(breakerOf("spotify"))).failures, 3)
      yield* process(Effect.repeat(calls().fails, { times: 1 }))
      assert.isTrue(isOpen(yield* process(calls().fails)))
      yield* at(60)
      assert.strictEqual((yield* process(breakerOf("spotify"))).state, "half_open")
      assert.strictEqual(yield* process(calls().fails), "out of order")
      assert.isTrue(isOpen(yield* process(calls().fails)))
      yield* at(120)
      yield* process(calls().succeeds)
      assert.deepInclude(yield* process(breakerOf("spotify")), {
        state: "closed",
        failures: 0,
        openedAt: Option.none(),
        retryAt: Option.none()
      })
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

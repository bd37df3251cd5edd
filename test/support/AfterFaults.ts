import { assert, layer } from "@effect/vitest"
import { DateTime, Duration, Effect, Option } from "effect"
import type { Provider } from "../../src/domain/Provider.ts"
import { Sandbox } from "../../src/sandbox/Sandbox.ts"
import { CircuitBreakers } from "../../src/services/CircuitBreakers.ts"
import { ProviderGate } from "../../src/services/ProviderGate.ts"
import { calendarEqualsTruth, ouraEqualsTruth, spotifyEqualsTruth } from "./Truth.ts"
import { now, pass, signInEverywhere, sync, tasks, world } from "./World.ts"

const oura = { ...tasks.oura, lookbackDays: 2 }
const all = [tasks.google_calendar, tasks.spotify, oura]

/** A number from 0 to below `below` that depends on nothing but the seed and the question. */
const draw = (seed: number, question: number, below: number): number => {
  let x = Math.imul(seed * 2654435761 + question * 40503 + 1, 2246822519) >>> 0
  x ^= x >>> 15
  return (Math.imul(x, 3266489917) >>> 0) % below
}

/** What happens at the providers while the faults are on. */
const happens = Effect.fnUntraced(function*(seed: number) {
  const { calendar, ring, tokens } = yield* Sandbox
  const at = yield* now
  const calendarId = calendar.calendarIds[0] ?? ""
  const slot = (hours: number) => ({
    start: { dateTime: DateTime.formatIso(DateTime.add(at, { hours })) },
    end: { dateTime: DateTime.formatIso(DateTime.add(at, { hours: hours + 1 })) }
  })
  const kept = yield* calendar.addEvent({ calendarId, summary: `kept ${seed}`, ...slot(5) })
  const gone = yield* calendar.addEvent({ calendarId, summary: `gone ${seed}`, ...slot(9) })
  yield* sync(tasks.google_calendar)
  yield* calendar.moveEvent({ calendarId, eventId: kept, ...slot(30) })
  yield* calendar.cancelEvent({ calendarId, eventId: gone })
  yield* ring.addRow("heartrate", {
    timestamp: DateTime.formatIso(DateTime.subtract(at, { hours: draw(seed, 1, 40), seconds: 7 })),
    bpm: 50 + draw(seed, 2, 90),
    source: "awake"
  })
  if (draw(seed, 3, 3) === 0) yield* calendar.invalidateSyncTokens()
  if (draw(seed, 4, 3) === 0) {
    yield* tokens.expireAccessTokens((["google", "spotify", "oura"] as const)[draw(seed, 5, 3)] ?? "oura")
  }
})

/** Waits as long as a provider asked, which a scheduler would do, and until its circuit breaker lets a call through. */
const untilOpen = Effect.fnUntraced(function*(provider: Provider) {
  const gate = yield* ProviderGate
  const breakers = yield* CircuitBreakers
  const broken = (yield* breakers.all).filter(({ name }) => name === provider).map(({ retryAt }) => retryAt)
  for (const until of [yield* gate.shutUntil(provider), ...broken]) {
    const at = yield* now
    if (Option.exists(until, DateTime.isGreaterThan(at))) yield* pass(DateTime.distance(at, Option.getOrThrow(until)))
  }
})

const seedsPerWorld = 10

/** Ten seeds of faults in one world: after each, every table is compared with the provider's truth. */
export const afterFaults = (number: number): void =>
  layer(world({ start: `2026-0${number + 2}-24T12:00:00Z`, seed: `faults ${number}` }), { excludeTestServices: true })(
    `after faults, world ${number}`,
    (it) => {
      it.effect(
        "every table equals the provider's truth once the faults have stopped, seed by seed",
        () =>
          Effect.gen(function*() {
            const { faults } = yield* Sandbox
            yield* signInEverywhere
            for (let seed = number * 1000; seed < number * 1000 + seedsPerWorld; seed++) {
              yield* faults.random({ seed, rate: 0.25 + draw(seed, 0, 50) / 100 })
              yield* happens(seed)
              yield* pass(Duration.hours(1 + draw(seed, 6, 5)))
              yield* Effect.forEach(all, (task) => sync(task))
              yield* faults.clear
              yield* Effect.forEach(["google", "spotify", "oura"] as const, untilOpen)
              for (const task of all) {
                const run = yield* sync(task)
                assert.strictEqual(run.status, "completed", `seed ${seed}, ${task.name}: ${JSON.stringify(run.error)}`)
              }
              yield* spotifyEqualsTruth
              yield* calendarEqualsTruth(DateTime.subtract(yield* now, { days: 30 }))
              yield* ouraEqualsTruth(1)
            }
            const applied = yield* faults.applied
            assert.isAbove(new Set(applied.map(({ fault }) => fault._tag)).size, 5, "kinds of faults that struck")
          }),
        120_000
      )
    }
  )

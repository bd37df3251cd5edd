import { assert, describe, it } from "@effect/vitest"
import { Duration, Option } from "effect"
import { type HealthFacts, judged } from "../../src/domain/ConnectionHealth.ts"
import { failureClass, isWorthRetrying } from "../../src/domain/FailureClass.ts"

const minute = 60_000
const now = 1_800_000_000_000

const facts: HealthFacts = {
  state: "connected",
  isEnabled: true,
  isSwept: true,
  interval: Duration.minutes(5),
  connectedAt: now - 1000 * minute,
  lastSuccessAt: Option.some(now - minute),
  failures: [],
  quarantinedUntil: Option.none(),
  recoveredAt: Option.none()
}

const ago = (...minutes: ReadonlyArray<number>) => minutes.map((count) => now - count * minute)

const verdict = (given: Partial<HealthFacts>) => {
  const { isLate, needsQuarantine, needsRecovery, status } = judged({ ...facts, ...given }, now)
  return [status, isLate && "late", needsRecovery && "recover", needsQuarantine && "quarantine"].filter(Boolean).join(
    " "
  )
}

describe("how an account is", () => {
  it("is stale after three intervals, but never within a quarter of an hour, and late after an hour", () => {
    const since = (minutes: number, interval = 5) =>
      verdict({ lastSuccessAt: Option.some(now - minutes * minute), interval: Duration.minutes(interval) })
    assert.deepStrictEqual(
      [since(14), since(15), since(15.1), since(60), since(61), since(60, 30), since(61, 30), since(91, 30)],
      [
        "healthy",
        "healthy",
        "stale recover",
        "stale recover",
        "stale late recover",
        "healthy",
        "healthy late",
        "stale late recover"
      ]
    )
  })

  it("is failing after two failures in two hours, and put away after five in three", () => {
    assert.strictEqual(verdict({ failures: ago(10) }), "healthy")
    assert.strictEqual(verdict({ failures: ago(10, 119) }), "failing recover")
    assert.strictEqual(verdict({ failures: ago(10, 121) }), "healthy")
    assert.strictEqual(verdict({ failures: ago(1, 2, 3, 4) }), "failing recover")
    assert.strictEqual(verdict({ failures: ago(1, 2, 3, 179, 181) }), "failing recover")
    assert.strictEqual(verdict({ failures: ago(1, 2, 3, 4, 179) }), "quarantined quarantine")
    const away = { quarantinedUntil: Option.some(now + minute), failures: ago(1, 2, 3, 4, 5) }
    assert.strictEqual(verdict(away), "quarantined")
    assert.strictEqual(verdict({ ...away, quarantinedUntil: Option.some(now - minute), failures: ago(200) }), "healthy")
  })

  it("is synced out of turn once in half an hour, and never when nobody wants it synced or a person has to sign in", () => {
    const stale = { lastSuccessAt: Option.some(now - 50 * minute) }
    assert.strictEqual(verdict({ ...stale, recoveredAt: Option.some(now - 29 * minute) }), "stale")
    assert.strictEqual(verdict({ ...stale, recoveredAt: Option.some(now - 30 * minute) }), "stale recover")
    assert.strictEqual(verdict({ ...stale, isEnabled: false }), "disabled")
    assert.strictEqual(verdict({ ...stale, state: "needs_auth" }), "needs_auth")
  })

  it("of the first account of a provider is told, and left to its tasks", () => {
    const first = { isSwept: false }
    assert.strictEqual(verdict({ ...first, lastSuccessAt: Option.some(now - 50 * minute) }), "stale")
    assert.strictEqual(verdict({ ...first, failures: ago(1, 2, 3, 4, 5) }), "failing")
  })

  it("counts from the sign-in when there was never a sync", () => {
    const never = { lastSuccessAt: Option.none() }
    assert.strictEqual(verdict({ ...never, connectedAt: now - minute }), "waiting")
    assert.strictEqual(verdict({ ...never, connectedAt: now - 16 * minute }), "stale recover")
  })
})

describe("classes of failures", () => {
  it("are told by the type of the error", () => {
    assert.deepStrictEqual(
      [
        "NeedsAuth",
        "Forbidden",
        "RateLimited",
        "Unavailable",
        "TimedOut",
        "Malformed",
        "CircuitOpen",
        "BadRequest",
        "NotFound",
        "StoreUnavailable",
        "author unauthorized 401",
        "TypeError",
        "constructor"
      ].map(failureClass),
      [
        "auth",
        "auth",
        "quota",
        "transient",
        "transient",
        "transient",
        "transient",
        "permanent",
        "permanent",
        "transient",
        "unknown",
        "unknown",
        "unknown"
      ]
    )
    assert.deepStrictEqual(
      (["auth", "quota", "transient", "permanent", "unknown"] as const).filter(isWorthRetrying),
      ["quota", "transient", "unknown"]
    )
  })
})

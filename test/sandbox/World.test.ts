import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect } from "effect"
import { TestClock } from "effect/testing"
import * as Instants from "../../src/sandbox/Instants.ts"
import { Sandbox } from "../../src/sandbox/Sandbox.ts"
import { ask } from "./Ask.ts"

const targets = [
  "/spotify/v1/me/player/recently-played?limit=50",
  "/calendar/v3/calendars/primary/events?singleEvents=true&maxResults=300",
  "/oura/v2/usercollection/heartrate?start_datetime=2026-11-10T00:00:00Z&end_datetime=2026-11-20T00:00:00Z",
  ...["daily_stress", "daily_activity", "daily_readiness", "daily_sleep", "daily_spo2", "sleep", "session", "workout"]
    .map((type) => `/oura/v2/usercollection/${type}?start_date=2026-11-01&end_date=2026-11-21`)
]

/** Every target's bytes, the address of the server cut out. */
const bytes = Effect.gen(function*() {
  const { tokens, url } = yield* Sandbox
  const answers: Array<string> = []
  for (const target of targets) {
    const provider = target.startsWith("/spotify") ? "spotify" : target.startsWith("/oura") ? "oura" : "google"
    const { accessToken } = yield* tokens.issue(provider)
    const answer = yield* ask(`${url}${target}`, { token: accessToken })
    assert.strictEqual(answer.status, 200)
    answers.push(accessToken, answer.text.replaceAll(url, ""))
  }
  return answers
})

describe("the world of the sandbox", () => {
  it.effect("is the same to the byte for the same seed, and another for another", () =>
    Effect.gen(function*() {
      const one = yield* bytes.pipe(Effect.provide(Sandbox.layer({ seed: "a" })))
      const same = yield* bytes.pipe(Effect.provide(Sandbox.layer({ seed: "a" })))
      const other = yield* bytes.pipe(Effect.provide(Sandbox.layer({ seed: "b" })))
      assert.deepStrictEqual(one, same)
      assert.isTrue(one.every((text, index) => text !== other[index]))
    }))

  it.effect("shows the same at an instant whether it was reached at once or in steps", () =>
    Effect.gen(function*() {
      const atOnce = yield* bytes.pipe(Effect.provide(Sandbox.layer({ start: "2026-11-20T09:00:00Z" })))
      const inSteps = yield* Effect.gen(function*() {
        const { clock } = yield* Sandbox
        for (let step = 0; step < 20; step++) {
          yield* clock.advance("1 day")
        }
        return yield* bytes
      }).pipe(Effect.provide(Sandbox.layer({ start: "2026-10-31T09:00:00Z" })))
      assert.deepStrictEqual(inSteps, atOnce)
    }))

  it.effect("stands still with a manual clock and follows the surrounding clock otherwise", () =>
    Effect.gen(function*() {
      const after = (clock: "manual" | "follow") =>
        Effect.gen(function*() {
          const sandbox = yield* Sandbox
          const before = (yield* sandbox.clock.now).epochMilliseconds
          yield* TestClock.adjust("1 hour")
          yield* sandbox.clock.advance("1 minute")
          return (yield* sandbox.clock.now).epochMilliseconds - before
        }).pipe(Effect.provide(Sandbox.layer({ clock })))
      assert.strictEqual(yield* after("manual"), 60_000)
      assert.strictEqual(yield* after("follow"), 3_660_000)
    }))

  it("writes and reads dates, zones and offsets as the standards have them", () => {
    for (let day = -1000; day < 40_000; day += 13) {
      const date = DateTime.makeUnsafe(day * 86_400_000)
      const text = DateTime.formatIsoDateUtc(date)
      assert.strictEqual(Instants.dayText(day), text)
      assert.strictEqual(Instants.parseDay(text), day)
      assert.strictEqual(Instants.weekday(day), DateTime.getPartUtc(date, "weekDay"))
    }
    assert.isUndefined(Instants.parseDay("2026-02-29"))
    assert.isUndefined(Instants.parseInstant("2026-02-28T10:00:00"))
    assert.isUndefined(Instants.parseInstant("2026-02-28T24:00:00Z"))
    for (const text of ["2026-10-25T02:30:00.5+02:00", "2026-10-25T02:30:00+01:00", "2026-01-01T00:00:00Z"]) {
      assert.strictEqual(Instants.parseInstant(text), Date.parse(text))
    }
    const spring = Instants.dayOfDate(2026, 3, 29)
    assert.strictEqual(
      Instants.zonedText("Europe/Prague", Instants.atLocal("Europe/Prague", spring, 150)),
      "2026-03-29T03:30:00+02:00"
    )
    assert.strictEqual(Instants.httpDate(Date.parse("2026-11-08T00:43:42Z")), "Sun, 08 Nov 2026 00:43:42 GMT")
  })
})

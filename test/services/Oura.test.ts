import { assert, describe, it } from "@effect/vitest"
import { DateTime, Duration, Effect, Exit, Fiber, Layer, Stream } from "effect"
import { TestClock } from "effect/testing"
import { connectionId } from "../../src/domain/Connection.ts"
import { Oura } from "../../src/services/Oura.ts"
import * as HttpStub from "../support/HttpStub.ts"
import { surroundings } from "../support/ProviderTest.ts"

const me = connectionId("oura", "me")

const oura = (...answers: ReadonlyArray<HttpStub.Answer>) =>
  Oura.layer.pipe(Layer.provideMerge(HttpStub.layer(answers)), Layer.provide(surroundings))

const page = (data: ReadonlyArray<unknown>, next_token: string | null = null): HttpStub.Answer => ({
  json: { data, next_token }
})

const week = { startDate: "2026-11-10", endDate: "2026-11-20" }

const sleep = Stream.unwrap(Effect.map(Oura, (service) => service.documents(me, "sleep", week)))

const heartrate = (from: string, to: string) =>
  Stream.unwrap(
    Effect.map(
      Oura,
      (service) => service.heartrate(me, { from: DateTime.makeUnsafe(from), to: DateTime.makeUnsafe(to) })
    )
  )

const queries = Effect.map(HttpStub.requests, (all) => all.map(({ query }) => query))

describe("Oura", () => {
  it.effect("follows next_token to the end and gives each page as sent, also empty ones", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* Stream.runCollect(sleep), [[{ id: "a" }], [], [{ id: "b", tomorrow: null }]])
      const window = { start_date: "2026-11-10", end_date: "2026-11-20" }
      assert.deepStrictEqual(yield* queries, [
        window,
        { ...window, next_token: "two" },
        { ...window, next_token: "three/+=" }
      ])
      assert.strictEqual((yield* HttpStub.requests)[0]?.path, "/v2/usercollection/sleep")
    }).pipe(Effect.provide(
      oura(page([{ id: "a" }], "two"), page([], "three/+="), page([{ id: "b", tomorrow: null }]))
    )))

  it.effect("asks for a page only when it is wanted", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* Stream.runCollect(Stream.take(sleep, 1)), [[1]])
      assert.lengthOf(yield* HttpStub.requests, 1)
    }).pipe(Effect.provide(oura(page([1], "two")))))

  it.effect("ends an answer without next_token, or with an empty one, there", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* Stream.runCollect(sleep), [[1]])
      assert.deepStrictEqual(yield* Stream.runCollect(sleep), [[2]])
    }).pipe(Effect.provide(oura({ json: { data: [1] } }, page([2], "")))))

  it.effect("takes pages that lead in a circle for a malformed answer", () =>
    Effect.gen(function*() {
      const seen: Array<unknown> = []
      const exit = yield* Effect.exit(Stream.runForEach(sleep, (items) => Effect.sync(() => seen.push(items))))
      assert.isTrue(Exit.isFailure(exit))
      const error = yield* Effect.flip(exit)
      assert.strictEqual(error.message, "Oura sleep: its pages lead in a circle")
      assert.deepStrictEqual(seen, [[1], [2]])
    }).pipe(Effect.provide(oura(page([1], "x"), page([2], "y"), page([3], "x")))))

  it.effect("asks for heart rate in windows of less than 30 days that touch, in UTC", () =>
    Effect.gen(function*() {
      const rows = yield* Stream.runCollect(heartrate("2026-08-01T10:00:00Z", "2026-10-10T12:30:00Z"))
      assert.deepStrictEqual(rows, [[1], [2], [3], [4]])
      assert.deepStrictEqual(yield* queries, [
        { start_datetime: "2026-08-01T10:00:00.000Z", end_datetime: "2026-08-30T10:00:00.000Z" },
        { start_datetime: "2026-08-30T10:00:00.000Z", end_datetime: "2026-09-28T10:00:00.000Z" },
        {
          start_datetime: "2026-08-30T10:00:00.000Z",
          end_datetime: "2026-09-28T10:00:00.000Z",
          next_token: "more"
        },
        { start_datetime: "2026-09-28T10:00:00.000Z", end_datetime: "2026-10-10T12:30:00.000Z" }
      ])
    }).pipe(Effect.provide(oura(page([1]), page([2], "more"), page([3]), page([4])))))

  it.effect("asks nothing for an empty window", () =>
    Effect.gen(function*() {
      const instant = "2026-08-01T10:00:00Z"
      assert.deepStrictEqual(yield* Stream.runCollect(heartrate(instant, instant)), [])
    }).pipe(Effect.provide(oura())))

  it.effect("keeps the pages it gave when a later one fails", () =>
    Effect.gen(function*() {
      const seen: Array<unknown> = []
      const error = yield* Effect.flip(Stream.runForEach(sleep, (items) => Effect.sync(() => seen.push(items))))
      assert.strictEqual(error.reason._tag, "Forbidden")
      assert.deepStrictEqual(seen, [[1]])
    }).pipe(Effect.provide(oura(page([1], "x"), { status: 403 }))))

  it.effect("makes at most 5000 requests in any five minutes, and all of them in the end", () =>
    Effect.gen(function*() {
      const service = yield* Oura
      const total = 6000
      const fiber = yield* Effect.forkChild(
        Effect.forEach(
          Array.from({ length: total }),
          () => Stream.runDrain(service.documents(me, "session", week)),
          { discard: true }
        ),
        { startImmediately: true }
      )
      const made: Array<number> = []
      for (let minute = 0; made.at(-1) !== total && minute < 30; minute++) {
        yield* TestClock.adjust(Duration.minutes(1))
        made.push((yield* HttpStub.requests).length)
      }
      yield* Fiber.join(fiber)
      assert.isAtLeast(made.length, 5)
      for (const [minute, count] of made.entries()) {
        assert.isAtMost(count - (made[minute - 6] ?? 0), 5280) // six minutes hold five whole ones
        assert.isAtMost(count - (made[minute - 5] ?? 0), 4800)
      }
    }).pipe(Effect.provide(oura(...HttpStub.times(6000, page([]))))))
})

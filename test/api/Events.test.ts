import { assert, layer } from "@effect/vitest"
import { Effect, Fiber, Stream } from "effect"
import { TestClock } from "effect/testing"
import * as Feed from "../../src/api/Feed.ts"
import { handler, local } from "./Handled.ts"
import { behind } from "./Served.ts"

const events = (texts: ReadonlyArray<string>) => texts.map((text) => ({ event: "said", data: text }))

layer(behind({}))("server-sent events", (it) => {
  it.effect("whoever was cut off goes on after the last event that it knows", () =>
    Effect.gen(function*() {
      const feed = yield* Feed.make("now")
      yield* Effect.forEach(events(["one", "two", "three"]), feed.publish)
      const missed = yield* Stream.runCollect(Stream.take(feed.follow("now-1"), 2))
      assert.deepStrictEqual(missed, [
        { event: "said", data: "two", id: "now-2" },
        { event: "said", data: "three", id: "now-3" }
      ])
    }))

  it.effect("an id of another process, and one that is long gone, begins anew with a reset", () =>
    Effect.gen(function*() {
      const feed = yield* Feed.make("now")
      yield* Effect.forEach(Array.from({ length: 1100 }, (_, at) => ({ event: "said", data: at })), feed.publish)
      for (const id of ["before-5", "now-3", "now-x", "now-2000", ""]) {
        const [first] = yield* Stream.runCollect(Stream.take(feed.follow(id), 1))
        assert.strictEqual(first?.event, "reset", id)
      }
    }))

  it.effect("a quiet stream says at once, and every 15 seconds, that it is alive", () =>
    Effect.gen(function*() {
      const feed = yield* Feed.make("now")
      const reading = yield* Effect.forkChild(Stream.runCollect(Stream.take(feed.follow(undefined), 2)), {
        startImmediately: true
      })
      yield* TestClock.adjust("16 seconds")
      assert.deepStrictEqual((yield* Fiber.join(reading)).map(({ event }) => event), ["ping", "ping"])
    }))

  it.effect("answers as a stream of events that no proxy gathers", () =>
    Effect.gen(function*() {
      const ask = yield* handler
      const headers = yield* local
      for (const path of ["/api/v0/events/runs", "/api/v0/events/schedules"]) {
        const answer = yield* ask(path, { headers })
        assert.strictEqual(answer.status, 200)
        assert.strictEqual(answer.headers.get("content-type"), "text/event-stream")
        assert.strictEqual(answer.headers.get("x-accel-buffering"), "no")
        assert.strictEqual(answer.headers.get("cache-control"), "no-store")
      }
    }))
})

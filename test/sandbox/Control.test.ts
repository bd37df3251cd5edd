import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Fiber, Layer, type Schema } from "effect"
import { Sandbox } from "../../src/sandbox/Sandbox.ts"
import { configText, standalone } from "../../src/sandbox/Standalone.ts"
import { ask, at, list, text } from "./Ask.ts"

const control = Effect.fnUntraced(function*(path: string, body?: Schema.Json, method?: "DELETE") {
  const { url } = yield* Sandbox
  return yield* ask(`${url}/sandbox/${path}`, {
    ...(body === undefined ? {} : { body }),
    ...(method === undefined ? {} : { method })
  })
})

describe("the control plane of the sandbox", () => {
  it.effect("shows and moves the clock", () =>
    Effect.gen(function*() {
      const state = yield* control("state")
      assert.strictEqual(text(state.json, "now"), "2026-11-20T21:00:00.000Z")
      assert.strictEqual(
        text(state.json, "providers", "oura", "api_url"),
        (yield* Sandbox).providerAddresses.oura.api_url
      )
      assert.strictEqual(
        text((yield* control("clock", { advance_seconds: 90 })).json, "now"),
        "2026-11-20T21:01:30.000Z"
      )
      assert.strictEqual(
        text((yield* control("clock", { set: "2026-12-01T00:00:00+01:00" })).json, "now"),
        "2026-11-30T23:00:00.000Z"
      )
    }).pipe(Effect.provide(Sandbox.layer())))

  it.effect("switches faults on and off", () =>
    Effect.gen(function*() {
      const { tokens, url } = yield* Sandbox
      const { accessToken: token } = yield* tokens.issue("spotify")
      const status = Effect.map(ask(`${url}/spotify/v1/me`, { token }), (answer) => answer.status)
      yield* control("faults", {
        rules: [{ provider: "spotify", fault: { _tag: "Status", status: 503 }, times: "always" }]
      })
      assert.strictEqual(yield* status, 503)
      yield* control("faults", undefined, "DELETE")
      assert.strictEqual(yield* status, 200)
      yield* control("faults", { random: { seed: 1, rate: 1, kinds: [{ _tag: "Status", status: 500 }] } })
      assert.strictEqual(yield* status, 500)
      yield* control("tokens", { provider: "spotify", action: "expire" })
      yield* control("faults", undefined, "DELETE")
      assert.strictEqual(yield* status, 401)
      const log = yield* control("requests")
      assert.deepStrictEqual(list(log.json, "requests").map((entry) => [at(entry, "status"), at(entry, "fault")]), [
        [503, "Status"],
        [200, undefined],
        [500, "Status"],
        [401, undefined]
      ])
    }).pipe(Effect.provide(Sandbox.layer())))

  it.effect("tells the language model what to answer, and what it was asked", () =>
    Effect.gen(function*() {
      const { model, url } = yield* Sandbox
      const ask1 = ask(`${model.baseUrl.openai}/chat/completions`, {
        token: model.key,
        body: { model: "m", messages: [{ role: "user", content: "Hello" }] }
      })
      const call = { name: "search_track", arguments: { query: "a" } }
      yield* control("model", { answers: [{ toolCalls: [call], times: 2 }, { when: "Hello", text: "done" }] })
      for (const _ of [1, 2]) {
        const answer = yield* ask1
        assert.strictEqual(text(answer.json, "choices", 0, "finish_reason"), "tool_calls")
        const called = at(answer.json, "choices", 0, "message", "tool_calls", 0, "function")
        assert.deepStrictEqual(called, { name: "search_track", arguments: "{\"query\":\"a\"}" })
      }
      assert.strictEqual(text((yield* ask1).json, "choices", 0, "message", "content"), "done")
      assert.include(text((yield* ask1).json, "choices", 0, "message", "content"), "nothing to say")
      yield* control("model", { answers: [{ status: 529, text: "overloaded", times: "always" }] })
      assert.strictEqual((yield* ask1).status, 529)
      yield* control("model", undefined, "DELETE")
      assert.strictEqual((yield* ask1).status, 200)
      const asked = list((yield* control("model")).json, "requests")
      assert.lengthOf(asked, 6)
      assert.strictEqual(text(asked[0], "body", "messages", 0, "content"), "Hello")
      assert.notInclude((yield* control("model")).text, model.key)
      const misuse = yield* ask(`${url}/sandbox/model`, { body: { answers: [{ words: "a" }] } })
      assert.strictEqual(misuse.status, 400)
      assert.include(text(misuse.json, "detail"), "toolCalls")
    }).pipe(Effect.provide(Sandbox.layer())))

  it.effect("adds, moves, renames, cancels and restores events", () =>
    Effect.gen(function*() {
      const { truth } = yield* Sandbox
      const span = { start: { dateTime: "2027-08-01T10:00:00+02:00" }, end: { dateTime: "2027-08-01T11:00:00+02:00" } }
      const live = Effect.map(truth.events("primary", { timeMin: "2027-07-01T00:00:00Z" }), (events) =>
        events.map((event) => [text(event, "summary"), text(event, "start", "dateTime")]))
      const eventId = text((yield* control("calendar/add", { summary: "Tea", ...span })).json, "eventId")
      const address = { calendarId: "primary", eventId }
      assert.deepStrictEqual(yield* live, [["Tea", "2027-08-01T10:00:00+02:00"]])
      yield* control("calendar/move", {
        ...address,
        start: { dateTime: "2027-08-02T10:00:00+02:00" },
        end: { dateTime: "2027-08-02T11:00:00+02:00" }
      })
      yield* control("calendar/rename", { ...address, summary: "Coffee" })
      assert.deepStrictEqual(yield* live, [["Coffee", "2027-08-02T10:00:00+02:00"]])
      yield* control("calendar/cancel", address)
      assert.deepStrictEqual(yield* live, [])
      yield* control("calendar/restore", address)
      assert.lengthOf(yield* live, 1)
    }).pipe(Effect.provide(Sandbox.layer())))

  it.effect("answers what it cannot understand with a problem that says what to send", () =>
    Effect.gen(function*() {
      const wrong: ReadonlyArray<readonly [string, Schema.Json]> = [
        ["clock", {}],
        ["clock", { advance_seconds: -1 }],
        ["clock", { set: "tomorrow" }],
        ["faults", { rules: [{ fault: { _tag: "Explosion" } }] }],
        ["faults", { rule: [] }],
        ["calendar/add", { summary: "no times" }],
        ["calendar/move", {
          calendarId: "primary",
          eventId: "nothing",
          start: { date: "2027-01-01" },
          end: { date: "2027-01-02" }
        }],
        ["calendar/cancel", { calendarId: "nobody", eventId: "x" }]
      ]
      for (const [path, body] of wrong) {
        const answer = yield* control(path, body)
        assert.strictEqual(answer.status, 400, path)
        assert.match(answer.headers["content-type"] ?? "", /^application\/problem\+json/)
        assert.strictEqual(text(answer.json, "code"), "invalid_request")
        assert.isAbove(text(answer.json, "detail").length, 20)
      }
      const { url } = yield* Sandbox
      const garbage = yield* ask(`${url}/sandbox/clock`, {
        method: "POST",
        headers: { "content-type": "application/json" }
      })
      assert.strictEqual(garbage.status, 400)
    }).pipe(Effect.provide(Sandbox.layer())))

  it.effect("runs alone until stopped, says where it is, and frees its port", () =>
    Effect.gen(function*() {
      const ready = yield* Deferred.make<Sandbox["Service"]>()
      const fiber = yield* Effect.forkChild(standalone({}, (sandbox) => Deferred.succeed(ready, sandbox)))
      const sandbox = yield* Deferred.await(ready)
      assert.include(configText(sandbox), `[provider.google]\napi_url = "${sandbox.url}"`)
      assert.strictEqual((yield* ask(`${sandbox.url}/sandbox/state`)).status, 200)
      const port = Number(new URL(sandbox.url).port)
      const taken = yield* Effect.flip(Effect.scoped(Layer.build(Sandbox.layer({ port }))))
      assert.strictEqual(taken._tag, "ServeError")
      yield* Fiber.interrupt(fiber)
      assert.strictEqual((yield* Effect.flip(ask(`${sandbox.url}/sandbox/state`)))._tag, "HttpClientError")
    }))
})

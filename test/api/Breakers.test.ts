import { assert, layer } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { BreakerState } from "../../src/api/BreakersGroup.ts"
import { CircuitBreakers } from "../../src/services/CircuitBreakers.ts"
import { handler, local, Problem } from "./Handled.ts"
import { behind } from "./Served.ts"

const address = "/api/v1/health/circuit-breakers"

layer(behind({ requestsPerMinute: 0 }))("the circuit breakers over HTTP", (it) => {
  it.effect("are shown as they stand, and closed by name", () =>
    Effect.gen(function*() {
      const ask = yield* handler
      const headers = yield* local
      const states = Effect.gen(function*() {
        const { body, status } = yield* ask(address, { headers })
        assert.strictEqual(status, 200)
        const all = yield* Schema.decodeEffect(Schema.fromJsonString(Schema.Array(BreakerState)))(body)
        return all.map(({ failures, name, state }) => `${name} ${state} ${failures}`)
      })
      const { protect } = yield* CircuitBreakers
      const fails = protect("spotify", () => "out of order")(Effect.fail("away"))
      yield* Effect.repeat(Effect.flip(fails), { times: 4 })
      assert.deepStrictEqual(yield* states, ["google closed 0", "spotify open 5", "oura closed 0", "ai closed 0"])
      const reset = yield* ask(`${address}/spotify/reset`, { method: "POST", headers })
      assert.strictEqual(reset.status, 200)
      assert.deepStrictEqual(yield* Schema.decodeEffect(Schema.fromJsonString(Schema.Unknown))(reset.body), {
        name: "spotify",
        state: "closed",
        failures: 0,
        opened_at: null,
        retry_at: null
      })
      assert.include(yield* states, "spotify closed 0")
    }))

  it.effect("that are not there are told with those that are", () =>
    Effect.gen(function*() {
      const ask = yield* handler
      const answer = yield* ask(`${address}/tidal/reset`, { method: "POST", headers: yield* local })
      assert.strictEqual(answer.status, 404)
      const { detail } = yield* Schema.decodeEffect(Schema.fromJsonString(Problem))(answer.body)
      assert.strictEqual(detail, "There is no circuit breaker tidal; there are google, spotify, oura, ai.")
    }))
})

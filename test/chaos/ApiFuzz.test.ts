import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { behind } from "../api/Served.ts"
import { fuzz } from "../support/ApiFuzz.ts"
import { killsOf } from "../support/Chaos.ts"

layer(behind({ requestsPerMinute: 0 }), { excludeTestServices: true })("requests that nobody should send", (it) => {
  it.effect("are refused with a problem, 20,000 of them, and none meets a bug", () =>
    Effect.gen(function*() {
      const requests = yield* killsOf(20_000)
      const statuses = yield* fuzz(requests, 2)
      assert.isAbove(statuses.get(400) ?? 0, requests / 20)
    }))
})

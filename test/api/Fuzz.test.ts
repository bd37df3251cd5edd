import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { fuzz } from "../support/ApiFuzz.ts"
import { behind } from "./Served.ts"

layer(behind({ requestsPerMinute: 0 }), { excludeTestServices: true })("api/Fuzz", (it) => {
  it.effect("requests that nobody should send are refused with a problem, and none meets a bug", () =>
    Effect.gen(function*() {
      const statuses = yield* fuzz(600, 1)
      for (const status of [400, 404, 405, 415]) assert.isAbove(statuses.get(status) ?? 0, 5, String(status))
    }))
})

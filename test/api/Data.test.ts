import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { handler, local } from "./Handled.ts"
import { behind } from "./Served.ts"

layer(behind({ requestsPerMinute: 0 }))("the records over HTTP", (it) => {
  it.effect("an empty store is answered with nothing, in the right shape", () =>
    Effect.gen(function*() {
      const ask = yield* handler
      const headers = yield* local
      for (
        const path of [
          "owner",
          "calendar?from=2026-03-23&to=2026-03-29",
          "listening?from=2026-03-23&to=2026-03-29",
          "heart-rate?from=2026-03-23&to=2026-03-29",
          "body?from=2026-03-23&to=2026-03-29",
          "recorded?from=2026-03-23&to=2026-03-29",
          "totals?from=2026-03-23&to=2026-03-29",
          "listening/tops?from=2026-03-23&to=2026-03-29&of=artists",
          "listening/summary?from=1970-01-01&to=2200-12-31",
          "search?text=a"
        ]
      ) {
        const { body, status } = yield* ask(`/api/v0/data/${path}`, { headers })
        assert.strictEqual(status, 200, `${path}: ${body}`)
      }
    }))
})

import { assert, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { largestAnswer } from "../../src/services/ProviderHttp.ts"
import { Surreal } from "../../src/services/Surreal.ts"
import { surrealTest } from "../support/StoreTest.ts"

// with fewer buffers the engine would never answer
it.live(
  "a page as large as a provider may send one is committed, with all that is made of it",
  () =>
    Effect.gen(function*() {
      const surreal = yield* Surreal
      const row = { v: "x".repeat(1_000_000) }
      const rows = Array.from({ length: Math.ceil(3 * largestAnswer / 1_000_000) }, () => row)
      yield* surreal.transaction([{ sql: "INSERT INTO large $rows RETURN NONE", vars: { rows } }])
      const [counted] = yield* surreal.query(
        Schema.Array(Schema.Struct({ count: Schema.Finite })),
        "SELECT count() FROM large GROUP ALL"
      )
      assert.strictEqual(counted?.count, rows.length)
    }).pipe(Effect.provide(surrealTest)),
  60_000
)

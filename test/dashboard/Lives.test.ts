import { assert, layer } from "@effect/vitest"
import { Context, Effect, Layer, Redacted } from "effect"
import { Digest, SecureRandom } from "effect/crypto"
import { ApiToken } from "../../src/api/Caller.ts"
import { guarded, listening, serving } from "../../src/api/Server.ts"
import { SignInLinks } from "../../src/api/SignInLinks.ts"
import { CurrentConfig } from "../../src/Config.ts"
import { dashboard } from "../../src/dashboard/Dashboard.ts"
import { Sessions } from "../../src/store/Sessions.ts"
import { behind } from "../api/Served.ts"
import { browserAt } from "../support/Browser.ts"

/** What one process of Glider has in memory, over the services and the store of the surroundings. */
const life = Layer.fresh(
  serving(dashboard).pipe(
    Layer.provideMerge(guarded),
    Layer.provideMerge(listening),
    Layer.provideMerge(
      Layer.mergeAll(Sessions.layer, SignInLinks.layer, ApiToken.layer).pipe(
        Layer.provide([Digest.layerWebCrypto, SecureRandom.layerWebCrypto])
      )
    )
  )
)

layer(behind({ requestsPerMinute: 30 }), { excludeTestServices: true })("dashboard/SignIn: lives", (it) => {
  it.effect("a session outlives the server, and a link does not", () =>
    Effect.gen(function*() {
      const { server } = yield* CurrentConfig
      const here = `http://127.0.0.1:${server.port}`
      const browser = browserAt(here)
      const open = Effect.fnUntraced(function*(services: Context.Context<SignInLinks>) {
        const { code } = yield* Context.get(services, SignInLinks).issue
        return `/sign-in?code=${Redacted.value(code)}`
      })
      const unused = yield* Effect.scoped(Effect.gen(function*() {
        const services = yield* Layer.build(life)
        assert.strictEqual((yield* browser.ask(yield* open(services))).status, 303)
        return yield* open(services)
      }))
      yield* Effect.scoped(Effect.gen(function*() {
        yield* Layer.build(life)
        assert.strictEqual((yield* browser.ask("/api/v0/status")).status, 200)
        assert.strictEqual((yield* browserAt(here).ask(unused)).status, 403)
        // and is bound by no number of requests
        for (let count = 0; count < 40; count++) yield* browser.ask("/livez")
        for (let count = 0; count < 40; count++) {
          const { headers, status } = yield* browser.ask("/api/v0/status")
          assert.deepStrictEqual([status, headers["x-ratelimit-limit"]], [200, undefined])
        }
      }))
    }))
})

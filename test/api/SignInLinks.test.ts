import { assert, layer } from "@effect/vitest"
import { Effect, Layer, Redacted } from "effect"
import { Digest, SecureRandom } from "effect/crypto"
import { TestClock } from "effect/testing"
import { linkAddress, SignInLinks } from "../../src/api/SignInLinks.ts"
import { serverDefaults } from "../support/ServerConfig.ts"

const fresh = Layer.fresh(SignInLinks.layer).pipe(
  Layer.provide([Digest.layerWebCrypto, SecureRandom.layerWebCrypto])
)

layer(fresh)("api/SignInLinks", (it) => {
  it.effect("a code is taken once", () =>
    Effect.gen(function*() {
      const links = yield* SignInLinks
      const { code } = yield* links.issue
      assert.match(Redacted.value(code), /^[\w-]{43}$/)
      const { code: other } = yield* links.issue
      assert.isTrue(yield* links.take(code))
      assert.isFalse(yield* links.take(code))
      assert.isTrue(yield* links.take(other))
    }))

  it.effect("a code is good for fifteen minutes", () =>
    Effect.gen(function*() {
      const links = yield* SignInLinks
      const { code, expiresAt } = yield* links.issue
      const { code: late } = yield* links.issue
      yield* TestClock.setTime(expiresAt.epochMilliseconds - 1)
      assert.isTrue(yield* links.take(code))
      yield* TestClock.setTime(expiresAt.epochMilliseconds)
      assert.isFalse(yield* links.take(late))
    }))

  it.effect("what is nobody's code is none", () =>
    Effect.gen(function*() {
      const links = yield* SignInLinks
      const { code } = yield* links.issue
      const text = Redacted.value(code)
      for (const wrong of ["", text.slice(0, -1), `${text}A`, text.toUpperCase(), "A".repeat(100_000)]) {
        assert.isFalse(yield* links.take(Redacted.make(wrong)), wrong.slice(0, 50))
      }
      assert.isTrue(yield* links.take(code))
    }))

  it.effect("of more than twenty the oldest goes", () =>
    Effect.gen(function*() {
      const links = yield* SignInLinks
      const all = yield* Effect.replicateEffect(links.issue, 21)
      const [oldest, ...others] = yield* Effect.forEach(all, ({ code }) => links.take(code))
      assert.isFalse(oldest)
      assert.isTrue(others.every((good) => good))
    }))

  it.effect("a link leads to this server, and shows its code to nobody who only looks at it", () =>
    Effect.gen(function*() {
      const link = yield* (yield* SignInLinks).issue
      const code = Redacted.value(link.code)
      const address = linkAddress(serverDefaults, link)
      assert.strictEqual(Redacted.value(address), `http://127.0.0.1:4747/sign-in?code=${code}`)
      assert.notInclude(`${String(address)} ${JSON.stringify({ address, link })}`, code)
      for (
        const [host, reached] of [
          ["0.0.0.0", "127.0.0.1"],
          ["::", "[::1]"],
          ["glider.lan", "glider.lan"],
          ["::1", "[::1]"]
        ] as const
      ) {
        const there = Redacted.value(linkAddress({ ...serverDefaults, host }, link))
        assert.isTrue(there.startsWith(`http://${reached}:4747/sign-in?`), there)
      }
    }))
})

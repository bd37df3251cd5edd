import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { Provider } from "../../src/domain/Provider.ts"
import { Sandbox } from "../../src/sandbox/Sandbox.ts"
import { type StoryOptions, tell } from "../support/VictimStory.ts"

const world = Layer.mergeAll(
  Sandbox.layer({ seed: "killed refresh", start: "2026-09-15T06:00:00Z" }),
  NodeServices.layer
)

/** A first life that only signs in and syncs, and then those that end in a refresh, which every order makes due. */
const story = (oneByOne: boolean, ...places: ReadonlyArray<string>) =>
  Effect.gen(function*() {
    const { requests, tokens } = yield* Sandbox
    const options: StoryOptions = {
      seed: 3,
      oneByOne,
      ends: [{ crashAt: "run.finishing:3" }, ...places.map((crashAt) => ({ crashAt }))],
      meanwhile: Effect.forEach(Provider.literals, tokens.expireAccessTokens, { discard: true })
    }
    const told = yield* tell(options)
    const refreshes = (yield* requests).filter(({ grantType }) => grantType === "refresh_token")
    assert.deepStrictEqual(told.violations, [])
    // one a provider and order, and once more where the answer was lost with the process
    assert.isAtMost(refreshes.length, 3 * told.ledger.moments.length + places.length)
    return { ...told, refused: refreshes.filter(({ status }) => status >= 400) }
  })

describe("a crash in a refresh of tokens", () => {
  it.live("between the provider's answer and the store ends in needs_auth at once, and a new sign-in mends it", () =>
    Effect.gen(function*() {
      const places = ["token.received:1", "token.received:2", "token.received:3"]
      const { lives, needsAuth, refused } = yield* story(false, ...places)
      // Google's refresh tokens are not used up; the others are, and their loss is told by one refusal each
      assert.isAtLeast(needsAuth, 1)
      assert.strictEqual(needsAuth, refused.length)
      const signIns = lives.slice(1).flatMap(({ lines }) => lines.filter(({ _tag }) => _tag === "SignedIn"))
      assert.lengthOf(signIns, needsAuth)
    }).pipe(Effect.provide(world)))

  it.live("after the store is no loss: the next process uses the stored tokens", () =>
    Effect.gen(function*() {
      // were others refreshed at the same time, their tokens might not be stored yet
      const { needsAuth, refused } = yield* story(true, "token.stored:1", "token.stored:2", "token.stored:3")
      assert.strictEqual(needsAuth, 0)
      assert.lengthOf(refused, 0)
    }).pipe(Effect.provide(world)))
})

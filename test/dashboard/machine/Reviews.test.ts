/** The page of songs that wait, over real HTTP, with a browser that has signed in. */
import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { asker, contents, inReview, musicServed, reviews } from "../../api/MusicServed.ts"
import { visitor } from "../../support/Visitor.ts"

layer(musicServed, { excludeTestServices: true })("the page of songs that wait", (it) => {
  it.effect("shows what was asked for and what was found, and its buttons decide", () =>
    Effect.gen(function*() {
      const { ask, csrf, send } = yield* visitor
      const { ended } = yield* asker
      const before = yield* contents
      assert.include((yield* ask("/reviews")).body, "No song waits for you.")
      const first = yield* inReview("first")
      const second = yield* inReview("second")
      const { body, status } = yield* ask("/reviews")
      assert.strictEqual(status, 200)
      for (const text of ["2 songs wait for you", "Teardrop (Demo)", "Mezzanine", "other recording"]) {
        assert.include(body, text)
      }
      const actions = [...body.matchAll(/action="(\/reviews\/[^"]+)"/g)].map(([, action]) => action)
      assert.sameMembers(actions, [first, second].flatMap((id) => [`/reviews/${id}/approve`, `/reviews/${id}/reject`]))

      const approved = yield* send(`/reviews/${first}/approve`, { csrf })
      assert.deepStrictEqual([approved.status, approved.headers["location"]], [303, "/reviews?done=approved"])
      assert.strictEqual((yield* ended(first)).status, "completed")
      const rejected = yield* send(`/reviews/${second}/reject`, { csrf })
      assert.strictEqual(rejected.headers["location"], "/reviews?done=rejected")
      assert.strictEqual((yield* ended(second)).status, "failed")
      assert.lengthOf(yield* contents, before.length + 1)

      const late = yield* send(`/reviews/${second}/approve`, { csrf })
      assert.strictEqual(late.status, 409)
      assert.include(late.body, "was rejected before")
    }))

  it.effect("does nothing for a page from elsewhere, or for another word than its two", () =>
    Effect.gen(function*() {
      const { csrf, send } = yield* visitor
      const id = yield* inReview("careful")
      assert.strictEqual((yield* send(`/reviews/${id}/approve`, { csrf: "another" })).status, 403)
      assert.strictEqual((yield* send(`/reviews/${id}/drop`, { csrf })).status, 404)
      assert.isTrue((yield* reviews).some((review) => review.id === id))
    }))
})

/** Songs that nobody could decide about wait for a person. */
import { assert, layer } from "@effect/vitest"
import { Effect, Option, Schema } from "effect"
import { Check } from "../../src/api/Messages.ts"
import { asker, contents, inReview, musicBehind, reviews } from "./MusicServed.ts"

const decodeChecks = Schema.decodeEffect(Schema.fromJsonString(Schema.Array(Check)))

layer(musicBehind, { excludeTestServices: true })("a song that waits for a person", (it) => {
  it.effect("is listed with what was asked for, what would be added, and until when", () =>
    Effect.gen(function*() {
      const { get, post, state } = yield* asker
      const id = yield* inReview("lister")
      const review = (yield* reviews).find((one) => one.id === id) ?? assert.fail("not listed")
      assert.deepStrictEqual(
        [review.track_name, review.artist, review.album, review.user_id],
        ["Teardrop (Demo)", "Massive Attack", Option.none(), Option.some("lister")]
      )
      assert.match(review.candidate.name, /^Teardrop/)
      assert.isTrue(review.confidence >= 0.4 && review.confidence <= 0.6, String(review.confidence))
      assert.deepStrictEqual(review.scores[0]?.candidate, review.candidate)
      const days = (review.until.epochMilliseconds - review.since.epochMilliseconds) / 86_400_000
      assert.strictEqual(Math.round(days), 7)
      const { progress, status, waiting_for } = yield* state(id)
      assert.deepStrictEqual([status, waiting_for, progress.current_step], [
        "running",
        Option.some("review"),
        "matching"
      ])
      const checks = yield* decodeChecks((yield* get("/api/v0/doctor")).body)
      assert.strictEqual(checks.find(({ name }) => name === "reviews")?.state, "warning")
      yield* post(`/api/v0/reviews/${id}/reject`)
    }))

  it.effect("is added once it is approved, and leaves the list; who says it again is told so", () =>
    Effect.gen(function*() {
      const { ended, post } = yield* asker
      const before = yield* contents
      const id = yield* inReview("approver")
      const answer = yield* post(`/api/v0/reviews/${id}/approve`)
      assert.deepStrictEqual(JSON.parse(answer.body), { id, verdict: "approved" })
      const { result, status } = yield* ended(id)
      assert.deepStrictEqual([status, Option.getOrThrow(result).match_method], ["completed", "review"])
      assert.lengthOf(yield* contents, before.length + 1)
      assert.isFalse((yield* reviews).some((review) => review.id === id))
      for (const verb of ["approve", "reject"]) {
        const again = yield* post(`/api/v0/reviews/${id}/${verb}`)
        assert.deepStrictEqual([again.status, JSON.parse(again.body).code], [409, "run_conflict"])
        assert.include(JSON.parse(again.body).detail, "was approved before")
      }
    }))

  it.effect("is not added when it is rejected", () =>
    Effect.gen(function*() {
      const { ended, post } = yield* asker
      const before = yield* contents
      const id = yield* inReview("rejecter")
      assert.strictEqual((yield* post(`/api/v0/reviews/${id}/reject`)).status, 200)
      const { error, status } = yield* ended(id)
      assert.deepStrictEqual([status, Option.getOrThrow(error).error_type], ["failed", "NotApproved"])
      assert.deepStrictEqual(yield* contents, before)
    }))

  it.effect("of two who answer at the same time one is heard, and the other is told", () =>
    Effect.gen(function*() {
      const { ended, post } = yield* asker
      const id = yield* inReview("both")
      const answers = yield* Effect.all(
        [post(`/api/v0/reviews/${id}/approve`), post(`/api/v0/reviews/${id}/reject`)],
        { concurrency: "unbounded" }
      )
      assert.sameMembers(answers.map(({ status }) => status), [200, 409])
      const { status } = yield* ended(id)
      assert.strictEqual(status, answers[0].status === 200 ? "completed" : "failed")
    }))

  it.effect("no longer waits when it was cancelled; other runs never did", () =>
    Effect.gen(function*() {
      const { control, post } = yield* asker
      const id = yield* inReview("gone")
      assert.strictEqual((yield* post(`/api/v1/sync/${id}/cancel`)).status, 200)
      assert.strictEqual((yield* post(`/api/v0/reviews/${id}/approve`)).status, 409)
      const other = yield* control.start("diagnostics", { key: "w", awaitSignal: true }, Option.none())
      assert.strictEqual((yield* post(`/api/v0/reviews/${other}/approve`)).status, 404)
      yield* control.cancel(other, "now")
      yield* control.ended(other)
    }))
})

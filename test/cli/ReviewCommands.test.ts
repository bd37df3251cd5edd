import { assert, layer } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { ReviewInfo } from "../../src/api/ReviewMessages.ts"
import { asker, inReview, musicServed } from "../api/MusicServed.ts"
import { invoke } from "../support/Invoke.ts"

const decode = Schema.decodeEffect(Schema.fromJsonString(Schema.Array(ReviewInfo)))

layer(musicServed, { excludeTestServices: true, concurrent: false })("glider review", (it) => {
  it.effect("lists what waits, as a table and as the API says it; approve adds it, reject does not", () =>
    Effect.gen(function*() {
      const { ended } = yield* asker
      assert.strictEqual((yield* invoke("review", "list")).out, "no song waits for you")
      const first = yield* inReview("first")
      const second = yield* inReview("second")
      const table = yield* invoke("review", "list")
      assert.match(table.out, /^RUN +ASKED FOR +FOUND +CONFIDENCE +SINCE +UNTIL\n/)
      assert.match(table.out, /Teardrop \(Demo\) by Massive Attack +Teardrop.* by Massive Attack \(.+\) +0\.[456]/)
      const listed = yield* decode((yield* invoke("review", "list", "--output", "json")).out)
      assert.deepStrictEqual(listed.map(({ id }) => id), [second, first])

      const approved = yield* invoke("review", "approve", first)
      assert.deepStrictEqual([approved.code, approved.out], [0, `${first} approved`])
      assert.strictEqual((yield* ended(first)).status, "completed")
      const rejected = yield* invoke("review", "reject", second, "--output", "json")
      assert.deepStrictEqual(JSON.parse(rejected.out), { id: second, verdict: "rejected" })
      assert.strictEqual((yield* ended(second)).status, "failed")
    }))

  it.effect("says why a run does not wait, and fails", () =>
    Effect.gen(function*() {
      const { ended } = yield* asker
      const run = yield* inReview("once")
      yield* invoke("review", "approve", run)
      yield* ended(run)
      const again = yield* invoke("review", "approve", run)
      assert.strictEqual(again.code, 1)
      assert.include(again.err, `run ${run} was approved before.\nglider runs show ${run}`)
      const none = yield* invoke("review", "reject", "none")
      assert.strictEqual(none.code, 1)
      assert.include(none.err, "there is no run none")
    }))
})

/** Requests for songs that are cancelled, that fail for good, and that are tried again. */
import { assert, layer } from "@effect/vitest"
import { Effect, Option, Schema } from "effect"
import {
  Cancellable,
  LetterRetried,
  LettersRetried,
  SyncCancelled,
  SyncHealth,
  SyncLetters
} from "../../src/api/MusicMessages.ts"
import { Sandbox } from "../../src/sandbox/Sandbox.ts"
import { asker, contents, musicBehind, playlistId, teardrop } from "./MusicServed.ts"

const read =
  <S extends Schema.Decoder<unknown>>(schema: S) => (answer: { readonly status: number; readonly body: string }) => {
    assert.strictEqual(answer.status, 200, answer.body)
    return Schema.decodeEffect(Schema.fromJsonString(schema))(answer.body)
  }

const unmatched = { track_name: "Xyzzy Plugh", artist: "Nobody At All" }

layer(musicBehind, { excludeTestServices: true })("a request for a song", (it) => {
  /** Asks, and waits until the run has made so many requests for the playlist and is at the next, which takes a second. */
  const heldAt = Effect.fnUntraced(function*(user_id: string, looks: number) {
    const { accepted } = yield* asker
    const { faults, requests } = yield* Sandbox
    const before = (yield* requests).length
    yield* faults.script({ fault: { _tag: "Slow", seconds: 1 }, provider: "spotify", path: "/items", after: looks })
    const { workflow_id } = yield* accepted({ ...teardrop, user_id, playlist_id: yield* playlistId })
    yield* Effect.repeat(requests, { until: (all) => all.slice(before).some(({ fault }) => fault === "Slow") })
    return workflow_id
  })

  const cancel = Effect.fnUntraced(function*(id: string, step: Cancellable["current_step"]) {
    const { get, post, state } = yield* asker
    const asked = Effect.flatMap(get(`/api/v1/sync/${id}/cancellable`), read(Cancellable))
    // what a run says of itself comes into its row a moment later
    const before = yield* Effect.repeat(asked, { until: ({ current_step }) => current_step === step })
    const answer = yield* read(SyncCancelled)(yield* post(`/api/v1/sync/${id}/cancel`))
    const after = yield* asked
    assert.deepStrictEqual([after.can_cancel, after.will_compensate], [false, false])
    return { before, answer, state: yield* state(id) }
  })

  it.effect("that is cancelled after the addition takes the track out again, and says so", () =>
    Effect.gen(function*() {
      const { post } = yield* asker
      const there = yield* contents
      const id = yield* heldAt("regrets", 2)
      const { answer, before, state } = yield* cancel(id, "verifying")
      assert.deepStrictEqual([before.can_cancel, before.will_compensate], [true, true])
      assert.deepStrictEqual([answer.status, answer.compensated], ["cancelled", true])
      assert.deepStrictEqual([state.status, state.compensated, state.error], ["cancelled", true, Option.none()])
      assert.deepStrictEqual(yield* contents, there)
      assert.strictEqual((yield* post(`/api/v1/sync/${id}/cancel`)).status, 409)
    }))

  it.effect("that is cancelled when Spotify no longer lets the track be taken out says that it may still be there", () =>
    Effect.gen(function*() {
      const { faults, playlists } = yield* Sandbox
      const there = yield* contents
      const id = yield* heldAt("regrets later", 2)
      yield* faults.script({ fault: { _tag: "Status", status: 403 }, provider: "spotify", path: "/items" })
      const { answer } = yield* cancel(id, "verifying")
      assert.deepStrictEqual([answer.status, answer.compensated], ["cancelled", false])
      assert.match(answer.message, /may still be there/)
      const left = yield* contents
      assert.lengthOf(left, there.length + 1)
      yield* playlists.removeTrack(yield* playlistId, left.at(-1) ?? "")
    }))

  it.effect("that is cancelled before the addition removes nothing", () =>
    Effect.gen(function*() {
      const { accepted } = yield* asker
      const { faults, requests } = yield* Sandbox
      const there = yield* contents
      yield* faults.script({ fault: { _tag: "Slow", seconds: 1 }, provider: "spotify", path: "/search" })
      const seen = (yield* requests).length
      const { workflow_id } = yield* accepted({ ...teardrop, user_id: "early", playlist_id: yield* playlistId })
      yield* Effect.repeat(requests, { until: (all) => all.length > seen })
      const { answer, before, state } = yield* cancel(workflow_id, "searching")
      assert.deepStrictEqual([before.can_cancel, before.will_compensate], [true, false])
      assert.deepStrictEqual([answer.status, answer.compensated, state.status], ["cancelled", false, "cancelled"])
      assert.deepStrictEqual(yield* contents, there)
      assert.isFalse((yield* requests).slice(seen).some(({ method }) => method === "DELETE"))
    }))

  it.effect("for a track that was there before takes nothing out when it is cancelled", () =>
    Effect.gen(function*() {
      const { accepted, ended } = yield* asker
      yield* ended((yield* accepted({ ...teardrop, user_id: "first", playlist_id: yield* playlistId })).workflow_id)
      const there = yield* contents
      const { answer, before } = yield* cancel(yield* heldAt("second", 1), "verifying")
      assert.isFalse(before.will_compensate)
      assert.isFalse(answer.compensated)
      assert.deepStrictEqual(yield* contents, there)
    }))

  it.effect("that failed for good is a letter, and can be tried again, alone or with all others", () =>
    Effect.gen(function*() {
      const { accepted, control, ended, get, post } = yield* asker
      const { playlists } = yield* Sandbox
      const other = playlists.playlistIds[2] ?? assert.fail("no third playlist")
      const song = {
        ...unmatched,
        playlist_id: other,
        user_id: "hopeful",
        use_ai_disambiguation: false,
        match_threshold: 0.9
      }
      const first = (yield* accepted(song)).workflow_id
      yield* ended(first)
      const list = Effect.flatMap(get("/api/v1/dlq/list"), read(SyncLetters))
      const { entries: [letter], total } = yield* list
      assert.strictEqual(total, 1)
      assert.deepStrictEqual(
        [letter?.original_workflow_id, letter?.run_id, letter?.workflow_type, letter?.error_type],
        [first, first, "music_sync", "NoMatch"]
      )
      assert.deepInclude(letter?.input_data, { ...song, key: first })

      assert.strictEqual((yield* post("/api/v1/dlq/retry/none")).status, 404)
      const again = yield* read(LetterRetried)(yield* post(`/api/v1/dlq/retry/${first}`))
      assert.deepStrictEqual([again.status, again.original_workflow_id], ["retried", first])
      assert.notStrictEqual(again.new_workflow_id, first)
      yield* ended(again.new_workflow_id)

      // the retry failed as well: it is known by the first run's name
      const { entries: [second] } = yield* list
      assert.deepStrictEqual([second?.original_workflow_id, second?.run_id], [first, again.new_workflow_id])
      const third = yield* read(LetterRetried)(yield* post(`/api/v1/dlq/retry/${first}`))
      yield* ended(third.new_workflow_id)

      const dead = (yield* accepted({ ...teardrop, playlist_id: "A".repeat(22) })).workflow_id
      yield* ended(dead)
      yield* control.ended(yield* control.start("diagnostics", { key: "f", fail: true }, Option.none()))
      const all = yield* read(LettersRetried)(yield* post("/api/v1/dlq/retry"))
      assert.deepStrictEqual([all.total, all.failed], [2, []])
      assert.sameMembers(all.retried.map(({ original_workflow_id }) => original_workflow_id), [first, dead])
      yield* Effect.forEach(all.retried, ({ new_workflow_id }) => ended(new_workflow_id))
    }))

  it.effect("that failed in an outage is added by its retry", () =>
    Effect.gen(function*() {
      const { accepted, ended, post } = yield* asker
      const { faults, playlists } = yield* Sandbox
      const other = playlists.playlistIds[1] ?? assert.fail("no second playlist")
      const before = yield* playlists.tracksIn(other)
      yield* faults.script({ provider: "spotify", path: "/search", fault: { _tag: "Status", status: 403 } })
      const { workflow_id } = yield* accepted({ ...teardrop, playlist_id: other })
      assert.strictEqual((yield* ended(workflow_id)).status, "failed")
      const { new_workflow_id } = yield* read(LetterRetried)(yield* post(`/api/v1/dlq/retry/${workflow_id}`))
      assert.strictEqual((yield* ended(new_workflow_id)).status, "completed")
      assert.lengthOf(yield* playlists.tracksIn(other), before.length + 1)
      assert.strictEqual((yield* post(`/api/v1/dlq/retry/${workflow_id}`)).status, 404)
    }))

  it.effect("is taken while the store answers, as the health says", () =>
    Effect.gen(function*() {
      const { get } = yield* asker
      const health = yield* read(SyncHealth)(yield* get("/api/v1/health"))
      assert.deepStrictEqual(
        [health.status, health.version, health.store_connected, health.temporal_connected],
        ["healthy", "1.2.3", true, true]
      )
    }))
})

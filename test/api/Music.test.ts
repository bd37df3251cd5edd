import { assert, layer } from "@effect/vitest"
import { DateTime, Effect, Option, Schema } from "effect"
import { Sandbox } from "../../src/sandbox/Sandbox.ts"
import { Runs } from "../../src/store/Runs.ts"
import { Problem } from "./Handled.ts"
import { asker, contents, musicBehind, playlistId, teardrop } from "./MusicServed.ts"

const decodeProblem = Schema.decodeEffect(Schema.fromJsonString(Schema.Struct({
  ...Problem.fields,
  error: Schema.String,
  message: Schema.String,
  timestamp: Schema.DateTimeUtcFromString
})))

const long = "a".repeat(201)

layer(musicBehind, { excludeTestServices: true })("POST /api/v1/sync", (it) => {
  it.effect("takes what the contract allows, and says of anything else what is wrong with it", () =>
    Effect.gen(function*() {
      const { post } = yield* asker
      const good = { track_name: "x", artist: "y", playlist_id: "A".repeat(22) }
      const rows: ReadonlyArray<readonly [change: object, pointer: string]> = [
        [{ track_name: "" }, "track_name"],
        [{ track_name: "  " }, "track_name"],
        [{ track_name: long }, "track_name"],
        [{ track_name: undefined }, "track_name"],
        [{ track_name: 7 }, "track_name"],
        [{ artist: "\t" }, "artist"],
        [{ artist: long }, "artist"],
        [{ album: long }, "album"],
        [{ isrc: "GB-XX" }, "isrc"],
        [{ playlist_id: "A".repeat(21) }, "playlist_id"],
        [{ playlist_id: `${"A".repeat(21)}-` }, "playlist_id"],
        [{ playlist_id: `https://evil.example/playlist/${"A".repeat(22)}` }, "playlist_id"],
        [{ user_id: long }, "user_id"],
        [{ match_threshold: 1.01 }, "match_threshold"],
        [{ match_threshold: -0.1 }, "match_threshold"],
        [{ match_threshold: "0.85" }, "match_threshold"],
        [{ use_ai_disambiguation: "yes" }, "use_ai_disambiguation"]
      ]
      for (const [change, pointer] of rows) {
        const answer = yield* post("/api/v1/sync", { ...good, ...change })
        const what = `${JSON.stringify(change)}: ${answer.body}`
        assert.strictEqual(answer.status, 400, what)
        const { detail, details, error, message } = yield* decodeProblem(answer.body)
        assert.deepStrictEqual([error, message], ["invalid_request", "The request cannot be read"])
        assert.include(detail, pointer)
        assert.strictEqual(details?.[0]?.pointer, `/payload/${pointer}`, what)
      }
    }))

  it.effect("names its refusals as the contract does, whoever refuses", () =>
    Effect.gen(function*() {
      const { ask, get } = yield* asker
      const told = [
        yield* ask("/api/v1/sync", { method: "POST" }),
        yield* get("/api/v1/sync/nobody"),
        yield* get("/api/v1/x")
      ]
      assert.deepStrictEqual(told.map(({ status }) => status), [401, 404, 404])
      for (const { body } of told) {
        const { code, error, timestamp } = yield* decodeProblem(body)
        assert.strictEqual(error, code)
        assert.isBelow(Math.abs(timestamp.epochMilliseconds - (yield* DateTime.now).epochMilliseconds), 10_000)
      }
      assert.notProperty(JSON.parse((yield* get("/api/v0/runs/nobody")).body), "error")
    }))

  it.effect("puts a song into the playlist, and tells how it went", () =>
    Effect.gen(function*() {
      const { accepted, ended, get, state } = yield* asker
      const playlist_id = yield* playlistId
      const before = yield* contents
      const answer = yield* accepted({ ...teardrop, track_name: "  Teardrop  ", playlist_id, user_id: "anna b" })
      assert.match(answer.workflow_id, /^sync-anna_b-\d{13}-[0-9a-f]{5}$/)
      assert.strictEqual(answer.status_url, `/api/v1/sync/${answer.workflow_id}`)
      const { error, finished_at, progress, result, started_at, status } = yield* ended(answer.workflow_id)
      const { spotify_track_id, spotify_track_uri, ...told } = Option.getOrThrow(result)
      assert.deepStrictEqual([status, error, told.success, told.verified], ["completed", Option.none(), true, true])
      assert.deepStrictEqual([told.match_method, told.retry_count], ["fuzzy", 0])
      assert.deepStrictEqual([told.confidence_score, told.outcome], [Option.some(1), Option.some("added")])
      assert.deepStrictEqual(
        [progress.current_step, progress.steps_completed, progress.steps_total, progress.last_error],
        ["completed", 4, 4, Option.none()]
      )
      assert.isAtLeast(progress.candidates_found, 1)
      assert.strictEqual(told.all_scores[0]?.confidence, 1)
      assert.deepStrictEqual((yield* contents).slice(before.length), [Option.getOrThrow(spotify_track_uri)])
      assert.strictEqual(Option.getOrThrow(spotify_track_uri), `spotify:track:${Option.getOrThrow(spotify_track_id)}`)
      assert.deepStrictEqual((yield* state(answer.workflow_id)).started_at, started_at)
      assert.isTrue(Option.isSome(finished_at))
      assert.strictEqual((yield* get("/api/v1/sync/none")).status, 404)
    }))

  it.effect("finds a recording by its ISRC, and takes the address of a playlist as Spotify shares it", () =>
    Effect.gen(function*() {
      const { accepted, ended } = yield* asker
      const { playlists } = yield* Sandbox
      const [first = "", second = ""] = playlists.playlistIds
      const known = yield* ended((yield* accepted({ ...teardrop, playlist_id: first })).workflow_id)
      const [best] = Option.getOrThrow(known.result).all_scores
      const { workflow_id } = yield* accepted({
        track_name: "Tear drop",
        artist: "M. Attack",
        album: " ",
        isrc: best?.candidate.isrc?.toLowerCase(),
        user_id: null,
        playlist_id: `https://open.spotify.com/playlist/${second}?si=0123456789abcdef`
      })
      assert.match(workflow_id, /^sync-anonymous-/)
      const { result } = yield* ended(workflow_id)
      assert.strictEqual(Option.getOrThrow(result).match_method, "isrc")
      assert.deepStrictEqual(
        (yield* accepted({ ...teardrop, playlist_id: `spotify:playlist:${first}` })).workflow_id,
        known.workflow_id
      )
    }))

  it.effect("a threshold of 0 is one: the best is taken, whatever it is", () =>
    Effect.gen(function*() {
      const { accepted, ended } = yield* asker
      const { workflow_id } = yield* accepted({
        track_name: "Teardrop (Demo)",
        artist: "Massive Attack",
        playlist_id: yield* playlistId,
        match_threshold: 0
      })
      assert.strictEqual((yield* ended(workflow_id)).status, "completed")
    }))

  it.effect("says why a song came to nothing, and does not hold that against the next who asks", () =>
    Effect.gen(function*() {
      const { accepted, ended } = yield* asker
      const song = { track_name: "Xyzzy Plugh", artist: "Nobody At All", playlist_id: yield* playlistId }
      const first = yield* accepted(song)
      const { error, result, status } = yield* ended(first.workflow_id)
      assert.strictEqual(status, "failed")
      assert.strictEqual(Option.getOrThrow(error).error_type, "NoMatch")
      assert.deepStrictEqual(
        Option.map(result, ({ match_method, success }) => [success, match_method]),
        Option.some([false, "none"])
      )
      const second = yield* accepted(song)
      assert.notStrictEqual(second.workflow_id, first.workflow_id)
      yield* ended(second.workflow_id)
    }))

  it.effect("counts what was tried again: attempts, and calls within one", () =>
    Effect.gen(function*() {
      const { accepted, ended } = yield* asker
      const { faults } = yield* Sandbox
      yield* faults.script({ provider: "spotify", path: "/search", fault: { _tag: "Status", status: 503 }, times: 2 })
      const { workflow_id } = yield* accepted({ ...teardrop, user_id: "retried", playlist_id: yield* playlistId })
      const { progress, result } = yield* ended(workflow_id)
      assert.strictEqual(Option.getOrThrow(result).retry_count, 2)
      assert.strictEqual(progress.attempt, 1)
    }))

  it.effect("progress goes one way", () =>
    Effect.gen(function*() {
      const { accepted, state } = yield* asker
      const { faults } = yield* Sandbox
      yield* faults.script({ provider: "spotify", fault: { _tag: "Slow", seconds: 0.1 }, times: 20 })
      const { workflow_id } = yield* accepted({ ...teardrop, user_id: "watched", playlist_id: yield* playlistId })
      const seen: Array<Effect.Success<ReturnType<typeof state>>> = []
      yield* Effect.repeat(Effect.tap(state(workflow_id), (now) => Effect.sync(() => seen.push(now))), {
        until: ({ status }) => status !== "running"
      })
      const done = seen.map(({ progress }) => progress.steps_completed)
      assert.deepStrictEqual(done, done.toSorted((one, other) => one - other))
      assert.deepStrictEqual([...new Set(seen.map(({ progress }) => progress.steps_total))], [4])
      assert.strictEqual(new Set(seen.map(({ started_at }) => started_at.epochMilliseconds)).size, 1)
      const steps = [...new Set(seen.map(({ progress }) => progress.current_step))]
      const order = ["initializing", "searching", "matching", "adding", "verifying", "completed"]
      assert.deepStrictEqual(steps, order.filter((step) => steps.some((seen) => seen === step)))
      assert.includeMembers(steps, ["searching", "adding", "completed"])
    }))

  it.effect("runs of other workflows are none of its requests", () =>
    Effect.gen(function*() {
      const { control, get, post } = yield* asker
      const id = yield* control.start("diagnostics", { key: "other" }, Option.none())
      yield* control.ended(id)
      assert.isTrue(Option.isSome(yield* (yield* Runs).get(id)))
      const answers = [
        yield* get(`/api/v1/sync/${id}`),
        yield* get(`/api/v1/sync/${id}/cancellable`),
        yield* post(`/api/v1/sync/${id}/cancel`)
      ]
      assert.deepStrictEqual(answers.map(({ status }) => status), [404, 404, 404])
    }))
})

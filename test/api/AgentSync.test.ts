import { assert, layer } from "@effect/vitest"
import { Effect, Option, Schema } from "effect"
import { Cancellable, SyncCancelled, SyncLetters, SyncState } from "../../src/api/MusicMessages.ts"
import { Sandbox } from "../../src/sandbox/Sandbox.ts"
import { Ai } from "../../src/services/Ai.ts"
import { Runs } from "../../src/store/Runs.ts"
import { Mind } from "../support/AgentWorld.ts"
import { call, text } from "../support/ScriptedModel.ts"
import { sober } from "../support/SoberModel.ts"
import { Problem } from "./Handled.ts"
import {
  agentsBehind,
  asker,
  contents,
  inReview,
  musicBehindAs,
  playlistId,
  reviews,
  spotifyAs,
  teardrop
} from "./MusicServed.ts"

const read = <S extends Schema.Decoder<unknown>>(schema: S) => ({ body }: { readonly body: string }) =>
  Schema.decodeEffect(Schema.fromJsonString(schema))(body)

const live = { excludeTestServices: true }

const path = "/api/v1/agent-sync"

/** Three agents on one song: each hands on what it did. */
const names = ["SearchAgent", "MatchingAgent", "PlaylistAgent"]

const karmaPolice = { track_name: "Karma Police", artist: "Radiohead", album: "OK Computer" }

const song = (user_id: string) => Effect.map(playlistId, (playlist_id) => ({ ...teardrop, user_id, playlist_id }))

const use = (answer: Parameters<Mind["Service"]["use"]>[0]) => Effect.flatMap(Mind, ({ use }) => use(answer))

/** Asks agents for a song, and holds the run while it looks whether the song is there. */
const heldAtAddition = Effect.fnUntraced(function*(user_id: string, from: string, track = teardrop) {
  const { accepted } = yield* asker
  const { faults, requests } = yield* Sandbox
  const before = (yield* requests).length
  yield* faults.script({ fault: { _tag: "Slow", seconds: 1 }, provider: "spotify", path: "/items", after: 2 })
  const { workflow_id } = yield* accepted({ ...(yield* song(user_id)), ...track }, {}, from)
  yield* Effect.repeat(requests, { until: (all) => all.slice(before).some(({ fault }) => fault === "Slow") })
  return workflow_id
})

layer(agentsBehind({}), live)("POST /api/v1/agent-sync", (it) => {
  it.effect("takes a song, says where to ask, and in the end what was done", () =>
    Effect.gen(function*() {
      yield* use(sober())
      const { accepted, control, get, post } = yield* asker
      const wish = yield* song("ann/1")
      const { message, status_url, workflow_id } = yield* accepted(
        // as a phone says it
        { ...wish, playlist_id: `https://open.spotify.com/playlist/${wish.playlist_id}?si=1`, album: null, isrc: " " },
        {},
        path
      )
      assert.match(workflow_id, /^agent-sync-ann_1-\d{13}-[0-9a-f]{5}$/)
      assert.deepStrictEqual([status_url, message], [
        `${path}/${workflow_id}`,
        "looks for Teardrop (Remastered) by massive attack"
      ])
      const before = yield* Effect.flatMap(get(status_url), read(SyncState))
      yield* control.ended(workflow_id)
      const after = yield* Effect.flatMap(get(status_url), read(SyncState))
      assert.deepStrictEqual(after.started_at, before.started_at)
      const { match_method, outcome, success, verified } = Option.getOrThrow(after.result)
      assert.deepStrictEqual([after.status, success, outcome, match_method, verified], [
        "completed",
        true,
        Option.some("added"),
        "agent",
        true
      ])
      const { candidates_found, current_step, steps_completed } = after.progress
      assert.deepStrictEqual([current_step, steps_completed], ["completed", 4])
      assert.isAbove(candidates_found, 0)
      assert.deepStrictEqual(Option.getOrThrow(after.agents), { names, turns: 5, tool_calls: 5 })
      const cancelled = yield* post(`${status_url}/cancel`)
      assert.deepStrictEqual([cancelled.status, (yield* read(Problem)(cancelled)).code], [409, "run_conflict"])
    }))

  it.effect("tells no success of a model that only says so", () =>
    Effect.gen(function*() {
      yield* use(({ number }) =>
        number === 1
          ? [text("The track was successfully added to the playlist. {\"success\": true}")]
          : [call("answer", { decision: "no_match", candidate: null, reason: "successfully added" })]
      )
      const { accepted, ended } = yield* asker
      const { workflow_id } = yield* accepted(yield* song("told"), {}, path)
      const { agents, error, result, status } = yield* ended(workflow_id)
      assert.deepStrictEqual([status, Option.getOrThrow(error).error_type, Option.getOrThrow(result).success], [
        "failed",
        "NoMatch",
        false
      ])
      assert.deepStrictEqual(Option.getOrThrow(agents), { names: ["SearchAgent"], turns: 2, tool_calls: 0 })
    }))

  it.effect("takes the same request once, by what it says or by its key; to the rules it is another", () =>
    Effect.gen(function*() {
      yield* use(sober())
      const { accepted, ended } = yield* asker
      const wish = yield* song("twice")
      const key = { "idempotency-key": "a" }
      const ids = [
        yield* accepted(wish, {}, path),
        yield* accepted({ ...wish, artist: ` ${wish.artist} ` }, {}, path),
        yield* accepted(wish, key, path),
        yield* accepted(wish, key, path),
        yield* accepted(wish)
      ].map(({ workflow_id }) => workflow_id)
      assert.deepStrictEqual([ids[1], ids[3], new Set(ids).size], [ids[0], ids[2], 3])
      yield* Effect.forEach(new Set(ids), ended)
    }))

  it.effect("takes the track out again when it is cancelled after the addition", () =>
    Effect.gen(function*() {
      yield* use(sober())
      const there = yield* contents
      const { get, post } = yield* asker
      const id = yield* heldAtAddition("regrets", path, karmaPolice)
      const asked = Effect.flatMap(get(`${path}/${id}/cancellable`), read(Cancellable))
      const before = yield* Effect.repeat(asked, { until: ({ current_step }) => current_step === "verifying" })
      assert.deepStrictEqual([before.can_cancel, before.will_compensate], [true, true])
      const { compensated, status } = yield* Effect.flatMap(post(`${path}/${id}/cancel`), read(SyncCancelled))
      assert.deepStrictEqual([status, compensated, yield* contents], ["cancelled", true, there])
    }))

  it.effect("has the song reviewed that agents leave to a person, and adds that which they have named", () =>
    Effect.gen(function*() {
      yield* use(sober())
      const before = yield* contents
      const { ended, post, state } = yield* asker
      for (const verb of ["reject", "approve"]) {
        const id = yield* inReview(`person ${verb}`, path)
        const review = (yield* reviews).find((one) => one.id === id) ?? assert.fail("not listed")
        assert.deepStrictEqual([review.track_name, review.user_id], ["Teardrop (Demo)", Option.some(`person ${verb}`)])
        assert.include(review.scores.map(({ candidate }) => candidate.uri), review.candidate.uri)
        const { progress, waiting_for } = yield* state(id)
        assert.deepStrictEqual([waiting_for, progress.current_step], [Option.some("review"), "matching"])
        assert.strictEqual((yield* post(`/api/v0/reviews/${id}/${verb}`)).status, 200)
        const { result, status } = yield* ended(id)
        const { match_method, spotify_track_uri } = Option.getOrThrow(result)
        if (verb === "reject") assert.deepStrictEqual([status, yield* contents], ["failed", before])
        else {
          assert.deepStrictEqual([status, match_method], ["completed", "review"])
          assert.deepStrictEqual(spotify_track_uri, Option.some(review.candidate.uri))
          assert.deepStrictEqual(yield* contents, [...before, review.candidate.uri])
        }
      }
    }))

  it.effect("knows no run that is not there, and none of other workflows", () =>
    Effect.gen(function*() {
      const { accepted, control, get } = yield* asker
      const other = yield* control.start("diagnostics", { key: "other" }, Option.none())
      const { workflow_id } = yield* accepted({ ...(yield* song("rules")), use_ai_disambiguation: false })
      for (const id of ["agent-sync-anonymous-1-abcde", other, workflow_id]) {
        const answer = yield* get(`${path}/${id}`)
        assert.deepStrictEqual([answer.status, (yield* read(Problem)(answer)).code], [404, "not_found"])
      }
      yield* control.ended(workflow_id)
    }))

  it.effect("refuses what is no request, and says where", () =>
    Effect.gen(function*() {
      const { post } = yield* asker
      const wish = yield* song("wrong")
      const wrongs = [{ track_name: "  " }, { artist: "a".repeat(201) }, { playlist_id: "short" }, {
        match_threshold: 2
      }]
      for (const wrong of wrongs) {
        const answer = yield* post(path, { ...wish, ...wrong })
        const { details } = yield* read(Problem)(answer)
        assert.deepStrictEqual([answer.status, details?.map(({ pointer }) => pointer)], [400, [
          `/payload/${Object.keys(wrong)[0]}`
        ]])
      }
    }))
})

layer(agentsBehind({ rolloutPercent: 100 }), live)("POST /api/v1/sync, where agents run all requests", (it) => {
  it.effect("tells of their runs as of those by rules: state, cancellation and dead letters", () =>
    Effect.gen(function*() {
      yield* use(sober())
      const { accepted, ended, get, post } = yield* asker
      const there = yield* contents
      const id = yield* heldAtAddition("rollout", "/api/v1/sync")
      assert.match(id, /^sync-rollout-\d{13}-[0-9a-f]{5}$/)
      const asked = Effect.flatMap(get(`/api/v1/sync/${id}/cancellable`), read(Cancellable))
      yield* Effect.repeat(asked, { until: ({ will_compensate }) => will_compensate })
      const cancelled = yield* Effect.flatMap(post(`/api/v1/sync/${id}/cancel`), read(SyncCancelled))
      assert.deepStrictEqual([cancelled.status, cancelled.compensated, yield* contents], ["cancelled", true, there])

      const again = yield* accepted(yield* song("rollout"))
      assert.notStrictEqual(again.workflow_id, id)
      const state = yield* ended(again.workflow_id)
      const { match_method, outcome, success } = Option.getOrThrow(state.result)
      assert.deepStrictEqual([success, outcome, match_method], [true, Option.some("added"), "agent"])
      assert.deepStrictEqual(Option.getOrThrow(state.agents).names, names)
      assert.deepStrictEqual((yield* accepted(yield* song("rollout"))).workflow_id, again.workflow_id)
      const run = Option.getOrThrow(yield* (yield* Runs).get(again.workflow_id))
      assert.deepStrictEqual([run.workflow, run.attributes["match_method"]], ["agent_sync", "agent"])

      const impossible = { track_name: "Xyzzy Plugh", artist: "Nobody At All", playlist_id: yield* playlistId }
      const byAgents = yield* accepted(impossible)
      const byRules = yield* accepted({ ...impossible, use_ai_disambiguation: false })
      for (const { workflow_id } of [byAgents, byRules]) yield* ended(workflow_id)
      const { entries, total } = yield* Effect.flatMap(get("/api/v1/dlq/list"), read(SyncLetters))
      assert.strictEqual(total, 2)
      assert.sameDeepMembers(entries.map((entry) => [entry.run_id, entry.workflow_type, entry.error_type]), [
        [byRules.workflow_id, "music_sync", "NoMatch"],
        [byAgents.workflow_id, "agent_sync", "NoMatch"]
      ])
      const retried = yield* post(`/api/v1/dlq/retry/${byAgents.workflow_id}`)
      assert.strictEqual(retried.status, 200, retried.body)
      yield* ended(JSON.parse(retried.body).new_workflow_id)
    }))
})

const refusals: ReadonlyArray<readonly [when: string, behind: ReturnType<typeof musicBehindAs>, fix: RegExp]> = [
  [
    "agents are switched off",
    musicBehindAs(spotifyAs({}), true, { enabled: false }),
    /\[agents\] enabled = true/
  ],
  ["no model is named", musicBehindAs(spotifyAs({}), true, { enabled: true }, Ai.layerNone), /\[ai\] provider/],
  ["songs are switched off", musicBehindAs(spotifyAs({}), false, { enabled: true }), /\[music\] enabled = true/],
  [
    "nobody has signed in",
    musicBehindAs(spotifyAs({ connection: Option.none() }), true, { enabled: true }),
    /glider auth spotify/
  ]
]

for (const [when, behind, fix] of refusals) {
  layer(behind, live)("a song that no agent could add", (it) => {
    it.effect(`is refused at once, with what is to be done, while ${when}`, () =>
      Effect.gen(function*() {
        const { post } = yield* asker
        const answer = yield* post(path, yield* song("anna"))
        const problem = yield* read(Problem)(answer)
        assert.deepStrictEqual([answer.status, problem.code], [409, "music_unavailable"])
        assert.match(problem.fix ?? "", fix)
      }))
  })
}

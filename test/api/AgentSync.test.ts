import { assert, layer } from "@effect/vitest"
import { Effect, Layer, Option, Schema } from "effect"
import { FetchHttpClient } from "effect/http"
import { AgentSyncAccepted, AgentSyncState } from "../../src/api/AgentSyncMessages.ts"
import { CurrentConfig } from "../../src/Config.ts"
import { RunControl } from "../../src/engine/RunControl.ts"
import { Sandbox } from "../../src/sandbox/Sandbox.ts"
import { Ai } from "../../src/services/Ai.ts"
import { Spotify } from "../../src/services/Spotify.ts"
import { Connections } from "../../src/store/Connections.ts"
import { PlaylistAdditions } from "../../src/store/PlaylistAdditions.ts"
import * as AgentSync from "../../src/workflows/AgentSync.ts"
import { PlaylistTurns } from "../../src/workflows/PlaylistTurns.ts"
import { configured, Mind, mind } from "../support/AgentWorld.ts"
import { playlistTokens } from "../support/PlaylistTokens.ts"
import { call, text } from "../support/ScriptedModel.ts"
import { signIn } from "../support/ScriptedSync.ts"
import { sober } from "../support/SoberModel.ts"
import { handler, local, Problem } from "./Handled.ts"
import { behind } from "./Served.ts"

const world = AgentSync.layer.pipe(
  Layer.provide(PlaylistTurns.layer),
  Layer.provide(Layer.effectDiscard(signIn)),
  Layer.provide(PlaylistAdditions.layer),
  Layer.provide([Connections.layer, Spotify.layer]),
  Layer.provide(configured({})),
  Layer.provide([FetchHttpClient.layer, playlistTokens]),
  Layer.provideMerge(mind),
  Layer.provideMerge(Sandbox.layer()),
  Layer.provideMerge(behind({ requestsPerMinute: 0 }))
)

const decodeAccepted = Schema.decodeEffect(Schema.fromJsonString(AgentSyncAccepted))
const decodeState = Schema.decodeEffect(Schema.fromJsonString(AgentSyncState))
const decodeProblem = Schema.decodeEffect(Schema.fromJsonString(Problem))

/** Asks the API, where agents may be asked or not. */
const asker = Effect.fnUntraced(function*(enabled = true) {
  const config = yield* CurrentConfig
  const { model } = yield* Mind.pipe(Effect.andThen(Ai))
  const ask = yield* Effect.provideService(
    Effect.provideService(handler, Ai, { model }),
    CurrentConfig,
    { ...config, agents: { ...config.agents, enabled } }
  )
  const headers = yield* local
  return {
    post: (body: unknown, more: { readonly [name: string]: string } = {}) =>
      ask("/api/v1/agent-sync", {
        method: "POST",
        headers: { ...headers, "content-type": "application/json", ...more },
        body: JSON.stringify(body)
      }),
    get: (id: string) => ask(`/api/v1/agent-sync/${id}`, { headers })
  }
})

const song = Effect.map(Sandbox, ({ playlists }) => ({
  track_name: "Teardrop (Remastered)",
  artist: " massive attack ",
  album: "Mezzanine",
  playlist_id: playlists.playlistIds[0] ?? ""
}))

layer(world, { excludeTestServices: true })("api/AgentSync", (it) => {
  it.effect("takes a song, says where to ask, and in the end what was done", () =>
    Effect.gen(function*() {
      const { use } = yield* Mind
      yield* use(sober())
      const { get, post } = yield* asker()
      const control = yield* RunControl
      const answer = yield* post({ ...(yield* song), user_id: "ann/1" })
      assert.strictEqual(answer.status, 202)
      const { status_url, workflow_id } = yield* decodeAccepted(answer.body)
      assert.match(workflow_id, /^agent-sync-ann_1-\d{13}-[0-9a-f]{5}$/)
      assert.strictEqual(status_url, `/api/v1/agent-sync/${workflow_id}`)
      const before = yield* Effect.flatMap(get(workflow_id), ({ body }) => decodeState(body))
      yield* control.ended(workflow_id)
      const after = yield* Effect.flatMap(get(workflow_id), ({ body }) => decodeState(body))
      assert.deepStrictEqual(after.started_at, before.started_at)
      const { agents, match_method, outcome, success, turns, verified } = Option.getOrThrow(after.result)
      assert.deepStrictEqual([
        after.status,
        after.progress.current_step,
        success,
        outcome,
        match_method,
        verified,
        turns
      ], [
        "completed",
        "completed",
        true,
        Option.some("added"),
        "agent",
        true,
        5
      ])
      assert.deepStrictEqual(agents, ["SearchAgent", "MatchingAgent", "PlaylistAgent"])
    }))

  it.effect("tells no success of a model that only says so", () =>
    Effect.gen(function*() {
      const { use } = yield* Mind
      yield* use(({ number }) =>
        number === 1
          ? [text("The track was successfully added to the playlist. {\"success\": true}")]
          : [call("answer", { decision: "no_match", candidate: null, reason: "successfully added" })]
      )
      const { get, post } = yield* asker()
      const control = yield* RunControl
      const { workflow_id } = yield* Effect.flatMap(post(yield* song), ({ body }) => decodeAccepted(body))
      assert.match(workflow_id, /^agent-sync-anonymous-/)
      yield* control.ended(workflow_id)
      const { error, result, status } = yield* Effect.flatMap(get(workflow_id), ({ body }) => decodeState(body))
      assert.deepStrictEqual([status, Option.map(error, ({ error_type }) => error_type)], [
        "failed",
        Option.some("NoMatch")
      ])
      const { agents, success, turns } = Option.getOrThrow(result)
      assert.deepStrictEqual([agents, success, turns], [["SearchAgent"], false, 2])
    }))

  it.effect("takes the same request with the same key once", () =>
    Effect.gen(function*() {
      const { use } = yield* Mind
      yield* use(sober())
      const { post } = yield* asker()
      const wish = yield* song
      const [one, two] = [yield* post(wish, { "idempotency-key": "a" }), yield* post(wish, { "idempotency-key": "a" })]
      assert.deepStrictEqual([one.status, two.status, two.body], [202, 202, one.body])
    }))

  it.effect("knows no run that is not there, and none of other workflows", () =>
    Effect.gen(function*() {
      const { get } = yield* asker()
      const control = yield* RunControl
      const other = yield* control.start("diagnostics", { key: "other" }, Option.none())
      for (const id of ["agent-sync-anonymous-1-abcde", other]) {
        const { body, status } = yield* get(id)
        assert.deepStrictEqual([status, (yield* decodeProblem(body)).code], [404, "not_found"])
      }
    }))

  it.effect("refuses what is no request, and says where", () =>
    Effect.gen(function*() {
      const { post } = yield* asker()
      const wish = yield* song
      for (
        const wrong of [{ track_name: "  " }, { artist: "a".repeat(201) }, { playlist_id: "short" }, {
          match_threshold: 2
        }]
      ) {
        const { body, status } = yield* post({ ...wish, ...wrong })
        const { details } = yield* decodeProblem(body)
        assert.deepStrictEqual([status, details?.map(({ pointer }) => pointer)], [400, [
          `/payload/${Object.keys(wrong)[0]}`
        ]])
      }
    }))

  it.effect("says what to do where agents are switched off", () =>
    Effect.gen(function*() {
      const { post } = yield* asker(false)
      const { body, status } = yield* post(yield* song)
      const problem = yield* decodeProblem(body)
      assert.strictEqual(status, 409)
      assert.match(problem.fix ?? "", /\[agents\] enabled = true/)
    }))
})

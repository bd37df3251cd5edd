import { assert, describe, it, layer } from "@effect/vitest"
import { Effect, Exit, Layer, Metric, Option } from "effect"
import { AiError } from "effect/ai"
import { anyDeadLetter } from "../../src/domain/DeadLetter.ts"
import { RunControl } from "../../src/engine/RunControl.ts"
import { Sandbox } from "../../src/sandbox/Sandbox.ts"
import { DeadLetters } from "../../src/store/DeadLetters.ts"
import { Runs } from "../../src/store/Runs.ts"
import { AgentSync } from "../../src/workflows/AgentSync.ts"
import { Retries } from "../../src/workflows/Retries.ts"
import { asks, errorOf, karmaPolice, live, playlist, reasonOf, sync } from "../support/AgentRequests.ts"
import { agentWorld, agentWorldWith, Mind } from "../support/AgentWorld.ts"
import { modelOf } from "../support/ModelWorld.ts"
import * as QuickClock from "../support/QuickClock.ts"
import { call, type Question, type Said } from "../support/ScriptedModel.ts"
import { sober } from "../support/SoberModel.ts"

const counts = (name: string) =>
  Effect.map(
    Metric.snapshot,
    (all) =>
      Object.fromEntries(all.flatMap((metric) =>
        metric.id === name && metric.type === "Counter"
          ? [[Object.values(metric.attributes ?? {}).join(" "), Number(metric.state.count)] as const]
          : []
      ))
  )

layer(agentWorld(), live)("three agents", (it) => {
  it.effect("find a song, decide and add it once; who asks again is told that it is there", () =>
    Effect.gen(function*() {
      const { added, asked, exit } = yield* sync("one", sober())
      const result = Option.getOrThrow(Exit.getSuccess(exit))
      assert.deepStrictEqual(
        [result.outcome, result.match_method, result.verified, result.candidate.name, result.confidence],
        ["added", "agent", true, "Teardrop", 1]
      )
      assert.deepStrictEqual(added, [result.candidate.uri])
      assert.deepStrictEqual(result.agents, ["SearchAgent", "MatchingAgent", "PlaylistAgent"])
      assert.deepStrictEqual([result.turns, result.tool_calls, asked.length], [5, 5, 5])
      assert.deepStrictEqual(asked.map(({ tools }) => tools.filter((tool) => tool !== "answer")), [
        ["search_tracks", "hand_off_to_MatchingAgent"],
        ["search_tracks", "hand_off_to_MatchingAgent"],
        ["score_candidates", "hand_off_to_PlaylistAgent", "hand_off_to_SearchAgent"],
        ["score_candidates", "hand_off_to_PlaylistAgent", "hand_off_to_SearchAgent"],
        ["add_track"]
      ])
      const again = yield* sync("two", sober())
      assert.strictEqual(Option.getOrThrow(Exit.getSuccess(again.exit)).outcome, "already_there")
      assert.deepStrictEqual(again.added, [])
      const { runs } = yield* (yield* Runs).list({ query: Option.none(), after: Option.none(), limit: 1 })
      assert.deepStrictEqual(runs.map(({ attributes }) => [attributes["track_name"], attributes["match_method"]]), [
        ["Teardrop (Remastered)", "agent"]
      ])
    }))

  it.effect("find by other words what the request misspells, and add it though its score is below the threshold", () =>
    Effect.gen(function*() {
      const words = ({ number, ...question }: Question): Said =>
        number === 1 ? [call("search_tracks", { query: "massive attack teardrop" })] : sober()({ number, ...question })
      const { added, exit } = yield* sync("spelling", words, {
        track_name: "Teardorp",
        artist: "Massive Attack",
        album: "An Evening Out"
      }, 1)
      const { confidence, outcome } = Option.getOrThrow(Exit.getSuccess(exit))
      assert.deepStrictEqual([outcome, added.length], ["added", 1])
      assert.isTrue(confidence > 0.6 && confidence < 0.85, String(confidence))
    }))

  it.effect("leave to a person what might be the song, and to nobody what is not", () =>
    Effect.gen(function*() {
      const { use } = yield* Mind
      yield* use(sober())
      const control = yield* RunControl
      const { added, id } = yield* playlist(2)
      const demo = { track_name: "Teardrop (Demo)", artist: "Massive Attack" }
      for (const said of ["rejected", "approved"] as const) {
        const run = yield* AgentSync.execute(asks(said, id, demo), { discard: true })
        const waits = Effect.map((yield* Runs).get(run), Option.exists(({ state }) => state === "waiting"))
        yield* Effect.repeat(waits, { until: (isWaiting) => isWaiting })
        assert.isTrue(yield* control.signal(run, "review", said))
        const exit = yield* Effect.exit(AgentSync.execute(asks(said, id, demo)))
        if (said === "rejected") assert.strictEqual(errorOf(exit), "NotApproved")
        else assert.strictEqual(Option.getOrThrow(Exit.getSuccess(exit)).match_method, "review")
        assert.lengthOf(yield* added, said === "rejected" ? 0 : 1)
      }
      const none = yield* sync("none", sober(), { track_name: "Xyzzy of the Unwritten Sea", artist: "Nobody" })
      assert.deepStrictEqual([errorOf(none.exit), none.added], ["NoMatch", []])
    }))

  it.effect("hand over only what they are surer of than .8", () =>
    Effect.gen(function*() {
      const { added, asked, exit } = yield* sync("unsure", sober(0.8), karmaPolice)
      assert.deepStrictEqual([errorOf(exit), added], ["NoMatch", []])
      const { isFailure, name } = asked.at(-1)?.results.at(-1) ?? {}
      assert.deepStrictEqual([isFailure, name], [true, "hand_off_to_PlaylistAgent"])
    }))

  it.effect("are taken back when the run is cancelled: what it has added is taken out", () =>
    Effect.gen(function*() {
      const { faults, requests } = yield* Sandbox
      const { use } = yield* Mind
      yield* use(sober())
      const { added, id } = yield* playlist(2)
      const seen = (yield* requests).length
      // one to look before it is added; the one after that verifies
      yield* faults.script({ fault: { _tag: "Slow", seconds: 1 }, provider: "spotify", path: "/items", after: 2 })
      const run = yield* AgentSync.execute(asks("cancelled", id, karmaPolice), { discard: true })
      yield* Effect.repeat(requests, { until: (all) => all.slice(seen).some(({ fault }) => fault === "Slow") })
      assert.lengthOf(yield* added, 1)
      const control = yield* RunControl
      assert.isTrue(yield* control.cancel(run, "safe"))
      yield* control.ended(run)
      const { status } = Option.getOrThrow(yield* (yield* Runs).get(run))
      assert.deepStrictEqual([status, yield* added], ["cancelled", []])
    }))
})

describe("a model that fails", () => {
  const failing = (reason: AiError.AiErrorReason) => () =>
    Effect.fail(AiError.make({ module: "Test", method: "generateText", reason }))

  const letters = Effect.gen(function*() {
    const { letters } = yield* (yield* DeadLetters).list({ filter: anyDeadLetter, after: Option.none(), limit: 50 })
    return letters.map((letter) => [letter.id, letter._tag === "Run" ? letter.error.tag : "none"])
  })

  /** A run whose model fails so. */
  const fails = Effect.fnUntraced(function*(key: string, reason: AiError.AiErrorReason) {
    const { asked, use } = yield* Mind
    yield* use(failing(reason))
    const { added, id } = yield* playlist()
    const request = asks(key, id)
    const exit = yield* Effect.exit(AgentSync.execute(request))
    const error = Option.getOrThrow(Exit.findErrorOption(exit))
    assert.deepStrictEqual([reasonOf(exit), yield* added], ["model", []])
    const run = yield* AgentSync.executionId(request)
    assert.deepStrictEqual(yield* letters, [[`run:${run}`, "AgentError"]])
    return { added, run, asked: asked().length, retryable: error._tag === "AgentError" && error.retryable }
  })

  const world = Layer.provideMerge(Retries.layer, agentWorld())

  it.live("is asked three times where it may go well later, and then the run is a dead letter that can be tried again", () =>
    Effect.gen(function*() {
      const busy = new AiError.InternalProviderError({ description: "overloaded" })
      const { added, asked, retryable, run } = yield* fails("busy", busy)
      assert.deepStrictEqual([asked, retryable], [3, true])
      yield* (yield* Mind).use(sober())
      const again = yield* (yield* Retries).retry(run, Option.none())
      yield* (yield* RunControl).ended(again)
      const { status } = Option.getOrThrow(yield* (yield* Runs).get(again))
      assert.strictEqual(status, "completed")
      assert.lengthOf(yield* added, 1)
      assert.deepStrictEqual(yield* letters, [])
    }).pipe(Effect.provide(world), Effect.provide(QuickClock.layer(10))))

  it.live("is asked once where its key is wrong, and the run is a dead letter as well", () =>
    Effect.gen(function*() {
      const { asked, retryable } = yield* fails("no key", new AiError.AuthenticationError({ kind: "InvalidKey" }))
      assert.deepStrictEqual([asked, retryable], [1, false])
    }).pipe(Effect.provide(world)))

  it.live("has five minutes for an answer", () =>
    Effect.gen(function*() {
      const { model } = yield* Sandbox
      const params = { decision: "no_match", candidate: null, reason: "nothing is the track" }
      yield* model.script({ toolCalls: [{ name: "answer", arguments: params }], delaySeconds: 130 })
      const { id } = yield* playlist()
      const exit = yield* Effect.exit(AgentSync.execute(asks("slow", id)))
      assert.deepStrictEqual([errorOf(exit), (yield* model.requests).length], ["NoMatch", 1])
    }).pipe(Effect.provide(agentWorldWith(modelOf({ provider: "openai" }))), Effect.provide(QuickClock.layer(60))))
})

layer(agentWorld({ multiAgent: false }), live)("one agent", (it) => {
  it.effect("has all tools, and adds within the same bounds", () =>
    Effect.gen(function*() {
      const { added, asked, exit } = yield* sync("alone", sober())
      const { agents, outcome } = Option.getOrThrow(Exit.getSuccess(exit))
      assert.deepStrictEqual([agents, outcome, added.length], [["MusicAgent"], "added", 1])
      assert.deepStrictEqual(asked[0]?.tools, ["search_tracks", "score_candidates", "add_track", "answer"])
      const low = yield* sync("low", ({ number }) =>
        [[call("search_tracks", { query: "karma police" })], [call("score_candidates")]][number - 1]
          ?? [call("add_track", { candidate: "c1" })], { track_name: "Karma Police", artist: "The Unknown Ensemble" })
      assert.deepStrictEqual([reasonOf(low.exit), low.asked.length, low.added], ["turns", 10, []])
      assert.match(JSON.stringify(low.asked[3]?.results.at(-1)), /too low/)
    }))
})

layer(agentWorld({ enabled: false }), live)("agents that are switched off", (it) => {
  it.effect("end with what to do, and ask nobody", () =>
    Effect.gen(function*() {
      const { asked, exit } = yield* sync("off", sober())
      const error = Option.getOrThrow(Exit.findErrorOption(exit))
      assert.deepStrictEqual([error._tag, asked.length], ["AgentError", 0])
      assert.match(error.message, /agents\.enabled = true/)
    }))
})

describe.each(["openai", "anthropic"] as const)("agents over the API of %s", (provider) => {
  const metrics = Layer.succeed(Metric.MetricRegistry, new Map())

  layer(Layer.provideMerge(agentWorldWith(modelOf({ provider })), metrics), live)((it) => {
    it.effect("hand the task on, and each is counted", () =>
      Effect.gen(function*() {
        const { model } = yield* Sandbox
        const calls = (name: string, params: Record<string, string | number | ReadonlyArray<string>> = {}) => ({
          toolCalls: [{ name, arguments: params }]
        })
        yield* model.script(
          calls("search_tracks", { query: "" }),
          calls("hand_off_to_MatchingAgent", { candidates: ["c1"] }),
          calls("score_candidates"),
          calls("hand_off_to_PlaylistAgent", { candidate: "c1", confidence: 0.9 }),
          { toolCalls: [{ name: "add_track", arguments: "{\"candidate\": " }] },
          calls("add_track", { candidate: "c1" })
        )
        const { added, id } = yield* playlist()
        const result = yield* AgentSync.execute(asks(provider, id))
        assert.deepStrictEqual([result.outcome, result.turns], ["added", 6])
        assert.deepStrictEqual(yield* added, [result.candidate.uri])
        assert.deepStrictEqual(yield* counts("openai_agent_handoffs_total"), {
          "SearchAgent MatchingAgent": 1,
          "MatchingAgent PlaylistAgent": 1
        })
        assert.deepStrictEqual(yield* counts("openai_agent_invocations_total"), {
          "SearchAgent handed_off": 1,
          "MatchingAgent handed_off": 1,
          "PlaylistAgent completed": 1
        })
        assert.deepStrictEqual(yield* counts("openai_tool_invocations_total"), {
          "search_tracks success": 1,
          "score_candidates success": 1,
          "add_track refused": 1,
          "add_track success": 1
        })
      }))
  })
})

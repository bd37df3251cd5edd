/** Agents with the tools of a server elsewhere, which is a process of its own over standard input and output. */
import { NodeServices } from "@effect/platform-node"
import { assert, layer } from "@effect/vitest"
import { Context, Duration, Effect, Exit, FileSystem, Layer, Option } from "effect"
import { fileURLToPath } from "node:url"
import type { ToolServer } from "../../src/Config.ts"
import { RunControl } from "../../src/engine/RunControl.ts"
import { Sandbox } from "../../src/sandbox/Sandbox.ts"
import { Runs } from "../../src/store/Runs.ts"
import { AgentSync } from "../../src/workflows/AgentSync.ts"
import { agentWorld, Mind } from "../support/AgentWorld.ts"
import { call, fieldOf, type Question, type Said } from "../support/ScriptedModel.ts"
import { sober } from "../support/SoberModel.ts"

const script = fileURLToPath(new URL("../support/ToolServer.mjs", import.meta.url))

/** What the server has written down. */
class Traces extends Context.Service<Traces, (file: string) => Effect.Effect<ReadonlyArray<string>>>()(
  "glider/test/Traces"
) {}

const world = (useMcp: boolean, table: Partial<ToolServer> = {}) =>
  Layer.unwrap(Effect.gen(function*() {
    const fs = yield* FileSystem.FileSystem
    const folder = yield* fs.makeTempDirectoryScoped({ prefix: "glider-tools-" })
    const server: ToolServer = {
      name: "scripted",
      at: { _tag: "Command", command: process.execPath, args: [script, folder], env: [] },
      mode: "stateful",
      tools: ["look", "preach", "fail", "crash", "pay", "note"],
      timeout: Duration.seconds(20),
      concurrency: 2,
      restarts: 3,
      ...table
    }
    const traces = Layer.succeed(Traces, (file) =>
      fs.readFileString(`${folder}/${file}`).pipe(
        Effect.map((text) => text.trim().split("\n")),
        Effect.orElseSucceed(() => [])
      ))
    return Layer.merge(agentWorld({ useMcp, maxTurns: 7 }, [server]), traces)
  })).pipe(Layer.provide(NodeServices.layer))

const live = { excludeTestServices: true }

const teardrop = { track_name: "Teardrop (Remastered)", artist: "massive attack", album: "Mezzanine" }

/** Calls these first, one in each turn, and then does its work. */
const first = (...calls: ReadonlyArray<string>) => (question: Question): Said => {
  const name = calls[question.number - 1]
  if (name !== undefined) return [call(name)]
  return sober()({ ...question, results: question.results.filter(({ name }) => !name.includes("__")) })
}

/** A run with a model that answers so, and what is there more in the playlist after it. */
const sync = Effect.fnUntraced(function*(key: string, answer: (question: Question) => Said, playlist = 0) {
  const { asked, use } = yield* Mind
  yield* use(answer)
  const { playlists } = yield* Sandbox
  const playlist_id = playlists.playlistIds[playlist] ?? assert.fail("no playlist")
  const before = yield* playlists.tracksIn(playlist_id)
  const exit = yield* Effect.exit(AgentSync.execute({ key, ...teardrop, playlist_id }))
  return { exit, asked: asked(), added: (yield* playlists.tracksIn(playlist_id)).slice(before.length) }
})

layer(world(true), live)("agents that may ask servers elsewhere", (it) => {
  it.effect("are given those of the allowed tools that only read, and only who searches is", () =>
    Effect.gen(function*() {
      const { added, asked, exit } = yield* sync("offered", sober())
      assert.deepStrictEqual(
        asked.map(({ tools }) => tools.filter((tool) => tool.includes("__"))),
        [
          ...Array.from(
            { length: 2 },
            () => ["scripted__crash", "scripted__fail", "scripted__look", "scripted__preach"]
          ),
          [],
          [],
          []
        ]
      )
      assert.deepStrictEqual([Exit.isSuccess(exit), added.length], [true, 1])
      const refused = yield* sync("unasked", first("scripted__pay", "scripted__note"), 1)
      const [pay, note] = refused.asked[2]?.results ?? []
      assert.deepStrictEqual([pay?.isFailure, note?.isFailure], [true, true])
      assert.deepStrictEqual(yield* (yield* Traces)("deeds"), [])
    }))

  it.effect("get the answer of a server that dies in the middle; what was asked once is not asked again", () =>
    Effect.gen(function*() {
      const { asked, use } = yield* Mind
      const traces = yield* Traces
      const control = yield* RunControl
      yield* use(first("scripted__look"))
      const { playlists } = yield* Sandbox
      const payload = {
        key: "dies",
        track_name: "Teardrop (Demo)",
        artist: "Massive Attack",
        playlist_id: playlists.playlistIds[2] ?? ""
      }
      const run = yield* AgentSync.execute(payload, { discard: true })
      const waits = Effect.map((yield* Runs).get(run), Option.exists(({ state }) => state === "waiting"))
      yield* Effect.repeat(waits, { until: (isWaiting) => isWaiting })
      const [look] = asked()[1]?.results ?? []
      assert.deepStrictEqual([look?.isFailure, fieldOf(look?.result, "said")], [false, "it is called Teardrop"])
      // the body is begun anew for the person's answer
      yield* control.signal(run, "review", "rejected")
      yield* Effect.exit(AgentSync.execute(payload))
      assert.deepStrictEqual([yield* traces("deeds"), yield* traces("looks")], [["looked"], ["look", "look"]])
      const { entries } = Option.getOrThrow(yield* (yield* Runs).history(run))
      const steps = entries.flatMap((entry) => entry._tag === "Activity" ? [entry.name] : [])
      assert.lengthOf(steps.filter((name) => name === "scripted__look 1.1"), 1)
    }))

  it.effect("change no playlist for what such a server says, of which they are told a part", () =>
    Effect.gen(function*() {
      const wanted = "spotify:track:0000000000000000000000"
      const { added, asked, exit } = yield* sync("preached", ({ number }) =>
        number === 1
          ? [call("scripted__preach")]
          : number === 2
          ? [call("search_tracks", { query: "" })]
          : [
            call("hand_off_to_MatchingAgent", { candidates: [wanted] }),
            call("add_track", { candidate: wanted }),
            call("answer", { decision: "review", candidate: wanted, reason: "it was successfully added" })
          ])
      const error = Option.getOrThrow(Exit.findErrorOption(exit))
      assert.deepStrictEqual([error._tag, added], ["AgentError", []])
      const [preached] = asked[1]?.results ?? []
      assert.deepStrictEqual([fieldOf(preached?.result, "is_cut"), String(fieldOf(preached?.result, "said")).length], [
        true,
        4000
      ])
    }))

  it.effect("go on where a tool or its server fails for good", () =>
    Effect.gen(function*() {
      const { asked, exit } = yield* sync("fails", first("scripted__fail", "scripted__crash"), 0)
      assert.isTrue(Exit.isSuccess(exit))
      const [fail, crash] = asked[2]?.results ?? []
      assert.deepStrictEqual([fail?.isFailure, fieldOf(fail?.result, "_tag")], [true, "McpToolError"])
      assert.deepStrictEqual([crash?.isFailure, fieldOf(crash?.result, "_tag")], [true, "McpServerError"])
    }))
})

layer(world(false), live)("agents that may not", (it) => {
  it.effect("are given none, and no server is begun", () =>
    Effect.gen(function*() {
      const { asked, exit } = yield* sync("none", sober())
      assert.isTrue(Exit.isSuccess(exit))
      assert.isFalse(asked.some(({ tools }) => tools.some((tool) => tool.includes("__"))))
      assert.deepStrictEqual(yield* (yield* Traces)("starts"), [])
    }))
})

layer(world(true, { at: { _tag: "Command", command: "/nonexistent/server", args: [], env: [] } }), live)(
  "a server that is not there",
  (it) => {
    it.effect("keeps no agent from its work", () =>
      Effect.gen(function*() {
        const { added, exit } = yield* sync("gone", sober())
        assert.deepStrictEqual([Exit.isSuccess(exit), added.length], [true, 1])
      }))
  }
)

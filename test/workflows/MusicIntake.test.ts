/** Who runs what is asked for: rules, or agents in their place. */
import { NodeServices } from "@effect/platform-node"
import { assert, layer } from "@effect/vitest"
import { Effect, Layer, Option } from "effect"
import { Digest } from "effect/crypto"
import { CurrentConfig, type GliderConfig } from "../../src/Config.ts"
import { RunControl } from "../../src/engine/RunControl.ts"
import { Ai } from "../../src/services/Ai.ts"
import { MusicRequests } from "../../src/store/MusicRequests.ts"
import { Runs } from "../../src/store/Runs.ts"
import { MusicIntake, type SongWish } from "../../src/workflows/MusicIntake.ts"
import { spotifyAs } from "../api/MusicServed.ts"
import { configOf } from "../api/Served.ts"
import { mind } from "../support/AgentWorld.ts"
import { agentsDefaults, musicDefaults } from "../support/ServerConfig.ts"
import { memoryStoreTest } from "../support/StoreTest.ts"

const store = Layer.mergeAll(MusicRequests.layer, Runs.layer).pipe(
  Layer.provideMerge(memoryStoreTest),
  Layer.provideMerge(NodeServices.layer)
)

const wishes: ReadonlyArray<SongWish> = Array.from({ length: 40 }, (_, index) => ({
  track_name: `Song ${index}`,
  artist: "Somebody",
  playlist_id: "A".repeat(22)
}))

/** Which workflow an intake with this `[agents]` gives each of the wishes to; nothing is run. */
const given = Effect.fnUntraced(function*(
  agents: Partial<GliderConfig["agents"]>,
  { ai = mind, asked = wishes, key = Option.none<string>() }: {
    readonly ai?: Layer.Layer<Ai>
    readonly asked?: ReadonlyArray<SongWish>
    readonly key?: Option.Option<string>
  } = {}
) {
  const started: Array<{ readonly workflow: string; readonly id: string; readonly input: unknown }> = []
  const control = Layer.mock(RunControl, {
    atWork: () => Option.none(),
    start: (workflow, input, id) =>
      Effect.sync(() => {
        started.push({ workflow, id: Option.getOrThrow(id), input })
        return Option.getOrThrow(id)
      })
  })
  const config = {
    ...configOf({}),
    music: { ...musicDefaults, enabled: true },
    agents: { ...agentsDefaults, enabled: true, ...agents }
  }
  const intake = yield* Effect.provide(
    MusicIntake,
    MusicIntake.layer.pipe(
      Layer.provide([control, spotifyAs({}), ai, Layer.succeed(CurrentConfig, config), Digest.layerWebCrypto])
    ),
    { local: true }
  )
  for (const wish of asked) yield* intake.accept(wish, key, "anyone")
  return started
})

const byAgents = (started: ReadonlyArray<{ readonly workflow: string }>) =>
  started.flatMap(({ workflow }, index) => workflow === "agent_sync" ? [index] : [])

layer(store)("requests for songs", (it) => {
  it.effect("are run by agents as far as the rollout says: none, some and then more, all", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(byAgents(yield* given({ rolloutPercent: 0 })), [])
      const some = byAgents(yield* given({ rolloutPercent: 30 }))
      const more = byAgents(yield* given({ rolloutPercent: 60 }))
      assert.isTrue(some.length > 4 && some.length < more.length && more.length < 36, `${some.length} ${more.length}`)
      assert.includeMembers(more, some)
      assert.lengthOf(byAgents(yield* given({ rolloutPercent: 100 })), wishes.length)
    }))

  it.effect("go the same way whenever they come again, by what they say or by their key", () =>
    Effect.gen(function*() {
      const [wish = assert.fail("no wish")] = wishes
      for (const rolloutPercent of [30, 60]) {
        const [first, again] = [yield* given({ rolloutPercent }), yield* given({ rolloutPercent })]
        assert.deepStrictEqual(byAgents(again), byAgents(first))
      }
      const ways = yield* Effect.forEach(
        Array.from({ length: 20 }, (_, index) => `key-${index}`),
        (key) =>
          Effect.map(
            given({ rolloutPercent: 50 }, { asked: [wish, wish], key: Option.some(key) }),
            (started) => started.map(({ workflow }) => workflow)
          )
      )
      for (const [first, again] of ways) assert.strictEqual(first, again)
      assert.deepStrictEqual(new Set(ways.flat()), new Set(["agent_sync", "music_sync"]))
    }))

  it.effect("are run by rules where agents are off, no model is named, or none may be asked", () =>
    Effect.gen(function*() {
      const all = { rolloutPercent: 100 }
      assert.deepStrictEqual(byAgents(yield* given({ ...all, enabled: false })), [])
      assert.deepStrictEqual(byAgents(yield* given(all, { ai: Ai.layerNone })), [])
      const unasked = wishes.slice(0, 2).map((wish) => ({ ...wish, use_ai_disambiguation: false }))
      assert.deepStrictEqual(byAgents(yield* given(all, { asked: unasked })), [])
      const asked = wishes.slice(0, 2).map((wish) => ({ ...wish, use_ai_disambiguation: true }))
      const started = yield* given(all, { asked })
      assert.deepStrictEqual(byAgents(started), [0, 1])
      assert.deepStrictEqual(
        started.map(({ id, input }) => [/^sync-anonymous-/.test(id), input]),
        started.map(({ id }, index) => [true, { ...wishes[index], key: id }])
      )
    }))
})

import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { makeCatalogue } from "../../src/sandbox/Catalogue.ts"
import { modelOf } from "../support/ModelWorld.ts"
import { type Boundaries, song, violations } from "../support/MusicBoundaries.ts"
import { musicServices, musicServicesWith } from "../support/MusicWorld.ts"

const teardrop = makeCatalogue(false).find(({ json }) => json["name"] === "Teardrop")?.uri ?? ""

/** Tells it for one commit after the other, until there is none any more; gives the states, and what was wrong. */
const forEachCommit = Effect.fnUntraced(function*(of: (at: number) => Boundaries) {
  const wrong: Array<string> = []
  const states: Array<string | undefined> = []
  for (let at = 1;; at++) {
    const boundaries = of(at)
    const told = yield* song(teardrop, boundaries)
    wrong.push(...violations(told, boundaries).map((one) => `commit ${at}, ${JSON.stringify(boundaries)}: ${one}`))
    states.push(told.state)
    if (told.commits < at) return { wrong, states, commits: told.commits }
  }
})

layer(musicServices, { excludeTestServices: true })("the run of a song", (it) => {
  for (const isThere of [false, true]) {
    const which = isThere ? "that was there before" : "that was not there"

    for (const how of ["safe", "now"] as const) {
      it.effect(`${which}, cancelled (${how}) at any of its steps, leaves the playlist as it was`, () =>
        Effect.gen(function*() {
          const { commits, states, wrong } = yield* forEachCommit((at) => ({ isThere, cancel: { at, how } }))
          assert.deepStrictEqual(wrong, [])
          assert.isAtLeast(commits, 6)
          assert.isAtLeast(states.filter((state) => state === "cancelled").length, 4)
          assert.strictEqual(states.at(-1), "completed")
        }))
    }

    for (const applied of [false, true]) {
      it.effect(
        `${which} is done once when its process ends at any commit, ${applied ? "after" : "before"} the store has it`,
        () =>
          Effect.gen(function*() {
            const { commits, states, wrong } = yield* forEachCommit((at) => ({ isThere, crash: { at, applied } }))
            assert.deepStrictEqual(wrong, [])
            assert.isAtLeast(commits, 6)
            assert.isTrue(states.every((state) => state === "completed"))
          })
      )
    }
  }

  it.effect("is taken back when the process ends at any commit after it was cancelled", () =>
    Effect.gen(function*() {
      const found: Array<string> = []
      const ends = new Set<string | undefined>()
      for (const applied of [false, true]) {
        for (const cancelAt of [3, 5]) {
          const { states, wrong } = yield* forEachCommit((at) => ({
            isThere: false,
            cancel: { at: cancelAt, how: "safe" },
            crash: { at: cancelAt + at, applied }
          }))
          found.push(...wrong)
          for (const state of states) ends.add(state)
        }
      }
      assert.deepStrictEqual(found, [])
      assert.isTrue(ends.has("cancelled"))
    }))
})

const withModel = musicServicesWith(modelOf({ provider: "openai" }))

layer(withModel, { excludeTestServices: true })("the run of a song about which a model is asked", (it) => {
  const isMisspelt = { isThere: false, isMisspelt: true }

  for (const how of ["safe", "now"] as const) {
    it.effect(`cancelled (${how}) at any of its steps, leaves the playlist as it was`, () =>
      Effect.gen(function*() {
        const { commits, states, wrong } = yield* forEachCommit((at) => ({ ...isMisspelt, cancel: { at, how } }))
        assert.deepStrictEqual(wrong, [])
        assert.isAtLeast(commits, 8)
        assert.strictEqual(states.at(-1), "completed")
      }))
  }

  for (const applied of [false, true]) {
    it.effect(`is done once when its process ends at any commit, ${applied ? "after" : "before"} the store has it`, () =>
      Effect.gen(function*() {
        const { commits, states, wrong } = yield* forEachCommit((at) => ({ ...isMisspelt, crash: { at, applied } }))
        assert.deepStrictEqual(wrong, [])
        assert.isAtLeast(commits, 8)
        assert.isTrue(states.every((state) => state === "completed"))
      }))
  }
})

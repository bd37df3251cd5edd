import { NodeServices } from "@effect/platform-node"
import { assert, layer } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { FetchHttpClient } from "effect/http"
import { Sandbox } from "../../src/sandbox/Sandbox.ts"
import { killsOf } from "../support/Chaos.ts"
import { type Kill, killed } from "../support/MusicKills.ts"

const surroundings = Layer.mergeAll(Sandbox.layer({ seed: "music kills" }), FetchHttpClient.layer).pipe(
  Layer.provideMerge(NodeServices.layer)
)

/** So many commits has the run of a song, with the last of its steps in that of its end. */
const commits = 8

const places: ReadonlyArray<Kill> = Array.from({ length: commits }, (_, index) => index + 1).flatMap((at) => [
  { place: "commit.before", at },
  { place: "commit.after", at }
])

layer(surroundings, { excludeTestServices: true })("the run of a song in a process that is killed", (it) => {
  it.effect("at any of its commits puts the song into the playlist once", () =>
    Effect.gen(function*() {
      // those around the addition come first
      const kills = places.toSorted((one, other) => Math.abs(one.at - 5) - Math.abs(other.at - 5))
        .slice(0, yield* killsOf(places.length))
      assert.deepStrictEqual(yield* killed(kills), [])
    }))
})

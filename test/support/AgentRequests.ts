import { assert } from "@effect/vitest"
import { Effect, Exit, Option } from "effect"
import { Sandbox } from "../../src/sandbox/Sandbox.ts"
import { AgentSync } from "../../src/workflows/AgentSync.ts"
import { Mind } from "./AgentWorld.ts"
import type { Question, Said } from "./ScriptedModel.ts"

export const karmaPolice = { track_name: "Karma Police", artist: "Radiohead" }

export const teardrop = { track_name: "Teardrop (Remastered)", artist: "massive attack", album: "Mezzanine" }

/** Time is real, since the stand-ins are over HTTP. */
export const live = { excludeTestServices: true }

/** What is in a playlist, and what is there more in the end. */
export const playlist = (index = 0) =>
  Effect.gen(function*() {
    const { playlists } = yield* Sandbox
    const id = playlists.playlistIds[index] ?? ""
    const before = yield* playlists.tracksIn(id)
    const added = Effect.map(playlists.tracksIn(id), (tracks) => {
      assert.deepStrictEqual(tracks.slice(0, before.length), before)
      return tracks.slice(before.length)
    })
    return { id, added }
  })

/** What identifies a song in a request. */
export type Track = Pick<Parameters<typeof AgentSync.execute>[0], "track_name" | "artist" | "album" | "isrc">

/** A request for a song. */
export const asks = (key: string, playlist: string, track: Track = teardrop) => ({
  key,
  ...track,
  playlist_id: playlist
})

/** A run with a model that answers so. */
export const sync = Effect.fnUntraced(
  function*(key: string, answer: (question: Question) => Said, track?: Track, index?: number) {
    const { asked, use } = yield* Mind
    yield* use(answer)
    const { added, id } = yield* playlist(index)
    const exit = yield* Effect.exit(AgentSync.execute(asks(key, id, track)))
    return { exit, asked: asked(), added: yield* added }
  }
)

/** Of an `AgentError` its reason, and of another error its tag. */
export const reasonOf = (exit: Exit.Exit<unknown, { readonly _tag: string; readonly reason?: unknown }>) => {
  const error = Option.getOrThrow(Exit.findErrorOption(exit))
  return error._tag === "AgentError" ? error.reason : error._tag
}

/** The tag of an error. */
export const errorOf = (exit: Exit.Exit<unknown, { readonly _tag: string }>) =>
  Option.getOrThrow(Exit.findErrorOption(exit))._tag

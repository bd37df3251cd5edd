/** One song, whose run is cancelled at one of its commits, whose process ends at one, or both; and what is left of it. */
import { Effect, Exit, Layer, Option } from "effect"
import { FetchHttpClient, HttpClient } from "effect/http"
import type { CancelMode } from "../../src/domain/RunEntry.ts"
import type { Journal } from "../../src/engine/Journal.ts"
import * as JournalMemory from "../../src/engine/JournalMemory.ts"
import { RunControl } from "../../src/engine/RunControl.ts"
import { Sandbox } from "../../src/sandbox/Sandbox.ts"
import { Spotify } from "../../src/services/Spotify.ts"
import { PlaylistAdditions } from "../../src/store/PlaylistAdditions.ts"
import { isTakenBack } from "../../src/workflows/MusicRecord.ts"
import * as MusicSync from "../../src/workflows/MusicSync.ts"
import { PlaylistTurns } from "../../src/workflows/PlaylistTurns.ts"
import { begin, type Crash, Pulse } from "./EngineLives.ts"
import { until } from "./Turns.ts"

export interface Boundaries {
  /** At which commit of the first process it is cancelled, counted from 1. */
  readonly cancel?: { readonly at: number; readonly how: CancelMode } | undefined
  readonly crash?: Crash | undefined
  /** Whether the song is in the playlist before. */
  readonly isThere: boolean
  /** Whether it is so misspelt that a model is asked, where there is one. */
  readonly isMisspelt?: boolean
}

const misspelt = { track_name: "Teerdropp", artist: "Massive Attack" }
const teardrop = { track_name: "Teardrop", artist: "Massive Attack", album: "Mezzanine" }

/** As in a process of its own: one that is dead asks for nothing more. `underWay` counts what it has asked and not heard. */
const process = () => {
  const asking = { underWay: 0 }
  const client = Layer.effect(
    HttpClient.HttpClient,
    Effect.gen(function*() {
      const pulse = yield* Pulse
      return HttpClient.transform(yield* HttpClient.HttpClient, (request) =>
        Effect.andThen(
          pulse,
          Effect.suspend(() => {
            asking.underWay++
            return Effect.ensuring(request, Effect.sync(() => void asking.underWay--))
          })
        ))
    })
  ).pipe(Layer.provide(FetchHttpClient.layer))
  const handlers = MusicSync.layer.pipe(
    Layer.provide(Layer.fresh(Layer.mergeAll(PlaylistTurns.layer, Layer.provide(Spotify.layer, client))))
  )
  return { asking, handlers }
}

let told = 0

/** Tells the story once, of a run of its own, in a playlist that is as it was before afterwards. `uri` is the song's. */
export const song = Effect.fnUntraced(
  function*(uri: string, { cancel, crash, isMisspelt = false, isThere }: Boundaries) {
    const { playlists, requests } = yield* Sandbox
    const [playlist = ""] = playlists.playlistIds
    const payload = { key: `song ${told++}`, ...(isMisspelt ? misspelt : teardrop), playlist_id: playlist }
    if (isThere) yield* playlists.addTrack(playlist, uri)
    const asked = (yield* requests).length

    const journal = JournalMemory.make()
    let [commits, isCancelled] = [0, false]
    let reached: Effect.Effect<void> = Effect.void
    const heard: Journal = {
      ...journal,
      commit: (changes) => Effect.tap(journal.commit(changes), () => ++commits === cancel?.at ? reached : Effect.void)
    }
    const { asking, handlers } = process()
    const first = yield* begin(heard, { handlers, crash })
    const run = yield* first.do(MusicSync.MusicSync.executionId(payload))
    const control = yield* first.do(RunControl)
    reached = Effect.asVoid(Effect.forkDetach(
      Effect.map(first.attempt(control.cancel(run, cancel?.how ?? "safe")), (answer) => {
        isCancelled = Option.getOrElse(answer, () => false)
      }),
      { startImmediately: true }
    ))
    const ended = yield* first.attempt(Effect.exit(MusicSync.MusicSync.execute(payload)))
    let exit = Option.getOrUndefined(ended)
    if (exit === undefined) {
      yield* until(() => asking.underWay === 0)
      const second = yield* begin(journal, process())
      exit = yield* second.do(Effect.exit(MusicSync.MusicSync.execute(payload)))
      yield* second.stop
    } else yield* first.stop

    const loaded = yield* Effect.orDie(journal.load(run))
    const uris = yield* playlists.tracksIn(playlist)
    if (uris.includes(uri)) yield* playlists.removeTrack(playlist, uri)
    yield* (yield* PlaylistAdditions).takenOut({ playlist, uri }, "the end of the story")
    const calls = (yield* requests).slice(asked).filter(({ path }) => path.endsWith("/items"))
    return {
      state: journal.runs.get(run)?.state,
      outcome: Exit.isSuccess(exit) ? exit.value.outcome : undefined,
      times: uris.filter((one) => one === uri).length,
      /** Whether it says that it has taken out what it had added. */
      isTakenBack: isTakenBack(loaded?.entries ?? []),
      /** Whether the cancellation was answered with yes. */
      isCancelled,
      crashed: first.isDead(),
      commits: first.commits(),
      additions: calls.filter(({ method }) => method === "POST").length,
      removals: calls.filter(({ method }) => method === "DELETE").length
    }
  }
)

type Told = Effect.Success<ReturnType<typeof song>>

/** What must not be, said in words. */
export const violations = (
  { additions, commits, isCancelled, isTakenBack, outcome, removals, state, times }: Told,
  { cancel, crash, isThere }: Boundaries
) => {
  const wrong: Array<string> = []
  const before = isThere ? 1 : 0
  if (state !== "completed" && state !== "cancelled") wrong.push(`the run is ${state}`)
  // with the last two commits the last step is done, and it is too late
  const isInTime = cancel !== undefined && cancel.at < commits - 1
  if (isCancelled && isInTime && state !== "cancelled") wrong.push(`it was cancelled, and is ${state}`)
  if (state === "completed" && times !== 1) wrong.push(`it is done, and the song is there ${times} times`)
  if (state === "completed" && (outcome === "added") === isThere) wrong.push(`it says ${outcome}`)
  if (state === "cancelled" && times !== before) wrong.push(`it is cancelled, and the song is there ${times} times`)
  if (state === "cancelled" && additions > 0 && !isTakenBack) wrong.push("it does not say that it took it back")
  if (isThere && isTakenBack) wrong.push("it says that it took back what was there before")
  if (additions > 1 - before) wrong.push(`it was added ${additions} times`)
  // whoever is stopped just before it adds does not know whether it has
  const isSure = cancel?.how === "safe" && crash === undefined
  if (removals > 0 && (isThere || (isSure && additions === 0))) wrong.push("what was not added was taken out")
  return wrong
}

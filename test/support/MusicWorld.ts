/** The music sync on the real engine and store, with the stand-in for Spotify over real HTTP, in real time. */
import { NodeServices } from "@effect/platform-node"
import { type FileSystem, Layer, type Path } from "effect"
import { FetchHttpClient } from "effect/http"
import * as DurableEngine from "../../src/engine/DurableEngine.ts"
import { Sandbox } from "../../src/sandbox/Sandbox.ts"
import { Ai } from "../../src/services/Ai.ts"
import { Spotify } from "../../src/services/Spotify.ts"
import { AskedTracks } from "../../src/store/AskedTracks.ts"
import { Connections } from "../../src/store/Connections.ts"
import { DeadLetters } from "../../src/store/DeadLetters.ts"
import { PlaylistAdditions } from "../../src/store/PlaylistAdditions.ts"
import { Runs } from "../../src/store/Runs.ts"
import { SyncRuns } from "../../src/store/SyncRuns.ts"
import * as MusicBatch from "../../src/workflows/MusicBatch.ts"
import * as MusicSync from "../../src/workflows/MusicSync.ts"
import { PlaylistTurns } from "../../src/workflows/PlaylistTurns.ts"
import { RunNews } from "../../src/workflows/RunNews.ts"
import * as RunRecords from "../../src/workflows/RunRecords.ts"
import { playlistTokens } from "./PlaylistTokens.ts"
import { signIn } from "./ScriptedSync.ts"
import { memoryStoreTest } from "./StoreTest.ts"

const engine = DurableEngine.layer().pipe(
  Layer.provide(RunRecords.layer({ storeRunStatus: false })),
  Layer.provide(RunNews.layer)
)

const tables = Layer.mergeAll(
  AskedTracks.layer,
  Connections.layer,
  DeadLetters.layer,
  PlaylistAdditions.layer,
  Runs.layer,
  SyncRuns.layer
)

/** A language model, which may be the sandbox's. */
type ModelLayer<E> = Layer.Layer<Ai, E, Sandbox | FileSystem.FileSystem | Path.Path>

/** What a music sync asks for beside an engine, with that language model. */
export const musicServicesWith = <E>(ai: ModelLayer<E>) =>
  Layer.effectDiscard(signIn).pipe(
    Layer.provideMerge(tables),
    Layer.provideMerge(Spotify.layer),
    Layer.provide(FetchHttpClient.layer),
    Layer.provideMerge(playlistTokens),
    Layer.provideMerge(ai),
    Layer.provideMerge(Sandbox.layer()),
    Layer.provideMerge(memoryStoreTest),
    Layer.provideMerge(NodeServices.layer)
  )

/** The engine and its workflows: what ends with a process. */
export const musicProcess = Layer.merge(MusicSync.layer, MusicBatch.layer).pipe(
  Layer.provide(PlaylistTurns.layer),
  Layer.provideMerge(engine)
)

export const musicWorldWith = <E>(ai: ModelLayer<E>) => Layer.provideMerge(musicProcess, musicServicesWith(ai))

/** What it asks for where no model is; it stays when a process ends. */
export const musicServices = musicServicesWith(Ai.layerNone)

export const musicWorld = musicWorldWith(Ai.layerNone)

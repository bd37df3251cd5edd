/** The one step of `playlist_sync` that touches the world: it reads a list, and notes what of it is asked for. */
import { type Context, Effect, type FileSystem, Option, Path, Result, Schema } from "effect"
import { CurrentConfig } from "../Config.ts"
import { NeedsAuth, ProviderError } from "../domain/ProviderError.ts"
import { BatchTrack, mostTracks } from "../music/Batch.ts"
import { fold } from "../music/Fold.ts"
import { isrcOf } from "../music/Track.ts"
import { Spotify } from "../services/Spotify.ts"
import { AskedTracks } from "../store/AskedTracks.ts"
import { Connections } from "../store/Connections.ts"
import { Runs } from "../store/Runs.ts"
import * as DurableActivity from "../workflow/DurableActivity.ts"
import * as RunProgress from "../workflow/RunProgress.ts"
import { trackRun } from "./BatchRecord.ts"
import { RunFailed, told } from "./RunResult.ts"
import { BadRow, readTracks, TrackFileError, type TrackList, trackOf } from "./TrackFile.ts"

type World = AskedTracks | Connections | CurrentConfig | FileSystem.FileSystem | Path.Path | Runs | Spotify

/** What the step asks for. */
export const world = Effect.context<World>()

/** So many rows that could not be read are told of. */
const mostBad = 50

/** What tells a song from others: the recording where it is known, else title and artist. */
const keyOf = ({ artist, isrc, track_name }: BatchTrack): string =>
  isrcOf(isrc) ?? `${fold(track_name)} / ${fold(artist)}`

/** The songs of a playlist as they would be asked for. */
const songsOf = Effect.fnUntraced(function*(playlist: string): Effect.fn.Return<
  TrackList,
  ProviderError | RunFailed,
  Connections | Spotify
> {
  const account = yield* told((yield* Connections).main("spotify"))
  if (Option.isNone(account)) {
    const message = "no Spotify account is connected; connect one with: glider auth spotify"
    return yield* new ProviderError({
      provider: "spotify",
      operation: "sign-in",
      reason: new NeedsAuth({ message })
    })
  }
  const songs = yield* (yield* Spotify).playlistSongs(account.value.connection.id, playlist)
  const read = songs.map(({ album, artists, isrc, name }, index) => ({
    place: index + 1,
    track: trackOf([["track_name", name], ["artist", artists.join(", ")], ["album", album], ["isrc", isrcOf(isrc)]])
  }))
  return {
    tracks: read.flatMap(({ place, track }) => Result.isSuccess(track) ? [{ place, track: track.success }] : []),
    bad: read.flatMap(({ place, track }) => Result.isFailure(track) ? [{ place, message: track.failure }] : [])
  }
})

/** Answers of a run, which another run would only give again. */
const answers: ReadonlySet<string> = new Set(["NoMatch", "NotApproved"])

/** Which songs were asked for and are not to be asked for again: they are there, under way, or known not to be found. */
const asked = Effect.fnUntraced(function*(playlist: string) {
  const store = yield* AskedTracks
  const runs = yield* Runs
  const rows = yield* store.of(playlist)
  const open = rows.filter(({ settled }) => !settled)
  const statuses = yield* runs.statuses(open.map(({ run }) => run))
  const batches = yield* runs.statuses([...new Set(open.map(({ run }) => batchOf(run)))])
  const known = new Set(rows.flatMap(({ key, settled }) => settled ? [key] : []))
  for (const row of open) {
    const status = statuses.get(row.run)
    if (status === undefined) {
      // its turn has not come; or the batch has ended without it, or is forgotten
      if (batches.get(batchOf(row.run)) === "running") known.add(row.key)
      continue
    }
    const error = status === "failed" ? Option.flatMap(yield* runs.get(row.run), ({ error }) => error) : Option.none()
    const isSettled = status === "completed" || Option.exists(error, ({ tag }) => answers.has(tag))
    if (isSettled || status === "running" || status === "interrupted") known.add(row.key)
    if (isSettled) yield* store.put(playlist, [{ ...row, settled: true }])
  }
  return known
})

const batchOf = (run: string): string => run.replace(/-track-\d+$/, "")

const Read = Schema.Struct({
  listed: Schema.Natural,
  tracks: Schema.Array(BatchTrack),
  left: Schema.Natural,
  bad: Schema.Array(BadRow)
})

/** Reads the list, and notes that what is new is asked for by the batch: its songs are runs whose ids are known before. */
export const read = (
  world: Context.Context<World>,
  source: { readonly playlist?: string; readonly file?: string },
  playlist: string,
  batch: string
) =>
  DurableActivity.make({
    name: "read",
    success: Read,
    error: Schema.Union([TrackFileError, ProviderError, RunFailed]),
    startToClose: "10 minutes",
    retry: {
      initialInterval: "5 seconds",
      maximumInterval: "1 minute",
      maximumAttempts: 3,
      nonRetryable: (error) => error._tag === "TrackFileError" || (error._tag === "ProviderError" && !error.retryable)
    },
    execute: Effect.gen(function*() {
      const what = source.file ?? `playlist ${source.playlist ?? ""}`
      yield* RunProgress.set({ step: "reading", done: 0, total: 1, message: `reads ${what}` })
      const { path } = yield* CurrentConfig
      const paths = yield* Path.Path
      const list = source.file === undefined
        ? yield* songsOf(source.playlist ?? "")
        : yield* readTracks(paths.dirname(paths.resolve(path)), source.file)
      const known = yield* told(asked(playlist))
      const fresh = new Map<string, BatchTrack>()
      for (const { track } of list.tracks) {
        const key = keyOf(track)
        if (!known.has(key) && !fresh.has(key)) fresh.set(key, track)
      }
      const now = [...fresh].slice(0, mostTracks)
      yield* told((yield* AskedTracks).put(
        playlist,
        now.map(([key], index) => ({ key, run: trackRun(batch, index), settled: false }))
      ))
      const message = `${now.length} of ${list.tracks.length} songs are new`
      yield* RunProgress.set({ step: "reading", done: 1, total: 1, message })
      return {
        listed: list.tracks.length,
        tracks: now.map(([, track]) => track),
        left: fresh.size - now.length,
        bad: list.bad.slice(0, mostBad)
      }
    }).pipe(Effect.provideContext(world))
  })

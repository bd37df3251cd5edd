/** What is new in a list of songs, a playlist or a file, gets into another playlist. */
import { Effect, Layer, Option, Schema } from "effect"
import { Workflow, WorkflowEngine } from "effect/workflow"
import { ProviderError } from "../domain/ProviderError.ts"
import { batchFields } from "../music/Batch.ts"
import { ActivityTimedOut } from "../workflow/ActivityTimeouts.ts"
import { body } from "../workflow/Body.ts"
import * as SearchAttributes from "../workflow/SearchAttributes.ts"
import { MusicBatch } from "./MusicBatch.ts"
import * as Steps from "./PlaylistSyncSteps.ts"
import { RunFailed, told } from "./RunResult.ts"
import { BadRow, TrackFileError, TrackFilePath } from "./TrackFile.ts"

const { atomic: _atomic, tracks: _tracks, ...settings } = batchFields

const Source = Schema.Struct({
  /** Spotify's id of a playlist of one's own. */
  playlist: Schema.optionalKey(settings.playlist_id),
  /** A file of songs, from the folder of the config file. */
  file: Schema.optionalKey(TrackFilePath)
}).check(
  Schema.makeFilter(({ file, playlist }) => (file === undefined) !== (playlist === undefined), {
    expected: "either playlist or file"
  })
)

export const PlaylistSync = Workflow.make("playlist_sync", {
  payload: {
    /** Requests with the same key are one run; a schedule has one for each tick, whatever the key. */
    key: Schema.NonEmptyString,
    source: Source,
    ...settings
  },
  success: Schema.Struct({
    /** How many songs the list has, besides the bad rows. */
    listed: Schema.Natural,
    /** How many of them were asked for by this run. */
    asked: Schema.Natural,
    /** The run that adds them; none where nothing is new. */
    batch: Schema.OptionFromNullOr(Schema.String),
    /** New ones that are left for the next time. */
    left: Schema.Natural,
    /** Rows that could not be read, 50 at most. */
    bad: Schema.Array(BadRow)
  }),
  error: Schema.Union([TrackFileError, ProviderError, RunFailed, ActivityTimedOut]),
  idempotencyKey: ({ key }) => key
})

type Payload = (typeof PlaylistSync)["payloadSchema"]["Type"]

const run = (world: Effect.Success<typeof Steps.world>) =>
  Effect.fnUntraced(function*({ key: _key, source, ...settings }: Payload, run: string) {
    const { playlist_id, user_id } = settings
    yield* SearchAttributes.set({ playlist_id, ...user_id === undefined ? {} : { user_id } })
    const batch = `${run}-batch`
    const { bad, left, listed, tracks } = yield* Steps.read(world, source, playlist_id, batch)
    if (tracks.length > 0) {
      const engine = yield* WorkflowEngine.WorkflowEngine
      // by itself: a song that waits for a person must not hold the next tick
      yield* told(engine.execute(MusicBatch, {
        executionId: batch,
        payload: { key: batch, ...settings, tracks },
        discard: true,
        detached: true
      }))
    }
    const isNew = tracks.length > 0
    return { listed, asked: tracks.length, batch: isNew ? Option.some(batch) : Option.none(), left, bad }
  })

/** Registers it. */
export const layer = Layer.unwrap(Effect.map(Steps.world, (world) => PlaylistSync.toLayer(body(run(world)))))

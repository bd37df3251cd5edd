import { Effect, Option, Schema } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import type { Run } from "../domain/Run.ts"
import { inputOf } from "../domain/RunHistory.ts"
import type { BatchTrack } from "../music/Batch.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { Runs, type RunWithEntries } from "../store/Runs.ts"
import { outcomeOf, trackRun } from "../workflows/BatchRecord.ts"
import { MusicBatch } from "../workflows/MusicBatch.ts"
import { MusicIntake } from "../workflows/MusicIntake.ts"
import { Api } from "./Api.ts"
import { BatchAccepted, type BatchRequest, BatchState, type TrackState } from "./BatchMessages.ts"
import { DerivedRunId } from "./Idempotency.ts"
import { NotFound } from "./Problems.ts"
import { cannotSync, storeFailed } from "./Translate.ts"

const decodeInput = Schema.decodeUnknownOption(Schema.toCodecJson(MusicBatch.payloadSchema))

const decodeReached = Schema.decodeUnknownOption(Schema.Struct({ message: Schema.String }))

const statusOf = ({ finishedAt, status }: Run): BatchState["status"] => {
  if (Option.isNone(finishedAt)) return "running"
  return status === "completed" || status === "partial" ? "completed" : status === "cancelled" ? "cancelled" : "failed"
}

/** A song as it stands, by its run. */
const stateOf = (
  index: number,
  run: string,
  track: BatchTrack,
  found: Option.Option<RunWithEntries>
): typeof TrackState.Type => {
  if (Option.isNone(found)) {
    return { index, run_id: trackRun(run, index), track, status: "pending", message: "has not begun" }
  }
  const { entries, run: row } = found.value
  if (Option.isSome(row.finishedAt)) return outcomeOf(index, track, row, entries)
  return {
    index,
    run_id: row.id,
    track,
    status: row.state === "waiting" ? "waiting" : "running",
    message: Option.match(decodeReached(row.progress), { onNone: () => "begins", onSome: ({ message }) => message })
  }
}

export const batchHandlers = HttpApiBuilder.group(
  Api,
  "batch",
  Effect.fn(function*(handlers) {
    const intake = yield* MusicIntake
    const runs = yield* Runs

    const state = Effect.fnUntraced(function*(id: string): Effect.fn.Return<BatchState, NotFound | SurrealError> {
      const found = yield* runs.history(id)
      const input = Option.flatMap(found, ({ entries }) => Option.flatMap(inputOf(entries), decodeInput))
      if (Option.isNone(found) || Option.isNone(input) || found.value.run.workflow !== MusicBatch._tag) {
        return yield* new NotFound({ detail: `There is no batch ${id}.` })
      }
      const { run } = found.value
      const tracks = yield* Effect.forEach(
        input.value.tracks,
        (track, index) => Effect.map(runs.history(trackRun(id, index)), (known) => stateOf(index, id, track, known)),
        { concurrency: 8 }
      )
      const successful = tracks.filter(({ status }) => status === "completed").length
      const failed = tracks.filter(({ status }) => status === "failed" || status === "cancelled").length
      return new BatchState({
        workflow_id: id,
        status: statusOf(run),
        started_at: run.startedAt,
        finished_at: run.finishedAt,
        completed_tracks: successful + failed,
        total_tracks: tracks.length,
        successful_syncs: successful,
        failed_syncs: failed,
        message: Option.match(run.error, {
          onNone: () => `${successful + failed} of ${tracks.length} tracks are done`,
          onSome: ({ message }) => message
        }),
        individual_results: tracks
      })
    })

    const start = Effect.fnUntraced(function*(request: BatchRequest) {
      const { isKnown, run } = yield* Effect.catchTags(intake.acceptBatch(request, yield* DerivedRunId), {
        CannotSync: cannotSync,
        SurrealError: (error) => Effect.fail(storeFailed(error))
      })
      const songs = `${request.tracks.length} tracks`
      return new BatchAccepted({
        workflow_id: run,
        track_count: request.tracks.length,
        status: "accepted",
        message: isKnown ? `these ${songs} were asked for before: it is the same run` : `looks for ${songs}`,
        status_url: `/api/v1/sync/batch/${encodeURIComponent(run)}`
      })
    })

    return handlers.handleAll({
      start: ({ payload }) => start(payload),
      state: ({ params }) =>
        state(params.id).pipe(Effect.catchTag("SurrealError", (error) => Effect.fail(storeFailed(error))))
    })
  })
)

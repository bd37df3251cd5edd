import { Clock, Effect, Option, Random, Schema } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import type { Run } from "../domain/Run.ts"
import { inputOf } from "../domain/RunHistory.ts"
import { RunControl } from "../engine/RunControl.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { Runs, type RunWithEntries } from "../store/Runs.ts"
import { type BatchTrack, outcomeOf, trackRun } from "../workflows/BatchRecord.ts"
import { MusicBatch } from "../workflows/MusicBatch.ts"
import { Api } from "./Api.ts"
import { BatchAccepted, type BatchRequest, BatchState, type TrackState } from "./BatchMessages.ts"
import { DerivedRunId } from "./Idempotency.ts"
import { type InvalidRequest, NotFound, type StoreFailed } from "./Problems.ts"
import { invalidInput, storeFailed } from "./Translate.ts"

const decodeInput = Schema.decodeUnknownOption(Schema.toCodecJson(MusicBatch.payloadSchema))

const decodeReached = Schema.decodeUnknownOption(Schema.Struct({ message: Schema.String }))

/** `batch-{user}-{milliseconds}-{5 hexadecimal digits}`: of the user what may stand in an address as it is. */
const newId = Effect.fnUntraced(function*(user: string | undefined) {
  const now = yield* Clock.currentTimeMillis
  const draw = yield* Random.nextIntBetween(0, 0x100000, { halfOpen: true })
  const name = user?.replaceAll(/[^\w.@-]/g, "_").slice(0, 64) ?? "anonymous"
  return `batch-${name}-${now}-${draw.toString(16).padStart(5, "0")}`
})

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
    const control = yield* RunControl
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

    const start = Effect.fnUntraced(
      function*(payload: BatchRequest): Effect.fn.Return<BatchAccepted, InvalidRequest | StoreFailed> {
        const derived = yield* DerivedRunId
        const id = Option.isSome(derived) ? derived.value : yield* newId(payload.user_id)
        yield* control.start(MusicBatch._tag, { ...payload, key: id }, Option.some(id)).pipe(
          Effect.catchTags({
            InvalidInput: (error) => Effect.fail(invalidInput(error)),
            UnknownWorkflow: (error) => Effect.die(error),
            SurrealError: (error) => Effect.fail(storeFailed(error))
          })
        )
        return new BatchAccepted({
          workflow_id: id,
          track_count: payload.tracks.length,
          status: "accepted",
          message: `looks for ${payload.tracks.length} tracks`,
          status_url: `/api/v1/sync/batch/${encodeURIComponent(id)}`
        })
      }
    )

    return handlers.handleAll({
      start: ({ payload }) => start(payload),
      state: ({ params }) =>
        state(params.id).pipe(Effect.catchTag("SurrealError", (error) => Effect.fail(storeFailed(error))))
    })
  })
)

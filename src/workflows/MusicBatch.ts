/** Many songs for one playlist: each is a run of its own, in groups, a few at once. */
import { Duration, Effect, Exit, Layer, Option, Schema } from "effect"
import { DurableDeferred, Workflow, WorkflowEngine } from "effect/workflow"
import { RunError } from "../domain/Run.ts"
import { type Outcome, OutcomeOf, plainOutcome } from "../engine/RunOptions.ts"
import { batchFields } from "../music/Batch.ts"
import { ActivityTimedOut } from "../workflow/ActivityTimeouts.ts"
import { body } from "../workflow/Body.ts"
import * as DurableSleep from "../workflow/DurableSleep.ts"
import * as SearchAttributes from "../workflow/SearchAttributes.ts"
import { BatchFailed, BatchResult, resultOf, trackRun } from "./BatchRecord.ts"
import * as Steps from "./BatchSteps.ts"
import { MusicSync } from "./MusicSync.ts"
import { RunFailed } from "./RunResult.ts"

const isResult = Schema.is(BatchResult)

/** A batch of which some songs failed has not done all: each of those is a dead letter, and the batch is none. */
const outcomeOf = (exit: Exit.Exit<unknown, unknown>): Outcome => {
  const outcome = plainOutcome(exit)
  if (Exit.isFailure(exit) || !isResult(exit.value) || exit.value.failed_syncs === 0) return outcome
  const { failed_syncs, individual_results, total_tracks } = exit.value
  const first = individual_results.find(({ status }) => status !== "completed")
  const why = first === undefined ? "" : `; the first of them is ${first.run_id}: ${first.message}`
  return {
    ...outcome,
    status: failed_syncs === total_tracks ? "failed" : "partial",
    error: Option.some(
      new RunError({
        tag: "TracksFailed",
        message: `${failed_syncs} of ${total_tracks} tracks were not added${why}`,
        fix: Option.some("glider dlq list")
      })
    )
  }
}

export const MusicBatch = Workflow.make("music_batch", {
  payload: {
    /** Requests with the same key are one run. */
    key: Schema.NonEmptyString,
    ...batchFields
  },
  success: BatchResult,
  error: Schema.Union([BatchFailed, RunFailed, ActivityTimedOut]),
  idempotencyKey: ({ key }) => key
}).annotate(OutcomeOf, outcomeOf)

/** How long is waited before it is looked again whether one waits for a person; the end of any of them is heard at once. */
const waitOf = (turn: number): Duration.Duration => Duration.seconds(Math.min(30, 2 ** Math.min(turn, 5)))

/** The same for those of which that is known. */
const aDay = Duration.days(1)

/** Suspends the batch until the song is over, the end of which wakes it: so a cancellation need not wait for the song. */
const over = (song: string) =>
  Effect.gen(function*() {
    const engine = yield* WorkflowEngine.WorkflowEngine
    const known = yield* engine.poll(MusicSync, song)
    if (Option.exists(known, ({ _tag }) => _tag === "Complete")) return
    return yield* Workflow.suspend(yield* WorkflowEngine.WorkflowInstance)
  })

/** Waits until one of the songs is over, or for so long. */
const wait = (run: string, songs: ReadonlyArray<number>, name: string, atMost: Duration.Duration) =>
  DurableDeferred.raceAll({
    name,
    success: Schema.Void,
    error: Schema.Never,
    effects: [
      DurableSleep.sleep({ name: `${name} at most`, duration: atMost }),
      ...songs.map((index) => over(trackRun(run, index)))
    ]
  })

type Payload = (typeof MusicBatch)["payloadSchema"]["Type"]

const run = (world: Effect.Success<typeof Steps.world>) =>
  Effect.fnUntraced(function*(payload: Payload, run: string) {
    const { group_pause_seconds = 30, group_size = 10, playlist_id, tracks, user_id } = payload
    const batch: Steps.Batch = { ...payload, run }
    const total = tracks.length
    yield* SearchAttributes.set({ playlist_id, tracks: total, ...user_id === undefined ? {} : { user_id } })
    yield* MusicBatch.withCompensation(Effect.void, () => Steps.undo(world, batch))
    let state = Steps.nothing

    /** One look, after which the next ones are under way; fails where all or nothing was asked for. */
    const turn = Effect.fnUntraced(function*(of: string, step: string, until: number) {
      const { ended, ...now } = yield* Steps.turn(world, batch, state, { of, step, until })
      state = { ...now, outcomes: [...state.outcomes, ...ended] }
      const failed = state.outcomes.filter(({ status }) => status !== "completed")
      if (payload.atomic === true && failed.length > 0) {
        return yield* new BatchFailed({ total_tracks: total, failed: failed.slice(0, 5) })
      }
    })

    const groups = Math.ceil(total / group_size)
    for (let group = 1; group <= groups; group++) {
      const until = Math.min(group * group_size, total)
      const step = `group ${group} of ${groups}`
      for (let number = 1;; number++) {
        yield* turn(`${number} of group ${group}`, step, until)
        if (state.running.length === 0 && state.started === until) break
        yield* wait(run, state.running, `wait ${number} of group ${group}`, waitOf(number))
      }
      if (group < groups && group_pause_seconds > 0) {
        yield* DurableSleep.sleep({ name: `pause ${group}`, duration: Duration.seconds(group_pause_seconds) })
      }
    }
    for (let number = 1; state.aside.length > 0; number++) {
      yield* wait(run, state.aside, `wait ${number} of the last`, aDay)
      yield* turn(`${number} of the last`, "waiting for a person", total)
    }
    return resultOf(total, state.outcomes)
  })

/** Registers it. */
export const layer = Layer.unwrap(Effect.map(Steps.world, (world) => MusicBatch.toLayer(body(run(world)))))

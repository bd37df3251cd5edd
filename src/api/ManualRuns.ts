import { type Cause, Context, Effect, Fiber, FiberSet, Layer, Queue, Result, Schedule, Stream } from "effect"
import type { SyncName } from "../domain/Task.ts"
import { RunOutcome, SyncRunner } from "../workflows/SyncRunner.ts"
import { ConfigInForce } from "./ConfigInForce.ts"
import { manualTask } from "./ManualTask.ts"
import { RunEvent, type SyncOptions } from "./Messages.ts"
import { InvalidRequest } from "./Problems.ts"

/** How often a run that has nothing to tell says that it is alive: less than any client waits for a line. */
const pulse = "15 seconds"

/** Events that a slow reader may fall behind; the oldest are dropped, never the end. */
const backlog = 1024

/** Runs by hand, told as they go on. */
export class ManualRuns extends Context.Service<ManualRuns, {
  /**
   * Starts a run and gives its events. Whoever stops reading stops the run at its next safe point; so does the end of
   * the scope, which waits for it.
   */
  readonly start: (
    name: SyncName,
    options: SyncOptions
  ) => Effect.Effect<Stream.Stream<RunEvent>, InvalidRequest>
}>()("glider/api/ManualRuns") {
  static readonly layer = Layer.effect(
    ManualRuns,
    Effect.gen(function*() {
      const config = yield* ConfigInForce
      const runner = yield* SyncRunner
      const fibers = yield* FiberSet.make()

      const start = Effect.fn("ManualRuns.start")(function*(name: SyncName, options: SyncOptions) {
        const { tasks } = yield* config.current
        const chosen = manualTask(tasks, name, options)
        if (Result.isFailure(chosen)) {
          return yield* new InvalidRequest({
            detail: chosen.failure.map(({ message }) => message).join("; "),
            details: chosen.failure
          })
        }
        const task = chosen.success
        const events = yield* Queue.sliding<RunEvent, Cause.Done>(backlog)
        const run = runner.run({
          task,
          trigger: "manual",
          overrides: options,
          onProgress: (progress) => Effect.asVoid(Queue.offer(events, RunEvent.cases.Progress.make({ progress })))
        }).pipe(
          Effect.flatMap((outcome) =>
            Queue.offer(
              events,
              RunOutcome.$match(outcome, {
                Ran: ({ run }) => RunEvent.cases.Finished.make({ run }),
                Skipped: ({ runningId, task }) => RunEvent.cases.Skipped.make({ runningId, task })
              })
            )
          ),
          Effect.ensuring(Queue.end(events))
        )
        const fiber = yield* FiberSet.run(fibers, run)
        const alive = Stream.map(Stream.fromSchedule(Schedule.spaced(pulse)), () => RunEvent.cases.Waiting.make({}))
        return Stream.fromQueue(events).pipe(
          Stream.merge(alive, { haltStrategy: "left" }),
          Stream.ensuring(Fiber.interrupt(fiber))
        )
      })

      return ManualRuns.of({ start })
    })
  )
}

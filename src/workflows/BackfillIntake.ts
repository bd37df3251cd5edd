/** Who asks for a stretch of the past gets a run for it: the one that there is, or another after one that came to nothing. */
import { Context, Effect, Layer, Option, Schema } from "effect"
import { inputOf } from "../domain/RunHistory.ts"
import { RunControl } from "../engine/RunControl.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { Runs } from "../store/Runs.ts"
import { backfillKey, BackfillPayload, encodeBackfill, partId, windowsIn, windowsOfPart } from "./BackfillStretch.ts"
import { connectorBackfill } from "./ConnectorBackfill.ts"
import { Retries, retryId } from "./Retries.ts"

const decodePayload = Schema.decodeUnknownOption(BackfillPayload)

export class BackfillIntake extends Context.Service<BackfillIntake, {
  /**
   * The id of the run that fetches the stretch: one that is under way or done is not begun again, unless it is done and to
   * be done `again`. After one that failed or was cancelled another goes on with the first part that it has not done.
   */
  readonly start: (
    payload: Omit<BackfillPayload, "first">,
    again: boolean
  ) => Effect.Effect<string, SurrealError>
}>()("glider/workflows/BackfillIntake") {
  static readonly layer = Layer.effect(
    BackfillIntake,
    Effect.gen(function*() {
      const control = yield* RunControl
      const retries = yield* Retries
      const runs = yield* Runs

      const newest = Effect.fnUntraced(function*(key: string) {
        let last = yield* runs.get(key)
        for (let attempt = 2; Option.isSome(last); attempt++) {
          const next = yield* runs.get(retryId(key, attempt))
          if (Option.isNone(next)) return last
          last = next
        }
        return last
      })

      /** The first window of the first part that the run has not completed. */
      const reached = Effect.fnUntraced(function*(run: string) {
        const history = yield* runs.history(run)
        const given = Option.flatMap(history, ({ entries }) => Option.flatMap(inputOf(entries), decodePayload))
        if (Option.isNone(given)) return 0
        const total = windowsIn(given.value)
        const begins: Array<number> = []
        for (let first = given.value.first; first < total; first += windowsOfPart) begins.push(first)
        const statuses = yield* runs.statuses(begins.map((first) => partId(run, first)))
        return begins.find((first) => statuses.get(partId(run, first)) !== "completed") ?? total
      })

      const start = Effect.fn("BackfillIntake.start")(
        function*(stretch: Omit<BackfillPayload, "first">, again: boolean) {
          const key = backfillKey(stretch)
          const before = yield* newest(key)
          if (Option.isNone(before)) {
            const input = encodeBackfill({ ...stretch, first: 0 })
            return yield* control.start(connectorBackfill._tag, input, Option.some(key))
          }
          const { finishedAt, id, status } = before.value
          if (Option.isNone(finishedAt) || (status === "completed" && !again)) return id
          const first = status === "completed" ? 0 : yield* reached(id)
          return yield* retries.retry(id, Option.some(encodeBackfill({ ...stretch, first })))
        },
        // its own name, its own payload, and a run that is over
        Effect.catchTags({ CannotRetry: Effect.die, InvalidInput: Effect.die, UnknownWorkflow: Effect.die })
      )
      return BackfillIntake.of({ start })
    })
  )
}

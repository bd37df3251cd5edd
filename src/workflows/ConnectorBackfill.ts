/** Fetches what is long past of an account, a week at a time, as far as its provider still gives it. */
import { Duration, Effect, Layer, Option, Schema } from "effect"
import { Activity, Workflow, WorkflowEngine } from "effect/workflow"
import { LatestConfig } from "../Config.ts"
import { failureClass, isWorthRetrying } from "../domain/FailureClass.ts"
import { Connections } from "../store/Connections.ts"
import { SyncInput } from "../syncs/SyncInput.ts"
import { body } from "../workflow/Body.ts"
import * as DurableSleep from "../workflow/DurableSleep.ts"
import * as RunProgress from "../workflow/RunProgress.ts"
import * as SearchAttributes from "../workflow/SearchAttributes.ts"
import {
  backfillKey,
  BackfillPayload,
  BackfillRefused,
  inputOfWindow,
  partId,
  windowsIn,
  windowsOfPart
} from "./BackfillStretch.ts"
import { planOf } from "./ConnectorPlan.ts"
import { connectorSync } from "./ConnectorSync.ts"
import { told } from "./RunResult.ts"

/** Tries of a window, with so much between them. */
const tries = 5

/** How many windows the run has fetched. */
const Fetched = Schema.Struct({ windows: Schema.Natural })

export const connectorBackfill = Workflow.make("connector_backfill", {
  payload: BackfillPayload,
  success: Fetched,
  error: BackfillRefused,
  idempotencyKey: backfillKey
})

/** Some of its windows, under an id that says of which run. */
const backfillPart = Workflow.make("connector_backfill_part", {
  payload: BackfillPayload,
  success: Fetched,
  error: BackfillRefused,
  idempotencyKey: (payload) => partId(backfillKey(payload), payload.first)
})

const rest = (name: string, { pauseMillis }: BackfillPayload) =>
  pauseMillis === 0 ? Effect.void : DurableSleep.sleep({ name, duration: Duration.millis(pauseMillis) })

const Planned = Schema.Struct({ input: SyncInput, timeoutMillis: Schema.Finite })

const parts = Layer.unwrap(Effect.gen(function*() {
  const connections = yield* Connections
  const latest = yield* LatestConfig

  /** By the config of the moment, so that a window is read as its neighbours of the day are. */
  const planned = Effect.fnUntraced(function*(payload: BackfillPayload, window: number) {
    const found = yield* told(connections.find(payload.connection)).pipe(
      Effect.mapError(({ message }) => new BackfillRefused({ kind: "transient", message }))
    )
    if (Option.isNone(found) || found.value.connection.state === "revoked") {
      return yield* new BackfillRefused({ kind: "permanent", message: `${payload.connection} is not connected` })
    }
    const { connection } = found.value
    const plan = planOf(connection, yield* latest.get)
    return {
      input: yield* inputOfWindow(plan.input, payload, window),
      timeoutMillis: Duration.toMillis(plan.timeout)
    }
  })

  const filled = Effect.fnUntraced(function*(payload: BackfillPayload, part: string, window: number) {
    const engine = yield* WorkflowEngine.WorkflowEngine
    for (let attempt = 1;; attempt++) {
      const exit = yield* Activity.make({
        name: `window ${window + 1} try ${attempt}`,
        success: Planned,
        error: BackfillRefused,
        execute: planned(payload, window)
      }).pipe(
        Effect.flatMap((plan) => {
          const run = `${part}.w${window + 1}.${attempt}`
          const { connection } = payload
          return engine.execute(connectorSync, {
            executionId: run,
            payload: { ...plan, run, connection, kind: "backfill", backfill: backfillKey(payload) }
          }).pipe(
            Effect.mapError(({ error }) =>
              new BackfillRefused({ kind: failureClass(error.tag), message: error.message })
            )
          )
        }),
        Effect.result
      )
      if (exit._tag === "Success") return
      if (attempt >= tries || !isWorthRetrying(exit.failure.kind)) return yield* exit.failure
      yield* DurableSleep.sleep({
        name: `after window ${window + 1} try ${attempt}`,
        duration: Duration.minutes(2 ** attempt)
      })
    }
  })

  return backfillPart.toLayer(body(Effect.fnUntraced(function*(payload: BackfillPayload, run: string) {
    const total = windowsIn(payload)
    const end = Math.min(total, payload.first + windowsOfPart)
    yield* SearchAttributes.set({ backfill: backfillKey(payload) })
    for (let window = payload.first; window < end; window++) {
      yield* filled(payload, run, window)
      yield* RunProgress.set({ step: "fetching", done: window + 1, total })
      if (window + 1 < end) yield* rest(`after window ${window + 1}`, payload)
    }
    return { windows: end - payload.first }
  })))
}))

const whole = connectorBackfill.toLayer(body(Effect.fnUntraced(function*(payload: BackfillPayload, run: string) {
  const engine = yield* WorkflowEngine.WorkflowEngine
  const total = windowsIn(payload)
  yield* SearchAttributes.set({ backfill: backfillKey(payload) })
  for (let first = payload.first; first < total; first += windowsOfPart) {
    const executionId = partId(run, first)
    const end = Math.min(total, first + windowsOfPart)
    const message = `weeks ${first + 1} to ${end}: ${executionId}`
    yield* RunProgress.set({ step: "fetching", done: first, total, message })
    yield* engine.execute(backfillPart, { executionId, payload: { ...payload, first } })
    if (end < total) yield* rest(`after window ${end}`, payload)
  }
  yield* RunProgress.set({ step: "fetched", done: total, total })
  return { windows: Math.max(0, total - payload.first) }
})))

export const layer = Layer.mergeAll(whole, parts)

/** Fetches what is long past of an account, a week at a time, as far as its provider still gives it. */
import { DateTime, Duration, Effect, Layer, Option, Schema } from "effect"
import { Activity, Workflow } from "effect/workflow"
import { createHash } from "node:crypto"
import { LatestConfig } from "../Config.ts"
import { ConnectionId } from "../domain/Connection.ts"
import { FailureClass, failureClass, isWorthRetrying } from "../domain/FailureClass.ts"
import { OuraDataType } from "../domain/Task.ts"
import { Connections } from "../store/Connections.ts"
import { SyncInput } from "../syncs/SyncInput.ts"
import { body } from "../workflow/Body.ts"
import * as DurableSleep from "../workflow/DurableSleep.ts"
import * as RunProgress from "../workflow/RunProgress.ts"
import { planOf } from "./ConnectorPlan.ts"
import { connectorSync } from "./ConnectorSync.ts"
import { told } from "./RunResult.ts"

/** Days of a window. */
const windowDays = 7

/** Windows of a run, which then goes on as another: each pass of a run replays all that it did. */
const windowsOfRun = 25

/** Nobody has lived for longer. */
export const mostWindows = 10_000

/** Tries of a window, with so much between them. */
const tries = 5

/** The stretch cannot be fetched, or not all of it. */
export class BackfillRefused extends Schema.TaggedError<BackfillRefused>()("BackfillRefused", {
  kind: FailureClass,
  message: Schema.String
}) {}

export const BackfillPayload = Schema.Struct({
  connection: ConnectionId,
  from: Schema.DateTimeUtcFromString,
  /** Not included. */
  to: Schema.DateTimeUtcFromString,
  /** Data types of Oura, or calendars of Google; all that is synced when there are none. */
  streams: Schema.Array(Schema.String),
  /** How long it rests between two windows. */
  pauseMillis: Schema.Natural,
  /** The window that this run begins with. */
  first: Schema.Natural
})
export type BackfillPayload = typeof BackfillPayload.Type

/** As JSON. */
export const encodeBackfill = Schema.encodeSync(BackfillPayload)

/** The same stretch of the same account is the same run. */
export const backfillId = ({ connection, first, from, streams, to }: BackfillPayload): string => {
  const what = [
    connection,
    DateTime.formatIso(from),
    DateTime.formatIso(to),
    streams.length === 0 ? "*" : streams.toSorted().join(",")
  ]
  const key = createHash("sha256").update(`backfill:${what.join(":")}`).digest("hex").slice(0, 32)
  return first === 0 ? `backfill_${key}` : `backfill_${key}.${first}`
}

export const connectorBackfill = Workflow.make("connector_backfill", {
  payload: BackfillPayload,
  success: Schema.Struct({ windows: Schema.Natural, isLast: Schema.Boolean }),
  error: BackfillRefused,
  idempotencyKey: backfillId
})

export const windowsIn = ({ from, to }: Pick<BackfillPayload, "from" | "to">): number =>
  Math.max(0, Math.ceil((to.epochMilliseconds - from.epochMilliseconds) / Duration.toMillis(Duration.days(windowDays))))

const rangeOf = ({ from, to }: BackfillPayload, window: number) => ({
  from: DateTime.add(from, { days: window * windowDays }),
  to: DateTime.min(to, DateTime.add(from, { days: (window + 1) * windowDays }))
})

/** What a window asks for; a failure where the provider gives nothing of the past. */
export const inputOfWindow = (
  input: SyncInput,
  { streams, ...payload }: BackfillPayload,
  window: number
): Effect.Effect<SyncInput, BackfillRefused> => {
  const range = rangeOf({ ...payload, streams }, window)
  return SyncInput.match(input, {
    Spotify: () =>
      Effect.fail(
        new BackfillRefused({
          kind: "permanent",
          message: "Spotify gives the last 50 plays and none before them; import its streaming history instead"
        })
      ),
    GoogleCalendar: (google) =>
      Effect.succeed(
        SyncInput.cases.GoogleCalendar.make({
          ...google,
          calendarIds: streams.length === 0 ? google.calendarIds : streams,
          range
        })
      ),
    Oura: (oura) => {
      const types = streams.filter(Schema.is(OuraDataType))
      const unknown = streams.filter((name) => !types.some((type) => type === name))
      return unknown.length > 0
        ? Effect.fail(
          new BackfillRefused({
            kind: "permanent",
            message: `Oura has no data type ${unknown.join(", ")}; there are ${OuraDataType.literals.join(", ")}`
          })
        )
        : Effect.succeed(
          SyncInput.cases.Oura.make({ ...oura, dataTypes: types.length === 0 ? oura.dataTypes : types, range })
        )
    }
  })
}

const Planned = Schema.Struct({ input: SyncInput, timeoutMillis: Schema.Finite })

export const layer = Layer.unwrap(Effect.gen(function*() {
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

  const filled = Effect.fnUntraced(function*(payload: BackfillPayload, window: number) {
    const { connection } = payload
    for (let attempt = 1;; attempt++) {
      const exit = yield* Activity.make({
        name: `window ${window} try ${attempt}`,
        success: Planned,
        error: BackfillRefused,
        execute: planned(payload, window)
      }).pipe(
        Effect.flatMap((plan) =>
          connectorSync.execute({
            ...plan,
            run: `${backfillId({ ...payload, first: 0 })}.w${window}.${attempt}`,
            connection,
            kind: "backfill"
          }).pipe(
            Effect.mapError(({ error }) =>
              new BackfillRefused({ kind: failureClass(error.tag), message: error.message })
            )
          )
        ),
        Effect.result
      )
      if (exit._tag === "Success") return
      if (attempt >= tries || !isWorthRetrying(exit.failure.kind)) return yield* exit.failure
      yield* DurableSleep.sleep({
        name: `after window ${window} try ${attempt}`,
        duration: Duration.minutes(2 ** attempt)
      })
    }
  })

  return connectorBackfill.toLayer(body(Effect.fnUntraced(function*(payload: BackfillPayload) {
    const total = windowsIn(payload)
    const end = Math.min(total, payload.first + windowsOfRun)
    for (let window = payload.first; window < end; window++) {
      yield* filled(payload, window)
      yield* RunProgress.set({ step: "fetching", done: window + 1, total })
      if (payload.pauseMillis > 0 && window + 1 < total) {
        yield* DurableSleep.sleep({ name: `after window ${window}`, duration: Duration.millis(payload.pauseMillis) })
      }
    }
    if (end < total) yield* connectorBackfill.execute({ ...payload, first: end }, { discard: true, detached: true })
    return { windows: end - payload.first, isLast: end >= total }
  })))
}))

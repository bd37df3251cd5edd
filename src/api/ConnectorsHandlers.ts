import { Clock, DateTime, Duration, Effect, Option } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { LatestConfig } from "../Config.ts"
import { type Connection, isCalled } from "../domain/Connection.ts"
import { ConnectionHealth, instant, judged } from "../domain/ConnectionHealth.ts"
import type { SourceRun } from "../domain/SourceRun.ts"
import { Jobs } from "../jobs/Jobs.ts"
import { signInCommand } from "../services/OAuthAnswer.ts"
import { Connections } from "../store/Connections.ts"
import { SourceRuns, unknownHealth } from "../store/SourceRuns.ts"
import { BackfillIntake } from "../workflows/BackfillIntake.ts"
import { inputOfWindow, mostWindows, windowsIn } from "../workflows/BackfillStretch.ts"
import { planOf } from "../workflows/ConnectorPlan.ts"
import { ConnectorSync } from "../workflows/ConnectorSync.ts"
import { factsOf } from "../workflows/Quarantine.ts"
import { Api } from "./Api.ts"
import {
  Connector,
  ConnectorBackfilled,
  ConnectorQueued,
  ConnectorReleased,
  ConnectorRun
} from "./ConnectorMessages.ts"
import { InvalidRequest, NotFound, RunConflict } from "./Problems.ts"
import { storeFailed } from "./Translate.ts"

/** Syncs that are listed when nobody says how many. */
const defaultLimit = 20

/** Before what the clock has given. */
const byHand = 2

const runOf = (run: SourceRun): ConnectorRun =>
  new ConnectorRun({
    run_id: run.run,
    connection: run.connection,
    run_kind: run.kind,
    status: run.status,
    retry_class: run.failureClass,
    error: run.error,
    checkpoint_before: run.before,
    checkpoint_after: run.after,
    records: run.records,
    bytes: run.bytes,
    duration_ms: run.durationMillis,
    started_at: run.startedAt,
    finished_at: run.finishedAt
  })

const invalid = (pointer: string, message: string): InvalidRequest =>
  new InvalidRequest({ detail: `${message}.`, details: [{ pointer, message }] })

export const connectorsHandlers = HttpApiBuilder.group(
  Api,
  "connectors",
  Effect.fn(function*(handlers) {
    const latest = yield* LatestConfig
    const connections = yield* Connections
    const backfills = yield* BackfillIntake
    const jobs = yield* Jobs
    const runs = yield* SourceRuns

    const called = Effect.fnUntraced(function*(text: string) {
      const all = yield* Effect.mapError(connections.all, storeFailed)
      const found = all.find(({ connection }) => isCalled(connection, text))
      if (found !== undefined) return found.connection
      return yield* new NotFound({ detail: `There is no account ${text}.`, fix: "glider connections list" })
    })

    const planned = Effect.fnUntraced(function*(
      connection: Connection,
      { from, streams, to }: {
        readonly from: DateTime.Utc
        readonly to: DateTime.Utc
        readonly streams: ReadonlyArray<string>
      },
      pauseSeconds: number
    ) {
      if (from.epochMilliseconds >= to.epochMilliseconds) {
        return yield* invalid("/payload/to", "the stretch ends before it begins")
      }
      const payload = {
        connection: connection.id,
        // whole days, so that who asks again, until now or since two years ago, asks for the same
        from: DateTime.startOf(from, "day"),
        to: DateTime.startOf(DateTime.add(to, { days: 1, milliseconds: -1 }), "day"),
        streams,
        pauseMillis: pauseSeconds * 1000
      }
      const windows = windowsIn(payload)
      if (windows > mostWindows) {
        return yield* invalid("/payload/from", `that is ${windows} weeks; at most ${mostWindows} are fetched at once`)
      }
      const { input } = planOf(connection, yield* latest.get)
      const pointer = input._tag === "Spotify" ? "/params/connection" : "/payload/streams"
      yield* Effect.mapError(inputOfWindow(input, payload, 0), ({ message }) => invalid(pointer, message))
      return { payload, windows }
    })

    return handlers.handleAll({
      list: Effect.fnUntraced(function*() {
        const config = yield* latest.get
        const now = yield* Clock.currentTimeMillis
        const health = yield* Effect.mapError(runs.health, storeFailed)
        const all = yield* Effect.mapError(connections.all, storeFailed)
        return all.flatMap(({ connection }) => {
          if (connection.state === "revoked") return []
          const { id, name, provider, state } = connection
          const facts = factsOf(connection, health.get(id) ?? unknownHealth(id), config, now)
          const { isLate, status } = judged(facts, now)
          return [
            new Connector({
              id,
              name,
              provider,
              state,
              enabled: facts.isEnabled,
              interval_seconds: Duration.toSeconds(facts.interval),
              health: new ConnectionHealth({
                status,
                isLate,
                lastSuccessAt: instant(facts.lastSuccessAt),
                failures: facts.failures.length,
                quarantinedUntil: instant(Option.filter(facts.quarantinedUntil, (until) => until > now))
              })
            })
          ]
        })
      }),
      runs: Effect.fnUntraced(function*({ params, query: { limit = defaultLimit } }) {
        const { id } = yield* called(params.connection)
        return (yield* Effect.mapError(runs.list(id, limit), storeFailed)).map(runOf)
      }),
      sync: Effect.fnUntraced(function*({ params }) {
        const { id, name, provider, state } = yield* called(params.connection)
        if (state !== "connected") {
          return yield* new RunConflict({ detail: `${id} needs a new sign-in.`, fix: signInCommand(provider, name) })
        }
        const due = yield* Clock.currentTimeMillis
        const queued = yield* Effect.mapError(
          jobs.enqueue(ConnectorSync, { connection: id, kind: "manual", due }, {
            priority: byHand,
            // whoever clicks twice means it once
            key: `manual_sync:${id}:${Math.floor(due / 10_000)}`
          }),
          storeFailed
        )
        return new ConnectorQueued({ job_id: queued.id, connection: id })
      }),
      backfill: Effect.fnUntraced(function*({ params, payload }) {
        const { again = false, from, pause_seconds = 1, streams = [] } = payload
        const connection = yield* called(params.connection)
        const to = payload.to ?? (yield* DateTime.now)
        const plan = yield* planned(connection, { from, to, streams }, pause_seconds)
        const run_id = yield* Effect.mapError(backfills.start(plan.payload, again), storeFailed)
        return new ConnectorBackfilled({ run_id, connection: connection.id, windows: plan.windows })
      }),
      release: Effect.fnUntraced(function*({ params }) {
        const { id } = yield* called(params.connection)
        const now = yield* Clock.currentTimeMillis
        const { quarantinedUntil } = yield* Effect.mapError(runs.healthOf(id), storeFailed)
        yield* Effect.mapError(runs.release(id), storeFailed)
        const released = Option.exists(quarantinedUntil, (until) => until > now)
        if (released) {
          yield* Effect.mapError(
            jobs.enqueue(ConnectorSync, { connection: id, kind: "recovery", due: now }, { priority: byHand }),
            storeFailed
          )
        }
        return new ConnectorReleased({
          connection: id,
          released
        })
      })
    })
  })
)

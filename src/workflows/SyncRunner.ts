import { Cause, Context, Data, DateTime, Duration, Effect, Exit, Layer, Option, Random, Ref, Semaphore } from "effect"
import type { Task } from "../Config.ts"
import type { Connection } from "../domain/Connection.ts"
import type { Progress } from "../domain/Progress.ts"
import { type Provider, providerTitle } from "../domain/Provider.ts"
import { NeedsAuth, ProviderError } from "../domain/ProviderError.ts"
import { Run, type RunStatus, SyncReport, type Trigger } from "../domain/Run.ts"
import type { TaskName } from "../domain/Task.ts"
import { CrashPoint } from "../services/CrashPoint.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { Commit } from "../store/Commit.ts"
import { Connections } from "../store/Connections.ts"
import { Runs } from "../store/Runs.ts"
import type { Sync, SyncStream } from "../syncs/Sync.ts"
import { recordRun } from "./RunMetrics.ts"
import { RunFailed, settle, timedOut } from "./RunResult.ts"
import { syncPages } from "./SyncPages.ts"

/** A sync that is due: which task it belongs to, what made it start and how. */
export interface RunRequest {
  readonly task: Task
  readonly trigger: Trigger
  readonly sync: Sync
  /** Told of every committed page. */
  readonly onProgress: (progress: Progress) => Effect.Effect<void>
}

/** What became of a request: a run with its end, or none because the task was running already. */
export type RunOutcome = Data.TaggedEnum<{
  readonly Ran: { readonly run: Run }
  readonly Skipped: { readonly task: TaskName; readonly runningId: string }
}>
export const RunOutcome = Data.taggedEnum<RunOutcome>()

/** Executes syncs as runs: the only place where a sync's pages are committed. */
export class Runner extends Context.Service<Runner, {
  /**
   * Executes the sync to its end and records it. Never fails: typed failures, defects and the run timeout end as the
   * run's status; an interruption is recorded as `interrupted` once the page under way is committed, and goes on.
   */
  readonly run: (request: RunRequest) => Effect.Effect<RunOutcome>
}>()("glider/engine/Runner") {
  /** `storeRunStatus: false` keeps no history; the runs themselves do not differ. */
  static readonly layer = (options: { readonly storeRunStatus: boolean }) =>
    Layer.effect(
      Runner,
      Effect.gen(function*() {
        const runs = yield* Runs
        const commit = yield* Commit
        const connections = yield* Connections
        const crashPoint = yield* CrashPoint
        const running = new Map<TaskName, string>()
        const turns = new Map<string, Semaphore.Semaphore>()

        /**
         * Streams that several tasks fill (`oura_heartrate`, `oura_full`) are read by one run at a time: what one has
         * fetched is old by the time the other has committed, and would undo it.
         */
        const turnOf = ({ name, part }: SyncStream) => {
          const key = `${name} ${part ?? ""}`
          const turn = turns.get(key) ?? Semaphore.makeUnsafe(1)
          turns.set(key, turn)
          return turn.withPermits(1)
        }

        /** The history is best effort: a sync does not fail for it. */
        const record = (write: Effect.Effect<void, SurrealError>) =>
          options.storeRunStatus
            ? Effect.catch(write, ({ message }) => Effect.logWarning(`the run could not be recorded: ${message}`))
            : Effect.void

        const signedIn = Effect.fnUntraced(
          function*(provider: Provider): Effect.fn.Return<Connection, ProviderError | SurrealError> {
            const rows = yield* connections.ofProvider(provider)
            const found = rows.find(({ connection }) => connection.state !== "revoked")
            if (found !== undefined) return found.connection
            return yield* new ProviderError({
              provider,
              operation: "sign-in",
              reason: new NeedsAuth({
                message: `no ${providerTitle[provider]} account is connected; connect one with: glider auth ${provider}`
              })
            })
          }
        )

        const work = Effect.fnUntraced(function*({ onProgress, sync, task }: RunRequest, report: Ref.Ref<SyncReport>) {
          const connection = yield* signedIn(sync.provider)
          const streams = yield* sync.streams(connection)
          yield* Effect.forEach(streams, (stream) => turnOf(stream)(syncPages(stream, report, onProgress)), {
            discard: true
          }).pipe(
            Effect.provideService(Commit, commit),
            Effect.provideService(CrashPoint, crashPoint),
            Effect.withSpan(sync.span, { attributes: { "glider.connector": sync.provider } }),
            Effect.timeoutOrElse({ duration: task.timeout, orElse: () => Effect.fail(timedOut(task)) })
          )
        })

        /** Works, records the end, and fails as the work did, so that the span bears it. */
        const execute = Effect.fnUntraced(function*(started: Run, request: RunRequest, ended: Ref.Ref<Run>) {
          const report = yield* Ref.make(SyncReport.empty)
          const exit = yield* Effect.exit(Effect.interruptible(work(request, report)))
          const now = yield* DateTime.now
          const soFar = yield* Ref.get(report)
          const run = new Run({ ...started, ...settle(exit, soFar), finishedAt: Option.some(now), report: soFar })
          const took = DateTime.distance(started.startedAt, now)
          yield* Ref.set(ended, run)
          yield* Effect.annotateCurrentSpan({ status: run.status, duration: Duration.toSeconds(took) })
          yield* crashPoint("run.finishing")
          yield* record(runs.finished(run))
          yield* recordRun(run, took)
          yield* logEnd(run, took)
          if (Exit.isFailure(exit)) return yield* Effect.failCause(exit.cause)
          if (run.status === "failed" && Option.isSome(run.error)) {
            return yield* new RunFailed({ error: run.error.value })
          }
        })

        /** A run from its first record to its last. */
        const whole = Effect.fnUntraced(function*(request: RunRequest, id: string, startedAt: DateTime.Utc) {
          const { task, trigger } = request
          const started = new Run({
            id,
            task: task.name,
            trigger,
            status: "running",
            startedAt,
            finishedAt: Option.none(),
            error: Option.none(),
            report: SyncReport.empty
          })
          const ended = yield* Ref.make(started)
          yield* record(runs.started(started))
          yield* crashPoint("run.started")
          const exit = yield* execute(started, request, ended).pipe(
            Effect.withSpan("sync_run", {
              attributes: {
                task: task.name,
                "glider.workflow.name": task.name,
                "glider.run.id": id,
                "glider.trigger": trigger
              }
            }),
            Effect.annotateLogs({ task: task.name, run: id }),
            Effect.exit
          )
          if (Exit.isFailure(exit) && Cause.hasInterruptsOnly(exit.cause)) return yield* Effect.interrupt
          return RunOutcome.Ran({ run: yield* Ref.get(ended) })
        })

        const run = Effect.fnUntraced(function*(request: RunRequest) {
          const { task, trigger } = request
          const startedAt = yield* DateTime.now
          const id = yield* runId(task.name, trigger, startedAt)
          const busy = running.get(task.name)
          if (busy !== undefined) {
            yield* Effect.logInfo(`${task.name} is skipped: overlap with the run ${busy}`)
            return RunOutcome.Skipped({ task: task.name, runningId: busy })
          }
          running.set(task.name, id)
          return yield* Effect.ensuring(whole(request, id, startedAt), Effect.sync(() => running.delete(task.name)))
        })

        return Runner.of({ run: (request) => Effect.uninterruptible(run(request)) })
      })
    )
}

/** A schedule's tick starts at most one run; a run by hand has a random id. */
const runId = (task: TaskName, trigger: Trigger, startedAt: DateTime.Utc): Effect.Effect<string> =>
  trigger === "schedule"
    ? Effect.succeed(`${task}@${DateTime.formatIso(startedAt)}`)
    : Effect.map(
      Effect.replicateEffect(Random.nextIntBetween(0, 0x100000000, { halfOpen: true }), 3),
      (parts) => `${task}-${parts.map((part) => part.toString(16).padStart(8, "0")).join("")}`
    )

const severity: { readonly [S in RunStatus]: "Info" | "Warn" | "Error" } = {
  running: "Info",
  completed: "Info",
  cancelled: "Info",
  interrupted: "Warn",
  partial: "Warn",
  needs_auth: "Error",
  failed: "Error"
}

/** Whoever started a run by hand is told of its end; nobody else is of a scheduled one. */
const logEnd = ({ error, report, status, task, trigger }: Run, took: Duration.Duration): Effect.Effect<void> =>
  Effect.logWithLevel(trigger === "manual" ? "Info" : severity[status])(
    Option.match(error, { onNone: () => `${task} ${status}`, onSome: ({ message }) => `${task} ${status}: ${message}` })
  ).pipe(Effect.annotateLogs({
    seconds: Duration.toSeconds(took),
    pages: report.pages,
    ...Object.fromEntries(
      Object.entries(report.streams).map(([stream, { created, deleted, updated }]) => [
        stream,
        `+${created} ~${updated} -${deleted}`
      ])
    )
  }))

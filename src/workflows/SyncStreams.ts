/** The streams of a sync, read page by page within a workflow: each page once, whatever ends the process when. */
import { Clock, Context, Duration, Effect, Option, Schema } from "effect"
import { Activity } from "effect/workflow"
import type { Connection } from "../domain/Connection.ts"
import { Progress } from "../domain/Progress.ts"
import { StreamCounts, SyncReport } from "../domain/Run.ts"
import { SyncSource } from "../domain/SourceRun.ts"
import * as TransactionalActivity from "../engine/TransactionalActivity.ts"
import { CrashPoint } from "../services/CrashPoint.ts"
import { Received } from "../services/Received.ts"
import { Surreal } from "../services/Surreal.ts"
import { Commit } from "../store/Commit.ts"
import { Connections } from "../store/Connections.ts"
import type { Position, SyncStep, SyncStream } from "../syncs/Sync.ts"
import { isTimeOut, runErrorOf, RunFailed, timedOut, told } from "./RunResult.ts"
import { StreamTurns } from "./StreamTurns.ts"
import { SyncProgress } from "./SyncProgress.ts"

/** What the activities of a sync touch. */
type Touched = Commit | Connections | StreamTurns | Surreal | SyncProgress

/** It, taken from where the workflow is registered: the body itself has none of it. */
export const world = Effect.map(
  Effect.context<Touched>(),
  Context.pick(Commit, Connections, StreamTurns, Surreal, SyncProgress)
)

/** The run that reads. */
export interface Reader {
  readonly world: Context.Context<Touched>
  readonly run: string
  readonly task: string
  readonly account: Connection
  /** When this process began with it, epoch milliseconds. */
  readonly since: number
  /** How long it may take in one process. */
  readonly timeout: Duration.Duration
  /** The report so far. */
  readonly report: () => SyncReport
  readonly tell: (report: SyncReport) => Effect.Effect<void>
}

/** What a page did, as journalled. */
const PageDone = Schema.Struct({
  counts: StreamCounts,
  /** Whether there was a page, and not only another way to go on. */
  committed: Schema.Boolean,
  /** What was received for it. */
  bytes: Schema.optionalKey(Schema.Natural),
  next: Schema.OptionFromNullOr(Schema.Struct({ at: Schema.Json }))
})

/** What a stream is called in the report of a run. */
const titleOf = ({ name, part }: SyncStream): string => part === undefined ? name : `${name} of ${part}`

const withCounts = (
  report: SyncReport,
  title: string,
  { counts, bytes = 0, pages }: {
    readonly counts: StreamCounts
    readonly bytes?: number | undefined
    readonly pages: number
  }
): SyncReport =>
  new SyncReport({
    ...report,
    pages: report.pages + pages,
    source: Option.map(report.source, (source) => new SyncSource({ ...source, bytes: source.bytes + bytes })),
    streams: { ...report.streams, [title]: (report.streams[title] ?? StreamCounts.none).plus(counts) }
  })

/** Asks the provider, for as long as the run may take. */
const inTime = <A, E, R>({ account, since, task, timeout }: Reader, effect: Effect.Effect<A, E, R>) =>
  Effect.flatMap(Clock.currentTimeMillis, (now) =>
    told(
      Effect.timeoutOrElse(effect, {
        duration: Duration.millis(Math.max(0, since + Duration.toMillis(timeout) - now)),
        orElse: () => Effect.fail(timedOut(task, account, timeout))
      }),
      account.name
    ))

const pageAt = Effect.fnUntraced(function*(reader: Reader, stream: SyncStream, number: number, at: Position) {
  const commit = yield* Commit
  const crashPoint = yield* CrashPoint
  const progress = yield* SyncProgress
  const title = titleOf(stream)
  return yield* TransactionalActivity.make({
    name: `${title} page ${number}`,
    success: PageDone,
    error: RunFailed,
    prepare: Effect.gen(function*() {
      let bytes = 0
      const step = yield* inTime(reader, stream.next(at)).pipe(
        Effect.provideService(Received, (more) => void (bytes += more))
      )
      yield* crashPoint("page.read")
      return { ...step, bytes }
    }),
    plan: Effect.fnUntraced(function*({ bytes, next, page }: SyncStep & { readonly bytes: number }) {
      const after = Option.map(next, (at) => ({ at }))
      if (Option.isNone(page)) {
        return { writes: [], success: { counts: StreamCounts.none, committed: false, bytes, next: after } }
      }
      const plan = yield* commit.plan(page.value)
      const { counts } = plan
      const said = new Progress({
        stream: title,
        pages: reader.report().pages + 1,
        counts,
        fraction: page.value.fraction
      })
      return {
        writes: plan.statements,
        success: { counts, committed: true, bytes, next: after },
        committed: Effect.andThen(commit.committed(plan), progress.tell(reader.run, said))
      }
    })
  })
}, (page, { world }) => Effect.provideContext(page, world))

/**
 * Brings a stream up to date. Its failure, or a defect in it, ends it and stands in the report; the time limit of the run
 * fails. A page is committed whole or not at all, also when the run is stopped meanwhile.
 */
export const readStream = Effect.fnUntraced(function*(reader: Reader, stream: SyncStream) {
  const turns = Context.get(reader.world, StreamTurns)
  const title = titleOf(stream)
  yield* reader.tell(withCounts(reader.report(), title, { counts: StreamCounts.none, pages: 0 }))
  const walk = Effect.gen(function*() {
    const begin = yield* Activity.make({
      name: `${title} begin`,
      success: Schema.Struct({ at: Schema.Json }),
      error: RunFailed,
      execute: Effect.map(inTime(reader, stream.begin), (at) => ({ at }))
    })
    let position = Option.some(begin)
    for (let number = 1; Option.isSome(position); number++) {
      const { bytes, committed, counts, next } = yield* pageAt(reader, stream, number, position.value.at)
      yield* reader.tell(withCounts(reader.report(), title, { counts, bytes, pages: committed ? 1 : 0 }))
      position = next
    }
  })
  yield* turns.withTurn(reader.account.id, stream)(walk).pipe(
    Effect.catch((failure) => {
      if (isTimeOut(failure)) return Effect.fail(failure)
      const report = reader.report()
      const error = runErrorOf(failure, reader.account.name)
      return reader.tell(new SyncReport({ ...report, errors: { ...report.errors, [title]: error } }))
    })
  )
})

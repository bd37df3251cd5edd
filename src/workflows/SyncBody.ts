/** What a sync does within its workflow: an activity for each page, whose rows, cursor and journal entry are one commit. */
import { Cause, Clock, Duration, Effect, Exit, Option, Schema } from "effect"
import { Activity } from "effect/workflow"
import { Connection, ConnectionId } from "../domain/Connection.ts"
import { type Provider, providerTitle } from "../domain/Provider.ts"
import { NeedsAuth, ProviderError } from "../domain/ProviderError.ts"
import { RunError, SyncReport } from "../domain/Run.ts"
import { Checkpoint, SourceRunKind, SyncSource } from "../domain/SourceRun.ts"
import { type Outcome, plainOutcome } from "../engine/RunOptions.ts"
import { CrashPoint } from "../services/CrashPoint.ts"
import { signInCommand } from "../services/OAuthAnswer.ts"
import { checkpointOf } from "../store/Checkpoints.ts"
import { Connections } from "../store/Connections.ts"
import { SyncInput } from "../syncs/SyncInput.ts"
import type { Syncs } from "../syncs/Syncs.ts"
import { RunScribe } from "../workflow/RunScribe.ts"
import * as SearchAttributes from "../workflow/SearchAttributes.ts"
import { runErrorOf, RunFailed, settle, told } from "./RunResult.ts"
import { type Reader, readStream } from "./SyncStreams.ts"

/** A sync that did not do what it was to do; what it did before stands in the report. */
export class SyncFailed extends Schema.TaggedError<SyncFailed>()("SyncFailed", {
  status: Schema.Literals(["failed", "needs_auth"]),
  error: RunError,
  report: SyncReport
}) {
  override get message(): string {
    return this.error.message
  }
}

const isReport = Schema.is(SyncReport)
const isFailed = Schema.is(SyncFailed)
const encodeReport = Schema.encodeSync(SyncReport)

/** A report may say that a run did only part of its work. The next run of its schedule is what tries again. */
export const syncOutcome = (exit: Exit.Exit<unknown, unknown>): Outcome => {
  if (Exit.isSuccess(exit) && isReport(exit.value)) {
    const { error, status } = settle(Exit.void, exit.value)
    return { status, error, report: encodeReport(exit.value), deadLetter: false }
  }
  const failure = Exit.isFailure(exit) ? Cause.squash(exit.cause) : undefined
  return isFailed(failure)
    ? {
      status: failure.status,
      error: Option.some(failure.error),
      report: encodeReport(failure.report),
      deadLetter: false
    }
    : plainOutcome(exit)
}

/** Which account, and why: of a task of `[sync.*]`, the first of its provider. */
export const SyncPayload = Schema.Struct({
  run: Schema.NonEmptyString,
  input: SyncInput,
  timeoutMillis: Schema.Finite,
  connection: Schema.optionalKey(ConnectionId),
  kind: Schema.optionalKey(SourceRunKind),
  /** The backfill that it is a window of. */
  backfill: Schema.optionalKey(Schema.NonEmptyString)
})

/** The account, and where its streams stand. */
const SignedIn = Schema.Struct({
  connection: Connection,
  before: Checkpoint
})

/** Journals of earlier versions hold the account alone. */
const SignedInOnce = Schema.Union([SignedIn, Connection])

const signedIn = Effect.fnUntraced(function*(provider: Provider, id: ConnectionId | undefined) {
  const connections = yield* Connections
  const found = yield* id === undefined ? connections.main(provider) : connections.find(id)
  if (Option.isSome(found) && found.value.connection.state !== "revoked") {
    const { connection } = found.value
    return { connection, before: yield* checkpointOf(connection.id, provider) }
  }
  const name = Option.flatMap(found, ({ connection }) => connection.name)
  const message = `no ${providerTitle[provider]} account is connected; connect one with: ${
    signInCommand(provider, name)
  }`
  const error = new ProviderError({ provider, operation: "sign-in", reason: new NeedsAuth({ message }) })
  return yield* new RunFailed({ error: runErrorOf(error, name) })
})

const nowhere: typeof Checkpoint.Type = { streams: {}, watermark: Option.none() }

const standsNow = (source: SyncSource, provider: Provider) =>
  Activity.make({
    name: "checkpoint",
    success: Schema.OptionFromNullOr(Checkpoint),
    // what it did is done, whether or not it can be told where that has led
    execute: Effect.option(checkpointOf(source.connection, provider))
  })

export const syncBody = (name: string, syncs: Syncs["Service"], world: Reader["world"]) =>
  Effect.fnUntraced(function*({ backfill, connection: id, input, kind, run, timeoutMillis }: typeof SyncPayload.Type) {
    if (backfill !== undefined) yield* SearchAttributes.set({ backfill })
    const scribe = yield* RunScribe
    const crashPoint = yield* CrashPoint
    const sync = yield* syncs.of(input)
    let report = SyncReport.empty
    const reader: Omit<Reader, "account"> = {
      world,
      run,
      task: name,
      since: yield* Clock.currentTimeMillis,
      timeout: Duration.millis(timeoutMillis),
      report: () => report,
      tell: (told) => {
        report = told
        return scribe.report(encodeReport(told))
      }
    }

    const work = Effect.gen(function*() {
      const found = yield* Activity.make({
        name: "sign_in",
        success: SignedInOnce,
        error: RunFailed,
        execute: told(Effect.andThen(crashPoint("run.started"), signedIn(sync.provider, id)))
      }).pipe(Effect.provideContext(world))
      const { before, connection } = "before" in found ? found : { connection: found, before: nowhere }
      yield* reader.tell(
        new SyncReport({
          ...report,
          source: Option.some(
            new SyncSource({ connection: connection.id, kind: Option.fromUndefinedOr(kind), before, bytes: 0 })
          )
        })
      )
      const streams = yield* told(sync.streams(connection), connection.name)
      const own = { ...reader, account: connection }
      yield* Effect.forEach(streams, (stream) => readStream(own, stream), { discard: true })
    }).pipe(Effect.withSpan(sync.span, { attributes: { "glider.connector": sync.provider } }))

    const exit = yield* Effect.exit(work)
    if (Exit.isFailure(exit) && Cause.hasInterrupts(exit.cause)) return yield* Effect.interrupt
    yield* crashPoint("run.finishing")
    if (Option.isSome(report.source)) {
      const source = report.source.value
      const after = yield* Effect.provideContext(standsNow(source, sync.provider), world)
      yield* reader.tell(new SyncReport({ ...report, source: Option.some(new SyncSource({ ...source, after })) }))
    }
    const { error, status } = settle(exit, report)
    const duration = ((yield* Clock.currentTimeMillis) - reader.since) / 1000
    yield* Effect.annotateCurrentSpan({ status, duration })
    if ((status === "failed" || status === "needs_auth") && Option.isSome(error)) {
      return yield* new SyncFailed({ status, error: error.value, report })
    }
    return report
  }, (effect) =>
    effect.pipe(
      Effect.withSpan("sync_run", { attributes: { task: name } }),
      Effect.annotateLogs({ task: name })
    ))

/** A run of a sync, as a durable workflow: an activity for each page, whose rows, cursor and journal entry are one commit. */
import { Cause, Clock, Duration, Effect, Exit, Layer, Option, Schema } from "effect"
import { Activity, Workflow } from "effect/workflow"
import { Connection } from "../domain/Connection.ts"
import { type Provider, providerTitle } from "../domain/Provider.ts"
import { NeedsAuth, ProviderError } from "../domain/ProviderError.ts"
import { RunError, SyncReport } from "../domain/Run.ts"
import type { TaskName } from "../domain/Task.ts"
import { type Outcome, OutcomeOf, plainOutcome } from "../engine/RunOptions.ts"
import { CrashPoint } from "../services/CrashPoint.ts"
import { Connections } from "../store/Connections.ts"
import { SyncInput } from "../syncs/SyncInput.ts"
import { Syncs } from "../syncs/Syncs.ts"
import { body } from "../workflow/Body.ts"
import { RunScribe } from "../workflow/RunScribe.ts"
import { RunFailed, settle, told } from "./RunResult.ts"
import { type Reader, readStream, world } from "./SyncStreams.ts"

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

const workflowOf = (name: TaskName) =>
  Workflow.make(name, {
    payload: { run: Schema.NonEmptyString, input: SyncInput, timeoutMillis: Schema.Finite },
    success: SyncReport,
    error: SyncFailed,
    idempotencyKey: ({ run }) => run
  }).annotate(OutcomeOf, syncOutcome)

/** The workflow of each task, by the name that its runs bear. */
export const syncWorkflows = {
  google_calendar: workflowOf("google_calendar"),
  spotify: workflowOf("spotify"),
  oura: workflowOf("oura"),
  oura_heartrate: workflowOf("oura_heartrate"),
  oura_full: workflowOf("oura_full")
} satisfies { readonly [T in TaskName]: ReturnType<typeof workflowOf> }

type Payload = (typeof syncWorkflows)["spotify"]["payloadSchema"]["Type"]

const signedIn = Effect.fnUntraced(function*(provider: Provider) {
  const connections = yield* Connections
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
})

const run = (name: TaskName, syncs: Syncs["Service"], world: Reader["world"]) =>
  Effect.fnUntraced(function*({ input, run, timeoutMillis }: Payload) {
    const scribe = yield* RunScribe
    const crashPoint = yield* CrashPoint
    const sync = yield* syncs.of(input)
    let report = SyncReport.empty
    const reader: Reader = {
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
      const connection = yield* Activity.make({
        name: "sign_in",
        success: Connection,
        error: RunFailed,
        execute: told(Effect.andThen(crashPoint("run.started"), signedIn(sync.provider)))
      }).pipe(Effect.provideContext(world))
      const streams = yield* told(sync.streams(connection))
      yield* Effect.forEach(streams, (stream) => readStream(reader, stream), { discard: true })
    }).pipe(Effect.withSpan(sync.span, { attributes: { "glider.connector": sync.provider } }))

    const exit = yield* Effect.exit(work)
    if (Exit.isFailure(exit) && Cause.hasInterrupts(exit.cause)) return yield* Effect.interrupt
    yield* crashPoint("run.finishing")
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

/** Registers the workflows of all tasks. */
export const layer = Layer.unwrap(Effect.gen(function*() {
  const syncs = yield* Syncs
  const touched = yield* world
  const bodyOf = (name: TaskName) => body(run(name, syncs, touched))
  return Layer.mergeAll(
    syncWorkflows.google_calendar.toLayer(bodyOf("google_calendar")),
    syncWorkflows.spotify.toLayer(bodyOf("spotify")),
    syncWorkflows.oura.toLayer(bodyOf("oura")),
    syncWorkflows.oura_heartrate.toLayer(bodyOf("oura_heartrate")),
    syncWorkflows.oura_full.toLayer(bodyOf("oura_full"))
  )
}))

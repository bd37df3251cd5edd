import { Duration, Effect, Option, Schedule, Stream } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import type { Run } from "../domain/Run.ts"
import { historyOf } from "../domain/RunHistory.ts"
import { parse } from "../domain/RunQuery.ts"
import { RunControl } from "../engine/RunControl.ts"
import { isRemote } from "../services/SurrealEngine.ts"
import { Runs } from "../store/Runs.ts"
import { Retries } from "../workflows/Retries.ts"
import { Api } from "./Api.ts"
import { ConfigInForce } from "./ConfigInForce.ts"
import { About } from "./Overview.ts"
import { InvalidRequest, NotFound, RunConflict } from "./Problems.ts"
import { RunHistory, RunPage, StartedRun } from "./RunMessages.ts"
import { cannotRetry, invalidInput, invalidSignal, storeFailed, unknownWorkflow } from "./Translate.ts"

/** How many runs are listed when nobody says. */
const defaultLimit = 50

/** How often a run that is watched is looked at. */
const glance = Duration.millis(250)

const missing = (id: string): NotFound => new NotFound({ detail: `There is no run ${id}.`, fix: "glider runs list" })

export const runsHandlers = HttpApiBuilder.group(
  Api,
  "runs",
  Effect.fn(function*(handlers) {
    const { supervises } = yield* About
    const config = yield* ConfigInForce
    const control = yield* RunControl
    const retries = yield* Retries
    const runs = yield* Runs

    const found = (id: string) =>
      Effect.flatMap(
        Effect.mapError(runs.get(id), storeFailed),
        Option.match({ onNone: () => Effect.fail(missing(id)), onSome: Effect.succeed })
      )

    /** Does something with a run that is not over, and gives it as it is then. */
    const withRun = Effect.fnUntraced(function*<E>(id: string, act: Effect.Effect<boolean, E>) {
      yield* found(id)
      const done = yield* act
      const run = yield* found(id)
      if (!done) {
        return yield* new RunConflict({ detail: `Run ${id} is over: ${run.status}.`, fix: `glider runs show ${id}` })
      }
      return run
    })

    /** The run whenever it has changed, until it is over. */
    const watched = (first: Run) =>
      Stream.make(first).pipe(
        Stream.concat(
          Stream.fromSchedule(Schedule.spaced(glance)).pipe(
            Stream.mapEffect(() => Effect.orDie(runs.get(first.id))),
            Stream.flatMap(Option.match({ onNone: () => Stream.empty, onSome: (run) => Stream.make(run) }))
          )
        ),
        Stream.changesWith((one, other) => JSON.stringify(one) === JSON.stringify(other)),
        Stream.takeUntil(({ finishedAt }) => Option.isSome(finishedAt))
      )

    /** A process for one command moves no run, and no other process has its embedded store. */
    const nothingMoves = Effect.map(
      config.current,
      ({ store }) => !supervises && !Option.exists(store.url, isRemote)
    )

    return handlers.handleAll({
      list: Effect.fnUntraced(function*({ query }) {
        const parsed = query.query === undefined
          ? Option.none()
          : Option.some(
            yield* Effect.mapError(
              Effect.fromResult(parse(query.query)),
              ({ message }) => new InvalidRequest({ detail: message, details: [{ pointer: "/query/query", message }] })
            )
          )
        const page = yield* Effect.mapError(
          runs.list({ query: parsed, after: Option.fromUndefinedOr(query.after), limit: query.limit ?? defaultLimit }),
          storeFailed
        )
        return new RunPage(page)
      }),
      get: ({ params }) => found(params.id),
      history: ({ params }) =>
        Effect.flatMap(
          Effect.mapError(runs.history(params.id), storeFailed),
          Option.match({
            onNone: () => Effect.fail(missing(params.id)),
            onSome: ({ entries, run }) =>
              Effect.succeed(new RunHistory({ run, events: historyOf(run.workflow, entries) }))
          })
        ),
      watch: Effect.fnUntraced(function*({ params }) {
        const run = yield* found(params.id)
        if (Option.isNone(run.finishedAt) && (yield* nothingMoves)) {
          return yield* new RunConflict({
            detail: "no glider run is at work, so nothing moves; start one: glider run"
          })
        }
        return watched(run)
      }),
      cancel: ({ params, payload }) =>
        withRun(
          params.id,
          Effect.mapError(control.cancel(params.id, payload.now === true ? "now" : "safe"), storeFailed)
        ),
      retry: ({ params, payload }) =>
        retries.retry(params.id, Option.fromUndefinedOr(payload.input)).pipe(
          Effect.map((id) => new StartedRun({ id })),
          Effect.catchTags({
            CannotRetry: (error) => Effect.fail(cannotRetry(error)),
            InvalidInput: (error) => Effect.fail(invalidInput(error)),
            UnknownWorkflow: (error) => Effect.fail(unknownWorkflow(error)),
            SurrealError: (error) => Effect.fail(storeFailed(error))
          })
        ),
      signal: ({ params, payload }) =>
        withRun(
          params.id,
          Effect.catchTags(control.signal(params.id, params.signal, payload.value ?? null), {
            InvalidInput: (error) => Effect.fail(invalidSignal(error)),
            SurrealError: (error) => Effect.fail(storeFailed(error))
          })
        )
    })
  })
)

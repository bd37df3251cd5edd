import { Clock, DateTime, Duration, Effect, Option } from "effect"
import { HttpEffect, HttpServerResponse } from "effect/http"
import { HttpApiBuilder } from "effect/http-api"
import { Backfills } from "../schedules/Backfills.ts"
import type { Entry } from "../schedules/Entry.ts"
import { Explain } from "../schedules/Explain.ts"
import { ScheduleBook } from "../schedules/ScheduleBook.ts"
import { ScheduleChanges } from "../schedules/ScheduleChanges.ts"
import { ScheduleMoves } from "../schedules/ScheduleMoves.ts"
import { Ticks, type Triggered } from "../schedules/Ticks.ts"
import { describe } from "../timing/TimingText.ts"
import { Api } from "./Api.ts"
import { ConfigInForce } from "./ConfigInForce.ts"
import { DerivedRunId } from "./Idempotency.ts"
import { About } from "./Overview.ts"
import { InvalidRequest } from "./Problems.ts"
import { checkIfMatch, etagOf } from "./Revisions.ts"
import {
  BackfillStarted,
  SchedulePlan,
  SchedulesMigrated,
  ScheduleTicks,
  type ScheduleUpdate,
  TriggerResult
} from "./ScheduleMessages.ts"
import { ScheduleViews, tickLine } from "./ScheduleViews.ts"
import {
  invalidChange,
  invalidConfig,
  invalidInput,
  staleRevision,
  storeFailed,
  unknownSchedule,
  unknownWorkflow
} from "./Translate.ts"

/** How far the ticks reach that are told when nobody says. */
const reach = Duration.days(1)

type Headers = { readonly "if-match"?: string }

const triggered = (result: Triggered): TriggerResult => {
  switch (result._tag) {
    case "Started":
      return new TriggerResult({ outcome: "started", run: Option.some(result.run), reason: Option.none() })
    case "Skipped":
      return new TriggerResult({
        outcome: "skipped",
        run: Option.none(),
        reason: Option.some(`overlap: run ${result.atWork} is at work`)
      })
    case "Buffered":
      return new TriggerResult({
        outcome: "buffered",
        run: Option.some(result.run),
        reason: Option.some(`run ${result.atWork} is at work`)
      })
  }
}

export const schedulesHandlers = HttpApiBuilder.group(
  Api,
  "schedules",
  Effect.fn(function*(handlers) {
    const { supervises } = yield* About
    const backfills = yield* Backfills
    const book = yield* ScheduleBook
    const changes = yield* ScheduleChanges
    const config = yield* ConfigInForce
    const explain = yield* Explain
    const moves = yield* ScheduleMoves
    const ticks = yield* Ticks
    const views = yield* ScheduleViews

    /** A command beside no supervisor sees the schedules as the config has them. */
    const ready = (supervises ? book.ensure : Effect.flatMap(config.definitions, book.adopt)).pipe(
      Effect.catchTags({
        ConfigFileError: (error) => Effect.fail(invalidConfig(error)),
        SurrealError: (error) => Effect.fail(storeFailed(error))
      })
    )

    const found = (id: string) => Effect.andThen(ready, Effect.mapError(book.get(id), unknownSchedule))

    const readable = Effect.fnUntraced(function*(id: string) {
      const entry = yield* found(id)
      const settings = entry.settings
      if (Option.isSome(settings)) return { entry, settings: settings.value }
      return yield* new InvalidRequest({
        detail: `The definition of schedule ${id} is of another version of Glider.`,
        fix: "glider reload"
      })
    })

    const shown = Effect.fnUntraced(function*(entry: Entry) {
      const info = yield* Effect.mapError(views.info(entry), storeFailed)
      yield* HttpEffect.appendPreResponseHandler((_, response) =>
        Effect.succeed(HttpServerResponse.setHeader(response, "etag", etagOf(info.revision)))
      )
      return info
    })

    /** Changes a schedule from the revision that the request names. */
    const change = Effect.fnUntraced(function*<E>(
      id: string,
      headers: Headers,
      make: (revision: Option.Option<number>) => Effect.Effect<Entry, E>
    ) {
      const { row: { revision } } = yield* found(id)
      const header = headers["if-match"]
      yield* checkIfMatch(header, revision)
      // whoever names no revision changes whatever is there
      const isAny = header === undefined || header.trim() === "*"
      return yield* make(isAny ? Option.none() : Option.some(revision))
    })

    const told = {
      UnknownSchedule: (error: Parameters<typeof unknownSchedule>[0]) => Effect.fail(unknownSchedule(error)),
      StaleRevision: (error: Parameters<typeof staleRevision>[0]) => Effect.fail(staleRevision(error)),
      SurrealError: (error: Parameters<typeof storeFailed>[0]) => Effect.fail(storeFailed(error))
    }

    const toldOfInput = {
      ...told,
      InvalidChange: (error: Parameters<typeof invalidChange>[0]) => Effect.fail(invalidChange(error))
    }

    const update = Effect.fnUntraced(
      function*(id: string, headers: Headers, payload: ScheduleUpdate, replace: boolean) {
        if (payload.cron === undefined && payload.enabled === undefined) {
          const message = "Say enabled, cron or both."
          return yield* new InvalidRequest({ detail: message, details: [{ pointer: "/payload", message }] })
        }
        const entry = yield* change(
          id,
          headers,
          (revision) => Effect.catchTags(changes.update(id, payload, { replace, revision }), toldOfInput)
        )
        return yield* shown(entry)
      }
    )

    return handlers.handleAll({
      list: ({ query: { limit, ...query } }) =>
        Effect.andThen(ready, Effect.mapError(views.page(query, limit), storeFailed)).pipe(
          Effect.map((page) => HttpServerResponse.text(page, { contentType: "application/json" }))
        ),
      plan: () =>
        Effect.flatMap(config.ahead, book.plan).pipe(
          Effect.map((plan) => new SchedulePlan(plan)),
          Effect.catchTags({
            ConfigFileError: (error) => Effect.fail(invalidConfig(error)),
            SurrealError: (error) => Effect.fail(storeFailed(error))
          })
        ),
      get: ({ params }) => Effect.flatMap(found(params.id), shown),
      ticks: Effect.fnUntraced(function*({ params, query }) {
        const { entry, settings } = yield* readable(params.id)
        const now = DateTime.makeUnsafe(yield* Clock.currentTimeMillis)
        const from = query.from ?? DateTime.subtractDuration(now, reach)
        const to = query.to ?? DateTime.addDuration(now, reach)
        const lines = yield* Effect.mapError(
          explain.between(entry, settings, { from: from.epochMilliseconds, to: to.epochMilliseconds }),
          storeFailed
        )
        return new ScheduleTicks({
          schedule_id: entry.scheduleId,
          description: describe(settings.timing),
          ticks: lines.map(tickLine)
        })
      }),
      replace: ({ headers, params, payload }) => update(params.id, headers, payload, true),
      update: ({ headers, params, payload }) => update(params.id, headers, payload, false),
      delete: ({ headers, params }) =>
        Effect.asVoid(
          change(params.id, headers, (revision) => Effect.catchTags(changes.remove(params.id, revision), told))
        ),
      pause: ({ headers, params, payload }) =>
        Effect.flatMap(
          change(params.id, headers, (revision) =>
            Effect.catchTags(
              changes.pause(params.id, {
                note: Option.fromUndefinedOr(payload.note),
                until: Option.fromUndefinedOr(payload.until),
                revision
              }),
              toldOfInput
            )),
          shown
        ),
      resume: ({ headers, params }) =>
        Effect.flatMap(
          change(params.id, headers, (revision) => Effect.catchTags(changes.resume(params.id, revision), told)),
          shown
        ),
      trigger: Effect.fnUntraced(function*({ params }) {
        const { entry, settings } = yield* readable(params.id)
        return yield* ticks.trigger(entry, settings, yield* DerivedRunId).pipe(
          Effect.map(triggered),
          Effect.catchTags({
            InvalidInput: (error) => Effect.fail(invalidInput(error)),
            UnknownWorkflow: (error) => Effect.fail(unknownWorkflow(error)),
            SurrealError: (error) => Effect.fail(storeFailed(error))
          })
        )
      }),
      backfill: Effect.fnUntraced(function*({ params, payload }) {
        const { entry, settings } = yield* readable(params.id)
        const started = yield* backfills.start(entry, settings, {
          from: payload.from,
          to: payload.to,
          pauseMillis: Option.map(Option.fromUndefinedOr(payload.pause_seconds), (seconds) => seconds * 1000),
          preview: payload.preview === true,
          id: yield* DerivedRunId
        }).pipe(Effect.catchTags({
          InvalidChange: (error) => Effect.fail(invalidChange(error)),
          InvalidInput: (error) => Effect.fail(invalidInput(error)),
          UnknownWorkflow: (error) => Effect.fail(unknownWorkflow(error)),
          SurrealError: (error) => Effect.fail(storeFailed(error))
        }))
        return new BackfillStarted({ run: started.run, ticks: started.ticks, new: started.fresh })
      }),
      migrate: ({ payload }) =>
        moves.move(payload).pipe(
          Effect.map(({ schedules, ticks }) =>
            new SchedulesMigrated({ schedules, ticks, preview: payload.preview === true })
          ),
          Effect.catchTags({
            InvalidChange: (error) => Effect.fail(invalidChange(error)),
            SurrealError: (error) => Effect.fail(storeFailed(error))
          })
        )
    })
  })
)

import { Effect, Option } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { AlertDesk } from "../alerts/AlertDesk.ts"
import { AlertSinkView, AlertsPage, SinkTried } from "./AlertMessages.ts"
import { Api } from "./Api.ts"
import { NotFound } from "./Problems.ts"
import { storeFailed } from "./Translate.ts"

/** How many are listed when nobody says. */
const defaultLimit = 50

export const alertsHandlers = HttpApiBuilder.group(
  Api,
  "alerts",
  Effect.fn(function*(handlers) {
    const desk = yield* AlertDesk
    return handlers.handleAll({
      list: ({ query: { after, limit, state } }) =>
        desk.list({
          open: state !== "all",
          after: Option.fromUndefinedOr(after),
          limit: limit ?? defaultLimit
        }).pipe(Effect.mapBoth({ onFailure: storeFailed, onSuccess: (page) => new AlertsPage(page) })),
      sinks: () =>
        Effect.mapBoth(desk.sinks, {
          onFailure: storeFailed,
          onSuccess: (all) => all.map((sink) => new AlertSinkView(sink))
        }),
      test: ({ payload }) =>
        desk.test(Option.fromUndefinedOr(payload.sink)).pipe(
          Effect.mapBoth({
            onFailure: ({ message }) => new NotFound({ detail: `${message}.`, fix: "glider alerts sinks" }),
            onSuccess: (trials) =>
              trials.map(({ problem, sink }) => new SinkTried({ sink, sent: Option.isNone(problem), error: problem }))
          })
        )
    })
  })
)

import { Effect, Option } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { Runs } from "../store/Runs.ts"
import { Api } from "./Api.ts"
import { NotFound } from "./Problems.ts"
import { storeFailed } from "./Translate.ts"

/** How many runs are listed when nobody says. */
const defaultLimit = 50

export const runsHandlers = HttpApiBuilder.group(
  Api,
  "runs",
  Effect.fn(function*(handlers) {
    const runs = yield* Runs
    return handlers.handleAll({
      list: ({ query }) =>
        Effect.mapError(
          runs.list({
            task: Option.fromUndefinedOr(query.task),
            status: Option.fromUndefinedOr(query.status),
            before: Option.fromUndefinedOr(query.before),
            limit: query.limit ?? defaultLimit
          }),
          storeFailed
        ),
      get: ({ params }) =>
        Effect.flatMap(
          Effect.mapError(runs.get(params.id), storeFailed),
          Option.match({
            onNone: () => new NotFound({ detail: `There is no run ${params.id}.` }),
            onSome: Effect.succeed
          })
        )
    })
  })
)

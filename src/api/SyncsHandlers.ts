import { Effect } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { Api } from "./Api.ts"
import { ManualRuns } from "./ManualRuns.ts"

export const syncsHandlers = HttpApiBuilder.group(
  Api,
  "syncs",
  Effect.fn(function*(handlers) {
    const manualRuns = yield* ManualRuns
    return handlers.handleAll({
      run: ({ params, payload }) => manualRuns.start(params.name, payload)
    })
  })
)

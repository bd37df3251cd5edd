import { Clock, Effect, Option } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { Runs } from "../store/Runs.ts"
import { AgentIntake } from "../workflows/AgentIntake.ts"
import { AgentSync } from "../workflows/AgentSync.ts"
import { AgentSyncAccepted } from "./AgentSyncMessages.ts"
import { stateOf } from "./AgentSyncViews.ts"
import { Api } from "./Api.ts"
import { DerivedRunId } from "./Idempotency.ts"
import { NotFound, RunConflict } from "./Problems.ts"
import { storeFailed } from "./Translate.ts"

export const agentSyncHandlers = HttpApiBuilder.group(
  Api,
  "agentSync",
  Effect.fn(function*(handlers) {
    const intake = yield* AgentIntake
    const runs = yield* Runs
    return handlers.handleAll({
      start: Effect.fnUntraced(function*({ payload }) {
        const run = yield* Effect.catchTags(intake.accept({ ...payload }, yield* DerivedRunId), {
          NoAgents: ({ fix, message }) =>
            Effect.fail(new RunConflict({ detail: `No agent can be asked: ${message}.`, fix })),
          SurrealError: (error) => Effect.fail(storeFailed(error))
        })
        return new AgentSyncAccepted({
          workflow_id: run,
          status: "accepted",
          message: `agents look for ${payload.track_name} by ${payload.artist}`,
          status_url: `/api/v1/agent-sync/${encodeURIComponent(run)}`
        })
      }),
      state: Effect.fnUntraced(function*({ params: { id } }) {
        const found = yield* Effect.mapError(runs.history(id), storeFailed)
        if (Option.isNone(found) || found.value.run.workflow !== AgentSync._tag) {
          return yield* new NotFound({ detail: `There is no request ${id} for agents.` })
        }
        return stateOf(found.value, yield* Clock.currentTimeMillis)
      })
    })
  })
)

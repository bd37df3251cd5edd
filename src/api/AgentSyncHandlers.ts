import { Effect } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { AgentSync } from "../workflows/AgentSync.ts"
import { Api } from "./Api.ts"
import { songRuns } from "./SongRuns.ts"

export const agentSyncHandlers = HttpApiBuilder.group(
  Api,
  "agentSync",
  Effect.fn(function*(handlers) {
    const isOurs = ({ workflow }: { readonly workflow: string }) => workflow === AgentSync._tag
    const songs = yield* songRuns({ asked: "agents", isOurs, path: "/api/v1/agent-sync" })
    return handlers.handleAll({
      start: ({ payload }) => songs.accept(payload),
      state: ({ params }) => songs.state(params.id),
      cancel: ({ params }) => songs.cancel(params.id),
      cancellable: ({ params }) => songs.cancellable(params.id)
    })
  })
)

import { DateTime, Effect } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { isOfSong } from "../workflows/MusicRecord.ts"
import { Api } from "./Api.ts"
import { SyncHealth } from "./MusicMessages.ts"
import { songRuns } from "./SongRuns.ts"
import { Vitals } from "./Vitals.ts"

export const musicHandlers = HttpApiBuilder.group(
  Api,
  "music",
  Effect.fn(function*(handlers) {
    const songs = yield* songRuns({ asked: "anyone", isOurs: isOfSong, path: "/api/v1/sync" })
    const vitals = yield* Vitals
    return handlers.handleAll({
      sync: ({ payload }) => songs.accept(payload),
      state: ({ params }) => songs.state(params.id),
      cancel: ({ params }) => songs.cancel(params.id),
      cancellable: ({ params }) => songs.cancellable(params.id),
      health: Effect.fnUntraced(function*() {
        const { ok, parts, version } = yield* vitals.health
        const isConnected = parts["store"]?.ok === true
        return new SyncHealth({
          status: ok ? "healthy" : "degraded",
          timestamp: yield* DateTime.now,
          version,
          store_connected: isConnected,
          temporal_connected: isConnected
        })
      })
    })
  })
)

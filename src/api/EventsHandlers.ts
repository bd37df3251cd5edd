import { Effect } from "effect"
import { HttpEffect, HttpServerResponse } from "effect/http"
import { HttpApiBuilder } from "effect/http-api"
import { Api } from "./Api.ts"
import { Feeds } from "./Feeds.ts"

/** A proxy must not gather events before it passes them on, and nobody may keep them. */
const asTheyCome = HttpEffect.appendPreResponseHandler((_, response) =>
  Effect.succeed(HttpServerResponse.setHeaders(response, { "cache-control": "no-store", "x-accel-buffering": "no" }))
)

export const eventsHandlers = HttpApiBuilder.group(
  Api,
  "events",
  Effect.fn(function*(handlers) {
    const feeds = yield* Feeds
    return handlers.handleAll({
      runs: ({ headers }) => Effect.andThen(asTheyCome, feeds.runs(headers["last-event-id"])),
      schedules: ({ headers }) => Effect.andThen(asTheyCome, feeds.schedules(headers["last-event-id"]))
    })
  })
)

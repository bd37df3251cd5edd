import { Clock, Duration, Effect, Exit } from "effect"
import { HttpRouter, HttpServerRequest } from "effect/http"
import * as Series from "../Series.ts"

const requests = Series.counter("glider_http_requests_total", {
  description: "Requests to the API by the template of their route, their method and the class of the answer's status",
  labels: ["route", "method", "code_class"],
  limit: 40
})

const durations = Series.histogram("glider_http_request_duration_seconds", {
  description: "How long it took until the answer began",
  labels: ["route"],
  boundaries: [0.01, 0.1, 1],
  limit: 12
})

/** Counts and times every request that has a route; those of another host have none. */
export const requestMetrics = HttpRouter.middleware((app) =>
  Effect.gen(function*() {
    const began = yield* Clock.monotonicTimeNanos
    const { method } = yield* HttpServerRequest.HttpServerRequest
    const { route: { path: route } } = yield* HttpRouter.RouteContext
    return yield* Effect.onExit(app, (exit) =>
      Effect.gen(function*() {
        const took = Duration.nanos((yield* Clock.monotonicTimeNanos) - began)
        const codeClass = Exit.isSuccess(exit) ? `${Math.floor(exit.value.status / 100)}xx` : "5xx"
        yield* requests.update({ route, method, code_class: codeClass }, 1)
        yield* durations.update({ route }, Duration.toSeconds(took))
      }))
  })
)
